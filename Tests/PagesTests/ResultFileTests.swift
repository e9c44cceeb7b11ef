import Foundation
import Pages
import Testing

struct ResultFileTests {
    private func record(output: String = "o1", options: [String: String] = ["k": "1"]) -> ResultRecord {
        ResultRecord(
            kind: "evaluate", engine: "version 1", key: "k1", output: output, options: options, uses: ["faces": "f1"],
            data: ["data/small": "d1"], finished: 1_769_177_106.4, seconds: 1.25, processor: "a \"fast\" one", cores: 2,
            version: "0.1.0", warnings: ["a\nb"])
    }

    private func exhibit(
        _ id: String = "top", parts: [Exhibit.Part], values: [String: Quotable] = [:], options: [String: String] = [:]
    ) -> Exhibit {
        Exhibit(
            id: id, numbering: .table, caption: "About *it*", parts: parts, record: record(options: options),
            values: values)
    }

    private let table = Table(
        columns: [.init("who"), .init("mAP (%)", group: "after"), .init("time"), .init("p"), .init("left (right)")],
        rows: [
            [
                .text("a, \"b\""), .number(81.25, digits: 1), .number(3, digits: 1, suffix: " ms"),
                .probability(0.0002), .count(7),
            ],
            [.text("c\nd"), .number(.nan, digits: 1), .missing, .missing, .count(-1)],
        ], notes: ["Of \("two")."])

