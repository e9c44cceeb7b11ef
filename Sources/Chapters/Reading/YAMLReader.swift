import Diagnostics
import Yams

/// Reads the part of YAML that directives and settings need, with the place of every key and value.
///
/// Refused, each with its place: anchors, aliases, tags, repeated keys, nesting over 32, more than 64 kB, more than one document.
struct YAMLReader {
    static let largest = 64 * 1024
    static let deepest = 32

    private let text: YAMLText
    private let path: String
    private let place: (Int) -> Position
    private(set) var diagnostics: [Diagnostic] = []

    /// - Parameter place: the position in the file at `path` of a byte offset in `text`.
    init(_ text: String, path: String, place: @escaping (Int) -> Position) {
        self.text = YAMLText(text)
        self.path = path
        self.place = place
    }

    /// The root value; nil for an empty text and after an error.
    mutating func read() -> Located<OptionValue>? {
        if let problem = sizeProblem() {
            diagnostics.append(problem)
            return nil
        }
        diagnostics += refusedCharacters()
        guard diagnostics.isEmpty else { return nil }
        let value = parse()
        // Where the parser cannot make lines of names and values, it blames another place than what nobody sees.
        if case .mapping? = value?.value { return value }
        guard value != nil || !diagnostics.isEmpty else { return nil }
        let hidden = structuralCharacters()
        guard !hidden.isEmpty else { return value }
        diagnostics = hidden
        return nil
    }

    private mutating func parse() -> Located<OptionValue>? {
        do {
            let parser = try Parser(yaml: text.parsed, encoding: .utf8)
            guard let root = try parser.singleRoot() else { return nil }
            let value = convert(root, depth: 1)
            return diagnostics.contains { $0.severity == .error } ? nil : value
        } catch let error as YamlError {
            diagnostics.append(YAMLProblem(error, text).diagnostic(range))
        } catch {
            diagnostics.append(.error("yaml-syntax", "this is not valid YAML", at: range(0..<0)))
        }
        return nil
    }

    /// One error for every line that has one.
    private func hiddenCharacters(_ offsets: [Int], _ advice: String) -> [Diagnostic] {
        var problems: [Diagnostic] = []
        var lastLine = 0
        for offset in offsets {
            guard let (scalar, width) = text.scalar(at: offset), let name = Invisible.name(of: scalar) else { continue }
            let range = range(offset..<offset + width)
            guard range.start.line > lastLine, problems.count < 100 else { continue }
            lastLine = range.start.line
            problems.append(.error("invisible-character", "\(name) stands here; \(advice)", at: range))
        }
        return problems
    }

    private func refusedCharacters() -> [Diagnostic] {
        hiddenCharacters(text.offsets(where: Invisible.isRefused), "delete it")
    }

    private func structuralCharacters() -> [Diagnostic] {
        hiddenCharacters(
            text.structuralOffsets(where: Invisible.isInvisible), "YAML wants blanks; delete it and write a blank")
    }

    /// A name or a plain value that begins or ends with what nobody sees.
    private mutating func checkEnds(of written: String, at start: Int, isKey: Bool) {
        guard let first = written.unicodeScalars.first, let last = written.unicodeScalars.last else { return }
        let stray =
            isKey
            ? written.unicodeScalars.first(where: Invisible.isInvisible)
            : Invisible.isStray(first) ? first : Invisible.isStray(last) ? last : nil
        guard let stray, let name = Invisible.name(of: stray) else { return }
        let isLast = !isKey && stray == last && !Invisible.isStray(first)
        let prefix =
            isLast
            ? written.utf8.count - UTF8.width(last)
            : written.unicodeScalars.prefix { $0 != stray }.reduce(0) { $0 + UTF8.width($1) }
        // A value over several lines is not written as it is read.
        let isExact = text.bytes[min(start, text.bytes.count)...].starts(with: written.utf8)
        let place = isExact ? start + prefix..<start + prefix + UTF8.width(stray) : start..<text.wordEnd(from: start)
        let advice =
            isKey
            ? "in a name; delete it"
            : isLast ? "at the end of the value; delete it" : "before the value; write a blank"
        diagnostics.append(.error("invisible-character", "\(name) stands \(advice)", at: range(place)))
    }

    private func range(_ offsets: Range<Int>) -> SourceRange {
        SourceRange(path: path, start: place(offsets.lowerBound), end: place(offsets.upperBound))
    }

    /// What must be refused before the parser sees it.
    private func sizeProblem() -> Diagnostic? {
        if text.bytes.count > Self.largest {
            return .error(
                "yaml-too-large", "at most \(Self.largest / 1024) kB of options can be read", at: range(0..<0))
        }
        // The parser compares keys with all that aliases expand to: a few nested ones would keep it busy for years.
        let aliases = text.candidates(UInt8(ascii: "*"))
        if aliases.count > 8, !text.candidates(UInt8(ascii: "&")).isEmpty { return anchorProblem(aliases[0]) }
        return nil
    }

