/// Prints diagnostics with the line they are about and a mark under the place.
///
///     chapters/03-models.md:41:1: error: train 'tuned' has no option 'epoch'; did you mean 'epochs'? [unknown-option]
///     41 | epoch: 10
///        | ^~~~~
package struct DiagnosticFormatter: Sendable {
    private let sources: [String: LineTable]
    private let color: Bool
    /// Excerpts wider than this show a window around the mark.
    private let excerptWidth = 110

    /// - Parameter sources: the text of every file that a range may name; a file not among them gets no excerpt.
    package init(sources: [String: String], color: Bool = false) {
        self.sources = sources.mapValues { LineTable($0) }
        self.color = color
    }

    /// All diagnostics sorted by path and place, then a line that counts them; empty when there are none.
    package func format(_ diagnostics: [Diagnostic]) -> String {
        guard !diagnostics.isEmpty else { return "" }
        var text = ""
        var times: [String: Int] = [:]
        for diagnostic in sortedByPlace(diagnostics) {
            let said = "\(diagnostic.severity) \(diagnostic.code) \(diagnostic.message)"
            times[said, default: 0] += 1
            switch times[said] ?? 0 {
            case ...Self.mostRepeated: text += format(diagnostic)
            case Self.mostRepeated + 1: text += heading(.note, "the same again: " + diagnostic.message, at: nil) + "\n"
            default: break
            }
        }
        let summary = Self.summary(of: diagnostics)
        if !summary.isEmpty { text += summary + "\n" }
        return text
    }

    /// How often one sentence is printed with its place; it is counted however often it is true.
    private static let mostRepeated = 20

    /// One diagnostic with its excerpt and notes; ends with a line break.
    package func format(_ diagnostic: Diagnostic) -> String {
        var text = heading(diagnostic.severity, diagnostic.message, at: diagnostic.range)
        text += paint(" [\(diagnostic.code)]", "2") + "\n" + excerpt(of: diagnostic.range)
        for note in diagnostic.notes {
            text += heading(.note, note.message, at: note.range) + "\n" + excerpt(of: note.range)
        }
        return text
    }

    /// `3 errors, 1 warning`; empty when there is neither.
    package static func summary(of diagnostics: [Diagnostic]) -> String {
        let errors = diagnostics.count { $0.severity == .error }
        let warnings = diagnostics.count { $0.severity == .warning }
        var parts: [String] = []
        if errors > 0 { parts.append(errors == 1 ? "1 error" : "\(errors) errors") }
        if warnings > 0 { parts.append(warnings == 1 ? "1 warning" : "\(warnings) warnings") }
        return parts.joined(separator: ", ")
    }

    private func heading(_ severity: Diagnostic.Severity, _ message: String, at range: SourceRange?) -> String {
        var text = ""
        if let range {
            let path = DisplayText.sanitized(range.path)
            text += paint("\(path):\(range.start.line):\(range.start.column):", "1") + " "
        }
        let code =
            switch severity {
            case .error: "1;31"
            case .warning: "1;35"
            case .note: "1;36"
            }
        return text + paint("\(severity.rawValue):", code) + " " + DisplayText.sanitized(message)
    }

    private func paint(_ text: String, _ code: String) -> String { color ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text }
}

// MARK: - Excerpts

extension DiagnosticFormatter {
    private func excerpt(of range: SourceRange?) -> String {
        guard let range, let table = sources[range.path], (1...table.count).contains(range.start.line) else {
            return ""
        }
        let line = table.content(ofLine: range.start.line)
        let start = min(max(range.start.column - 1, 0), line.count)
        var end = range.end.line > range.start.line ? line.count : min(range.end.column - 1, line.count)
        if range.end.line > range.start.line {
            while end > start, [0x20, 0x09].contains(table.bytes[line.lowerBound + end - 1]) { end -= 1 }
        }
        let (text, indent, length) = window(of: table.bytes[line], from: start, to: max(start, end))
        let number = String(range.start.line)
        let gutter = String(repeating: " ", count: number.count)
        let mark = "^" + String(repeating: "~", count: max(0, length - 1))
        return "\(number) | \(text)\n\(gutter) | \(String(repeating: " ", count: indent))\(paint(mark, "1;32"))\n"
    }

    /// The part of a line to show, the columns before the mark, and the mark's columns.
    private func window(
        of line: ArraySlice<UInt8>, from start: Int, to end: Int
    ) -> (text: String, indent: Int, length: Int) {
        // Only the neighbourhood of the mark is decoded: a line may be megabytes long.
        let reach = 4 * excerptWidth
        var first = line.startIndex + max(0, start - reach)
        var last = min(line.endIndex, line.startIndex + start + reach)
        while first > line.startIndex, line[first] & 0xC0 == 0x80 { first -= 1 }
        while last < line.endIndex, line[last] & 0xC0 == 0x80 { last += 1 }
        let cells = DisplayText(line[first..<last], base: first - line.startIndex).cells
        let total = cells.reduce(0) { $0 + $1.width }

        var from = 0
        var cutLeft = first > line.startIndex
        if total > excerptWidth || cutLeft {
            // Keep a third of the window before the mark.
            let mark = cells.lastIndex { $0.offset <= start } ?? 0
            var room = excerptWidth / 3
            from = mark
            while from > 0, room >= cells[from - 1].width {
                from -= 1
                room -= cells[from].width
            }
            cutLeft = cutLeft || from > 0
        }
        var text = cutLeft ? "…" : ""
        var column = cutLeft ? 1 : 0
        var indent: Int?
        var length = 0
        var index = from
        while index < cells.count, column + cells[index].width <= excerptWidth {
            let cell = cells[index]
            let next = index + 1 < cells.count ? cells[index + 1].offset : Int.max
            if indent == nil, next > start { indent = start >= line.count ? nil : column }
            if indent != nil, cell.offset < end { length += cell.width }
            text += cell.text
            column += cell.width
            index += 1
        }
        if index < cells.count || last < line.endIndex { text += "…" }
        while text.last == " " { text.removeLast() }
        return (text, indent ?? column, length)
    }
}

/// Diagnostics in the order a reader works through them: those without a place first, then by path, line and column.
package func sortedByPlace(_ diagnostics: [Diagnostic]) -> [Diagnostic] {
    let keyed = diagnostics.enumerated().map { (index: $0.offset, value: $0.element) }
    return keyed.sorted { a, b in
        switch (a.value.range, b.value.range) {
        case (nil, nil): return a.index < b.index
        case (nil, _): return true
        case (_, nil): return false
        case (let x?, let y?):
            if x.path != y.path { return x.path < y.path }
            return x.start != y.start ? x.start < y.start : a.index < b.index
        }
    }.map(\.value)
}
