import Chapters
import Diagnostics
import Foundation
import Pages
import Testing

struct TextTests {
    @Test func textAndCodeAreEscaped() throws {
        let site = try Sample.site([
            .paragraph([.text("a < b & \"c\" 'd'"), .code("<script>")]),
            .fence(Sample.fence("x\"y", line: 3, body: "<b>")),
        ])
        let page = site.text()
        #expect(page.contains("a &lt; b &amp; &quot;c&quot; &#39;d&#39;<code>&lt;script&gt;</code>"))
        #expect(page.contains("class=\"language-x&quot;y\">&lt;b&gt;"))
        #expect(!page.contains("<script>"))
    }

    @Test func rawHTMLIsEscapedUnlessTheBookIsTrusted() throws {
        let blocks: [Block] = [.html("<iframe src=\"a\"></iframe>"), .paragraph([.html("<b>")])]
        let guarded = try Sample.site(blocks).text()
        #expect(!guarded.contains("<iframe") && guarded.contains("&lt;iframe") && guarded.contains("&lt;b&gt;"))
        #expect(try Sample.site(blocks, trust: true).text().contains("<iframe src=\"a\">"))
    }

    @Test(arguments: [
        "javascript:alert(1)", "JavaScript:alert(1)", "java\nscript:alert(1)", " javascript:x", "data:text/html,x",
        "vbscript:x", "file:///etc/passwd", "javascript:\u{FF9E}=1", "javascript\u{301}:x", "java\tscript:x",
        "\u{1}javascript:x",
        "javascript:", "%6Aavascript:x", "ftp://a", "about:blank", "//example.org", "\\\\example.org", "/\\example.org",
        "ｊavascript:x",
        "java\u{200B}script:x", "x\u{7F}", "blob:x", "view-source:x", "intent:x", "",
    ])
    func harmfulLinksAreDroppedAndReported(_ address: String) throws {
        let site = try Sample.site([
            .paragraph([.link(destination: address, title: "", text: [.text("here")])])
        ])
        #expect(site.text().contains("<p>here</p>"))
        #expect(site.codes == ["unsafe-link"])
    }

    @Test(arguments: [
        "https://example.org/a?b=c&d", "HTTP://example.org", "mailto:a@b.c", "tel:+84-1", "https://example.org/ä?q=ü#ö",
        "https://a/b:c",
    ])
    func ordinaryLinksStay(_ address: String) throws {
        let site = try Sample.site([
            .paragraph([.link(destination: address, title: "", text: [.text("here")])])
        ])
        #expect(site.text().contains("<a href=\"\(address.replacing("&", with: "&amp;"))\""))
        #expect(site.diagnostics.isEmpty)
    }

    @Test func linksToChapterFilesBecomeLinksToPages() throws {
        func link(_ to: String) -> Block { .paragraph([.link(destination: to, title: "", text: [.text("l")])]) }
        let book = Sample.book([
            Sample.chapter("index", [link("01-models.md#resnet"), link("nowhere.md")], source: "x\nsee nowhere.md"),
            Sample.chapter("models", [Sample.heading(2, "ResNet", "resnet")]),
        ])
        let site = try Site(Report(book: book, exhibits: [:], directives: [:]))
        #expect(site.text().contains("href=\"models.html#resnet\""))
        #expect(site.codes == ["unknown-chapter"])
        #expect(site.diagnostics.first?.range?.start == Position(line: 2, column: 5))
    }

    @Test func listsQuotesTablesAndRulesHaveTheirElements() throws {
        let item = Chapters.List.Item(blocks: [.paragraph([.text("one")])])
        let page = try Sample.site([
            .list(List(start: 3, tight: true, items: [item])),
            .list(List(start: nil, tight: false, items: [.init(blocks: [.paragraph([.text("task")])], task: true)])),
            .quote([.paragraph([.strong([.text("s")]), .emphasis([.text("e")]), .strikethrough([.text("d")])])]),
            .table(
                TextTable(
                    alignments: [.left, .right], header: [[.text("A")], [.text("B")]], rows: [[[.text("1")], []]])),
            .rule,
        ]).text()
        #expect(page.contains("<ol class=\"tight\" start=\"3\">\n<li>one</li>"))
        #expect(page.contains("<li><input type=\"checkbox\" disabled checked> <p>task</p>"))
        #expect(page.contains("<blockquote>\n<p><strong>s</strong><em>e</em><del>d</del></p>"))
        #expect(page.contains("<th scope=\"col\" class=\"left\">A</th><th scope=\"col\" class=\"right\">B</th>"))
        #expect(page.contains("<hr>"))
    }

    @Test func footnotesStandBesideTheBlockThatMentionsThem() throws {
        let note = Footnote(label: "a", blocks: [.paragraph([.text("The note.")])])
        let site = try Sample.site(
            [
                .paragraph([.text("x"), .footnote(label: "a"), .footnote(label: "a"), .footnote(label: "b")]),
                .paragraph([.text("next")]),
            ], footnotes: [note])
        let page = site.text()
        let mention = try #require(page.range(of: "id=\"mention.1\""))
        let body = try #require(page.range(of: "The note."))
        let next = try #require(page.range(of: "next</p>"))
        #expect(mention.lowerBound < body.lowerBound && body.lowerBound < next.lowerBound)
        #expect(page.components(separatedBy: "id=\"mention.1\"").count == 2)
        #expect(site.codes == ["unknown-footnote"])
    }

    @Test func picturesOfTheTextComeFromTheBookAndNeverFromTheNetwork() throws {
        let blocks: [Block] = [
            .paragraph([
                .image(source: "a.png", title: "", alternative: "A drawing"),
                .image(source: "https://example.org/b.png", title: "", alternative: "B"),
                .image(source: "c.png", title: "", alternative: "C"),
            ])
        ]
        let site = try Site(
            Report(
                book: Sample.book([Sample.chapter("index", blocks)]), exhibits: [:], directives: [:],
                attachments: Attachments(files: ["a.png": try Sample.face(1).image.png()])))
        #expect(site.codes == ["external-picture", "unknown-picture"])
        #expect(site.text().contains("alt=\"A drawing\""))
        #expect(!site.text().contains("example.org"))
    }

    @Test func theReportSpeaksTheLanguageOfTheBook() throws {
        let site = try Sample.site(
            [.fence(Sample.fence("train", line: 3)), .paragraph([Sample.reference(.figure, "loss")])],
            exhibits: [Sample.plot()], directives: [3: "loss"], language: "vi")
        #expect(site.text().contains("<html lang=\"vi\">"))
        #expect(site.text().contains("Hình\u{A0}1</a>"))
    }
}
