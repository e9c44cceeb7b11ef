import Chapters
import Diagnostics
import Directives
import Execution
import Files
import Foundation
import Pages
import Tensors
import Testing

/// What directives say to each other's options before anything runs.
@Suite struct PlanningTests {
    /// A plan of these fences and what it says, apart from data that are not there.
    private func plan(
        _ fences: String..., files: [String: String] = [:]
    ) throws -> (plan: Plan, problems: [Diagnostic]) {
        let folder = NSTemporaryDirectory() + "likeness-" + UUID().uuidString
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let text = fences.map { "```\($0)\n```\n\n" }.joined()
        try Files.write(Array(text.utf8), to: folder + "/chapters/01.md", syncsFile: false, syncsFolder: false)
        for (name, content) in files {
            try Files.write(Array(content.utf8), to: "\(folder)/data/\(name)", syncsFile: false, syncsFolder: false)
        }
        let book = Book.load(contentsOf: folder + "/chapters").book
        let (plan, problems) = Plan.load(book, directives: allDirectives, data: folder + "/data")
        return (plan, problems.filter { !["missing-dataset", "missing-cascade"].contains($0.code) })
    }

    private func faces(_ id: String, _ more: String = "", of dataset: String = "six") -> String {
        "preprocess\nid: \(id)\ndataset: \(dataset)\n\(more)"
    }
    private let tuned = "train\nid: t\ndata: p\nmodel: mobilenet_v2"
    private let pixels = "evaluate\nid: pix\ndata: p\nmodel: pixels"
    private let after = "evaluate\nid: e\ndata: p\ntrain: t"
    private let before = "evaluate\nid: b\ndata: p\nmodel: mobilenet_v2"

