import Chapters
import Diagnostics
import Files
import Foundation
import Imaging
import Pages
import TestSupport
import Testing

/// Where links of the text lead: chapters, places in them, files beside them.
struct LinkTests {
    private func link(_ to: String) -> Block { .paragraph([.link(destination: to, title: "", text: [.text("l")])]) }

    private func chapter(_ file: String, _ slug: String, _ blocks: [Block]) -> Chapter {
        Chapter(path: "chapters/" + file, slug: slug, title: Prose(stringLiteral: slug), source: "", blocks: blocks)
    }

    /// The first address that a chapter's link becomes, or what is said about it.
    private func lead(_ to: String, _ extra: [Block] = [], files: [String: [UInt8]] = [:], trust: Bool = false) throws
        -> String
    {
        let first = chapter("01-a.md", "index", extra + [Sample.heading(2, "Contents", "contents"), link(to)])
        let others = [
            chapter("02 b.md", "b", [Sample.heading(2, "Part", "part")]),
            chapter("c#.md", "c", [Sample.heading(2, "D", "d")]),
            chapter("50%.md", "50", []), chapter("caf\u{E9}.md", "cafe", []), chapter("x%20y.md", "x", []),
        ]
        let site = try Site(
            Report(
                book: Sample.book([first] + others, trust: trust), exhibits: [:], directives: [Sample.range(3): "loss"],
                attachments: Attachments(files: files)))
        if let problem = site.diagnostics.first(where: { $0.code != "missing-result" }) {
            return "\(problem.code): \(problem.message)"
        }
        return site.text().firstMatch(of: /<p><a href="([^"]*)"/).map { String($0.1) } ?? "none"
    }

    @Test(arguments: [
        ("02 b.md", "b.html"), ("02%20b.md", "b.html"), ("02%20b.md#part", "b.html#part"), ("./02 b.md", "b.html"),
        ("../chapters/02%20b.md", "b.html"), ("b.html#part", "b.html#part"), ("c#.md", "c.html"),
        ("c%23.md#d", "c.html#d"),
        ("c#.md#d", "c.html#d"), ("50%.md", "50.html"), ("50%25.md", "50.html"), ("cafe\u{301}.md", "cafe.html"),
        ("caf%C3%A9.md", "cafe.html"), ("x%2520y.md", "x.html"), ("x%20y.md", "x.html"), ("#contents", "#contents"),
        ("01-a.md#contents", "#contents"),
        ("#%63ontents", "#contents"), ("#", "#page.text"), ("#top", "#page.text"), ("01-a.md", "#page.text"),
        ("02 b.md#", "b.html"),
    ])
    func chaptersAreFoundHoweverTheirNamesAreWritten(_ written: String, _ address: String) throws {
        #expect(try lead(written) == address)
    }

    @Test(arguments: [
        ("#contnets", "unknown-anchor: there is no '#contnets' in this chapter; did you mean '#contents'?"),
        ("02 b.md#prat", "unknown-anchor: there is no '#prat' in 02 b.md; did you mean '#part'?"),
        ("01-b.md", "unknown-chapter: there is no chapter '01-b.md'; did you mean '01-a.md'?"),
        ("nope.csv", "unknown-file: there is no file 'nope.csv' beside the chapter"),
        ("a.csv?raw=1", "unknown-file: there is no file 'a.csv?raw=1' beside the chapter"),
        ("../x.csv", "refused-file: the link '../x.csv' leads out of the chapters' folder; put a copy into it"),
        ("..%2Fx.csv", "refused-file: the link '..%2Fx.csv' leads out of the chapters' folder; put a copy into it"),
        ("page.text", "unknown-file: there is no file 'page.text' beside the chapter"),
        ("#note.1", "unknown-anchor: there is no '#note.1' in this chapter"),
    ])
    func aDeadLinkIsAnError(_ written: String, _ message: String) throws {
        #expect(try lead(written) == message)
    }

    @Test func figuresEquationsAndTrustedAnchorsCanBeLinkedTo() throws {
        let figure: Block = .fence(Sample.fence("x", line: 3))
        #expect(try lead("#fig-loss", [figure]) == "#fig-loss")
        #expect(try lead("#tbl-loss", [figure]) == "#fig-loss")
        #expect(try lead("#eq-x", [.math(Sample.math("a"), label: "eq-x")]) == "#eq-x")
        #expect(try lead("#mine", [.html("<a id='mine'></a>")], trust: true) == "#mine")
        #expect(try lead("#mine", [.html("<a id='mine'></a>")]).hasPrefix("unknown-anchor"))
    }

    @Test func aFileBesideTheChapterIsHandedOut() throws {
        let bytes = Array("a,b".utf8)
        let address = try lead("sub/my%20data.csv", files: ["sub/my data.csv": bytes])
        #expect(address.hasPrefix("assets/my-data-") && address.hasSuffix(".csv"))
        let site = try Site(
            Report(
                book: Sample.book([Sample.chapter("index", [link("t.csv"), link("./t.csv")])]), exhibits: [:],
                directives: [:],
                attachments: Attachments(files: ["t.csv": bytes])))
        #expect(site.files.filter { $0.bytes == bytes }.count == 1)
        #expect(site.inOneFile().text().contains("href=\"data:application/octet-stream;base64,YSxi\" download=\"t-"))
    }

    @Test func amongManyDeadLinksTheFirstAreToldWhatMayBeMeant() throws {
        let headings = (0..<1000).map { Sample.heading(2, "H", "heading-\($0)") }
        let site = try Sample.site(headings + (0..<1000).map { link("#haeding-\($0)") })
        #expect(site.diagnostics.count == 1000)
        #expect(site.diagnostics.count { $0.message.contains("did you mean") } == 5)
    }

    @Test func aLinkHoldsNoOther() throws {
        let inner: Inline = .link(destination: "https://b.org", title: "", text: [.text("b")])
        let note = Footnote(label: "n", blocks: [.paragraph([.text("Note.")])])
        let page = try Sample.site(
            [.paragraph([.link(destination: "https://a.org", title: "", text: [inner, .footnote(label: "n")])])],
            footnotes: [note]
        ).text()
        #expect(
            page.contains(
                "<a href=\"https://a.org\" rel=\"noopener noreferrer\">b<sup class=\"mention\" id=\"mention.1\">1</sup></a>"
            ))
    }
}

