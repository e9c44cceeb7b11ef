import Directives
import Faces
import Foundation
import Networks
import Pages
import Retrieval
import TestSupport
import Testing

/// One recipe from several seeds, over several splits of the people.
@Suite(.serialized) struct RunsTests {
    private static let preprocess = """
        # Runs

        ```preprocess
        id: faces
        dataset: small
        scale_factor: 1.2
        min_neighbors: 3
        retry: 0
        test: 0.34
        ```


        """

    private func train(_ id: String, _ more: String) -> String {
        """
        ```train
        id: \(id)
        data: faces
        model: mobilenet_v2
        weights: random
        unfreeze: 1
        epochs: 1
        batch: 2
        triplets: 2
        erasing: 0
        dropout: 0
        precision: f32
        \(more)
        ```


        """
    }

    private func evaluate(_ id: String, _ what: String) -> String {
        """
        ```evaluate
        id: \(id)
        data: faces
        k: [1, 2]
        \(what)
        ```


        """
    }

    private func bytes(_ built: SmallProject.Built, _ id: String, _ file: String) throws -> [UInt8] {
        try #require(built.results[id]).bytes(file)
    }

    private func number(_ built: SmallProject.Built, _ id: String, _ name: String) throws -> Double {
        switch try #require(built.values(id)[name], "\(id).\(name)") {
        case .number(let number): number
        case .count(let count): Double(count)
        case .text: .nan
        }
    }

    @Test func everySeedIsATrainingOfItsOwn() throws {
        let project = try SmallProject(
            chapter: Self.preprocess + train("both", "seeds: [3, 8]") + train("third", "seed: 3")
                + train("eighth", "seed: 8") + evaluate("after", "train: both") + evaluate("after-3", "train: third")
                + evaluate("after-8", "train: eighth") + evaluate("start", "train: both\nuntrained: true")
                + evaluate("plain", "model: mobilenet_v2\nweights: random\nseeds: [3, 8]\nprecision: f32")
                    + """
                    ```compare
                    id: sides
                    of: [after]
                    controls: [after-3]
                    ```
                    """)
        let built = try project.build()
        #expect(try bytes(built, "both", "weights.safetensors") == bytes(built, "third", "weights.safetensors"))
        #expect(try bytes(built, "both", "weights-2.safetensors") == bytes(built, "eighth", "weights.safetensors"))
        #expect(try bytes(built, "both", "history-2.json") == bytes(built, "eighth", "history.json"))
        #expect(try bytes(built, "both", "ledger.json") == bytes(built, "third", "ledger.json"))
        #expect(try bytes(built, "after", "queries.npy") == bytes(built, "after-3", "queries.npy"))
        #expect(try number(built, "both", "runs") == 2)
        for name in ["loss.last", "active.last", "positive.last"] {
            let each = try ["third", "eighth"].map { try number(built, $0, name) }
            #expect(abs(try number(built, "both", name) - (each[0] + each[1]) / 2) < 1e-9, "\(name)")
        }
        for name in ["map", "recall1", "eer", "top1.accuracy"] {
            let each = try ["after-3", "after-8"].map { try number(built, $0, name) }
            #expect(abs(try number(built, "after", name) - (each[0] + each[1]) / 2) < 1e-9, "\(name)")
            guard ["map", "recall1", "eer"].contains(name) else { continue }
            let deviation = abs(each[0] - each[1]) / 2.0.squareRoot()
            #expect(abs(try number(built, "after", name + ".deviation") - deviation) < 1e-9, "\(name)")
            #expect(try number(built, "after", name + ".first") == each[0], "\(name)")
        }
        // What a training with a random head begins with is the network that has not been trained.
        #expect(try bytes(built, "start", "queries.npy") == bytes(built, "plain", "queries.npy"))
        #expect(try number(built, "start", "map") == number(built, "plain", "map"))
        #expect(built.values("start")["model"] == .text("MobileNet-V2, untrained"))
        #expect(built.values("both")["times"] == .text("2 times") && built.values("third")["times"] == .text("once"))
        #expect(built.values("after-3")["map.deviation"] == nil, "one run deviates from nothing")
        #expect(
            abs(
                try number(built, "sides", "after.map.control.delta") - number(built, "after", "map")
                    + number(built, "after-3", "map")) < 1e-9)
        #expect(built.page.contains("means over 2 seeds") && built.page.contains("\u{A0}±\u{A0}"))
        guard case .plot(let plot)? = built.exhibits["both"]?.parts.first else {
            Issue.record("a training shows no plot")
            return
        }
        let loss = plot.panels[0].series[0]
        let losses = try ["third", "eighth"].map { try number(built, $0, "loss.last") }
        #expect(loss.bands.map(\.low) == [[losses.min() ?? 0]] && loss.bands.map(\.high) == [[losses.max() ?? 0]])
    }

    /// Six people, two of them tested at a time: three splits.
    @Test func everySplitTestsOthers() throws {
        let project = try SmallProject(
            chapter: Self.preprocess + train("tuned", "splits: 3") + evaluate("after", "train: tuned")
                + evaluate("pixels", "model: pixels\nsplits: 3") + evaluate("once", "model: pixels")
                    + """
                    ```compare
                    id: sides
                    of: [after]
                    controls: [pixels]
                    ```
                    """)
        let built = try project.build()
        let faces = try JSONDecoder().decode(FaceSet.self, from: Data(bytes(built, "faces", "faces.json")))
        #expect(faces.splits == 3)
        let people = Set(faces.faces.map(\.identity)).count
        #expect(try number(built, "after", "people") == Double(people), "everybody is tested once")
        #expect(try number(built, "pixels", "people") == Double(people))
        #expect(try number(built, "once", "people") == 2)
        #expect(try number(built, "sides", "people") == Double(people))
        let weights = try (0..<3).map { run in
            try bytes(built, "tuned", "weights\(run == 0 ? "" : "-\(run + 1)").safetensors")
        }
        #expect(Set(weights).count == 3, "each has learnt from others")
        #expect(
            abs(
                try number(built, "sides", "after.map.control.delta") - number(built, "after", "map")
                    + number(built, "pixels", "map")) < 1e-9)
        #expect(built.page.contains("means over 3 splits of the people"))

        // What one split's gallery is too small for is told before anything is searched.
        let galleries = (0..<3).map { faces.split($0).gallery.count }
        let most = try #require(galleries.max())
        try project.write(
            chapter: Self.preprocess
                + evaluate("pixels", "model: pixels\nsplits: 3").replacing("k: [1, 2]", with: "k: [\(most + 1)]"))
        #expect(try project.attempt().problems.map(\.code) == ["k-too-large"])
    }

    @Test func whatCannotBeIsTold() throws {
        for (chapter, code) in [
            (train("t", "splits: 4"), "too-many-splits"),
            (evaluate("e", "model: pixels\nsplits: 4"), "too-many-splits"),
            (train("t", "seeds: [1, 1]"), "doubled-seed"),
            (evaluate("e", "model: pixels\nseeds: 2"), "idle-option"),
            (evaluate("e", "model: pixels\nuntrained: true"), "idle-option"),
            (evaluate("e", "model: pixels\nnames: [a, b]"), "idle-option"),
            (
                train("t", "") + train("u", "") + evaluate("a", "train: t") + evaluate("b", "train: u\nuntrained: true")
                    + "```compare\nid: c\nof: [a]\nbefore: [b]\n```\n", "unpaired"
            ),
            (train("t", "") + evaluate("e", "train: t\nsplits: 2"), "idle-option"),
            (
                evaluate("a", "model: pixels\nsplits: 2") + evaluate("b", "model: pixels")
                    + "```compare\nid: c\nof: [a]\ncontrols: [b]\n```\n", "other-faces"
            ),
            (train("t", "") + "```ablation\nid: a\ntrain: u\n```\n", "unknown-id"),
            (
                "```train\nid: t\ndata: faces\nmodel: mobilenet_v2\nweights: random\n```\n\n```ablation\nid: a\ntrain: t\n```\n",
                "no-choices"
            ),
            (train("t", "") + "```ablation\nid: a\ntrain: t\nvalidation: 0.05\n```\n", "too-few-people"),
        ] {
            let project = try SmallProject(chapter: Self.preprocess + chapter)
            var codes = CheckedBook(project.project()).diagnostics.map(\.code)
            if codes.isEmpty { codes = try project.attempt().problems.map(\.code) }
            #expect(codes.contains(code), "\(code): \(codes)")
        }
    }

    /// The recipe without its choices on people whom it has not seen; the recipe's own row is what a training on these
    /// people comes to.
    @Test func aRecipeIsTakenApart() throws {
        let ablation = """
            ```ablation
            id: apart
            train: tuned
            validation: 0.5
            seeds: 2
            ```
            """
        let project = try SmallProject(
            chapter: Self.preprocess + train("tuned", "normalize: true\nmining: semi-hard") + ablation)
        let built = try project.build()
        guard case .table(let table)? = built.exhibits["apart"]?.parts.first else {
            Issue.record("no table")
            return
        }
        let changes = table.rows.map { row -> String in if case .text(let text) = row[1] { text.text } else { "" } }
        #expect(
            changes == [
                "–", "–", "normalize true → false", "mining semi-hard → random", "erasing 0 → 0.5, dropout 0 → 0.3",
                "unfreeze 1 → 10",
                "normalize true → false, mining semi-hard → random, erasing 0 → 0.5, dropout 0 → 0.3, unfreeze 1 → 10",
            ])
        #expect(try number(built, "apart", "trainings") == 12)
        #expect(try number(built, "apart", "people") == 2 && number(built, "apart", "learning") == 2)
        for name in ["start.map", "recipe.map", "without.mining.map", "none.recall1"] {
            #expect((0...1).contains(try number(built, "apart", name)))
        }
        #expect(
            abs(
                try number(built, "apart", "recipe.map") + number(built, "apart", "without.length.map.delta")
                    - number(built, "apart", "without.length.map")) < 1e-9)
        #expect(built.values("apart")["without.head.map"] == nil, "the head is as usual")
        let again = try project.build()
        #expect(again.executed.isEmpty)
    }
}
