import Chapters
import Diagnostics
import Pages
import Testing

/// Captions, titles and what stands in place of a picture: read like paragraphs, and written like them.
struct ProseTests {
    private func page(_ blocks: [Block], caption: Prose? = nil) throws -> Site {
        var table = Sample.table()
        if let caption { table.caption = caption }
        return try Sample.site(
            [.fence(Sample.fence("x", line: 3))] + blocks, exhibits: [table], directives: [3: "scores"])
    }

    @Test func aCaptionQuotesResultsAndShowsFormulas() throws {
        let site = try page([], caption: "Top **10**: $\\alpha$, `=scores.top10.accuracy .1%`, @tbl-scores, `k`, _all_")
        let text = site.text()
        for part in [
            "Top <strong>10</strong>: ", "<mi>α</mi>", ">82.3%</span>", "Table\u{A0}1</a>", "<code>k</code>",
            "<em>all</em>",
        ] { #expect(text.contains(part), "\(part)") }
        #expect(site.diagnostics.isEmpty)
    }

    @Test func mistakesInACaptionAreFoundBeforeAnythingRuns() {
        let found = Site.problems(
            in: Sample.book([Sample.chapter("index", [.fence(Sample.fence("x", line: 3))])]),
            directives: [Sample.range(3): "scores"], promises: ["scores": Promise(numbering: .table, values: [])],
            captions: ["scores": "@fig-nope, $\\nosuch$, `=scores.x`, `=nobody.x`"])
        #expect(found.map(\.code) == ["unknown-reference", "unknown-math-command", "missing-value", "unknown-id"])
    }

    @Test func aCaptionIsWrittenAnewAroundMarkupThatWasKept() throws {
        func site(_ table: Exhibit, accuracy: Double) throws -> Site {
            let other = Exhibit(
                id: "other", numbering: .figure, caption: nil, parts: [], values: ["accuracy": .number(accuracy)])
            return try Site(
                Report(
                    book: Sample.book([Sample.chapter("index", [.fence(Sample.fence("x", line: 3))])]),
                    exhibits: ["scores": table, "other": other], directives: [Sample.range(3): "scores"]))
        }
        var table = Sample.table()
        table.caption = "`=other.accuracy`"
        let markup = try #require(try site(table, accuracy: 0.5).markups["en"]?["scores"])
        let drawn = try site(table, accuracy: 0.6)
        (table.parts, table.markup) = ([], markup)
        let kept = try site(table, accuracy: 0.6)
        #expect(kept.files == drawn.files)
        #expect(kept.text().contains("80.19") && kept.text().contains(">0.6</span>"))
        #expect(kept.markups["en"]?.isEmpty == true)
    }

    @Test func titlesAreWrittenWithTheirMarkupAndNamedWithoutIt() throws {
        let settings = Settings(title: "On *faces*, $\\alpha$, `=scores.images ,d`", subtitle: "**All**")
        let chapter = Chapter(
            path: "chapters/01-a.md", slug: "index", title: "A $L_t$ `=scores.top10.accuracy .0%`", source: "",
            blocks: [Sample.heading(1, "A", "a")])
        let site = try Site(
            Report(
                book: Book(settings: settings, chapters: [chapter, Sample.chapter("more", [])]),
                exhibits: ["scores": Sample.table()], directives: [:]))
        let page = site.text("more.html")
        #expect(page.contains("<title>More · On faces, α, 196,791</title>"))
        #expect(page.contains("A L_t 82%"))
        let first = site.text()
        #expect(
            first.contains(
                "<h1 dir=\"auto\">On <em>faces</em>, <span class=\"nowrap\"><math><mi>α</mi></math>,</span> "))
        #expect(first.contains("<p class=\"subtitle\" dir=\"auto\"><strong>All</strong></p>"))
        #expect(site.diagnostics.isEmpty)
    }

    @Test func mistakesInTheTitleAreFoundBeforeAnythingRuns() {
        let book = Book(
            settings: Settings(title: "@fig-x", subtitle: "`=x.y`"), chapters: [Sample.chapter("index", [])])
        let found = Site.problems(in: book, directives: [:], promises: [:])
        #expect(found.map(\.code) == ["unknown-reference", "unknown-id"])
    }

    @Test func whatStandsInPlaceOfAPictureIsPlainText() throws {
        let picture = Inline.image(
            source: "nope.png", title: "", alternative: "The *loss* $\\lambda_1$ of `=scores.images`, @tbl-scores")
        let page = try page([.paragraph([picture])]).text()
        #expect(page.contains("The loss λ_1 of 196,791, Table\u{A0}1"), "\(page)")
    }

    @Test func theSearchIndexSaysWhatThePageSays() throws {
        let site = try page(
            [.paragraph([Sample.value("scores", "images"), .text(" faces, "), .math(Sample.math("\\frac{a}{2}"))])],
            caption: "Top $k$")
        let index = try #require(site.files.first { $0.path.hasPrefix("assets/search-") })
        let text = String(decoding: index.bytes, as: UTF8.self)
        #expect(text.contains("196,791 faces, a\\/2") || text.contains("196,791 faces, a/2"))
        #expect(text.contains("Top k"))
    }
}
