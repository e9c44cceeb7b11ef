/// What differs, as lines for a terminal and for the summary of a pull request, and for programs.
extension Changes {
    /// A paragraph for each result.
    package var text: String {
        let parts = results.map { result in
            var lines = [
                "\(result.id) (\(result.directive))" + (result.kind == .changed ? "" : ": \(result.kind.rawValue)")
            ]
            if let verdict = result.verdict { lines.append(ChangesView.said(verdict).text) }
            lines += result.reasons.map { "because of \($0)" }
            lines += result.values.map { value in
                let interval = value.interval.map { "  (\($0))" } ?? ""
                return "\(value.name): \(value.oldText) → \(value.newText)\(interval)"
            }
            lines += result.moves.map { "query \($0.query), rank \($0.rank): \($0.old ?? "–") → \($0.new ?? "–")" }
            return lines.joined(separator: "\n  ") + "\n"
        }
        return ([summary.text + "\n"] + parts).joined(separator: "\n")
    }

    /// A table for each result, folded where it is long: as GitHub shows it.
    package var markdown: String {
        func cell(_ text: String) -> String { text.replacing("|", with: "\\|").replacing("\n", with: " ") }
        let parts = results.map { result in
            var lines = ["", "### `\(result.id)` (\(result.directive))", ""]
            if result.kind != .changed { lines += [result.kind.rawValue, ""] }
            if let verdict = result.verdict { lines += ["**\(ChangesView.said(verdict))**", ""] }
            lines += result.reasons.map { "- \($0)" }
            var rows = result.values.map { value in
                "| `\(cell(value.name))` | \(cell(value.oldText)) | \(cell(value.newText)) | \(value.interval ?? "") |"
            }
            rows += result.moves.map {
                "| query \($0.query), rank \($0.rank) | \(cell($0.old ?? "–")) | \(cell($0.new ?? "–")) | |"
            }
            guard !rows.isEmpty else { return lines.joined(separator: "\n") }
            let table = ["", "| value | before | now | 95 % interval |", "|---|---:|---:|---:|"] + rows
            lines +=
                rows.count > 12
                ? ["", "<details><summary>\(rows.count) rows</summary>"] + table + ["", "</details>"] : table
            return lines.joined(separator: "\n")
        }
        return "## \(summary)\n" + parts.joined(separator: "\n") + "\n"
    }

    package var json: String {
        func value(_ cell: DataTable.Cell?) -> String? { cell?.json }
        let results = results.map { result in
            JSONText.object([
                ("id", JSONText.string(result.id)), ("kind", JSONText.string(result.directive)),
                ("change", JSONText.string(result.kind.rawValue)),
                ("reasons", "[" + result.reasons.map { JSONText.string($0.text) }.joined(separator: ", ") + "]"),
                ("holds", result.verdict.map { $0.new ? "true" : "false" }),
                (
                    "values",
                    JSONText.lines(
                        result.values.map { change in
                            JSONText.object([
                                ("name", JSONText.string(change.name)), ("before", value(change.old)),
                                ("now", value(change.new)), ("low", change.low.map(JSONText.number)),
                                ("high", change.high.map(JSONText.number)), ("unit", change.unit.map(JSONText.string)),
                            ])
                        })
                ),
                (
                    "moves",
                    JSONText.lines(
                        result.moves.map { move in
                            JSONText.object([
                                ("query", "\(move.query)"), ("rank", "\(move.rank)"),
                                ("before", move.old.map(JSONText.string)), ("now", move.new.map(JSONText.string)),
                            ])
                        })
                ),
            ])
        }
        return JSONText.lines([
            ("format", JSONText.string("likeness-changes 1")), ("since", JSONText.string(since)),
            ("summary", JSONText.string(summary.text)), ("results", JSONText.lines(results)),
        ]) + "\n"
    }
}

extension Changes.Value {
    var oldText: String { Self.shown(old, unit) }
    var newText: String { Self.shown(new, unit) }

    /// `0.71 to 0.80`
    var interval: String? {
        guard let low, let high else { return nil }
        let text: Phrase = "\(Numeral.brief(low)) to \(Numeral.brief(high))"
        return text.text
    }

    private static func shown(_ cell: DataTable.Cell?, _ unit: String?) -> String {
        switch cell {
        case .number(let value): Numeral.data(value) + (unit.map { " \($0)" } ?? "")
        case .text(let text): text
        case .missing, nil: "–"
        }
    }
}
