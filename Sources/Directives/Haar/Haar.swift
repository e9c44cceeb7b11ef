import Chapters
import Diagnostics
import Execution
import Faces
import Files
import Foundation
import Imaging
import Pages
import Tensors

/// How a Haar cascade finds a face: its features, the pyramid, which stage rejects which window.
enum Haar: ReportDirective {
    static let kind = "haar"
    static let version = 2
    static let summary = """
        Explains a Haar cascade on one photograph of a dataset, window by window, and counts over many photographs how \
        many windows each stage rejects.
        """

    /// What can be shown, in this order.
    enum Part: String, CaseIterable, Sendable, CanonicalConvertible {
        case features, pyramid, map, stages, result, dataset
    }

    static let dataset = Option.text("dataset", "A folder below the data folder, as of `preprocess`.")
    static let image = Option.text(
        "image", "A photograph by its path in the dataset; without it, the first one with exactly one face."
    ).optional
    static let scaleFactor = Option.number(
        "scale_factor", in: 1.01...2, default: 1.1, "How much the window grows between two scans of the image.")
    static let minNeighbors = Option.integer(
        "min_neighbors", in: 0...100, default: 3, "How many overlapping hits make a face.")
    static let stages = Option.list(
        of: .integer("stages", in: 1...1000, "Stages whose features are drawn, counted from 1."), count: 1...10,
        default: [1, 2])
    static let features = Option.integer(
        "features", in: 1...20, default: 3, "How many features of each of these stages are drawn.")
    static let images = Option.integer(
        "images", in: 1...100_000, default: 100,
        "Over how many photographs windows are counted, at even distances through the dataset.")
    static let shown = Option<[Part]>.list(
        of: .choice("show", "What the page shows.", role: .presentation), count: 1...6, default: Part.allCases)

    static let isHeavy = false

    static let options = Declarations(
        dataset, image, Preprocess.cascade, scaleFactor, minNeighbors, stages, features, images, shown)

    private static let walkthrough = Artifact<HaarWalkthrough>.json("story.json")

    static func step(for options: Options, in context: inout PlanningContext) -> StepWork {
        let name = options[dataset]
        let folder = datasetFolder(name, at: options.range(of: dataset), in: &context)
        let cascadePath = "\(cascadeFolder)/\(options[Preprocess.cascade]).xml"
        Preprocess.reportMissing(cascade: cascadePath, for: options, in: &context)
        if let range = options.range(of: stages), let count = try? Cascade(contentsOf: cascadePath).stageCount,
            let beyond = options[stages].first(where: { $0 > count })
        {
            context.report(.error("no-such-stage", sentence(beyond, options, of: count), at: range))
        }
        if let image = options[image], Files.isFolder(folder) {
            if image.hasPrefix("/") || image.split(separator: "/").contains("..") {
                context.report(
                    .error(
                        "image-outside", "image '\(image)' must lie below \(folder)", at: options.range(of: Self.image))
                )
            } else if isMissing(image, in: folder) {
                context.report(
                    .error(
                        "missing-image",
                        "\(folder)/\(image) is not there; name a photograph by its path in the dataset",
                        at: options.range(of: Self.image)))
            }
        }
        return StepWork(
            data: [("dataset", folder), ("cascade", cascadePath)], workload: .once(kind, seconds: 6)
        ) { step in
            let cascade = try Cascade(contentsOf: cascadePath)
            let detector = FaceDetector(
                cascade: cascade, scaleFactor: options[scaleFactor], minNeighbors: options[minNeighbors])
            if let beyond = options[stages].first(where: { $0 > cascade.stageCount }) {
                throw OptionProblem(
                    stages, "no-such-stage", sentence(beyond, options, of: cascade.stageCount))
            }
            let found = try Dataset(contentsOf: folder)
            let source = try found.source()
            let chosen =
                try options[image].map { try photograph($0, in: found) }
                ?? firstWithOneFace(found, source, detector, step)
            let (tally, unreadable) = try count(found, source, detector, step, limit: options[images])
            var explanation = HaarExplanation(
                try source.image(of: chosen), path: chosen.path, detector, stages: options[stages].map { $0 - 1 },
                features: options[features])
            explanation.story.dataset = tally
            explanation.story.meanTrees = tally.meanTrees(cascade)
            let warnings =
                unreadable == 0 ? [] : ["\(unreadable) of the photographs could not be decoded and are not counted."]
            var outcome = Outcome(warnings: found.warnings + warnings)
            for (file, picture) in explanation.pictures { try outcome.keep(picture, as: file) }
            try outcome.keep(explanation.story, as: walkthrough)
            return outcome
        }
    }