    @Test func anotherSplitThanTheTrainingsIsTold() throws {
        let other = try plan(
            faces("p"), faces("q", "seed: 1"), tuned, "evaluate\nid: e\ndata: q\ntrain: t")
        #expect(other.problems.map(\.code) == ["other-split"])
        #expect(other.problems.first?.range?.start.line == 21)
        #expect(other.plan["e"]?.uses.contains { $0 == ("train.data", "p") } == true, "what was learned is looked at")
        // The same people, cut in another way.
        #expect(
            try plan(faces("p"), faces("q", "crop_size: 64"), tuned, "evaluate\nid: e\ndata: q\ntrain: t")
                .problems.isEmpty)
    }

    @Test func whatWasMeasuredOtherwiseCannotStandBeside() throws {
        let ranks = try plan(faces("p"), pixels, "evaluate\nid: e\ndata: p\nmodel: eigenfaces\nagainst: pix\nk: [1]")
        #expect(ranks.problems.map(\.code) == ["other-ranks"])
        let data = try plan(
            faces("p"), faces("q", of: "seven"), pixels, "evaluate\nid: e\ndata: q\nmodel: pixels\nagainst: pix",
            "compare\nid: c\nof: [pix, e]", "query-grid\nid: g\nevaluate: pix\nbefore: e")
        #expect(data.problems.map(\.code) == ["other-faces", "other-faces", "other-faces"])
        #expect(data.problems.map { $0.range?.start.line } == [23, 28, 34])
    }

    @Test func aDiagramNamesWhatItIsDrawnFrom() throws {
        func problems(_ diagram: String) throws -> [String] {
            try plan(faces("p"), tuned, pixels, "index\nid: i\nevaluate: pix", "diagram\nid: d\n\(diagram)")
                .problems.map(\.code)
        }
        for sound in [
            "show: architecture", "show: pipeline\nevaluate: pix\nquery: 1", "show: query\nindex: i",
            "show: query\nevaluate: pix", "show: triplet\ntrain: t", "show: fine-tuning\ntrain: t",
            "show: fine-tuning\nmodel: resnet50\nunfreeze: 3",
        ] {
            #expect(try problems(sound) == [], "\(sound)")
        }
        #expect(try problems("show: pipeline") == ["diagram-source"])
        #expect(try problems("show: query\nindex: i\nevaluate: pix") == ["diagram-source"])
        #expect(try problems("show: architecture\ntrain: t") == ["unused-source"])
        #expect(try problems("show: triplet\nevaluate: pix") == ["unused-source", "diagram-source"])
        #expect(try problems("show: query\nindex: i\nquery: 4") == ["idle-option"])
        #expect(try problems("show: fine-tuning\ntrain: t\nunfreeze: 4") == ["idle-option"])
        #expect(try problems("show: fine-tuning\nmodel: mobilenet_v2\nunfreeze: 58") == ["too-many-layers"])
    }

    @Test func aDiagramOfATreeUsesWhatTheTreeIsMadeOf() throws {
        let plan = try plan(
            faces("p"), pixels, "index\nid: i\nevaluate: pix", "diagram\nid: d\nshow: query\nindex: i"
        ).plan
        let uses = plan["d"]?.uses.map { "\($0.name) \($0.id)" } ?? []
        #expect(uses == ["index i", "index.evaluate pix", "index.evaluate.data p"])
    }

    @Test func onePhotographIsAskedOfEvaluationsOfTheSameFaces() throws {
        let other = "evaluate\nid: e\ndata: q\nmodel: pixels"
        let same = "evaluate\nid: e\ndata: p\nmodel: eigenfaces"
        #expect(try plan(faces("p"), pixels, same, "query\nid: ask\nof: [pix, e]").problems.isEmpty)
        let mixed = try plan(faces("p"), faces("q"), pixels, other, "query\nid: ask\nof: [pix, e]")
        #expect(mixed.problems.map(\.code) == ["other-faces"])
        #expect(mixed.problems.first?.message.contains("'e' is made of 'q', and 'pix' of 'p'") == true)
        let twice = try plan(faces("p"), pixels, "query\nid: ask\nof: [pix, pix]")
        #expect(twice.problems.map(\.code) == ["named-twice"])
        #expect(try plan(faces("p"), pixels, "query\nid: ask\nof: [p]").problems.map(\.code) == ["wrong-kind"])
        #expect(
            try plan(faces("p"), pixels, "query\nid: ask\nof: [pix]\nk: 101").problems.map(\.code) == ["out-of-bounds"])
    }

    @Test func vectorsAreOfTheDatasetThatIsEvaluated() throws {
        let files = ["own.npy": "", "own.txt": "", "six/a/1.jpg": "", "seven/a/1.jpg": ""]
        let own = "vectors\nid: own\ndata: p\nfile: own.npy\nname: ArcFace"
        let given = "evaluate\nid: e\ndata: p\nvectors: own"
        #expect(try plan(faces("p"), own, given, files: files).problems.isEmpty)
        let ofAll = own.replacingOccurrences(of: "data: p", with: "data: d")
        #expect(
            try plan(faces("p"), "dataset\nid: d\ndataset: six", ofAll, given, files: files).problems.isEmpty)
        let other = try plan(
            faces("p"), faces("q", of: "seven"), own, "evaluate\nid: e\ndata: q\nvectors: own", files: files)
        #expect(other.problems.map(\.code) == ["other-faces"])
        #expect(
            other.problems.first?.message == "'own' describes photographs of 'six', and 'q' is of 'seven'")
        let idle = try plan(faces("p"), own, given + "\nlayer: features\nseed: 3", files: files)
        #expect(idle.problems.map(\.code) == ["idle-option", "idle-option"])
        let both = try plan(faces("p"), own, given + "\nmodel: pixels", files: files)
        #expect(both.problems.map(\.code) == ["train-or-model"])
        #expect(try plan(faces("p"), own).problems.map(\.code) == ["missing-file", "missing-file"])
        let outside = own.replacingOccurrences(of: "own.npy", with: "../own.npy")
        #expect(try plan(faces("p"), outside, files: files).problems.map(\.code) == ["file-outside", "file-outside"])
        // Which of another program's networks is before which is its author's matter; a training's own is not.
        let pair = "evaluate\nid: f\ndata: p\nvectors: own\nnormalize: true"
        #expect(
            try plan(faces("p"), own, given, pair, "compare\nid: c\nof: [f]\nbefore: [e]", files: files).problems
                .isEmpty)
        let mixed = try plan(
            faces("p"), own, tuned, given, "evaluate\nid: a\ndata: p\ntrain: t", "compare\nid: c\nof: [a]\nbefore: [e]",
            files: files)
        #expect(mixed.problems.map(\.code) == ["unpaired"])
    }

    @Test func pairsAreOneNetworkBeforeAndAfter() throws {
        #expect(try plan(faces("p"), tuned, before, after, "compare\nid: c\nof: [e]\nbefore: [b]").problems.isEmpty)
        let crossed = try plan(faces("p"), tuned, pixels, after, "compare\nid: c\nof: [pix, e]\nbefore: [e, pix]")
        #expect(crossed.problems.map(\.code) == ["unpaired", "unpaired"])
        #expect(crossed.problems[0].message.contains("'pix' has no 'train'"))
        #expect(crossed.problems[1].message.contains("'pix' measures pixels, and 'e' a fine-tuned mobilenet_v2"))
        let resnet = "evaluate\nid: r\ndata: p\nmodel: resnet50"
        let random = before + "\nweights: random"
        for (wrong, list) in [
            (resnet, "r"), (random, "b"), (after.replacingOccurrences(of: "id: e", with: "id: f"), "f"),
        ] {
            let found = try plan(faces("p"), tuned, wrong, after, "compare\nid: c\nof: [e]\nbefore: [\(list)]")
            #expect(found.problems.map(\.code) == ["unpaired"], "\(wrong)")
        }
    }

    @Test func controlsAreOtherEvaluationsOfTheSameFaces() throws {
        let compare = "compare\nid: c\nof: [e]\ncontrols: "
        #expect(try plan(faces("p"), tuned, pixels, after, compare + "[pix]").problems.isEmpty)
        let own = try plan(faces("p"), tuned, pixels, after, compare + "[pix, e]")
        #expect(own.problems.map(\.code) == ["own-control"])
        let elsewhere = pixels.replacingOccurrences(of: "data: p", with: "data: q")
        let other = try plan(faces("p"), faces("q", of: "seven"), tuned, elsewhere, after, compare + "[pix]")
        #expect(other.problems.map(\.code) == ["other-faces"])
    }

    @Test func aDrawingBesideATrainingShowsThatTraining() throws {
        let two = tuned + "\nunfreeze: 2"
        #expect(try plan(faces("p"), two, "model\nid: m\nmodel: mobilenet_v2\ntrain: t").problems.isEmpty)
        let other = try plan(faces("p"), two, "model\nid: m\nmodel: mobilenet_v2\ntrain: t\nunfreeze: 3")
        #expect(other.problems.map(\.code) == ["other-training"])
        #expect(other.problems.first?.message.contains("in 't' the last 2 layers learn") == true)
        let network = try plan(faces("p"), two, "model\nid: m\nmodel: resnet50\ntrain: t")
        #expect(network.problems.map(\.code) == ["other-network"])
    }

    @Test(arguments: [
        ("train\nid: x\ndata: p\nmodel: mobilenet_v2\nunfreeze: 2\nunfreeze_tensors: 5", ["unfreeze"]),
        (
            "train\nid: x\ndata: p\nmodel: mobilenet_v2\npatience: 5\nimages_per_person: 9",
            ["patience", "images_per_person"]
        ),
        ("train\nid: x\ndata: p\nmodel: mobilenet_v2\nerasing: 0\ndropout: 0\nvariants: 4", ["variants"]),
        ("evaluate\nid: x\ndata: p\nmodel: pixels\nlayer: features\nweights: random", ["layer", "weights"]),
        ("evaluate\nid: x\ndata: p\ntrain: t\nseed: 4", ["seed"]),
        (
            "query-grid\nid: x\nevaluate: pix\nchosen: [1]\nqueries: 3\nfailures: first\nseed: 4",
            ["queries", "failures", "seed"]
        ),
        ("query-grid\nid: x\nevaluate: pix\nfailures: first\nseed: 4", ["seed"]),
        ("index\nid: x\nevaluate: pix\nseed: 4", ["seed"]),
        ("model\nid: x\nmodel: resnet50\nunfreeze: 2\nunfreeze_tensors: 5", ["unfreeze"]),
    ])
    func optionsThatDoNothingBesideOthersAreTold(fence: String, idle: [String]) throws {
        let found = try plan(faces("p"), tuned, pixels, fence)
        #expect(found.problems.map(\.code) == idle.map { _ in "idle-option" })
        for (problem, name) in zip(found.problems, idle) {
            #expect(problem.severity == .warning && problem.message.hasPrefix("'\(name)' does nothing here"))
        }
    }

    @Test(
        arguments: [
            ("train", "train\nid: x\ndata: p\nmodel: mobilenet_v2", Precision.fastest),
            ("train", "train\nid: x\ndata: p\nmodel: mobilenet_v2\nbn: drift", .f32),
            ("train", "train\nid: x\ndata: p\nmodel: mobilenet_v2\nprecision: f32", .f32),
            ("evaluate", "evaluate\nid: x\ndata: p\nmodel: resnet50\nprecision: auto", Precision.fastest),
            ("evaluate", "evaluate\nid: x\ndata: p\nmodel: pixels", nil),
        ] as [(String, String, Precision?)])
    func aKeyHoldsThePrecisionThatIsUsed(kind: String, fence: String, used: Precision?) throws {
        let step = try #require(try plan(faces("p"), fence).plan["x"])
        #expect(step.work.facts.filter { $0.name == "precision" }.map(\.value) == [used?.rawValue].compactMap(\.self))
        #expect(!step.options.computation.contains { $0.name == "precision" })
    }

    @Test(arguments: ["txt", "csv"])
    func namesOfAttributesAreKnownFromTheirList(form: String) throws {
        let (people, names) =
            form == "csv"
            ? ("image_id,id\n1.jpg,1\n", "image_id,Bald,Smiling\n1.jpg,1,-1\n")
            : ("1.jpg 1\n", "1\nBald Smiling\n1.jpg 1 -1\n")
        let files = [
            "c/identity_CelebA.\(form)": people, "c/list_attr_celeba.\(form)": names, "c/img_align_celeba/1.jpg": "",
        ]
        let found = try plan("dataset\nid: d\ndataset: c\nattributes: [Smilling, Bald]", files: files)
        #expect(found.problems.map(\.message) == ["'c' has no attribute 'Smilling'; did you mean 'Smiling'?"])
        #expect(try plan("dataset\nid: d\ndataset: c\nattributes: [Smiling, Bald]", files: files).problems.isEmpty)
    }

    @Test(.enabled(if: Files.exists("/usr/share/opencv4/haarcascades/haarcascade_frontalface_default.xml")))
    func stagesAndPhotographsAreKnownFromTheirFiles() throws {
        let files = ["c/a/1.jpg": "", "c/a/2.jpg": "", "c/b/1.jpg": "", "c/b/2.jpg": ""]
        let found = try plan("haar\nid: h\ndataset: c\nstages: [999]\nimage: nope.jpg", files: files)
        #expect(found.problems.map(\.code).sorted() == ["missing-image", "no-such-stage"])
        #expect(try plan("haar\nid: h\ndataset: c\nstages: [25]\nimage: a/1.jpg", files: files).problems.isEmpty)
        // What is in an archive is looked up when the step runs.
        let zipped = files.merging(["c/img_align_celeba.zip": ""]) { $1 }
        #expect(try plan("haar\nid: h\ndataset: c\nimage: nope.jpg", files: zipped).problems.isEmpty)
    }

    @Test(arguments: ["{ .train }", "{.train #x}", "{ .tran }", "{train, x=1}"])
    func bracesAreToldWhoseWordIsADirective(info: String) throws {
        #expect(try plan("\(info)\nid: t").problems.map(\.code) == ["unknown-directive"])
    }

    @Test(arguments: ["text\n    ```train\n    id: t\n    ```\n", "``train\nid: t\n``\n", "a\n\n`train\nid: t`\n"])
    func aDirectiveWithinAParagraphIsTold(text: String) throws {
        let chapter = Chapter.read(text, path: "a.md", slug: "a").chapter
        let (_, problems) = Plan.load(
            Book(settings: Settings(title: "T"), chapters: [chapter]), directives: allDirectives, data: "nowhere")
        #expect(problems.map(\.code) == ["buried-directive"])
        // A phrase that a line ends in is none.
        let prose = Chapter.read("`train\nof` thought: so\n", path: "a.md", slug: "a").chapter
        #expect(prose.buried.isEmpty)
    }
}
