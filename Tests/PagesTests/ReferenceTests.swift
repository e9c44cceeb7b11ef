import Chapters
import Diagnostics
import Pages
import Testing

struct ReferenceTests {
    /// Three exhibits on two pages: figure, table, figure.
    private func book(_ extra: [Inline] = []) throws -> Site {
        func fence(_ line: Int) -> Block { .fence(Sample.fence("x", line: line)) }
        let first = Sample.chapter(
            "index",
            [
                Sample.heading(1, "Start", "start"), Sample.heading(2, "Part", "sec-part"), fence(3), fence(5),
                .math(Sample.math("a"), label: "eq-first"), .math(Sample.math("b"), label: nil),
                .math(Sample.math("c"), label: "second"), .paragraph(extra),
            ])
        let second = Sample.chapter(
            "more",
            [
                Sample.heading(1, "More", "more"), Sample.heading(2, "A", "a"), Sample.heading(3, "B", "b"),
                Sample.heading(2, "C", "c"), .quote([fence(9)]), .paragraph([Sample.reference(.figure, "loss")]),
            ])
        return try Site(
            Report(
                book: Sample.book([first, second]),
                exhibits: ["loss": Sample.plot(), "scores": Sample.table(), "grid": Sample.grid()],
                directives: [Sample.range(3): "loss", Sample.range(5): "scores", Sample.range(9): "grid"]))
    }

    @Test func figuresAndTablesCountThroughTheWholeBook() throws {
        let site = try book()
        #expect(site.text().contains("href=\"#fig-loss\">Figure 1</a>"))
        #expect(site.text().contains("href=\"#tbl-scores\">Table 1</a>"))
        #expect(site.text("more.html").contains("href=\"#fig-grid\">Figure 2</a>"))
    }

    @Test func sectionsAreNumberedWithinTheirChapter() throws {
        let page = try book().text("more.html")
        for (id, number) in [("more", "2"), ("a", "2.1"), ("b", "2.1.1"), ("c", "2.2")] {
            #expect(page.contains("id=\"\(id)\"><span class=\"number\">\(number)</span>"), "\(id)")
        }
    }

    @Test func referencesLinkToTheirPlaceOnAnyPage() throws {
        let site = try book([
            Sample.reference(.figure, "loss"), Sample.reference(.figure, "grid"), Sample.reference(.table, "scores"),
            Sample.reference(.equation, "second"), Sample.reference(.section, "part"), Sample.reference(.section, "b"),
            Sample.reference(.section, "more"),
        ])
        let page = site.text()
        for link in [
            "href=\"#fig-loss\">Figure\u{A0}1", "href=\"more.html#fig-grid\">Figure\u{A0}2",
            "href=\"#tbl-scores\">Table\u{A0}1", "href=\"#eq-second\">Equation\u{A0}2",
            "href=\"#sec-part\">Section\u{A0}1.1", "href=\"more.html#b\">Section\u{A0}2.1.1",
            "href=\"more.html#more\">Chapter\u{A0}2",
        ] { #expect(page.contains(link), "\(link)") }
        #expect(site.text("more.html").contains("href=\"index.html#fig-loss\""))
        #expect(site.diagnostics.isEmpty)
    }

    @Test func labelledEquationsShowTheirNumber() throws {
        let page = try book().text()
        #expect(page.contains("id=\"eq-first\""))
        #expect(page.contains("href=\"#eq-second\">(2)</a>"))
    }

    @Test func whatDoesNotResolveIsReportedWhereItStands() throws {
        let site = try book([
            Sample.reference(.figure, "los"), Sample.reference(.figure, "scores"), Sample.reference(.equation, "third"),
            Sample.reference(.section, "nowhere"),
        ])
        #expect(site.codes == ["unknown-reference", "wrong-reference", "unknown-reference", "unknown-reference"])
        #expect(site.diagnostics[0].message.contains("did you mean @fig-loss?"))
        #expect(site.diagnostics[1].message.contains("write @tbl-scores"))
        #expect(site.diagnostics.allSatisfy { $0.range == Sample.range(7) && $0.severity == .error })
    }

    @Test func aReferenceToAResultThatIsNotThereYetResolves() throws {
        let site = try Sample.site(
            [.fence(Sample.fence("x", line: 3)), .paragraph([Sample.reference(.table, "scores")])],
            directives: [3: "scores"])
        #expect(site.codes == ["missing-result"])
        #expect(site.text().contains("href=\"#fig-scores\">Table\u{A0}1</a>"))
    }

    @Test(
        arguments: [
            ("top10.accuracy", nil, "0.8234"), ("top10.accuracy", ".1%", "82.3%"), ("top10.accuracy", ".3f", "0.823"),
            ("top10.accuracy", ".2e", "8.23 × 10⁻¹"), ("images", nil, "196,791"), ("images", ",d", "196,791"),
            ("images", "d", "196791"), ("images", ",.1f", "196,791.0"), ("device", nil, "CPU"),
        ] as [(String, String?, String)])
    func proseQuotesValuesInTheFormatAskedFor(_ path: String, _ format: String?, _ text: String) throws {
        let site = try Sample.site(
            [.paragraph([Sample.value("scores", path, format)])], exhibits: [Sample.table()])
        #expect(site.text().contains(">\(text)</span>"))
        #expect(site.diagnostics.isEmpty)
    }

    @Test(
        arguments: [
            ("score", "images", nil, "unknown-value", "did you mean 'scores'?"),
            ("scores", "top10.acuracy", nil, "unknown-value", "did you mean 'top10.accuracy'?"),
            ("scores", "z", nil, "unknown-value", "it has device, images"),
            ("scores", "images", ".1x", "unknown-format", "not a format"),
            ("scores", "device", ".1f", "unknown-format", "is text"),
            ("loss", "last", nil, "missing-value", "no values"),
        ] as [(String, String, String?, String, String)])
    func aValueThatDoesNotResolveIsAnErrorWithAPlace(
        _ id: String, _ path: String, _ format: String?, _ code: String, _ hint: String
    ) throws {
        let site = try Sample.site(
            [.paragraph([Sample.value(id, path, format)])], exhibits: [Sample.table(), Sample.plot()])
        let diagnostic = try #require(site.diagnostics.first)
        #expect(diagnostic.code == code && diagnostic.message.contains(hint), "\(diagnostic.message)")
        #expect(diagnostic.range == Sample.range(8) && diagnostic.severity == .error)
        #expect(site.text().contains("class=\"missing\""))
    }

    @Test func smallNegativeAndMissingNumbersReadWell() {
        func text(_ format: String, _ value: Double) -> String? { ValueFormat(format)?.text(of: .number(value)) }
        #expect(text(".2f", -0.001) == "0.00")
        #expect(text(".1f", -2.25) == "−2.2")
        #expect(text(",d", 1_234_567.4) == "1,234,567")
        #expect(text(".3f", .nan) == "–")
        #expect(ValueFormat("") == nil && ValueFormat(".f") == nil && ValueFormat(".3") == nil)
    }
}