    @Test func whatItSaysIsJSONWithPlainNumbers() throws {
        let shown = exhibit(
            parts: [.table(table), .data(name: "queries", table), .foldedTable(title: "More", table)],
            values: ["map": .number(0.8125), "n": .count(3), "who": .text("a".verbatim), "build.seconds": .number(0.5)])
        let file = try #require(ResultFile(shown))
        let json = try #require(
            try JSONSerialization.jsonObject(with: Data(file.json.utf8)) as? [String: Any], "\(file.json)")
        #expect(
            json["format"] as? String == "likeness-result 1" && json["finished"] as? String == "2026-01-23T14:05:06Z")
        #expect(json["processor"] as? String == "a \"fast\" one" && json["warnings"] as? [String] == ["a\nb"])
        #expect(json["caption"] as? String == "About it" && (json["uses"] as? [String: String]) == ["faces": "f1"])
        let values = try #require(json["values"] as? [String: [String: Any]])
        #expect(values["map"]?["value"] as? Double == 0.8125 && values["n"]?["value"] as? Int == 3)
        #expect(values["build.seconds"]?["unit"] as? String == "s" && values["map"]?["unit"] == nil)
        let tables = try #require(json["tables"] as? [[String: Any]])
        #expect(tables.map { $0["name"] as? String } == ["table", "queries", "table-2"])
        #expect(tables[2]["title"] as? String == "More")
        let columns = try #require(tables[0]["columns"] as? [[String: String]])
        #expect(
            columns == [
                ["title": "who"], ["title": "mAP", "group": "after", "unit": "%"], ["title": "time", "unit": "ms"],
                ["title": "p"], ["title": "left (right)"],
            ])
        let rows = try #require(tables[0]["rows"] as? [[Any]])
        #expect(rows[0][1] as? Double == 81.25 && rows[1][1] is NSNull && rows[1][4] as? Int == -1)
    }

    @Test func commaSeparatedValuesAreQuoted() throws {
        let file = try #require(ResultFile(exhibit(parts: [.table(table)])))
        #expect(
            file.tables[0].csv
                == "who,after mAP (%),time (ms),p,left (right)\n\"a, \"\"b\"\"\",81.25,3,0.0002,7\n\"c\nd\",,,,-1\n")
    }

    @Test func theSiteHoldsThemAndThePageLinksThem() throws {
        let site = try Sample.site(
            [.fence(Sample.fence("x", line: 3))], exhibits: [exhibit(parts: [.table(table)])], directives: [3: "top"])
        #expect(site.files.map(\.path).filter { $0.hasPrefix("results/") } == ["results/top.json", "results/top.csv"])
        var shown = exhibit(parts: [.failure("broken"), .table(table)])
        let failed = try Sample.site([.fence(Sample.fence("x", line: 3))], exhibits: [shown], directives: [3: "top"])
        #expect(!failed.files.contains { $0.path.hasPrefix("results/") })
        shown.parts = [.table(table)]
        shown.provenance = Provenance(summary: "computed", facts: [])
        let page = String(
            decoding: try Sample.site([.fence(Sample.fence("x", line: 3))], exhibits: [shown], directives: [3: "top"])
                .files.last?.bytes ?? [], as: UTF8.self)
        #expect(page.contains(#"<a href="results/top.json">top.json</a> <a href="results/top.csv">top.csv</a>"#))
        let one = String(
            decoding: try Sample.site([.fence(Sample.fence("x", line: 3))], exhibits: [shown], directives: [3: "top"])
                .inOneFile().files[0].bytes, as: UTF8.self)
        #expect(!one.contains("results/top"))
    }

    private func numbers(_ exhibits: Exhibit...) throws -> [ResultNumbers] {
        try exhibits.map { exhibit in
            let file = try #require(ResultFile(exhibit))
            let numbers = ResultNumbers(file)
            // What is written is what is compared.
            #expect(try ResultNumbers(json: Array(file.json.utf8)) == numbers)
            return numbers
        }
    }

    private func claim(_ holds: Bool) -> Exhibit {
        exhibit("said", parts: [.claim(StatedClaim(holds: holds, left: "a 1", sign: ">", right: "2"))])
    }

    private func grid(_ people: [String]) -> Exhibit {
        let hits = people.enumerated().map { rank, person in
            RetrievalGrid.Hit(
                rank: rank + 1, face: .init(picture: Sample.face(1), identity: person), distance: Double(rank),
                isSamePerson: false)
        }
        let query = RetrievalGrid.Face(picture: Sample.face(1), identity: "a")
        return exhibit("grid", parts: [.retrieval(RetrievalGrid(rows: [.init(query: query, hits: hits)]))])
    }

    @Test func changesTellWhatDiffersAndWhy() throws {
        let old = try numbers(
            exhibit(
                parts: [],
                values: [
                    "map": .number(0.5), "map.low": .number(0.4), "map.high": .number(0.6), "same": .count(1),
                    "gain.delta": .number(0.1), "gain.low": .number(0), "gain.high": .number(0.2),
                    "fit.seconds": .number(3), "gone": .text("x".verbatim),
                ], options: ["k": "1", "seed": "0"]),
            claim(true), grid(["a", "b"]), exhibit("left", parts: []))
        let new = try numbers(
            exhibit(
                parts: [],
                values: [
                    "map": .number(0.51), "map.low": .number(0.41), "map.high": .number(0.62), "same": .count(1),
                    "gain.delta": .number(0.3), "gain.low": .number(0.1), "gain.high": .number(0.5),
                    "fit.seconds": .number(4), "more": .count(2),
                ], options: ["k": "2"]),
            claim(false), grid(["a", "c"]), exhibit("came", parts: []))
        let changes = Changes(from: old, to: new, since: "then")
        #expect(changes.results.map(\.id) == ["top", "said", "grid", "came", "left"])
        #expect(changes.results.map(\.kind) == [.changed, .changed, .changed, .new, .gone])
        let top = changes.results[0]
        #expect(top.values.map(\.name) == ["gone", "more", "gain.delta", "map"])
        #expect(top.values[2].low == 0.1 && top.values[3].high == 0.62)
        #expect(top.reasons.map(\.text) == ["k: 1 → 2", "seed: 0 → –"])
        #expect(changes.results[1].verdict.map { $0.old && !$0.new } == true)
        let moves = changes.results[2].moves
        #expect(moves.map(\.rank) == [2] && moves.map(\.old) == ["b"] && moves.map(\.new) == ["c"])
        #expect(
            changes.summary.text
                == "Since the report of then: 4 values, 1 claim, 1 grid, 1 new result, 1 result gone.")
        #expect(changes.text.contains("map: 0.5 → 0.51  (0.41 to 0.62)"), "\(changes.text)")
        #expect(changes.markdown.contains("| `map` | 0.5 | 0.51 | 0.41 to 0.62 |"), "\(changes.markdown)")
        let json = try JSONSerialization.jsonObject(with: Data(changes.json.utf8)) as? [String: Any]
        #expect((json?["results"] as? [Any])?.count == 5, "\(changes.json)")
        #expect(Changes(from: new, to: new, since: "").isEmpty)
    }

    @Test func changesHaveAPageOfTheirOwn() throws {
        let shown = exhibit(parts: [.table(table)], values: ["map": .number(0.5)])
        var report = Report(
            book: Sample.book([Sample.chapter("changes", [.fence(Sample.fence("x", line: 3))])]),
            exhibits: ["top": shown], directives: [Sample.range(3): "top"])
        let before = exhibit(parts: [.table(table)], values: ["map": .number(0.4)])
        report.changes = Changes(from: try numbers(before), to: try numbers(shown), since: "2026-01-23 14:05 UTC")
        let site = try Site(report)
        // A chapter has that name already.
        let page = try #require(site.files.first { $0.path == "changes--report.html" })
        let text = String(decoding: page.bytes, as: UTF8.self)
        #expect(text.contains("1 value.") && text.contains(#"<a href="changes.html#tbl-top">top</a>"#), "\(text)")
        #expect(!String(decoding: site.inOneFile().files[0].bytes, as: UTF8.self).contains("changes--report"))
    }

    /// Also of words that are said on every page alike.
    @Test func aPageOfChangesSpeaksItsOwnLanguage() throws {
        let gone = try numbers(exhibit(parts: []))
        let reports = ["en", "vi"].map { language in
            let chapter = Sample.chapter(language == "en" ? "index" : "index.vi", [])
            var report = Report(book: Sample.book([chapter], language: language), exhibits: [:], directives: [:])
            report.changes = Language.of(language).speaking { Changes(from: gone, to: [], since: "then") }
            return report
        }
        let site = try Site(reports[0], translations: [reports[1]])
        let (english, vietnamese) = (site.text("changes.html"), site.text("changes.vi.html"))
        for words in ["No longer in the report.", "Times of a run are left out"] {
            #expect(english.contains(words) && !vietnamese.contains(words), "\(words)")
        }
        #expect(vietnamese.contains("Không còn trong báo cáo.") && !english.contains("Không còn"))
    }
}