    private static func sentence(_ stage: Int, _ options: Options, of count: Int) -> String {
        "stages names \(stage), but \(options[Preprocess.cascade]) has \(count) stages"
    }

    /// Whether an unpacked dataset lacks the photograph; one in an archive is looked up when the step runs.
    private static func isMissing(_ image: String, in folder: String) -> Bool {
        guard !Files.exists("\(folder)/\(image)") else { return false }
        let top = image.prefix { $0 != "/" }
        return Files.exists("\(folder)/\(top)") || !holdsArchive(folder)
    }

    /// Whether photographs may lie in a zip: beside the lists or a few folders down.
    private static func holdsArchive(_ folder: String, depth: Int = 0) -> Bool {
        guard depth < 4, let names = try? FileManager.default.contentsOfDirectory(atPath: folder) else { return true }
        if names.contains(where: { $0.lowercased().hasSuffix(".zip") }) { return true }
        let inner = names.prefix(1000).filter { Files.isFolder(folder + "/" + $0) }
        // Where there are many folders, each is a person.
        return inner.count <= 4 && inner.contains { holdsArchive(folder + "/" + $0, depth: depth + 1) }
    }

    /// The first photograph in which one face is found, among the first hundred; the first one where there is none.
    private static func firstWithOneFace(
        _ found: Dataset, _ source: PhotographSource, _ detector: FaceDetector, _ step: StepContext
    ) throws -> Dataset.Photograph {
        let photograph = try found.photographs.prefix(100).first { photograph in
            try step.checkInterruption()
            return (try? source.image(of: photograph)).map { detector.detect(in: $0).count == 1 } ?? false
        }
        return photograph ?? found.photographs[0]
    }

    /// The photograph that the author named.
    private static func photograph(_ path: String, in found: Dataset) throws -> Dataset.Photograph {
        guard let photograph = found.photographs.first(where: { $0.path == path }) else {
            throw OptionProblem(
                image, "missing-image",
                "\(found.folder) holds no photograph '\(path)'; name one by its path in the dataset")
        }
        return photograph
    }

    /// Windows by stage, over photographs at even distances.
    private static func count(
        _ found: Dataset, _ source: PhotographSource, _ detector: FaceDetector, _ step: StepContext, limit: Int
    ) throws -> (StageTally, unreadable: Int) {
        let photographs = spread(found.photographs, limit)
        var tally = StageTally(stageCount: detector.cascade.stageCount)
        let chunk = 16
        for start in stride(from: 0, to: photographs.count, by: chunk) {
            try step.checkInterruption()
            step.progress(StepProgress(done: start, total: photographs.count, unit: "images"))
            let part = Array(photographs[start..<min(start + chunk, photographs.count)])
            let tallies = try concurrentMap(part) { photograph in
                Result {
                    try step.checkInterruption()
                    return try? source.using(photograph, as: .gray) { detector.tally($0) }
                }
            }.map { try $0.get() }
            for one in tallies { if let one { tally.add(one) } }
        }
        return (tally, photographs.count - tally.images)
    }

    static func promise(for options: Options) -> Promise {
        Promise(
            numbering: .figure,
            values: ["windows", "judged", "passed", "faces", "stages", "layers"]
                + ["images", "windows", "first.share", "passed.share", "features.mean"].map { "dataset.\($0)" })
    }

    static func show(_ result: StepResult, options: Options) throws -> ExhibitContent {
        let story = try result[walkthrough]
        let parts = try Part.allCases.filter(options[shown].contains)
            .flatMap { try HaarExhibit(story: story, result: result).parts($0) }
        let own = story.image
        var values: [String: Quotable] = [
            "windows": .count(own.windows), "judged": .count(own.judged), "passed": .count(own.passed),
            "faces": .count(story.faces.count), "stages": .count(own.rejected.count),
            "layers": .count(story.layerCount),
            "dataset.images": .count(story.dataset.images), "dataset.windows": .count(story.dataset.windows),
            "dataset.first.share": .number(share(story.dataset.rejected.first, of: story.dataset.judged)),
            "dataset.passed.share": .number(share(story.dataset.passed, of: story.dataset.judged)),
        ]
        if let mean = story.meanTrees { values["dataset.features.mean"] = .number(mean) }
        return ExhibitContent(numbering: .figure, parts: parts, values: values)
    }

    static func share(_ part: Int?, of whole: Int) -> Double { Double(part ?? 0) / Double(max(1, whole)) }
}