/// Which files are read for a book.
struct AttachmentTests {
    private let place = TemporaryFolder()
    private var folder: String { place.path }

    private func problems(_ text: String, trust: Bool = false, limits: Attachments.Limits = .init()) throws -> [String]
    {
        let (chapter, _) = Chapter.read(text, path: "chapters/01-a.md", slug: "index")
        let book = Sample.book([chapter], trust: trust)
        let attachments = Attachments.read(for: book, in: folder + "/chapters", limits: limits)
        return Site.problems(in: book, directives: [:], promises: [:], attachments: attachments).map { $0.message }
    }

    private func write(_ bytes: [UInt8], _ name: String) throws { try Files.write(bytes, to: folder + "/" + name) }

    @Test func onlyRegularFilesBelowTheFolderAreRead() throws {
        try write([1], "secret.csv")
        try write([1], "chapters/a.csv")
        try write([1], "chapters/sub/b.csv")
        try write(Array("<script>".utf8), "chapters/page.html")
        try write([1], "chapters/noending")
        let chapters = folder + "/chapters"
        for (name, to) in [("out.csv", "../secret.csv"), ("in.csv", "a.csv"), ("dead.csv", "none"), ("far", "..")] {
            try FileManager.default.createSymbolicLink(atPath: chapters + "/" + name, withDestinationPath: to)
        }
        #expect(mkfifo(chapters + "/pipe.csv", 0o600) == 0)
        let out = "leads out of the chapters' folder; put a copy into it"
        let kind =
            "is of a kind that a browser may run or that nobody knows; pack it into a .zip, or set 'trust: true' in report.yml"
        let expected =
            [
                ("a.csv", nil), ("sub/b.csv", nil), ("in.csv", nil), ("sub/../a.csv", nil),
                ("out.csv", "the file 'out.csv' \(out)"), ("far/secret.csv", "the file 'far/secret.csv' \(out)"),
                ("../secret.csv", "the link '../secret.csv' \(out)"),
                ("sub/../../secret.csv", "the link 'sub/../../secret.csv' \(out)"),
                ("dead.csv", "the file 'dead.csv' is a link that leads nowhere; mend or remove it"),
                ("pipe.csv", "the file 'pipe.csv' is no regular file; put a copy of its content beside the chapter"),
                ("sub", "the file 'sub' is a folder; name a file in it"), ("page.html", "the file 'page.html' \(kind)"),
                ("noending", "the file 'noending' \(kind)"),
                ("b.csv", "there is no file 'b.csv' beside the chapter; did you mean 'a.csv'?"),
                ("a%00.csv", "there is no file 'a%00.csv' beside the chapter; did you mean 'a.csv'?"),
            ] as [(String, String?)]
        for (name, message) in expected {
            #expect(try problems("[x](\(name))") == (message.map { [$0] } ?? []), "\(name)")
        }
        #expect(try problems("[x](page.html)", trust: true) == [])
        let nothing = try problems("[x](/etc/passwd) ![y](/etc/passwd)")
        #expect(nothing.count == 2 && nothing.allSatisfy { !$0.contains("root:") })
    }

