import Diagnostics
import Yams

/// An error of the YAML parser, brought to a place in the text.
struct YAMLProblem {
    private let code: String
    private let message: String
    private let offset: Int
    private let end: Int
    private var first: Range<Int>?

    init(_ error: YamlError, _ text: YAMLText) {
        switch error {
        case .reader(_, let character, _, _):
            let message = "this character is not allowed in YAML"
            self.init(code: "yaml-syntax", message, text.offset(ofCharacter: character), text)
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _):
            self.init(code: "yaml-syntax", Self.explain(problem), text.offset(mark), text)
        case .composer(_, let problem, let mark, _):
            let offset = text.offset(mark)
            if problem.contains("alias") {
                let message = "anchors (&name) and aliases (*name) are not read here; write the value out"
                self.init(code: "yaml-anchor", message, offset, text)
            } else {
                self.init(code: "yaml-syntax", "only one YAML document is read; remove the line '---'", offset, text)
            }
        case .duplicatedKeysInMapping(let names, let context):
            self.init(duplicates: names, at: text.offset(context.mark), text)
        case .memory:
            self.init(code: "yaml-too-deep", "options may be nested \(YAMLReader.deepest) deep", 0, text)
        default:
            self.init(code: "yaml-syntax", "this is not valid YAML", 0, text)
        }
    }

    private init(code: String, _ message: String, _ offset: Int, _ text: YAMLText) {
        self.code = code
        self.message = message
        self.offset = offset
        end = max(offset, text.wordEnd(from: offset))
    }

    private init(duplicates names: [String], at first: Int, _ text: YAMLText) {
        // The parser tells where a key stands first; the reader wants to see it where it stands again.
        let written = first..<text.wordEndOfKey(from: first)
        let again = text.nextKey(like: written)
        code = "duplicate-key"
        message = "'\(text.restored(names.first ?? ""))' is given twice"
        offset = again?.lowerBound ?? first
        end = again?.upperBound ?? written.upperBound
        self.first = again == nil ? nil : written
    }

    func diagnostic(_ range: (Range<Int>) -> SourceRange) -> Diagnostic {
        let notes = first.map { [Diagnostic.Note("it is first given here", at: range($0))] } ?? []
        return .error(code, message, at: range(offset..<end), notes: notes)
    }

    static func duplicate(_ name: String, at range: SourceRange, first: SourceRange) -> Diagnostic {
        .error(
            "duplicate-key", "'\(name)' is given twice", at: range,
            notes: [Diagnostic.Note("it is first given here", at: first)])
    }

    /// The parser's words where they are clear, plainer ones where they are not.
    private static func explain(_ problem: String) -> String {
        switch problem {
        case "mapping values are not allowed in this context":
            "this is not valid YAML: there is a second ': ' here; put quotes around the value"
        case "could not find expected ':'", "did not find expected ':'":
            "this is not valid YAML: write 'name: value', with a blank after the colon"
        case "found character that cannot start any token":
            "this is not valid YAML: a value cannot start with this character (nor a line with a tab); put quotes around it"
        case "found unexpected end of stream": "this is not valid YAML: a quote is not closed"
        case "did not find expected key": "this is not valid YAML: a line 'name: value' is expected here"
        case let problem where problem.contains("nest"): "options may be nested \(YAMLReader.deepest) deep"
        default: "this is not valid YAML: \(problem)"
        }
    }
}

extension YAMLText {
    /// The end of a key as written: up to its colon.
    fileprivate func wordEndOfKey(from start: Int) -> Int {
        var end = start
        while let next = byte(end), next != UInt8(ascii: ":"), next != 0x0A, next != 0x0D, next != UInt8(ascii: ",") {
            end += 1
        }
        while end > start, bytes[end - 1].isBlank { end -= 1 }
        return end
    }

    /// Where the same key is written again, followed by a colon.
    fileprivate func nextKey(like key: Range<Int>) -> Range<Int>? {
        guard !key.isEmpty else { return nil }
        let column = key.lowerBound - lineStart(of: key.lowerBound)
        var loose: Range<Int>?
        var index = key.upperBound
        while index + key.count <= bytes.count {
            let candidate = index..<index + key.count
            index += 1
            guard bytes[candidate].elementsEqual(bytes[key]), isKey(candidate) else { continue }
            if candidate.lowerBound - lineStart(of: candidate.lowerBound) == column { return candidate }
            loose = loose ?? candidate
        }
        return loose
    }

    private func isKey(_ range: Range<Int>) -> Bool {
        var next = range.upperBound
        while let byte = byte(next), byte == 0x20 { next += 1 }
        guard byte(next) == UInt8(ascii: ":") else { return false }
        return byte(range.lowerBound - 1).map { $0.isBlank || "{,".utf8.contains($0) } ?? true
    }

    private func lineStart(of offset: Int) -> Int {
        var start = offset
        while let before = byte(start - 1), before != 0x0A, before != 0x0D { start -= 1 }
        return start
    }
}
