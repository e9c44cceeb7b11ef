import Diagnostics

// Quotes that begin with `[!NOTE]`.

/// The marker with which a call-out begins, as it is written.
private struct CalloutMarker {
    /// With its brackets.
    var written: String
    var word: String
    var range: SourceRange

    var kind: Callout.Kind? { Callout.Kind(rawValue: word.lowercased()) }
}

extension ChapterConverter {
    mutating func quote(_ node: CommonMark.Node, depth: Int) -> Block {
        guard let first = node.children.first, let marker = marker(at: first) else {
            return .quote(blocks(in: node, depth: depth))
        }
        guard let kind = marker.kind else {
            diagnostics.append(Self.unknown(marker))
            return .quote(blocks(in: node, depth: depth))
        }
        let pieces = inlinePieces(in: first, depth: depth + 1, insideLink: false)
        guard let (title, text) = parts(pieces, behind: marker) else {
            return .quote(blocks(in: node, depth: depth))
        }
        var callout = Callout(kind: kind, title: title, blocks: paragraph(text))
        var rest = node.children.dropFirst()
        if kind == .question {
            if callout.blocks.isEmpty, let question = rest.popFirst() {
                callout.blocks = blocks(of: [question], depth: depth)
            }
            callout.answer = blocks(of: Array(rest), depth: depth)
        } else {
            callout.blocks += blocks(of: Array(rest), depth: depth)
        }
        if let problem = Self.problem(with: callout, marker) { diagnostics.append(problem) }
        return .callout(callout)
    }

    /// A paragraph that begins as a call-out does and is none.
    mutating func noteStrayCallout(_ node: CommonMark.Node) {
        guard let marker = marker(at: node), marker.kind != nil else { return }
        diagnostics.append(
            .warning(
                "stray-callout",
                "'\(marker.written)' stays in the text: a call-out is a quote of its own; begin its lines with '>', put an "
                    + "empty line before it, or write \\\(marker.written) for these very characters", at: marker.range))
    }

    /// `[!WORD]` where a paragraph begins.
    private func marker(at node: CommonMark.Node) -> CalloutMarker? {
        guard case .paragraph = node.kind, (1...table.count).contains(node.startLine) else { return nil }
        let line = table.content(ofLine: node.startLine)
        let start = min(line.lowerBound + max(0, node.startColumn - 1), line.upperBound)
        let bytes = table.bytes[start..<line.upperBound]
        guard bytes.starts(with: "[!".utf8) else { return nil }
        let word = bytes.dropFirst(2).prefix { $0.isLetter || $0.isDigit || $0 == 0x2D || $0 == 0x5F }
        guard !word.isEmpty, word.count <= 40, word.endIndex < bytes.endIndex, bytes[word.endIndex] == UInt8(ascii: "]")
        else { return nil }
        // A link's text.
        if let next = bytes.dropFirst(word.endIndex + 1 - start).first, "([".utf8.contains(next) { return nil }
        return CalloutMarker(
            written: String(decoding: bytes[start...word.endIndex], as: UTF8.self),
            word: String(decoding: word, as: UTF8.self), range: table.range(start..<word.endIndex + 1, in: path))
    }

    /// What stands in the marker's line, and what stands below it in the same paragraph.
    private mutating func parts(
        _ pieces: [InlinePiece], behind marker: CalloutMarker
    ) -> (title: [Inline], text: [InlinePiece])? {
        guard case .inline(.text(let text))? = pieces.first, text.hasPrefix(marker.written) else { return nil }
        let end = pieces.firstIndex { piece in
            switch piece {
            case .inline(.softBreak), .inline(.lineBreak): true
            default: false
            }
        }
        let title = [.inline(.text(String(text.dropFirst(marker.written.count))))] + pieces[1..<(end ?? pieces.count)]
        return (flattened(title).trimmed(), end.map { Array(pieces[$0...]) } ?? [])
    }

    private static func unknown(_ marker: CalloutMarker) -> Diagnostic {
        let names = Callout.Kind.allCases.map { $0.rawValue.uppercased() }
        let hint =
            nearest(to: marker.word.uppercased(), among: names).map { "; did you mean [!\($0)]?" }
            ?? "; write \(names.dropLast().map { "[!\($0)]" }.joined(separator: ", ")) or [!\(names.last ?? "")], "
            + "or \\\(marker.written) for these very characters"
        return .error("unknown-callout", "there is no call-out '\(marker.written)'\(hint)", at: marker.range)
    }

    private static func problem(with callout: Callout, _ marker: CalloutMarker) -> Diagnostic? {
        if callout.blocks.isEmpty {
            return .error(
                "empty-callout", "this call-out has no text; write it in the lines below, each with '>'",
                at: marker.range)
        }
        guard callout.kind == .question, callout.answer.isEmpty else { return nil }
        return .error(
            "unanswered-question",
            "this question has no answer; the first paragraph is the question, and the answer follows behind a line of "
                + "'>' alone", at: marker.range)
    }
}
