import Chapters
import Diagnostics
import Directives
import Execution

extension FuzzTarget {
    /// A chapter read and planned with every kind of directive: what is wrong is told at its place, and printed as text
    /// that steers no terminal.
    static let markdown = FuzzTarget(name: "markdown", longest: 4096) { bytes, _ in
        let text = String(decoding: bytes, as: UTF8.self)
        let (chapter, problems) = Chapter.read(text, path: "01-a.md", slug: "index")
        var diagnostics = problems
        do throws(Problems) {
            _ = try Plan(Book(settings: settings, chapters: [chapter]), directives: allDirectives, data: "data")
        } catch {
            diagnostics += error.diagnostics
        }
        try checkPlaces(of: diagnostics, in: ["01-a.md": text])
    }

    private static let settings = Settings(
        title: "Faces",
        parameters: ["epochs": .init(value: .scalar("3", quoted: false), origin: "report.yml")])

    /// `report.yml` beside a short chapter.
    static let settingsFile = FuzzTarget(name: "settings", longest: 4096) { bytes, scratch in
        let folder = try scratch.emptyFolder("settings")
        try Scratch.write(bytes, to: folder + "/report.yml")
        try Scratch.write(Array("# One\n".utf8), to: folder + "/01-one.md")
        for profile in [nil, "quick"] {
            let loaded = Book.load(
                contentsOf: folder, displayedAs: "chapters", profile: profile, set: [(name: "epochs", value: "3")])
            try checkPlaces(of: loaded.diagnostics, in: loaded.sources)
        }
    }

    private static func checkPlaces(of diagnostics: [Diagnostic], in sources: [String: String]) throws {
        let tables = sources.mapValues { LineTable($0) }
        for range in diagnostics.flatMap({ [$0.range] + $0.notes.map(\.range) }).compactMap({ $0 }) {
            guard let table = tables[range.path] else { continue }
            try promise((1...table.count).contains(range.start.line), "a message about line \(range.start.line)")
            try promise(range.start <= range.end, "a message from \(range.start) to \(range.end)")
            let columns = table.content(ofLine: range.start.line).count
            try promise(
                (1...columns + 1).contains(range.start.column),
                "a message about column \(range.start.column) of \(columns)")
        }
        let printed = DiagnosticFormatter(sources: sources).format(diagnostics)
        let steering = printed.unicodeScalars.first { $0 != "\n" && isSteering($0) }
        try promise(steering == nil, "a message holds U+\(String(steering?.value ?? 0, radix: 16))")
    }

    /// Control characters, and what turns the direction of text.
    private static func isSteering(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0...0x1F, 0x7F...0x9F, 0x200E, 0x200F, 0x2028, 0x2029, 0x202A...0x202E, 0x2066...0x2069: true
        default: false
        }
    }
}