    @Test func namesComposedOtherwiseAreFound() throws {
        try write([1], "chapters/cafe\u{301}.csv")
        #expect(try problems("[x](caf\u{E9}.csv)") == [])
    }

    @Test func sizesAreBounded() throws {
        try write(Array(repeating: 0, count: 3 << 20), "chapters/a.csv")
        try write(Array(repeating: 0, count: 1 << 20), "chapters/b.csv")
        try write(Array(repeating: 0, count: 1 << 20), "chapters/c.csv")
        let limits = Attachments.Limits(file: 2 << 20, total: (1 << 20) + 5)
        #expect(
            try problems("[a](a.csv)", limits: limits).first?.contains(
                "makes the files beside the chapters larger than 1 MB") == true)
        #expect(try problems("[b](b.csv)", limits: limits) == [])
        #expect(try problems("[b](b.csv) [c](c.csv)", limits: limits).count == 1)
        #expect(
            try problems("[a](a.csv)", limits: .init(file: 2 << 20)) == [
                "the file 'a.csv' is larger than 2 MB; make it smaller, or link to it on the network"
            ])
    }

    @Test func picturesInFourFormatsAreShownAndOthersNamed() throws {
        let face = Sample.face(1).image
        try write(try face.jpeg(quality: 90), "chapters/a.jpg")
        try write(try face.png(), "chapters/pics/b c.png")
        try write(Array("P5 2 2 255\n".utf8) + [1, 2, 3, 4], "chapters/c.pgm")
        try write(Array("P6 1 1 255\n".utf8) + [1, 2, 3], "chapters/d.ppm")
        try write(Array("GIF89a".utf8), "chapters/e.gif")
        try write(Array(try face.png().prefix(60)), "chapters/f.png")
        let text = "![A](a.jpg) ![B](<pics/b c.png>) ![B](pics/b%20c.png) ![C](c.pgm) ![D](d.ppm)"
        #expect(try problems(text) == [])
        #expect(
            try problems("![E](e.gif)") == [
                "the picture 'e.gif' cannot be shown: GIF is not read; convert the file to JPEG, PNG or PNM"
            ])
        #expect(try problems("![F](f.png)").first?.hasPrefix("the picture 'f.png' cannot be shown: ") == true)
        #expect(
            try problems("![G](b.jpg)") == ["there is no picture 'b.jpg' beside the chapter; did you mean 'a.jpg'?"])
        let remote = try problems("![H](https://example.org/x/y.png?z#q)")
        #expect(
            remote == [
                "the picture 'https://example.org/x/y.png?z#q' lies on the network; keep a copy beside the chapter and write ![…](y.png)"
            ])

        let (chapter, _) = Chapter.read(text, path: "chapters/01-a.md", slug: "index")
        let book = Sample.book([chapter])
        let site = try Site(
            Report(
                book: book, exhibits: [:], directives: [:],
                attachments: Attachments.read(for: book, in: folder + "/chapters")))
        #expect(site.files.count { $0.path.hasPrefix("images/") } == 4)
        #expect(
            site.text().matches(
                of:
                    /<a class="zoom" href="images\/[^"]+" title="Enlarge"><img src="images\/[^"]+" width="24" height="24" alt="[AB]" loading="lazy">/
            ).count == 3)
        #expect(!site.inOneFile().text().contains("images/"))
    }

    @Test func aLargePictureIsShownSmallerAndOpensWhole() throws {
        let wide = Image(width: 2720, height: 100, channels: 1, pixels: Array(repeating: 9, count: 272_000))
        let blocks: [Block] = [
            .paragraph([.image(source: "w.png", title: "", alternative: "W")]),
            .paragraph([
                .link(
                    destination: "https://a.org", title: "",
                    text: [.image(source: "w.png", title: "", alternative: "W")])
            ]),
        ]
        let site = try Site(
            Report(
                book: Sample.book([Sample.chapter("index", blocks)]), exhibits: [:], directives: [:],
                attachments: Attachments(files: ["w.png": try wide.png()])))
        let page = site.text()
        let link = try #require(
            page.firstMatch(
                of:
                    /<a class="zoom" href="([^"]+)" data-width="2720" data-height="100" title="Enlarge"><img src="([^"]+)" width="1360" height="50"/
            ))
        #expect(link.1 != link.2)
        let names = site.files.map(\.path)
        #expect(names.contains(String(link.1)) && names.contains(String(link.2)))
        #expect(page.contains("<a href=\"https://a.org\" rel=\"noopener noreferrer\"><img src=\"\(link.2)\""))
        #expect(site.inOneFile().text().contains("<a class=\"zoom\" href=\"#\""))
    }
}
