import Chapters
import Diagnostics
import Foundation
import TestSupport
import Testing

/// A folder that exists while `body` runs.
func withFolder<Result>(_ files: [String: String], _ body: (String) throws -> Result) throws -> Result {
    let folder = try TemporaryFolder(files)
    return try withExtendedLifetime(folder) { try body(folder.path) }
}

func read(_ source: String) -> (chapter: Chapter, diagnostics: [Diagnostic]) {
    Chapter.read(source, path: "a.md", slug: "a")
}

/// A chapter as one compact text: what was understood, without places.
func outline(_ source: String) -> String { read(source).chapter.blocks.map(describe).joined(separator: "\n") }

func describe(_ block: Block) -> String {
    switch block {
    case .heading(let level, let text, let id, _): "h\(level)#\(id) " + describe(text)
    case .paragraph(let text): "p " + describe(text)
    case .list(let list):
        (list.start.map { "ol\($0)" } ?? "ul") + (list.tight ? "" : " loose")
            + list.items.map { item in
                "{" + (item.task.map { $0 ? "[x]" : "[ ]" } ?? "") + item.blocks.map(describe).joined(separator: "; ")
                    + "}"
            }.joined()
    case .quote(let blocks): "quote{" + blocks.map(describe).joined(separator: "; ") + "}"
    case .callout(let callout):
        "\(callout.kind)(\(describe(callout.title))){" + callout.blocks.map(describe).joined(separator: "; ")
            + (callout.answer.isEmpty ? "" : " → " + callout.answer.map(describe).joined(separator: "; ")) + "}"
    case .fence(let fence): "fence(\(fence.info)) \(fence.body.debugDescription)"
    case .table(let table):
        "table \(table.alignments) "
            + ([table.header] + table.rows).map { $0.map(describe).joined(separator: "|") }
            .joined(separator: " / ")
            + (table.caption.isEmpty ? "" : " caption(\(table.label?.value ?? "")) " + describe(table.caption))
    case .figure(let figure): "figure(\(figure.label.value)) " + describe(figure.picture)
    case .math(let math, let label): "math(\(label ?? "")) \(math.tex.debugDescription)"
    case .rule: "rule"
    case .html(let html): "html \(html.debugDescription)"
    }
}

func describe(_ inlines: [Inline]) -> String { inlines.map(describe).joined() }

func describe(_ inline: Inline) -> String {
    switch inline {
    case .text(let text): text
    case .code(let text): "code<\(text)>"
    case .emphasis(let text): "em<\(describe(text))>"
    case .strong(let text): "strong<\(describe(text))>"
    case .strikethrough(let text): "del<\(describe(text))>"
    case .link(let destination, let title, let text, _): "link<\(destination),\(title),\(describe(text))>"
    case .image(let source, let title, let alternative, let width, _):
        "image<\(source),\(title),\(alternative)\(width.map { ",\($0) %" } ?? "")>"
    case .softBreak: "↵"
    case .lineBreak: "⏎"
    case .math(let math): "math<\(math.tex)>"
    case .value(let value): "value<\(value.id):\(value.path.joined(separator: "/")):\(value.format ?? "")>"
    case .reference(let reference): "ref<\(reference.kind.rawValue):\(reference.target)>"
    case .footnote(let label): "note<\(label)>"
    case .html(let html): "html<\(html)>"
    }
}

/// `3:5-3:9`
func place(_ range: SourceRange?) -> String {
    range.map { "\($0.start.line):\($0.start.column)-\($0.end.line):\($0.end.column)" } ?? "nowhere"
}

/// `3:5-3:9 code: message`
func lines(_ diagnostics: [Diagnostic]) -> [String] {
    diagnostics.map { "\(place($0.range)) \($0.code): \($0.message)" }
}

/// All fences of a chapter, wherever they are nested.
func fences(_ blocks: [Block]) -> [Fence] {
    blocks.flatMap { block -> [Fence] in
        switch block {
        case .fence(let fence): [fence]
        case .quote(let inner): fences(inner)
        case .list(let list): list.items.flatMap { fences($0.blocks) }
        default: []
        }
    }
}

/// The text that a range of a source covers.
func excerpt(_ source: String, _ range: SourceRange) -> String {
    let table = LineTable(source)
    let start = table.content(ofLine: range.start.line).lowerBound + range.start.column - 1
    let end = table.content(ofLine: range.end.line).lowerBound + range.end.column - 1
    guard start >= 0, start <= end, end <= table.bytes.count else { return "(no such range)" }
    return String(decoding: table.bytes[start..<end], as: UTF8.self)
}
