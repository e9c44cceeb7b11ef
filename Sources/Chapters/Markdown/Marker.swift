import Diagnostics

/// A construct that Markdown must not see: a formula, a quoted value, a reference, an anchor.
///
/// The scanner finds markers in the source, Markdown reads a text in which each is a short token, and the converter
/// puts the construct back. So a formula keeps its `_`, `*` and `\\`, and every construct keeps its exact place.
struct Marker {
    enum Content {
        case math(Math, display: Bool, label: String?)
        case value(ValueReference)
        case reference(CrossReference)
        /// `{#sec-name}` at the end of a heading.
        case anchor(String)
        /// `{width=60%}` behind a picture, `{#tbl-name}` at the end of a table's caption.
        case attributes(BracedAttributes)
        /// The value that `${name}` stands for.
        case parameter(String)
    }

    var content: Content
    /// The bytes of the source that the marker stands for, line by line without the prefixes of quotes and lists.
    var pieces: [Range<Int>]
    /// Those bytes as text, for places where a construct has no meaning, such as a link's destination.
    var written: String
    /// The place of the label or anchor name, when there is one.
    var labelRange: SourceRange?

    /// What stands in a link's destination or a title.
    var replacement: String {
        if case .parameter(let value) = content { value } else { written }
    }
}

/// Tokens are made of noncharacters, which Unicode reserves for a program's own use: `U+FDD0 number U+FDD1`.
enum Token {
    private static let open: UInt32 = 0xFDD0
    private static let close: UInt32 = 0xFDD1
    /// Stands for a further line of a marker that spans lines, so that no line of the source moves.
    private static let continuation: UInt32 = 0xFDD2
    /// Put before a line so that Markdown sees nothing but running text in it; a blank follows.
    private static let runningText: UInt32 = 0xFDD3

    /// What makes any line a line of running text.
    static let linePrefix: [UInt8] = bytes(runningText) + [0x20]

    /// The three bytes of one of the scalars above.
    private static func bytes(_ scalar: UInt32) -> [UInt8] {
        [0xEF, 0xB7, UInt8(truncatingIfNeeded: scalar & 0x3F | 0x80)]
    }

    /// The source with every marker replaced by its token; the lines stay the same lines.
    ///
    /// - Precondition: the pieces are in ascending order and do not overlap.
    static func substitute(_ markers: [Marker], in source: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(source.count)
        var position = 0
        for (number, marker) in markers.enumerated() {
            for (index, piece) in marker.pieces.enumerated() {
                result.append(contentsOf: source[position..<piece.lowerBound])
                if index == 0 {
                    result.append(contentsOf: bytes(open) + String(number).utf8 + bytes(close))
                } else {
                    result.append(contentsOf: bytes(continuation))
                }
                position = piece.upperBound
            }
        }
        result.append(contentsOf: source[position...])
        return result
    }

    enum Part {
        case text(String)
        case marker(Marker)
        case continuation
    }

    /// Splits text that Markdown has read into plain stretches and markers.
    static func split(_ text: String, _ markers: [Marker]) -> [Part] {
        guard text.unicodeScalars.contains(where: { (0xFDD0...0xFDD3).contains($0.value) }) else {
            return text.isEmpty ? [] : [.text(text)]
        }
        var parts: [Part] = []
        var plain = String.UnicodeScalarView()
        var digits: String?
        var skipsBlank = false
        func flush() {
            if !plain.isEmpty { parts.append(.text(String(plain))) }
            plain = .init()
        }
        for scalar in text.unicodeScalars {
            if skipsBlank {
                skipsBlank = false
                if scalar == " " { continue }
            }
            switch scalar.value {
            case runningText: skipsBlank = true
            case open: digits = ""
            case close:
                flush()
                if let number = digits.flatMap({ Int($0) }), markers.indices.contains(number) {
                    parts.append(.marker(markers[number]))
                }
                digits = nil
            case continuation:
                flush()
                parts.append(.continuation)
            default:
                if digits != nil { digits?.unicodeScalars.append(scalar) } else { plain.append(scalar) }
            }
        }
        flush()
        return parts
    }

    /// The text as the author wrote it, with the values of parameters.
    static func restore(_ text: String, _ markers: [Marker]) -> String {
        split(text, markers).map { part in
            switch part {
            case .text(let text): text
            case .marker(let marker): marker.replacement
            case .continuation: ""
            }
        }.joined()
    }
}
