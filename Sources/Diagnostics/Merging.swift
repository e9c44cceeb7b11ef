/// Diagnostics of one severity, code and message told once: at the first place, with a note that says where else.
///
/// For causes outside the text, such as a folder that is not there, which every directive that needs it meets. What an
/// author has to correct at each place is not to be merged. In the order of first occurrence. O(n log n).
package func merged(_ diagnostics: [Diagnostic]) -> [Diagnostic] {
    struct Cause: Hashable {
        var severity: Diagnostic.Severity
        var code: String
        var message: String
    }
    var order: [Cause] = []
    var groups: [Cause: [Diagnostic]] = [:]
    for diagnostic in diagnostics {
        let cause = Cause(severity: diagnostic.severity, code: diagnostic.code, message: diagnostic.message)
        if groups[cause] == nil { order.append(cause) }
        groups[cause, default: []].append(diagnostic)
    }
    return order.compactMap { cause in
        let group = sortedByPlace(groups[cause] ?? [])
        guard var first = group.first else { return nil }
        var places: [String] = []
        for range in group.compactMap(\.range) where range != first.range {
            let place = "\(range.path):\(range.start.line):\(range.start.column)"
            if places.last != place { places.append(place) }
        }
        if !places.isEmpty {
            let most = 20
            let more = places.count > most ? ", and \(places.count - most) more" : ""
            first.notes.append(.init("the same stands at \(places.prefix(most).joined(separator: ", "))\(more)"))
        }
        return first
    }
}
