import Chapters
import Diagnostics
import Execution
import Faces
import Files
import Foundation
import Imaging
import Pages
import Tensors

/// Photographs → faces, a split by identity, and triplets.
enum Preprocess: ReportDirective {
    static let kind = "preprocess"
    static let version = 10
    static let summary = """
        Finds the one face in every photograph with a Haar cascade, crops it, drops who has fewer than two faces, \
        splits people into training and test, and draws triplets.
        """

    static let dataset = Option.text(
        "dataset", "A folder below the data folder: one folder per person, or CelebA's layout.")
    static let cascade = Option.text(
        "cascade", default: "haarcascade_frontalface_default", "One of OpenCV's stock cascades, by name.")
    static let scaleFactor = Option.number(
        "scale_factor", in: 1.01...2, default: 1.12, "How much the window grows between two scans of the image.")
    static let minNeighbors = Option.integer(
        "min_neighbors", in: 0...100, default: 9, "How many overlapping hits make a face.")
    static let minSize = Option.integer(
        "min_size", in: 0...10_000, default: 0, unit: "pixels",
        "The smallest face that is looked for; where no window of that size fits, the largest that does is taken, as OpenCV does."
    )
    static let retry = Option.number(
        "retry", in: 0...0.5, default: 0.1,
        "Where not exactly one face is found, the scale factor of the second try is lower (none) or higher (several) by this; 0 for no second try."
    )
    static let marginTop = Option.integer(
        "margin_top", in: 0...1000, default: 30, unit: "pixels", "Added above the box where the image reaches that far."
    )
    static let marginBottom = Option.integer(
        "margin_bottom", in: 0...1000, default: 10, unit: "pixels", "Added below the box, likewise.")
    static let marginSide = Option.integer(
        "margin_side", in: 0...1000, default: 5, unit: "pixels", "Added left and right of the box, likewise.")
    static let cropSize = Option.integer(
        "crop_size", in: 0...1024, default: 0, unit: "pixels",
        "Side of the square that every face is resized to; 0 leaves it as it was cut.")
    static let test = Option.number("test", in: 0.05...0.95, default: 0.2, "Share of the people kept for testing.")
    static let queries = Option.integer(
        "queries", in: 1...100, default: 1, "Query images per test person; the others are gallery.")
    static let seed = Option.integer("seed", in: 0...Int.max, default: 0, "Decides split, queries and negatives.")
    static let examples = Option.integer(
        "examples", in: 0...sampleCount, default: 6, "How many detections the page shows.", role: .presentation)

    static let options = Declarations(
        dataset, cascade, scaleFactor, minNeighbors, minSize, retry, marginTop, marginBottom, marginSide, cropSize,
        test,
        queries, seed, examples)

    static let faces = Artifact<FaceSet>.faceSet("faces.json")
    private static let samples = Artifact<[Sample]>.json("samples.json")
    private static func detection(_ number: Int) -> Artifact<Image> { .png("detection-\(number).png") }

    /// How many detections are kept for the page to choose from.
    static let sampleCount = 12

    private static func workload(of options: Options, _ folder: String) -> Workload {
        var work = Workload.once(kind)
        let name = "\(options[dataset]), \(options[cascade]) at \(options[scaleFactor])"
        work.add(
            Double(photographCount(below: folder)), .photograph(of: folder, Detection(options), named: name))
        return work
    }

    /// About how many faces its photographs will yield, of people who learn and of others.
    static func expectedFaces(_ options: Options?, data: String) -> ExpectedFaces {
        guard let options else { return ExpectedFaces(learning: 0, tested: 0, queries: 0) }
        let all = Double(photographCount(below: "\(data)/\(options[dataset])"))
        let tested = all * options[test]
        // Twenty of a person, as in CelebA.
        return ExpectedFaces(
            learning: all - tested, tested: tested, queries: tested * min(0.5, Double(options[queries]) / 20))
    }

