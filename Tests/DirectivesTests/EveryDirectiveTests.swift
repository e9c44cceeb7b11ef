import Checkpoints
import Directives
import Execution
import Faces
import Files
import Foundation
import Imaging
import Pages
import Portraits
import Tensors
import TestSupport
import Testing

/// Every kind of directive in one small book about drawn people: run, shown, and asked for its values.
@Suite struct EveryDirectiveTests {
    @Test func everyKindRunsAndIsShown() throws {
        let project = try SmallProject(chapter: Self.chapter)
        let others = Matrix(rows: 24, columns: 2, values: (0..<48).map { Float($0 % 5) + 1 })
        try project.place.put(others.npy(), "data/others.npy")
        let paths = (1...24).map { String(format: "img_align_celeba/%06d.jpg\n", $0) }.joined()
        try project.place.put(paths, "data/others.txt")
        let plan = project.plan()
        try #require(
            plan.steps.map { $0.directive.kind }.sorted()
                == (allDirectives.map { $0.kind } + ["evaluate"] + Array(repeating: "diagram", count: 4)).sorted(),
            "every kind has its place in this book, `evaluate` two, and every diagram one")
        let built = try project.build()
        #expect(built.executed == plan.steps.map(\.id))
        try expectPromisesKept(plan, built.exhibits)

        try checkPeopleAndFaces(built)
        try checkTraining(built)
        try checkEvaluation(built)
        try checkWhatUsesEvaluations(built)
        try checkDiagrams(built)
        try checkPage(built, plan, in: project)
        try checkExport(built, plan, in: project)

