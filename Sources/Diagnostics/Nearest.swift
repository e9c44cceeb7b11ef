/// The candidate that a misspelt name most likely meant, or nil when none is close.
///
/// Close means: at most one slip (a letter too many, too few, wrong, or two swapped) in up to four letters,
/// two in up to eight, and a third of the letters beyond. Case does not count. Of equally near candidates the first wins.
///
/// O(candidates · length²); names over 64 letters are never near.
package func nearest(to name: String, among candidates: some Sequence<String>) -> String? {
    let wanted = Array(name.lowercased().unicodeScalars)
    guard !wanted.isEmpty, wanted.count <= 64 else { return nil }
    let limit = wanted.count == 1 ? 0 : wanted.count <= 4 ? 1 : wanted.count <= 8 ? 2 : wanted.count / 3
    var best: (name: String, distance: Int)?
    for candidate in candidates {
        let letters = Array(candidate.lowercased().unicodeScalars)
        guard letters.count <= 64, abs(letters.count - wanted.count) <= limit else { continue }
        let distance = editDistance(wanted, letters)
        // A distance that rewrites the whole candidate says nothing: `k` is not a slip for `id`.
        guard distance <= limit, distance < letters.count else { continue }
        if distance < best?.distance ?? Int.max { best = (candidate, distance) }
    }
    return best?.name
}

/// `; did you mean 'epochs'?`, or an empty string when nothing is near: the end of a message about an unknown name.
package func suggestion(for name: String, among candidates: some Sequence<String>) -> String {
    nearest(to: name, among: candidates).map { "; did you mean '\($0)'?" } ?? ""
}

/// The Damerau-Levenshtein distance, where no part is edited twice (optimal string alignment).
func editDistance(_ a: [Unicode.Scalar], _ b: [Unicode.Scalar]) -> Int {
    if a.isEmpty || b.isEmpty { return max(a.count, b.count) }
    var beforeLast: [Int] = []
    var last = Array(0...b.count)
    for i in 1...a.count {
        var row = [i]
        row.reserveCapacity(b.count + 1)
        for j in 1...b.count {
            let substitution = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)
            var cost = min(substitution, last[j] + 1, row[j - 1] + 1)
            if i > 1, j > 1, a[i - 1] == b[j - 2], a[i - 2] == b[j - 1] { cost = min(cost, beforeLast[j - 2] + 1) }
            row.append(cost)
        }
        beforeLast = last
        last = row
    }
    return last[b.count]
}

/// Suggestions for many misspelt names among the same candidates, at a cost that ten thousand mistakes can bear: each name
/// is looked at once, and only so many names are.
package final class Hints {
    private static let mostNames = 200

    private let makeCandidates: () -> [String]
    private lazy var candidates = makeCandidates()
    private var known: [String: String] = [:]

    /// - Parameter candidates: evaluated when the first name is misspelt; the first of equally near ones wins.
    package init(_ candidates: @autoclosure @escaping () -> [String]) { makeCandidates = candidates }

    /// As `suggestion(for:among:)`; empty once there have been too many different names.
    package func hint(for name: String) -> String {
        if let hint = known[name] { return hint }
        guard known.count < Self.mostNames else { return "" }
        let hint = suggestion(for: name, among: candidates)
        known[name] = hint
        return hint
    }
}
