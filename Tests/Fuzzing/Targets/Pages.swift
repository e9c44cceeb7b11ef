import Chapters
import Diagnostics
import Foundation
import Imaging
import Pages

extension FuzzTarget {
    /// Two chapters and their settings as pages and as one page: what an HTML5 parser finds there is what the writers
    /// write themselves, however a chapter, a caption or a name was chosen. Trust is off.
    static let page = FuzzTarget(name: "page", longest: 4096) { bytes, scratch in
        let folder = try scratch.emptyFolder("page")
        let names = ["01-a.md", "02-b.md", "report.yml"]
        for (name, file) in Parcel(bytes, names: names).files { try Scratch.write(file, to: folder + "/" + name) }
        if !FileManager.default.fileExists(atPath: folder + "/01-a.md") {
            try Scratch.write([], to: folder + "/01-a.md")
        }
        var book = Book.load(contentsOf: folder, displayedAs: "chapters").book
        guard !book.chapters.isEmpty else { return }
        book.settings.trust = false

        let shown = Shown(book)
        let site = try Site(
            Report(
                book: book, exhibits: shown.exhibits, directives: shown.directives, attachments: beside,
                facts: [book.settings.title.description]))
        for file in site.files where file.path.hasSuffix(".html") {
            let chapter = book.chapters.first { $0.slug + ".html" == file.path }
            let isFirst = chapter?.slug == book.chapters[0].slug
            let titles = (isFirst ? [] : [chapter?.title ?? ""]) + [book.settings.title]
            try PageCheck(file, titles: titles).checkPage(of: site)
        }
        for file in site.inOneFile().files {
            try PageCheck(file, titles: [book.settings.title]).checkOnePage(of: site)
        }
    }

    /// What lies beside the chapters: a picture and a file.
    private static let beside: Attachments = {
        let picture = try? Image(width: 2, height: 1, channels: 1, pixels: [0, 9]).png()
        return Attachments(files: ["p.png": picture ?? [], "notes.html": Array("<script>".utf8)])
    }()
}

/// Results for fences named `show`: the lines of their bodies as caption, cells, names and warnings.
private struct Shown {
    var exhibits: [String: Exhibit] = [:]
    var directives: [SourceRange: String] = [:]

    init(_ book: Book) {
        for chapter in book.chapters { chapter.forEachFence { add($0) } }
    }

    private mutating func add(_ fence: Fence) {
        let words = fence.info.split(separator: " ")
        guard words.first == "show" else { return }
        let isID = words.count > 1 && words[1].allSatisfy { ("a"..."z").contains($0) || ("0"..."9").contains($0) }
        let id = isID ? String(words[1]) : "shown-\(exhibits.count)"
        guard exhibits[id] == nil else { return }
        directives[fence.range] = id
        let lines = fence.body.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        func line(_ index: Int) -> String { lines[index % lines.count] }
        func phrase(_ index: Int) -> Phrase { line(index).verbatim }
        let picture = Picture(image: Image(width: 1, height: 1, channels: 1, pixels: [7]), alternative: phrase(1))
        let face = RetrievalGrid.Face(picture: picture, identity: line(2))
        var hit = RetrievalGrid.Hit(rank: 1, face: face, distance: 0.5, isSamePerson: false, matching: (1, 2))
        hit.differing = [line(3)]
        let table = Table(
            columns: [.init(phrase(1), group: phrase(2)), .init(phrase(3))],
            rows: [[.text(phrase(4)), .number(.nan, digits: 2, suffix: phrase(5))]], notes: [phrase(6)])
        let item = Gallery.Item(picture: picture, title: phrase(4))
        var diagram = Diagram(width: 90, height: 60, title: phrase(4), alternative: phrase(5))
        diagram.box(.init(1, 1, 30, 20), isDashed: true)
        diagram.text(phrase(6), 4, 30, hasHalo: true)
        diagram.arrow([.init(0, 0), .init(20, 9)], .level)
        diagram.disc(.init(9, 9), 4, fill: .first, outline: .miss, opacity: 0.5)
        diagram.strip([1, -0.5], .init(40, 40, 20, 9), limit: 1)
        diagram.picture(picture, in: .init(60, 1, 20, 20), outline: .hit)
        exhibits[id] = Exhibit(
            id: id, numbering: lines.count % 2 == 0 ? .table : .figure, caption: Prose(stringLiteral: line(0)),
            parts: [
                .table(table), .foldedTable(title: phrase(5), table),
                .retrieval(RetrievalGrid(rows: [.init(query: face, hits: [hit])])),
                .gallery(Gallery(groups: [.init(title: phrase(6), items: [item])])), .diagram(diagram),
                .note(phrase(7)),
                .claim(StatedClaim(holds: true, left: line(8), sign: line(9), right: line(10))),
            ] + (lines.count % 3 == 0 ? [.failure(phrase(11))] : []),
            marks: [.init(label: phrase(12), explanation: phrase(13))],
            provenance: Provenance(summary: phrase(14), facts: [.init(phrase(15), phrase(16))]),
            values: ["text": .text(phrase(17)), "number": .number(0.5)])
    }
}
