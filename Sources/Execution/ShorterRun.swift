import Chapters

extension Store {
    /// The longest stored run that a longer one can go on from: the result whose key differs only in that `option` is a
    /// smaller whole number. O(results).
    ///
    /// What goes on from it must end with the bytes of a run from the beginning, so the key names no predecessor.
    func shorterRun(of key: Key, growing option: Option<Int>) throws -> StepResult? {
        guard let (wanted, others) = key.components.splitting(option) else { return nil }
        var best: (number: Int, result: StepResult)?
        for entry in try entries() {
            guard let (number, rest) = entry.result.components.splitting(option), number < wanted,
                number > best?.number ?? 0, rest == others
            else { continue }
            best = (number, entry.result)
        }
        return best?.result
    }
}

extension [Key.Component] {
    /// The number that the option has, and everything else.
    fileprivate func splitting(_ option: Option<Int>) -> (number: Int, rest: [Key.Component])? {
        guard let index = firstIndex(where: { $0.tag == .option && $0.name == option.name }),
            case .option(.integer(let number)) = self[index].value
        else { return nil }
        return (number, Array(self[..<index] + self[(index + 1)...]))
    }
}
