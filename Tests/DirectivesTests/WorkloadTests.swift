import Chapters
import Directives
import Execution
import Files
import Foundation
import TestSupport
import Testing

/// What directives say that their steps have to do.
@Suite struct WorkloadTests {
    /// The work of each step of these fences, of 100 photographs.
    private func work(_ fences: String...) throws -> [String: [String: Double]] {
        let folder = TemporaryFolder()
        for number in 0..<100 {
            try Files.write(
                [], to: folder.path + "/data/some/p\(number / 10)/\(number).jpg", syncsFile: false, syncsFolder: false)
        }
        let text = fences.map { "```\($0)\n```\n\n" }.joined()
        try folder.put(text, "chapters/01.md")
        let book = Book.load(contentsOf: folder.path + "/chapters").book
        let plan = Plan.load(book, directives: allDirectives, data: folder.path + "/data").plan
        return Dictionary(uniqueKeysWithValues: plan.steps.map { ($0.id, $0.workload.amounts) })
    }

    private let faces = "preprocess\nid: p\ndataset: some\ntest: 0.2"
    private func training(_ more: String) -> String {
        "train\nid: t\ndata: p\nmodel: resnet50\nprecision: f32\nepochs: 2\n\(more)"
    }
    /// The twenty tested faces, before and after.
    private let plane = 40.0
    private let embedding = "faces through resnet50, f32"
    private let learning = "faces learned from by resnet50, f32"

    @Test func detectionGoesThroughEveryPhotograph() throws {
        let work = try work(faces)["p"]
        #expect(work == ["preprocess, once": 1, "photographs of some, haarcascade_frontalface_default at 1.12": 100])
    }

    @Test func aTrainingTakesImagesTimesEpochsTimesRuns() throws {
        // 80 faces learn, of as many triplets, in two epochs.
        let all = try #require(try work(faces, training(""))["t"])
        #expect(abs((all[embedding] ?? 0) + (all[learning] ?? 0) - 480 - plane) < 1e-9)
        // Layer 4 does a fifth of the multiplications.
        #expect((0.15...0.25).contains((all[learning] ?? 0) / 480))
        let few = try #require(try work(faces, training("triplets: 10\nseeds: 3"))["t"])
        #expect(abs((few[embedding] ?? 0) + (few[learning] ?? 0) - 180 - plane) < 1e-9)
    }

    @Test func whatLooksTheSameGoesThroughFrozenLayersOnce() throws {
        let plain = "erasing: 0\ndropout: 0\nflip: 0"
        let changing = try #require(try work(faces, training(""))["t"])
        let same = try #require(try work(faces, training(plain))["t"])
        #expect(same[learning] == changing[learning])
        #expect((same[embedding] ?? 0) - plane < 80)
        #expect((same[embedding] ?? 0) - plane < ((changing[embedding] ?? 0) - plane) / 4)
        let none = try #require(try work(faces, training(plain + "\nunfreeze: 0"))["t"])
        #expect(none[learning] == nil)
    }

    @Test func anEvaluationDescribesWhoIsTestedAndWhoCalibrates() throws {
        let evaluation = "evaluate\nid: e\ndata: p\nprecision: f32\n"
        // Four galleries of 20 are all 80 others.
        let work = try work(
            faces, training(""), evaluation + "model: resnet50", "evaluate\nid: pix\ndata: p\nmodel: pixels")
        #expect(work["e"]?[embedding] == 100)
        #expect(work["pix"]?["faces as pixels"] == 100)
        #expect(work["pix"]?["comparisons"] == 20)
    }

    @Test func anAblationTrainsEachVariant() throws {
        let ablation = "ablation\nid: a\ntrain: t\nvalidation: 0.5\nseeds: 2"
        let work = try work(faces, training("distance: squared\nhead: random\nmargin: 0.2"), ablation)
        // With its one choice and without it, twice each; and three times 40 faces are described from each seed.
        let trained = 4.0 * 2 * 3 * 40
        let both = (work["a"]?[embedding] ?? 0) + (work["a"]?[learning] ?? 0)
        #expect(abs(both - trained - 3 * 2 * 40) < 1e-6)
        #expect(work["a"]?["train, once"] == 2)
    }

    @Test func detectionAndNetworksCanBeTried() throws {
        let fences = [
            "preprocess\nid: p\ndataset: small", "train\nid: t\ndata: p\nmodel: mobilenet_v2",
            "evaluate\nid: pix\ndata: p\nmodel: pixels",
        ]
        let project = try SmallProject(chapter: fences.map { "```\($0)\n```\n\n" }.joined())
        let book = Book.load(contentsOf: project.folder + "/chapters").book
        let plan = Plan.load(book, directives: allDirectives, data: project.folder + "/data").plan
        var tried: [String] = []
        for part in plan.steps.flatMap(\.workload.parts) {
            guard let seconds = try part.unit.probe?() else { continue }
            #expect(seconds > 0)
            tried.append(String(part.unit.name.prefix(13)))
        }
        #expect(tried == ["photographs o", "faces through", "faces learned"])
    }

    @Test func whatCountsNothingIsOneStep() throws {
        #expect(try work("dataset\nid: d\ndataset: some")["d"] == ["dataset, once": 1])
        #expect(try work("growth\nid: g\nsizes: [100, 300]")["g"]?["vectors, searched in two ways"] == 400)
    }
}
