import Chapters
import Diagnostics
import Imaging
import Pages

/// Small books and exhibits for the tests.
enum Sample {
    static func range(_ line: Int, path: String = "chapters/01-start.md") -> SourceRange {
        SourceRange(path: path, start: Position(line: line, column: 1), end: Position(line: line + 1, column: 1))
    }

    static func math(_ tex: String, line: Int = 1) -> Math {
        let start = Position(line: line, column: 1)
        let end = Position(line: line, column: 3 + tex.utf8.count)
        return Math(tex: tex, range: SourceRange(path: "chapters/01-start.md", start: start, end: end))
    }

    static func heading(_ level: Int, _ text: String, _ id: String) -> Block {
        .heading(level: level, text: [.text(text)], id: id, range: range(1))
    }

    static func fence(_ info: String, line: Int, body: String = "") -> Fence {
        Fence(
            info: info, infoRange: range(line), body: body, bodyStart: Position(line: line + 1, column: 1),
            range: range(line))
    }

    static func reference(_ kind: CrossReference.Kind, _ target: String) -> Inline {
        .reference(CrossReference(kind: kind, target: target, range: range(7)))
    }

    static func value(_ id: String, _ path: String, _ format: String? = nil) -> Inline {
        .value(
            ValueReference(id: id, path: path.split(separator: ".").map(String.init), format: format, range: range(8)))
    }

    static func chapter(_ slug: String, _ blocks: [Block], footnotes: [Footnote] = [], source: String = "") -> Chapter {
        Chapter(
            path: "chapters/01-\(slug).md", slug: slug, title: "\(slug.capitalized)", source: source, blocks: blocks,
            footnotes: footnotes)
    }

    static func book(_ chapters: [Chapter], trust: Bool = false, language: String = "en") -> Book {
        Book(settings: Settings(title: "Faces", language: language, trust: trust), chapters: chapters)
    }

    /// One page with these blocks.
    static func site(
        _ blocks: [Block], exhibits: [Exhibit] = [], directives: [Int: String] = [:], trust: Bool = false,
        footnotes: [Footnote] = [], source: String = "", language: String = "en"
    ) throws -> Site {
        try Site(
            Report(
                book: book(
                    [chapter("index", blocks, footnotes: footnotes, source: source)], trust: trust, language: language),
                exhibits: Dictionary(uniqueKeysWithValues: exhibits.map { ($0.id, $0) }),
                directives: Dictionary(uniqueKeysWithValues: directives.map { (range($0.key), $0.value) })))
    }

    /// A picture that is different for every seed.
    static func face(_ seed: Int, width: Int = 24, height: Int = 24) -> Picture {
        var pixels: [UInt8] = []
        for y in 0..<height {
            for x in 0..<width {
                let (dx, dy) = (Double(x) / Double(width) - 0.5, Double(y) / Double(height) - 0.5)
                let isFace = dx * dx * 1.6 + dy * dy < 0.16
                let eyes = abs(abs(dx) - 0.13) < 0.04 && abs(dy + 0.08) < 0.03
                let shade = (seed * 37 + (isFace ? 90 : 20)) % 120 + (isFace ? 110 : 40)
                let base = eyes ? 20 : shade
                pixels += [UInt8(min(255, base + seed * 13 % 40)), UInt8(base), UInt8(max(0, base - seed * 7 % 40))]
            }
        }
        return Picture(
            image: Image(width: width, height: height, channels: 3, pixels: pixels), alternative: "Portrait \(seed)")
    }

    static func table(id: String = "scores") -> Exhibit {
        Exhibit(
            id: id, numbering: .table, caption: "Scores with `k` *nearest*.",
            parts: [
                .table(
                    Table(
                        columns: [
                            .init("k"), .init("Accuracy", group: "ResNet-50"), .init("Time", group: "ResNet-50"),
                        ],
                        rows: [
                            [.text("k = 10"), .number(80.191, digits: 2, suffix: " %"), .count(12056)],
                            [.text("k = 20"), .missing, .count(56)],
                        ], summaryRows: [1], notes: ["Without repetition."]))
            ], values: ["top10.accuracy": .number(0.8234), "images": .count(196_791), "device": .text("CPU")])
    }

    static func plot(id: String = "loss", panels: Int = 1) -> Exhibit {
        let panel = Plot.Panel(
            title: "Loss", yLabel: "mean triplet loss",
            series: [
                .init(name: "ResNet-50", points: [.init(x: 1, y: 0.39), .init(x: 2, y: .nan), .init(x: 3, y: 0.1)]),
                .init(name: "Best", points: [.init(x: 2, y: 0.2)]),
            ], references: [.init(label: "margin", y: 0.2)])
        return Exhibit(
            id: id, numbering: .figure, caption: "The loss.",
            parts: [
                .plot(
                    Plot(
                        xLabel: "epoch", panels: Array(repeating: panel, count: panels),
                        alternative: "loss falls from 0.39 to 0.10"))
            ])
    }

    static func grid(id: String = "grid") -> Exhibit {
        let hits = (1...4).map { rank in
            RetrievalGrid.Hit(
                rank: rank, face: .init(picture: face(rank), identity: "s\(rank)"), distance: Double(rank) / 7,
                isSamePerson: rank != 2, matching: (same: 40 - rank, of: 40))
        }
        return Exhibit(
            id: id, numbering: .figure, caption: nil,
            parts: [
                .retrieval(RetrievalGrid(rows: [.init(query: .init(picture: face(9), identity: "s9"), hits: hits)]))
            ],
            marks: [.init(label: "random weights", explanation: "The network was never trained.")],
            provenance: Provenance(summary: "computed 2026-01-23", facts: [.init("seed", "7")]))
    }
}

extension Site {
    /// The text of one of the site's files.
    func text(_ path: String = "index.html") -> String {
        files.first { $0.path == path }.map { String(decoding: $0.bytes, as: UTF8.self) } ?? ""
    }

    var codes: [String] { diagnostics.map(\.code) }
}
