import Directives
import Pages
import TestSupport
import Testing

/// What evaluations are called where they stand side by side.
@Suite struct CompareTests {
    @Test func equalNamesAreToldApartByTheirIds() throws {
        let built = try SmallProject(chapter: Self.chapter).build()

        // Two of one name and one of another.
        let controls = try Shown(built, "controls")
        #expect(controls.groups == [["raw pixels (pix)", "raw pixels (fine)", "eigenfaces"]])
        #expect(controls.curves == controls.groups[0])
        #expect(controls.openings(of: 0) == controls.groups[0])
        #expect(controls.tables[0].notes.last?.text.contains("raw pixels (pix) +") == true)
        #expect(controls.alternative.contains("raw pixels (fine) "))

        // Names that differ stay as they are.
        let plain = try Shown(built, "plain")
        #expect(plain.groups == [["raw pixels", "eigenfaces"]])
        #expect(plain.curves == ["raw pixels", "eigenfaces"])

        // Two trainings of one network: what both are compared with stands there once.
        let tuned = ["MobileNet-V2", "MobileNet-V2, pooled features"]
        let pairs = try Shown(built, "pairs")
        #expect(pairs.groups == [["MobileNet-V2"], tuned, []])
        #expect(pairs.curves == ["MobileNet-V2 before"] + tuned.map { $0 + " after" })
        #expect(pairs.openings(of: 0) == ["MobileNet-V2"] && pairs.openings(of: 1) == tuned)

        // Pixels have no arithmetic of a network; these have one, of which the comparison tells.
        func precision(_ id: String) -> String? {
            built.exhibits[id]?.provenance?.facts.first { $0.name == "precision" }?.value
        }
        #expect(precision("pairs")?.hasSuffix(" (b, a, features)") == true && precision("controls") == nil)

        // One training beside two starts.
        let starts = try Shown(built, "starts")
        #expect(
            starts.groups == [
                ["MobileNet-V2", "MobileNet-V2, pooled features"], ["MobileNet-V2"], [],
            ])
        #expect(starts.tables.map(\.columns.count) == [1 + 2 * 3, 1 + 3, 7])
        let names = starts.tables[2].rows.map { row -> String in
            if case .text(let name) = row[0] { name.text } else { "" }
        }
        #expect(Set(names) == ["MobileNet-V2 (since b)", "MobileNet-V2 (since c)"])
    }

    /// In each measure the control with the highest value stands before an evaluation, and all tests are one family.
    @Test func eachMeasureIsTestedAgainstTheControlThatIsStrongestInIt() throws {
        let built = try SmallProject(chapter: Self.chapter).build()
        let tables = try Shown(built, "bar").tables
        let (summary, against) = (tables[tables.count - 2], tables[tables.count - 1])
        func number(_ cell: Table.Cell) throws -> Double {
            guard case .number(let value, _, _) = cell else { throw NotANumber() }
            return value
        }
        func text(_ cell: Table.Cell) -> String? { if case .text(let text) = cell { text.text } else { nil } }

        #expect(summary.rows.map { text($0[0]) }.prefix(2) == ["raw pixels", "eigenfaces"])
        #expect(summary.rows.map { text($0[1]) } == ["control", "control", "before", "after"])
        let ours = try #require(summary.rows.last)
        var compared = 0
        for row in against.rows {
            guard let name = text(row[0]),
                let column = summary.columns.firstIndex(where: { $0.title == name + " (%)" })
            else { continue }
            let controls = try summary.rows.prefix(2).map { (name: text($0[0]), value: try number($0[column])) }
            let strongest = try #require(controls.map(\.value).max())
            #expect(controls.contains { $0.name == text(row[1]) && $0.value == strongest })
            #expect(abs(try number(row[2]) - strongest) < 1e-9)
            #expect(abs(try number(row[3]) - number(ours[column])) < 1e-9)
            #expect(abs(try number(row[4]) - (number(ours[column]) - strongest)) < 1e-9)
            compared += 1
        }
        #expect(compared == 3)
        #expect(against.columns.count == 7 && against.rows.allSatisfy { $0.count == 7 })

        // So few pairs stand behind the rates of four people that they are marked.
        let rates = try #require(summary.columns.firstIndex { $0.title.contains("at 0.1 % false") })
        #expect(summary.rows.allSatisfy { if case .number(_, _, " †") = $0[rates] { true } else { false } })
        #expect(summary.notes.last?.text.hasPrefix("†") == true)

        let values = try #require(built.exhibits["bar"]).values
        for key in ["map", "recall1"] {
            #expect(values["a.\(key).control.name"] != nil && values["a.\(key).control.verdict"] != nil)
            #expect(values["a.\(key).control.delta"] != nil && values["a.\(key).control.holm"] != nil)
        }
    }

    /// Two people tell nothing apart: a claim about their difference fails by its test, one about two values has none.
    @Test func aClaimAboutADifferenceHoldsWhereItsTestAgrees() throws {
        let claims = ["bar.a.map.control.delta > -100%", "a.map <= 100%"].enumerated().map { number, that in
            "```claim\nid: claim-\(number)\nthat: \(that)\n```\n"
        }
        let problems = try SmallProject(chapter: Self.chapter + "\n\n" + claims.joined(separator: "\n")).attempt()
            .problems
        #expect(problems.map(\.code) == ["failed-claim"])
        let message = problems.first?.message ?? ""
        #expect(message.hasPrefix("claim 'claim-0' does not hold: bar.a.map.control.delta (−0."))
        #expect(message.contains(" > −1; paired test over people, corrected: p = "))
    }

    /// One small table under the author's names: the figures of the evaluations, each inside its interval.
    @Test func aReaderInAHurryGetsOneTable() throws {
        let built = try SmallProject(chapter: Self.chapter).build()
        let tables = try Shown(built, "small").tables
        #expect(tables.count == 1)
        let table = try #require(tables.first)
        #expect(
            table.columns.map(\.title)
                == ["evaluation", "is", "Recall@1 (%)", "mAP (%)", "Accuracy, k = 1 (%)"])
        for (row, (name, id)) in zip(table.rows, [("Gray values", "pix"), ("Turk and Pentland's", "eigen")]) {
            #expect(row[0] == .text(name.verbatim))
            for (cell, key) in zip(row[2...], ["recall1", "map", "top1.accuracy"]) {
                guard case .number(let value, digits: 1, let interval) = cell,
                    case .number(let expected)? = built.exhibits[id]?.values[key]
                else {
                    Issue.record("\(id).\(key) is no number")
                    continue
                }
                #expect(abs(value - 100 * expected) < 1e-9 && interval.text.hasPrefix(" ("))
            }
        }
        let unseeing = table.rows.dropFirst(2).map { row -> String in
            if case .text(let name) = row[0] { name.text } else { "" }
        }
        #expect(unseeing == ["random order", "always the most common attributes"])
    }

    /// One result may be kept under one id and asked for under another: of two equal directives, or of one that was renamed.
    @Test func whatIsComparedIsNamedAsTheChapterNamesIt() throws {
        func chapter(_ first: String, _ second: String) -> String {
            let evaluations = [first, second].map {
                "```evaluate\nid: \($0)\ndata: faces\nmodel: pixels\nk: [1, 2]\n```\n\n"
            }
            return """
                # Twice the same

                ```preprocess
                id: faces
                dataset: small
                test: 0.5
                ```

                \(evaluations.joined())```compare
                id: both
                of: [\(first), \(second)]
                brief: true
                ```
                """
        }
        let project = try SmallProject(chapter: chapter("one", "two"))
        for (first, second) in [("one", "two"), ("two", "three")] {
            try project.write(chapter: chapter(first, second))
            let built = try project.build()
            let values = try #require(built.exhibits["both"]).values
            #expect(values["\(first).map"] != nil && values["\(second).map"] != nil)
            let table = try #require(try Shown(built, "both").tables.first)
            #expect(table.columns.count == 5)
            #expect(
                table.rows.prefix(2).map { $0[0] }
                    == ["raw pixels (\(first))".verbatim, "raw pixels (\(second))".verbatim].map { .text($0) })
        }
    }

    private struct NotANumber: Error {}

    /// What a comparison shows, by its names.
    private struct Shown {
        var tables: [Table] = []
        var curves: [String] = []
        var alternative = ""

        init(_ built: SmallProject.Built, _ id: String) throws {
            for part in try #require(built.exhibits[id]).parts {
                switch part {
                case .table(let table), .foldedTable(_, let table): tables.append(table)
                case .plot(let plot):
                    curves = plot.panels.flatMap { $0.series.map(\.name) }
                    alternative = plot.alternative
                default: continue
                }
            }
        }

        /// Of each table: its groups from left to right, neighbours of one name being one.
        var groups: [[String]] {
            tables.map { table in
                table.columns.compactMap(\.group).reduce(into: []) { if $0.last != $1 { $0.append($1) } }
            }
        }

        /// Whose query times a table's notes tell.
        func openings(of table: Int) -> [String] {
            tables[table].notes.compactMap { note in
                note.text.range(of: ": mean query time").map { String(note.text[..<$0.lowerBound]) }
            }
        }
    }

    private static let chapter = """
        # Sides

        ```preprocess
        id: faces
        dataset: small
        scale_factor: 1.2
        min_neighbors: 3
        retry: 0
        test: 0.5
        ```

        ```train
        id: tuned
        data: faces
        model: mobilenet_v2
        weights: random
        unfreeze: 1
        epochs: 1
        batch: 2
        triplets: 2
        ```

        ```evaluate
        id: pix
        data: faces
        model: pixels
        k: [1, 2]
        ```

        ```evaluate
        id: fine
        data: faces
        model: pixels
        leaf: 2
        k: [1, 2]
        ```

        ```evaluate
        id: eigen
        data: faces
        model: eigenfaces
        k: [1, 2]
        ```

        ```evaluate
        id: a
        data: faces
        train: tuned
        k: [1, 2]
        ```

        ```evaluate
        id: features
        data: faces
        train: tuned
        layer: features
        k: [1, 2]
        ```

        ```evaluate
        id: b
        data: faces
        model: mobilenet_v2
        weights: random
        k: [1, 2]
        ```

        ```evaluate
        id: c
        data: faces
        model: mobilenet_v2
        weights: random
        layer: features
        k: [1, 2]
        ```

        ```compare
        id: controls
        of: [pix, fine, eigen]
        ```

        ```compare
        id: bar
        of: [a]
        before: [b]
        controls: [pix, eigen]
        ```

        ```compare
        id: small
        of: [pix, eigen]
        names: [Gray values, "Turk and Pentland's"]
        brief: true
        ```

        ```compare
        id: plain
        of: [pix, eigen]
        ```

        ```compare
        id: pairs
        of: [a, features]
        before: [b, b]
        ```

        ```compare
        id: starts
        of: [a, a, a]
        before: [b, c, b]
        ```
        """
}
