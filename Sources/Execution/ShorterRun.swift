extension Store {
    /// The longest stored run that a longer one can go on from: the result whose key differs only in that `option` is a
    /// smaller whole number. O(results).
    ///
    /// What goes on from it must end with the bytes of a run from the beginning, so the key names no predecessor.
    func shorterRun(of key: Key, growing option: String) throws -> StepResult? {
        guard let wanted = key.number(of: option) else { return nil }
        let others = key.components.filter { !($0.tag == .option && $0.name == option) }
        var best: (number: Int, result: StepResult)?
        for entry in try entries() {
            let found = Key(entry.result.components)
            guard let number = found.number(of: option), number < wanted, number > best?.number ?? 0,
                found.components.filter({ !($0.tag == .option && $0.name == option) }) == others
            else { continue }
            best = (number, entry.result)
        }
        return best?.result
    }
}

extension Key {
    /// The whole number that a computation option stands for.
    fileprivate func number(of option: String) -> Int? {
        let value = components.first { $0.tag == .option && $0.name == option }?.value
        return value.flatMap { $0.hasPrefix("int ") ? Int($0.dropFirst(4)) : nil }
    }
}
