/// Suggestions for misspelt names.
enum Nearest {
    /// The candidate closest to `name` when it is close enough to be meant: a third of the letters may differ.
    ///
    /// Restricted edit distance with transpositions, O(name × candidate) each; the first of equals wins.
    static func name(to name: String, in candidates: [String]) -> String? {
        let wanted = Array(name.prefix(64))
        guard !wanted.isEmpty else { return nil }
        var best: (name: String, distance: Int)?
        for candidate in candidates {
            let limit = max(1, max(wanted.count, candidate.count) / 3)
            let distance = self.distance(wanted, Array(candidate.prefix(64)))
            if distance <= limit, distance < best?.distance ?? Int.max { best = (candidate, distance) }
        }
        return best?.name
    }

    private static func distance(_ a: [Character], _ b: [Character]) -> Int {
        var older = [Int](repeating: 0, count: b.count + 1)
        var previous = Array(0...b.count)
        for i in 0..<a.count {
            var row = [i + 1] + [Int](repeating: 0, count: b.count)
            for j in 0..<b.count {
                row[j + 1] = min(previous[j] + (a[i] == b[j] ? 0 : 1), previous[j + 1] + 1, row[j] + 1)
                if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { row[j + 1] = min(row[j + 1], older[j - 1] + 1) }
            }
            older = previous
            previous = row
        }
        return previous[b.count]
    }
}