    /// About how many faces a preprocessing will yield.
    struct ExpectedFaces {
        /// Of people who learn.
        var learning: Double
        /// Of the others, queries among them.
        var tested: Double
        var queries: Double

        /// Whom an evaluation calibrates on: as many as are tested, or several times a few (`FaceSet.calibrationFaces`).
        var calibrating: Double {
            guard tested > 0 else { return 0 }
            return min(learning, max(1, min(learning / tested, (800 / tested).rounded(.up))) * tested + learning / 20)
        }

        /// Which components are fitted to.
        var fitting: Double { min(learning, Double(FaceEmbedder.mostFittingFaces)) }
    }

    static func step(for options: Options, in context: inout PlanningContext) -> StepWork {
        let name = options[dataset]
        let folder = datasetFolder(name, at: options.range(of: dataset), in: &context)
        let cascadePath = "\(cascadeFolder)/\(options[cascade]).xml"
        reportMissing(cascade: cascadePath, for: options, in: &context)
        return StepWork(
            data: [("dataset", folder), ("cascade", cascadePath)], workload: workload(of: options, folder)
        ) { step in
            let detection = Detection(options)
            let finder = try detection.finder()
            let found = try Dataset(contentsOf: folder)
            let preprocessing = Preprocessing(
                detection: finder.detection, testShare: options[test], queriesPerIdentity: options[queries],
                seed: UInt64(options[seed]), cropSize: finder.cropSize)
            let job = { Examining(detection, found, data: try ["dataset", "cascade"].map(step.fingerprint)) }
            let faces = try step.ranks.together(job()) { ranks in
                try preprocessing.run(
                    found, name: name, journal: step.scratch + "/outcomes", ranks: ranks, check: step.checkInterruption
                ) { done in
                    try step.checkInterruption()
                    step.progress(StepProgress(done: done, total: found.photographs.count, unit: "images"))
                }
            }
            let most = Dictionary(faces.queries.map { (faces.faces[$0].identity, 1) }, uniquingKeysWith: +).values.max()
            let short = most.flatMap { most in
                most < options[queries]
                    ? "queries is \(options[queries]), but nobody has more than \(most) beside one for the gallery"
                    : nil
            }
            var outcome = Outcome(warnings: found.warnings + faces.warnings + [short].compactMap(\.self))
            try outcome.keep(faces, as: Self.faces)
            try keepSamples(of: faces, in: &outcome, step.checkInterruption)
            try RejectedPhotographs.keep(faces, found, finder.detection, in: &outcome, step.checkInterruption)
            try RejectedAttributes.keep(faces.report, found, in: &outcome)
            return outcome
        }
    }

    /// Tells when the cascade is not there, at the option that names it.
    static func reportMissing(cascade path: String, for options: Options, in context: inout PlanningContext) {
        let name = options[cascade]
        if name.utf8.contains(0) || name.contains("/") {
            context.report(
                .error(
                    "missing-cascade",
                    "'\(name)' is no cascade of opencv-data; name one, such as 'haarcascade_frontalface_alt'",
                    at: options.range(of: cascade)))
        } else if !Files.exists(path) {
            context.report(
                .error(
                    "missing-cascade", "\(path) is not there; install opencv-data, or name another cascade",
                    at: options.range(of: cascade)))
        }
    }

    static func promise(for options: Options) -> Promise {
        Promise(
            numbering: .table,
            values: FaceSet.PreprocessingReport.Reason.allCases.map { "dropped.\($0.rawValue)" } + [
                "found", "kept", "dropped", "train", "queries", "gallery", "triplets", "train.people", "test.people",
                "kept.share",
            ] + RejectedAttributes.names, texts: RejectedAttributes.texts)
    }