    private func anchorProblem(_ offset: Int) -> Diagnostic {
        .error(
            "yaml-anchor", "anchors (&name) and aliases (*name) are not read here; write the value out",
            at: range(offset..<text.wordEnd(from: offset)))
    }

    /// The value of a node and the offset after it; the depth is bounded by the parser's own limit of 1000.
    private mutating func convert(_ node: Node, depth: Int, isKey: Bool = false) -> Located<OptionValue> {
        let start = text.offset(node.mark)
        guard depth <= Self.deepest else {
            if !diagnostics.contains(where: { $0.code == "yaml-too-deep" }) {
                diagnostics.append(
                    .error("yaml-too-deep", "options may be nested \(Self.deepest) deep", at: range(start..<start)))
            }
            return Located(.scalar("", quoted: false), at: range(start..<start))
        }
        switch text.byte(start) {
        case UInt8(ascii: "&"), UInt8(ascii: "*"): diagnostics.append(anchorProblem(start))
        case UInt8(ascii: "!"):
            diagnostics.append(
                .error(
                    "yaml-tag", "tags (!name) are not read here; the option decides the type",
                    at: range(start..<text.wordEnd(from: start))))
        default: break
        }
        switch node {
        case .scalar(let scalar):
            let quoted = scalar.style != .plain && scalar.style != .any
            if !quoted { checkEnds(of: text.restored(scalar.string), at: start, isKey: isKey) }
            let value = OptionValue.scalar(text.restored(scalar.string), quoted: quoted)
            return Located(value, at: range(start..<text.end(ofScalar: scalar, from: start)))
        case .sequence(let sequence):
            let items = sequence.map { convert($0, depth: depth + 1) }
            let end = collectionEnd(from: start, last: sequence.last, close: UInt8(ascii: "]"))
            return Located(.list(items), at: range(start..<end))
        case .mapping(let mapping):
            var entries: [OptionValue.Entry] = []
            var first: [String: SourceRange] = [:]
            for (key, value) in mapping {
                if let entry = convert(key: key, value: value, depth: depth, &first) { entries.append(entry) }
            }
            let end = collectionEnd(from: start, last: Array(mapping).last?.value, close: UInt8(ascii: "}"))
            return Located(.mapping(entries), at: range(start..<end))
        case .alias:
            diagnostics.append(anchorProblem(start))
            return Located(.scalar("", quoted: false), at: range(start..<start))
        }
    }

    private mutating func convert(
        key: Node, value: Node, depth: Int, _ given: inout [String: SourceRange]
    ) -> OptionValue.Entry? {
        let name = convert(key, depth: depth + 1, isKey: true)
        let value = convert(value, depth: depth + 1)
        guard case .scalar(let text, _) = name.value else {
            diagnostics.append(.error("yaml-key", "a name is expected here, not a list or mapping", at: name.range))
            return nil
        }
        // The parser takes `1` and `"1"` for two keys.
        if let first = given[text] {
            diagnostics.append(YAMLProblem.duplicate(text, at: name.range, first: first))
            return nil
        }
        given[text] = name.range
        return OptionValue.Entry(key: Located(text, at: name.range), value: value)
    }

    /// The offset after a list or mapping: its closing bracket, or the end of its last value.
    private func collectionEnd(from start: Int, last: Node?, close: UInt8) -> Int {
        let open = close == UInt8(ascii: "]") ? UInt8(ascii: "[") : UInt8(ascii: "{")
        // A value that is written as an alias has the place of its anchor, which may come before.
        let inner = max(start, last.map { end(of: $0) } ?? start + (text.byte(start) == open ? 1 : 0))
        guard text.byte(start) == open else { return inner }
        var index = max(inner, start + 1)
        while let byte = text.byte(index), byte != close {
            if byte == UInt8(ascii: "#") {
                while let next = text.byte(index), next != 0x0A, next != 0x0D { index += 1 }
            } else if byte.isBlank || byte == UInt8(ascii: ",") {
                index += 1
            } else {
                return inner
            }
        }
        return text.byte(index) == close ? index + 1 : inner
    }

    private func end(of node: Node) -> Int {
        // Only the last path of the tree is followed; the parser bounds its depth by 1000.
        let start = text.offset(node.mark)
        return switch node {
        case .scalar(let scalar): text.end(ofScalar: scalar, from: start)
        case .sequence(let sequence): collectionEnd(from: start, last: sequence.last, close: UInt8(ascii: "]"))
        case .mapping(let mapping):
            collectionEnd(from: start, last: Array(mapping).last?.value, close: UInt8(ascii: "}"))
        case .alias: text.wordEnd(from: start)
        }
    }
}
