import Diagnostics

/// What stands in braces behind a picture or at the end of a table's caption.
struct BracedAttributes {
    /// Without the prefix of its kind.
    var label: Located<String>?
    var kind = CrossReference.Kind.figure
    /// Of the text's width, in percent.
    var width: Int?
}

extension MarkerScanner {
    /// Reads the braces of a picture or of a table's caption; false where these are neither's.
    mutating func scanAttributes(_ span: Range<Int>) -> Bool {
        let kind: CrossReference.Kind
        if endsPicture(at: span.lowerBound - 1) {
            kind = .figure
        } else if TableCaption.begins(leaf.bytes), leaf.kind != .heading, isBlank(from: span.upperBound) {
            kind = .table
        } else {
            return false
        }
        index = span.upperBound
        // What is taken for a row of its table is told where that is known.
        guard leaf.kind != .tableRow || kind == .figure else { return true }
        var attributes = BracedAttributes(kind: kind)
        if let problem = read(span, into: &attributes) {
            diagnostics.append(problem)
        } else {
            mark(.attributes(attributes), span)
        }
        return true
    }

    private func isBlank(from start: Int) -> Bool { leaf.bytes[start...].allSatisfy { $0.isBlank || $0 == 0x0A } }

    private mutating func read(_ span: Range<Int>, into attributes: inout BracedAttributes) -> Diagnostic? {
        let isPicture = attributes.kind == .figure
        let content = leaf.text(span.lowerBound + 1..<span.upperBound - 1)
        let remedy =
            isPicture
            ? "behind a picture stands {width=60%}, {#fig-name}, or {#fig-name width=60%}"
            : "at the end of a table's caption stands {#tbl-name}"
        let other = Diagnostic.error(
            "unknown-attributes",
            "'\(leaf.text(span))' stays in the text: \(remedy); write \\{ for these very characters", at: range(span))
        let words = self.words(in: span.lowerBound + 1..<span.upperBound - 1)
        guard !words.isEmpty else { return other }
        for word in words {
            let text = replacingParameters(word)
            if text.hasPrefix("#"), attributes.label == nil {
                let prefix = "#\(attributes.kind.rawValue)-"
                guard text.hasPrefix(prefix), text.count > prefix.count,
                    text.dropFirst().unicodeScalars.allSatisfy(Name.isLabel)
                else {
                    return .error(
                        "malformed-label",
                        "'\(leaf.text(span))' is no label of a \(isPicture ? "picture" : "table"), and stays in the text; "
                            + "write {#\(label(of: content, attributes.kind))}", at: range(span))
                }
                let place = range(word.lowerBound + 1..<word.upperBound)
                attributes.label = Located(String(text.dropFirst(prefix.count)), at: place)
            } else if text.hasPrefix("width="), isPicture, attributes.width == nil {
                let number = text.dropFirst("width=".count)
                guard number.hasSuffix("%"), number.utf8.dropLast().allSatisfy(\.isDigit),
                    let width = Int(number.dropLast()), (1...100).contains(width)
                else {
                    return .error(
                        "malformed-width",
                        "'\(text)' is no width: a picture takes 1 to 100 % of the text's, as in {width=60%}",
                        at: range(word))
                }
                attributes.width = width
            } else {
                return other
            }
        }
        return nil
    }

    /// The label that may have been meant, with the prefix of its kind.
    private func label(of content: String, _ kind: CrossReference.Kind) -> String {
        let name = suggestion(content, kind.rawValue)
        return name.hasPrefix(kind.rawValue + "-")
            ? name : "\(kind.rawValue)-\(name.split(separator: "-", maxSplits: 1).last ?? "name")"
    }

    private func words(in span: Range<Int>) -> [Range<Int>] {
        leaf.bytes[span].split(whereSeparator: \.isBlank).map(\.indices)
    }
}
