import Diagnostics

/// Puts parameters in the place of `${name}`.
///
/// A plain scalar that is nothing else becomes the parameter's value with its type; inside longer text the value is
/// spliced in. Quoted scalars stay as written.
struct ParameterReader {
    struct Use {
        var name: String
        var value: OptionValue
        var origin: String
    }

    let parameters: [String: Settings.Parameter]
    var used: Set<String> = []

    init(_ parameters: [String: Settings.Parameter]) { self.parameters = parameters }

    /// The value with its parameters, the mistakes in it, and the parameters it took.
    mutating func substitute(
        in value: Located<OptionValue>
    ) -> (value: Located<OptionValue>, problems: [Diagnostic], uses: [Use]) {
        var problems: [Diagnostic] = []
        var uses: [Use] = []
        let result = substitute(in: value, &problems, &uses)
        return (result, problems, uses)
    }

    private mutating func substitute(
        in value: Located<OptionValue>, _ problems: inout [Diagnostic], _ uses: inout [Use]
    ) -> Located<OptionValue> {
        switch value.value {
        case .scalar(let text, quoted: false) where text.contains("${"):
            return Located(scalar(text, at: value.range, &problems, &uses), at: value.range)
        case .scalar: return value
        case .list(let items):
            return Located(.list(items.map { substitute(in: $0, &problems, &uses) }), at: value.range)
        case .mapping(let entries):
            let replaced = entries.map {
                OptionValue.Entry(key: $0.key, value: substitute(in: $0.value, &problems, &uses))
            }
            return Located(.mapping(replaced), at: value.range)
        }
    }

    private mutating func scalar(
        _ text: String, at range: SourceRange, _ problems: inout [Diagnostic], _ uses: inout [Use]
    ) -> OptionValue {
        var result = ""
        var rest = text[...]
        while let open = rest.firstRange(of: "${") {
            result += rest[..<open.lowerBound]
            guard let close = rest[open.upperBound...].firstIndex(of: "}") else {
                problems.append(
                    .error(
                        "malformed-parameter", "'${' is not closed; write ${name}",
                        at: place(of: open.lowerBound, in: text, range, length: 2)))
                return .scalar(text, quoted: false)
            }
            let name = String(rest[open.upperBound..<close])
            let after = rest.index(after: close)
            if let parameter = parameters[name] {
                used.insert(name)
                uses.append(Use(name: name, value: parameter.value, origin: parameter.origin))
                if open.lowerBound == text.startIndex, after == text.endIndex { return parameter.value }
                if case .scalar(let value, _) = parameter.value {
                    result += value
                } else {
                    problems.append(
                        .error(
                            "malformed-parameter",
                            Self.misplaced(name, parameter.value),
                            at: place(of: open.lowerBound, in: text, range, length: name.utf8.count + 3)))
                }
            } else {
                problems.append(
                    .error(
                        "unknown-parameter", Self.unknown(name, among: parameters),
                        at: place(of: open.lowerBound, in: text, range, length: name.utf8.count + 3)))
            }
            rest = rest[after...]
        }
        return .scalar(result + rest, quoted: false)
    }

    /// `there is no parameter 'epoch'; did you mean 'epochs'?`
    static func unknown(_ name: String, among parameters: [String: Settings.Parameter]) -> String {
        let names = parameters.keys.sorted()
        let near = suggestion(for: name, among: names)
        let known = names.isEmpty ? "; report.yml declares none" : "; known: " + names.joined(separator: ", ")
        return "there is no parameter '\(name)'\(near.isEmpty ? known : near)"
    }

    /// What to say of a list inside a text.
    static func misplaced(_ name: String, _ value: OptionValue) -> String {
        "'${\(name)}' is \(OptionReader.describe(value)) and cannot stand inside a text"
    }

    /// The part of a one-line scalar, or the whole of one that spans lines.
    private func place(of index: String.Index, in text: String, _ range: SourceRange, length: Int) -> SourceRange {
        guard range.start.line == range.end.line, range.end.column - range.start.column == text.utf8.count else {
            return range
        }
        let column = range.start.column + text.utf8.distance(from: text.startIndex, to: index)
        return SourceRange(
            path: range.path, start: Position(line: range.start.line, column: column),
            end: Position(line: range.start.line, column: min(column + length, range.end.column)))
    }
}