        let second = try project.build()
        #expect(second.executed == [] && second.page == built.page)
        try checkLanguage(project)
    }

    /// In another language the same results say nothing in English.
    private func checkLanguage(_ project: SmallProject) throws {
        try project.place.put("title: A small book\nlanguage: vi\n", "chapters/report.yml")
        let unsaid = Unsaid()
        let built = try Unsaid.$listener.withValue(unsaid) { try project.build() }
        #expect(built.executed == [])
        #expect(unsaid.keys == [], "Languages/vi.json lacks these")
        #expect(built.page.contains(#"<html lang="vi">"#))
    }

    // MARK: Values

    private func checkPeopleAndFaces(_ built: SmallProject.Built) throws {
        let set = PortraitSet(identities: 6, images: 24, seed: 0)
        let smiling = set.entries.indices.count { position in
            zip(Attribute.allCases, set.portrait(at: position).attributes.row).contains { $0 == .smiling && $1 > 0 }
        }
        try built.expect("people", ["photographs": 24, "people": 6, "attributes": 40, "unannotated": 0, "single": 0])
        try built.expect("people", ["share.Smiling": Double(smiling) / 24, "mean": 4])

        let faces = try built.faces()
        let trained = Set(faces.train.map { faces.faces[$0].identity })
        let (kept, number) = (Double(faces.faces.count), try built.numbers("faces"))
        #expect(kept >= 18 && kept == number("train") + number("queries") + number("gallery"))
        try built.expect(
            "faces",
            [
                "found": 24, "kept": kept, "dropped": 24 - kept, "kept.share": kept / 24, "queries": 2,
                "test.people": 2, "train.people": 4, "triplets": Double(faces.triplets.count),
            ])
        let dropped = FaceSet.PreprocessingReport.Reason.allCases.map { number("dropped.\($0.rawValue)") }
        #expect(dropped.reduce(0, +) == 24 - kept)

        try built.expect("others", ["vectors": 24, "dimensions": 2, "covered": kept])
        #expect(built.values("others")["model"] == .text("ArcFace"))

        let total = Double(faces.triplets.count)
        try built.expect("threes", ["total": total, "people": Double(trained.count), "shown": 2])
        try built.expect("looks", ["size": Double(FaceTransform.size), "faces": 1])
        guard case .gallery(let threes)? = built.exhibits["threes"]?.parts.first else {
            Issue.record("triplets show no pictures")
            return
        }
        for group in threes.groups {
            let people = group.items.map { String($0.title.split(separator: " ").last ?? "") }
            #expect(people.count == 3 && people[0] == people[1] && people[1] != people[2])
            #expect(trained.isSuperset(of: people))
        }

        let haar = try built.numbers("cascade")
        try built.expect("cascade", ["stages": 25, "faces": 1, "dataset.images": 1])
        #expect(haar("windows") == haar("dataset.windows"), "the one photograph is all that is counted")
        #expect(haar("windows") > haar("judged") && haar("judged") > haar("passed") && haar("passed") >= 3)
    }

    private func checkTraining(_ built: SmallProject.Built) throws {
        let number = try built.numbers("tuned")
        try built.expect("tuned", ["epochs": 1, "batch": 2, "images": 6, "triplets": 2, "plane.people": 2])
        #expect(built.values("tuned")["model"] == .text("MobileNet-V2"))
        // One epoch is the first and the last.
        for name in ["loss", "active", "positive", "negative"] {
            #expect(number("\(name).first") == number("\(name).last") && number("\(name).last") >= 0, "\(name)")
        }
        #expect(number("active.first") <= 1)
        #expect(built.exhibits["tuned"]?.marks.map(\.label) == ["random weights"])
        // The paper's 2.22 million without its classifier, and two linear layers: 1280 → 128 → 128. One convolution with its
        // normalisation has three tensors, the head four.
        try built.expect(
            "network",
            [
                "parameters": Double(2_223_872 + 1280 * 128 + 128 + 128 * 128 + 128), "layers": 52, "features": 1280,
                "trained.tensors": 3 + 4,
            ])
    }

    /// Against rankings by the plain definition, from the stored vectors.
    private func checkEvaluation(_ built: SmallProject.Built) throws {
        let faces = try built.faces()
        for id in ["before", "after"] {
            let result = try #require(built.results[id])
            let queries = try Matrix(npy: result.bytes("queries.npy"), name: "queries")
            let gallery = try Matrix(npy: result.bytes("gallery.npy"), name: "gallery")
            #expect(queries.rows == faces.queries.count && gallery.rows == faces.gallery.count)
            let rankings = (0..<queries.rows).map { query in
                (0..<gallery.rows).map { (distance(queries.row(query), gallery.row($0)), $0) }.sorted(by: <).map(\.1)
            }
            let hits = zip(faces.queries, rankings).map { query, ranking in
                ranking.map { faces.faces[faces.gallery[$0]].identity == faces.faces[query].identity }
            }
            func mean(_ value: ([Bool]) -> Double) -> Double { hits.map(value).reduce(0, +) / Double(hits.count) }
            func precision(at k: Int) -> Double { mean { Double($0.prefix(k).count { $0 }) / Double(k) } }
            let averagePrecision = mean { hits in
                let ranks = hits.indices.filter { hits[$0] }
                return ranks.enumerated().reduce(0) { $0 + Double($1.offset + 1) / Double($1.element + 1) }
                    / Double(ranks.count)
            }
            let chance = mean { Double($0.count { $0 }) / Double($0.count) }
            let agreement =
                zip(faces.queries, rankings).map { query, ranking in
                    let (own, other) = (
                        faces.faces[query].attributes, faces.faces[faces.gallery[ranking[0]]].attributes
                    )
                    return Double(zip(own ?? [], other ?? []).count { $0 == $1 }) / 40
                }.reduce(0, +) / Double(rankings.count)
            try built.expect(
                id,
                [
                    "queries": Double(queries.rows), "gallery": Double(gallery.rows), "map": averagePrecision,
                    "chance": chance, "recall1": precision(at: 1), "top1.recall": precision(at: 1),
                    "top1.precision": precision(at: 1), "top2.precision": precision(at: 2),
                    "top2.recall": mean { $0.prefix(2).contains(true) ? 1 : 0 }, "top1.accuracy": agreement,
                    "top1.distance": 2 * (1 - agreement),
                ])
        }
        #expect(built.values("before")["model"] == .text("MobileNet-V2"))
        #expect(built.values("after")["model"] == .text("MobileNet-V2"))

        let heads = ["Recall (%)", "Precision (%)", "Accuracy (%)", "Mean distance", "Query time (ms)"]
        let tables = built.tables("after")
        #expect(tables.count == 2 && tables[0].columns.map(\.title) == ["k"] + heads + heads)
        #expect(tables[0].columns.map(\.group) == [nil] + heads.map { _ in "before" } + heads.map { _ in "after" })
        #expect(tables[0].rows.map(\.count) == [11, 11, 11, 11], "two values of k, the average and mAP")
        let value = try built.numbers("after")
        #expect(
            tables[1].rows.prefix(5).map { Array($0[0...1]) }
                == [
                    ("Recall@1", "recall1"), ("Recall@5", "recall5"), ("Recall@10", "recall10"), ("mAP", "map"),
                    ("mAP@R", "mapAtR"),
                ].map { title, name in [.text(title), .number(100 * value(name), digits: 1)] })
    }

    private func distance(_ a: ArraySlice<Float>, _ b: ArraySlice<Float>) -> Double {
        zip(a, b).reduce(0) { $0 + (Double($1.0) - Double($1.1)) * (Double($1.0) - Double($1.1)) }
    }

    private func checkWhatUsesEvaluations(_ built: SmallProject.Built) throws {
        let (before, after) = (try built.numbers("before"), try built.numbers("after"))
        let sides = try built.numbers("sides")
        try built.expect("sides", ["after.map": after("map")])
        for (change, value) in [("map", "map"), ("recall1", "recall1"), ("top1.accuracy", "top1.accuracy")] {
            try built.expect("sides", ["after.\(change).delta": after(value) - before(value)])
            #expect((0...1).contains(sides("after.\(change).p")))
            #expect((sides("after.\(change).p")...1).contains(sides("after.\(change).holm")))
            #expect(sides("after.\(change).low") <= sides("after.\(change).high"))
        }

        let (tuned, losses) = (try built.numbers("tuned"), try built.numbers("losses"))
        try built.expect("losses", ["tuned.loss.last": tuned("loss.last"), "tuned.loss.first": tuned("loss.first")])
        #expect(losses("tuned.epoch.seconds") > 0)
        guard case .plot(let plot)? = built.exhibits["losses"]?.parts.first else {
            Issue.record("losses are not drawn")
            return
        }
        #expect(plot.panels.map { $0.series.map(\.name) } == [["By hand"], ["By hand"]])

        let tree = try built.numbers("tree")
        #expect(built.values("tree")["exact"] == .text("equal"))
        #expect(tree("gallery") == before("gallery"))
        #expect(tree("nodes") == 2 * tree("leaves") - 1, "every inner node has two children")
        #expect(tree("leaves") >= tree("gallery") / 2, "no leaf holds more than two")
        #expect(tree("visited") <= tree("leaves") && (0...1).contains(tree("recall")))

        let scaling = try built.numbers("scaling")
        try built.expect("scaling", ["smallest": 100, "largest": 200, "growth": 2])
        #expect((3...100).contains(scaling("distances.first")) && (3...200).contains(scaling("distances.last")))

        // A query whose nearest face is somebody else's is nearer to a stranger than to its own people.
        let wrong = (before("queries") * (1 - before("recall1"))).rounded()
        try built.expect("odd", ["doubted": min(2, wrong)])

        try checkQuery(built)

        guard case .retrieval(let grid)? = built.exhibits["grid"]?.parts.first,
            case .claim(let claim)? = built.exhibits["enough"]?.parts.first
        else {
            Issue.record("the grid or the claim is missing")
            return
        }
        #expect(grid.rows.count == 2)
        for row in grid.rows {
            for hits in [row.hits, row.before ?? []] {
                #expect(hits.map(\.rank) == [1, 2] && hits[0].distance <= hits[1].distance)
                for hit in hits {
                    #expect(hit.isSamePerson == (hit.face.identity == row.query.identity))
                    #expect(hit.matching?.of == 40)
                }
            }
        }
        #expect(claim.holds)
    }

    private func checkQuery(_ built: SmallProject.Built) throws {
        let (faces, number) = (try built.faces(), try built.numbers("ask"))
        let people = Set(faces.gallery.map { faces.faces[$0].identity })
        let gallery = Double(faces.gallery.count)
        try built.expect("ask", ["faces": gallery, "gallery": gallery, "people": Double(people.count)])
        for name in ["agreement", "before.agreement", "after.agreement"] {
            #expect((0.99...1).contains(number(name)), "the page answers as exact search does")
        }
        guard case .faceExplorer(let explorer)? = built.exhibits["ask"]?.parts.first else {
            Issue.record("nobody can be asked")
            return
        }
        #expect(explorer.faces.map(\.number) == faces.gallery && explorer.k == 3)
        #expect(explorer.faces.map { explorer.people[$0.person] } == faces.gallery.map { faces.faces[$0].identity })
        #expect(explorer.evaluations.map(\.id) == ["before", "after"])
        #expect(explorer.evaluations.allSatisfy { $0.vectors.count == 2 * $0.columns * explorer.faces.count })
        // Forty attributes are ten digits, and the first bit is the first name's.
        for (face, shown) in zip(faces.gallery, explorer.faces) {
            let (own, digits) = (faces.faces[face].attributes ?? [], shown.attributes ?? "")
            #expect(digits.utf8.count == 10)
            let bits = digits.flatMap { digit in (0..<4).map { (digit.hexDigitValue ?? 0) >> (3 - $0) & 1 } }
            #expect(bits == own.map { $0 > 0 ? 1 : 0 })
        }
        let sheet = try Image(decoding: explorer.sheet.jpeg, name: "sheet")
        #expect(sheet.width == explorer.sheet.width * explorer.sheet.columns)
        #expect(sheet.width * sheet.height >= explorer.faces.count * explorer.sheet.width * explorer.sheet.height)
        #expect(explorer.examples.rows.count == 2)
        for row in explorer.examples.rows {
            #expect(row.hits.allSatisfy { $0.isSamePerson == ($0.face.identity == row.query.identity) })
        }
    }

    private func checkDiagrams(_ built: SmallProject.Built) throws {
        for id in ["pipeline", "architecture", "way", "three", "blocks"] {
            let diagrams = (built.exhibits[id]?.parts ?? []).compactMap {
                if case .diagram(let diagram) = $0 { diagram } else { nil }
            }
            let diagram = try #require(diagrams.first, "\(id)")
            #expect(diagram.overlappingBoxes.isEmpty, "\(id)")
            #expect(diagram.overlappingLabels.isEmpty, "\(id): \(diagram.overlappingLabels)")
            #expect(diagram.labelsOutside.isEmpty, "\(id): \(diagram.labelsOutside)")
            #expect(
                !diagram.title.isEmpty && diagram.alternative.contains(/[0-9]/) && diagram.alternative.hasSuffix("."))
        }
        let (before, tree, faces) = (try built.numbers("before"), try built.numbers("tree"), try built.faces())
        try built.expect("pipeline", ["gallery": before("gallery"), "shown": 3, "numbers": 128])
        let right = try built.numbers("pipeline")("right")
        #expect((0...3).contains(right))

        // The same tree, query and k as `index` has.
        try built.expect(
            "way",
            [
                "leaves": tree("leaves"), "visited": tree("visited"), "distances": tree("distances"),
                "gallery": tree("gallery"),
            ])
        #expect(try built.numbers("way")("depth") <= tree("depth"))

        let three = try built.numbers("three")
        try built.expect("three", ["margin": 1, "candidates": Double(min(48, faces.triplets.count))])
        for moment in ["before", "after"] {
            let loss = max(0, three("\(moment).positive") - three("\(moment).negative") + 1)
            #expect(abs(three("\(moment).loss") - loss) < 1e-9 && three("active.\(moment)") <= three("candidates"))
        }
        #expect(three("before.loss") > 0)
        try checkTriangles(built)
        #expect(built.exhibits["three"]?.marks.map(\.label) == ["random weights"])

        // Three tensors are the last convolution with its normalisation: 320 → 1280.
        let learns = 320 * 1280 + 2 * 1280
        try built.expect(
            "blocks",
            [
                "blocks": 19, "trained": Double(learns), "frozen": Double(2_223_872 - learns), "head": 180_480,
                "classifier": 1_281_000,
            ])

        #expect(built.exhibits["blocks"]?.marks.map(\.label) == ["random weights"])

        // From the plan: what is read, what is built upon, and counts from what the steps found.
        guard case .diagram(let architecture)? = built.exhibits["architecture"]?.parts.first else { return }
        let labels = architecture.items.compactMap { if case .label(let label) = $0 { label.text } else { nil } }
        for text in [
            "photographs", "24 photographs", "preprocess", "\(faces.triplets.count) triplets", "train", "evaluate × 2",
            "\(faces.queries.count) queries", "1 network", "2 evaluations", "diagram × 5", "claim",
        ] {
            #expect(labels.contains(text), "\(text) in \(labels)")
        }
    }

    /// Lines in the plane are as long as the distances that they stand for, in one scale, and so is the side between them.
    private func checkTriangles(_ built: SmallProject.Built) throws {
        struct Stored: Decodable {
            struct Distances: Decodable { var positive, negative, others: Double }
            var before: Distances
            var after: Distances
        }
        let stored = try JSONDecoder().decode(
            Stored.self, from: Data(#require(built.results["three"]).bytes("triplet.json")))
        guard case .diagram(let diagram)? = built.exhibits["three"]?.parts.first else { return }
        let sides = diagram.items.compactMap { item -> [Diagram.Point]? in
            guard case .line(let line) = item, line.width == 2, !line.hasHead else { return nil }
            return line.points
        }
        // Of each drawing: the margin, to the positive, to the negative.
        try #require(sides.count == 6)
        func length(_ a: Diagram.Point, _ b: Diagram.Point) -> Double {
            ((a.x - b.x) * (a.x - b.x) + (a.y - b.y) * (a.y - b.y)).squareRoot()
        }
        let scale = length(sides[0][0], sides[0][1])
        for (number, distances) in [stored.before, stored.after].enumerated() {
            let (margin, positive, negative) = (sides[3 * number], sides[3 * number + 1], sides[3 * number + 2])
            #expect(abs(length(margin[0], margin[1]) - scale) < 1e-6, "the margin is 1")
            #expect(abs(length(positive[0], positive[1]) - scale * distances.positive) < 1e-6)
            #expect(abs(length(negative[0], negative[1]) - scale * distances.negative) < 1e-6)
            #expect(abs(length(positive[1], negative[1]) - scale * distances.others) < 1e-4)
        }
    }

    // MARK: The page

    private func checkPage(_ built: SmallProject.Built, _ plan: Plan, in project: SmallProject) throws {
        var numbers: [String: Int] = [:]
        for step in plan.steps {
            let exhibit = try #require(built.exhibits[step.id])
            let (prefix, word) =
                switch exhibit.numbering {
                case .figure: ("fig", "Figure")
                case .table: ("tbl", "Table")
                case .claim: ("claim", "Claim")
                }
            numbers[word, default: 0] += 1
            let opening = try #require(built.page.range(of: "id=\"\(prefix)-\(step.id)\""), "\(step.id)")
            let rest = built.page[opening.upperBound...]
            let figure = rest[..<(try #require(rest.range(of: "</figure>"))).lowerBound]
            #expect(figure.contains(">\(word) \(numbers[word] ?? 0)</a>"), "\(step.id)")
            #expect(!figure.contains("class=\"failure\""), "\(step.id)")
            let tables = exhibit.parts.count {
                switch $0 {
                case .table, .foldedTable: true
                default: false
                }
            }
            #expect(figure.matches(of: /<table/).count >= tables, "\(step.id)")
            let items = exhibit.parts.reduce(0) { sum, part in
                if case .gallery(let gallery) = part {
                    sum + gallery.groups.reduce(0) { $0 + $1.items.count }
                } else {
                    sum
                }
            }
            let pictures = figure.matches(of: /<img [^>]*src="(images\/[^"]+)"[^>]*alt="[^"]+/)
            #expect(pictures.count >= items && (exhibit.isPicture == !pictures.isEmpty), "\(step.id)")
            for picture in pictures { _ = try Image(contentsOf: project.folder + "/output/" + picture.1) }
        }
        #expect(built.page.contains("<em>people</em>, drawn"))
        #expect(built.page.contains("<summary>Ledger of 264 tensors<span"))
        // Running statistics of trained layers are not frozen: they follow the batches.
        #expect(built.page.contains("<td>follows</td>"))
        // What another option stands in for is no detail of the result.
        let details = built.exhibits["tuned"]?.provenance?.facts.map(\.name) ?? []
        #expect(details.contains("unfreeze_tensors") && !details.contains("unfreeze"), "\(details)")
        #expect(built.page.contains(#"Of <span class="value" data-source="faces.found">24</span> photographs"#))
        #expect(built.page.matches(of: /<a [^>]*href="[^"]*#fig-tuned"[^>]*>Figure 5<\/a>/).count == 1)
        #expect(built.page.contains("<strong>✓ holds:</strong> faces.found (24) = 24"))
        #expect(built.page.contains("Data: small, 24 photographs"))
    }

    // MARK: What goes out

    private func checkExport(_ built: SmallProject.Built, _ plan: Plan, in project: SmallProject) throws {
        let store = project.project().store
        let trained = try TrainedNetwork("tuned", of: plan, in: store)
        #expect(trained.remark == nil)
        let stored = try Checkpoint(
            decoding: #require(built.results["tuned"]).bytes("weights.safetensors"), name: "weights")
        let exported = try Checkpoint(decoding: trained.safetensors(), name: "exported")
        #expect(exported.tensors == stored.tensors)
        #expect(exported.metadata["likeness.network"] == "mobilenet_v2")
        #expect(trained.onnx().count > 4 * (2_223_872 + 180_480))
        for (id, run, words) in [
            ("tune", 1, "did you mean 'tuned'?"), ("before", 1, "there are tuned"), ("tuned", 2, "'tuned' has one run"),
        ] {
            let error = #expect(throws: NoTrainedNetwork.self) {
                try TrainedNetwork(id, run: run, of: plan, in: store)
            }
            #expect(error?.description.contains(words) == true, "\(error?.description ?? "")")
        }
    }

    // MARK: The book

    private static let chapter = """
        # Everything

        Of `=faces.found` photographs, see @fig-tuned.

        ```dataset
        id: people
        dataset: small
        samples: 3
        people: 2
        attributes: [Smiling, Eyeglasses]
        caption: The *people*, drawn.
        ```

        ```haar
        id: cascade
        dataset: small
        image: img_align_celeba/000001.jpg
        scale_factor: 1.3
        stages: [1]
        features: 2
        images: 1
        ```

        ```preprocess
        id: faces
        dataset: small
        scale_factor: 1.2
        min_neighbors: 3
        retry: 0
        test: 0.34
        ```

        ```vectors
        id: others
        data: faces
        file: others.npy
        name: ArcFace
        dimensions: 2
        ```

        ```triplets
        id: threes
        data: faces
        count: 2
        ```

        ```augmentations
        id: looks
        data: faces
        count: 1
        epochs: 1
        ```

        ```train
        id: tuned
        data: faces
        model: mobilenet_v2
        weights: random
        unfreeze_tensors: 3
        epochs: 1
        batch: 2
        triplets: 2
        precision: f32
        ```

        ```ablation
        id: apart
        train: tuned
        validation: 0.5
        ```

        ```model
        id: network
        model: mobilenet_v2
        train: tuned
        size: 64
        ```

        ```evaluate
        id: before
        data: faces
        model: mobilenet_v2
        weights: random
        k: [1, 2]
        precision: f32
        ```

        ```evaluate
        id: after
        data: faces
        train: tuned
        against: before
        k: [1, 2]
        precision: f32
        ```

        ```query-grid
        id: grid
        evaluate: after
        before: before
        queries: 2
        ranks: 2
        ```

        ```compare
        id: sides
        of: [after]
        before: [before]
        ```

        ```compare-trainings
        id: losses
        of: [tuned]
        names: ["By hand"]
        ```

        ```index
        id: tree
        evaluate: before
        leaf: 2
        k: 2
        leaf_budget: 1
        ```

        ```growth
        id: scaling
        sizes: [100, 200]
        queries: 2
        k: 3
        ```

        ```suspects
        id: odd
        evaluate: before
        count: 2
        k: 1
        ```

        ```query
        id: ask
        of: [before, after]
        k: 3
        ```

        ```diagram
        id: pipeline
        show: pipeline
        evaluate: before
        k: 3
        ```

        ```diagram
        id: architecture
        show: architecture
        ```

        ```diagram
        id: way
        show: query
        index: tree
        ```

        ```diagram
        id: three
        show: triplet
        train: tuned
        ```

        ```diagram
        id: blocks
        show: fine-tuning
        train: tuned
        ```

        ```claim
        id: enough
        that: faces.found = 24
        ```
        """
}

extension SmallProject.Built {
    func faces() throws -> FaceSet {
        try JSONDecoder().decode(FaceSet.self, from: Data(#require(results["faces"]).bytes("faces.json")))
    }

    fileprivate func tables(_ id: String) -> [Table] {
        (exhibits[id]?.parts ?? []).compactMap { if case .table(let table) = $0 { table } else { nil } }
    }

    /// The values of a directive that are numbers; a missing one is no number.
    func numbers(_ id: String) throws -> (String) -> Double {
        let values = try #require(exhibits[id]).values
        return { name in
            switch values[name] {
            case .number(let number): number
            case .count(let count): Double(count)
            case .text, nil: .nan
            }
        }
    }

    func expect(_ id: String, _ expected: [String: Double]) throws {
        let number = try numbers(id)
        for (name, value) in expected {
            #expect(abs(number(name) - value) < 1e-9, "\(id).\(name) is \(number(name)), not \(value)")
        }
    }
}

extension Exhibit {
    /// Whether one of its parts is drawn.
    fileprivate var isPicture: Bool {
        parts.contains {
            switch $0 {
            case .table, .foldedTable, .note, .claim, .failure, .treeExplorer, .diagram: false
            default: true
            }
        }
    }
}
