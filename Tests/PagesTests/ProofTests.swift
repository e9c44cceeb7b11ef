import Chapters
import Diagnostics
import Pages
import Testing

/// What is found in a book's text before any result is there.
struct ProofTests {
    private func problems(
        _ blocks: [Block], directives: [Int: String] = [3: "scores"],
        promises: [String: Promise] = [
            "scores": Promise(numbering: .table, values: ["map", "top*.recall"], texts: ["model"])
        ]
    ) -> [Diagnostic] {
        Site.problems(
            in: Sample.book([Sample.chapter("index", blocks)]),
            directives: Dictionary(uniqueKeysWithValues: directives.map { (Sample.range($0.key), $0.value) }),
            promises: promises)
    }

    private func problems(_ text: Inline...) -> [String] {
        problems([.fence(Sample.fence("x", line: 3)), .paragraph(text)]).map { "\($0.code): \($0.message)" }
    }

    @Test func whatNeedsNoResultIsFoundWithoutOne() {
        #expect(
            problems(Sample.reference(.figure, "nope")) == [
                "unknown-reference: nothing in the book is called @fig-nope"
            ])
        #expect(problems(Sample.reference(.section, "nope")).count == 1)
        #expect(problems(.link(destination: "nope.md", title: "", text: [.text("x")])).count == 1)
        #expect(
            problems(.math(Sample.math("\\nosuch{x}"))) == ["unknown-math-command: formulas have no command \\nosuch"])
        #expect(problems(.image(source: "nope.png", title: "", alternative: "")).count == 1)
        #expect(problems(.footnote(label: "nope")) == ["unknown-footnote: there is no footnote 'nope'"])
        #expect(problems([.math(Sample.math("{"), label: nil)]).count == 1)
    }

    @Test func aReferenceOfTheWrongKindIsFoundWhereTheKindIsKnown() {
        #expect(
            problems(Sample.reference(.figure, "scores")) == ["wrong-reference: 'scores' is a table; write @tbl-scores"]
        )
        #expect(problems(Sample.reference(.table, "scores")) == [])
        let unknown = problems(
            [.fence(Sample.fence("x", line: 3)), .paragraph([Sample.reference(.table, "scores")])], promises: [:])
        #expect(unknown == [])
    }

    @Test(
        arguments: [
            ("scores", "map", ".1%", []), ("scores", "top10.recall", nil, []), ("scores", "model", nil, []),
            ("scores", "map", ".9s", ["unknown-format"]), ("scores", "model", ".1f", ["unknown-format"]),
            ("scores", "mpa", nil, ["unknown-value"]), ("scores", "top.recall", nil, ["unknown-value"]),
            ("score", "map", nil, ["unknown-id"]),
        ] as [(String, String, String?, [String])])
    func valuesAreCheckedAgainstWhatADirectiveWillYield(
        _ id: String, _ path: String, _ format: String?, _ codes: [String]
    ) {
        let found = problems([.fence(Sample.fence("x", line: 3)), .paragraph([Sample.value(id, path, format)])])
        #expect(found.map(\.code) == codes)
    }

    @Test func nothingElseIsSaidOfADirectiveWithMistakesOfItsOwn() {
        let text: [Inline] = [Sample.value("scores", "anything"), Sample.reference(.figure, "scores")]
        #expect(problems([.fence(Sample.fence("x", line: 3)), .paragraph(text)], promises: [:]) == [])
    }

    @Test func aPageReportsNothingElseThanItsProofAndWhatDependsOnResults() throws {
        let text: [Inline] = [Sample.reference(.figure, "nope"), .math(Sample.math("\\nosuch"))]
        let blocks: [Block] = [.fence(Sample.fence("x", line: 3)), .paragraph(text)]
        let site = try Sample.site(blocks, exhibits: [Sample.table()], directives: [3: "scores"])
        #expect(site.diagnostics == problems(blocks))
    }
}
