import Files

/// Sentences about folders that stand where photographs are expected: how many photographs lie in them, unread.
func deeperRemarks(_ folders: [(of: String, name: String)]) -> [String] {
    var remarks: [String] = []
    var empty: [String] = []
    for (parent, name) in folders {
        let path = parent + "/" + name
        let count = PhotographWalk(below: path).files.count
        guard count > 0 else {
            empty.append(path)
            continue
        }
        remarks.append(
            "\(path): holds \(count) photographs deeper down than people's folders, which were not used; "
                + "move them up, or give them a person's folder of their own")
    }
    // One sentence for many folders, the first few in full.
    let shown = 3
    if remarks.count > shown {
        let rest = remarks.count - shown
        remarks = Array(remarks.prefix(shown)) + ["\(rest) more folders hold photographs that were not used either"]
    }
    if !empty.isEmpty {
        remarks.append("\(empty.count) folders without photographs were passed over (\(few(empty)))")
    }
    return remarks
}
