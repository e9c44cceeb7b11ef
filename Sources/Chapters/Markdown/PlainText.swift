extension [Inline] {
    /// The text without its markup: for titles, anchors and alternatives of images.
    package var plainText: String { map(\.plainText).joined() }

    /// Without blanks and breaks at the ends.
    func trimmed() -> [Inline] {
        var result = self[...]
        trimming: while let first = result.first {
            switch first {
            case .softBreak, .lineBreak: result = result.dropFirst()
            case .text(let text):
                let rest = text.drop { $0 == " " || $0 == "\t" }
                guard rest.isEmpty else {
                    result[result.startIndex] = .text(String(rest))
                    break trimming
                }
                result = result.dropFirst()
            default: break trimming
            }
        }
        trimming: while let last = result.last {
            switch last {
            case .softBreak, .lineBreak: result = result.dropLast()
            case .text(var text):
                while let end = text.last, end == " " || end == "\t" { text.removeLast() }
                guard text.isEmpty else {
                    result[result.endIndex - 1] = .text(text)
                    break trimming
                }
                result = result.dropLast()
            default: break trimming
            }
        }
        return Array(result)
    }
}

extension Inline {
    package var plainText: String {
        switch self {
        case .text(let text), .code(let text): text
        case .emphasis(let text), .strong(let text), .strikethrough(let text), .link(_, _, let text, _): text.plainText
        case .image(_, _, let alternative, _, _): alternative.inlines.plainText
        case .softBreak, .lineBreak: " "
        case .math(let math): math.tex
        case .value(let value): ([value.id] + value.path).joined(separator: ".")
        case .reference(let reference): "\(reference.kind.rawValue)-\(reference.target)"
        case .footnote, .html: ""
        }
    }
}