    static func show(_ result: StepResult, options: Options) throws -> ExhibitContent {
        let faces = try result[faces]
        let report = faces.report
        var rows: [[Table.Cell]] = [[.text("images found"), .count(report.found), .text("")]]
        for drop in report.dropped {
            rows.append([
                .text("− \(Phrase(key: drop.reason.inWords))"), .count(drop.count),
                .text(drop.examples.joined(separator: ", ").verbatim),
            ])
        }
        rows.append([.text("kept"), .count(report.kept), .text("exactly one face, at least two of its person")])
        let total = rows.count - 1
        let people = { (indices: [Int]) in Set(indices.map { faces.faces[$0].identity }).count }
        rows.append([.text("training"), .count(faces.train.count), .text("\(people(faces.train)) people")])
        rows.append([.text("queries"), .count(faces.queries.count), .text("\(people(faces.queries)) other people")])
        rows.append([.text("gallery"), .count(faces.gallery.count), .text("the same \(people(faces.gallery)) people")])
        rows.append([.text("triplets"), .count(faces.triplets.count), .text("from training faces")])
        let table = Table(
            columns: [.init("step"), .init("images"), .init("which")], rows: rows, summaryRows: [0, total])

        let samples = try result[samples]
        var parts: [Exhibit.Part] = [.table(table)] + (try RejectedAttributes.parts(of: result))
        let shown = samples.prefix(options[examples])
        if !shown.isEmpty {
            parts.append(
                .gallery(
                    Gallery(groups: [
                        .init(
                            title: "Detections: the box that the cascade found",
                            items: try shown.map { try item($0, result) })
                    ])))
        }
        if let rejected = try RejectedPhotographs.gallery(of: result) { parts.append(.gallery(rejected)) }
        var values = try RejectedAttributes.values(of: result, report)
        for reason in FaceSet.PreprocessingReport.Reason.allCases {
            values["dropped.\(reason.rawValue)"] = .count(report[reason].count)
        }
        return ExhibitContent(
            numbering: .table, parts: parts,
            values: values.merging([
                "found": .count(report.found), "kept": .count(report.kept),
                "dropped": .count(report.found - report.kept), "train": .count(faces.train.count),
                "queries": .count(faces.queries.count), "gallery": .count(faces.gallery.count),
                "triplets": .count(faces.triplets.count), "train.people": .count(people(faces.train)),
                "test.people": .count(people(faces.queries)),
                "kept.share": .number(Double(report.kept) / Double(max(1, report.found))),
            ]) { _, own in own })
    }

    /// `Data: orl, 400 photographs of 40 people, 342 kept`.
    static func source(of result: StepResult) throws -> String? {
        let faces = try result[faces]
        let (found, kept) = (Numeral.count(faces.report.found), Numeral.count(faces.report.kept))
        let source: Phrase = "Data: \(faces.dataset), \(found) photographs, \(kept) kept after preprocessing."
        return source.text
    }

    /// A whole photograph with its box.
    private struct Sample: Codable {
        var file: Artifact<Image>
        var title: String
        var box: Rectangle
    }

    private static func item(_ sample: Sample, _ result: StepResult) throws -> Gallery.Item {
        Gallery.Item(
            picture: try result.picture(sample.file, sample.title.verbatim), title: sample.title.verbatim,
            boxes: [sample.box])
    }

    /// Detections spread over the dataset.
    private static func keepSamples(of faces: FaceSet, in outcome: inout Outcome, _ check: Check) throws {
        var samples: [Sample] = []
        let step = max(1, faces.faces.count / sampleCount)
        for (number, index) in stride(from: 0, to: faces.faces.count, by: step).prefix(sampleCount).enumerated() {
            try check()
            let face = faces.faces[index]
            let file = detection(number)
            let photograph = try faces.photograph(of: index)
            try outcome.keep(photograph.fitting(Image.pageSide), as: file)
            let box = photograph.place(face.box, fitting: Image.pageSide)
            samples.append(Sample(file: file, title: face.path, box: box))
        }
        try outcome.keep(samples, as: Self.samples)
    }
}
