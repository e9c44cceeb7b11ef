import Chapters
import Diagnostics
import Execution
import Faces
import Foundation
import Imaging
import Pages
import Tensors

/// A dataset as it is on disk, before anything is done with it.
enum DescribeDataset: ReportDirective {
    static let kind = "dataset"
    static let version = 4
    static let summary = """
        Shows a dataset: how many photographs, people and annotations it has, photographs per person, how frequent its \
        attributes are and how they go together, and samples. The list of true identities that `likeness synthesize` \
        writes is no part of it.
        """

    /// What the page may show; several directives may show parts of one dataset as figures of their own.
    enum Part: String, CaseIterable, Sendable, CanonicalConvertible {
        case counts, sizes, samples, frequencies, correlations, attributes, people
    }

    static let dataset = Option.text(
        "dataset", "A folder below the data folder: one folder per person, LFW, or CelebA's layout.")
    static let parts = Option<[Part]>.list(
        of: .choice("show", "What to show, in this order.", role: .presentation), default: Part.allCases)
    static let samples = Option.integer("samples", in: 1...48, default: 12, "Photographs in the sample.")
    static let people = Option.integer(
        "people", in: 1...12, default: 4, "People of whom several photographs are shown.")
    static let attributes = Option<[String]>.list(
        of: .text("attributes", "Attributes of which examples are shown, where the dataset has them."),
        default: ["Smiling", "Gray_Hair", "Mustache", "Eyeglasses", "Attractive", "Wearing_Hat"])
    static let seed = Option.integer("seed", in: 0...Int.max, default: 0, "Which photographs are drawn.")

    static let isHeavy = false

    static let options = Declarations(dataset, parts, samples, people, attributes, seed)

    private static let described = Artifact<DatasetSummary>.json("dataset.json")

    static func step(for options: Options, in context: inout PlanningContext) -> StepWork {
        let name = options[dataset]
        let folder = datasetFolder(name, at: options.range(of: dataset), in: &context)
        // A list of names needs no result; whatever else is wrong with it is told by the step that reads it.
        if let range = options.range(of: attributes), let known = Dataset.attributeNames(in: folder),
            let unknown = options[attributes].first(where: { !known.contains($0) })
        {
            context.report(
                .error(
                    "unknown-attribute",
                    "'\(name)' has no attribute '\(unknown)'\(suggestion(for: unknown, among: known))", at: range))
        }
        return StepWork(data: [("dataset", folder)]) { step in
            let found = try Dataset(contentsOf: folder)
            try step.checkInterruption()
            let wanted = options[attributes]
            if let unknown = wanted.first(where: { !found.attributeNames.contains($0) }), !found.attributeNames.isEmpty,
                options.range(of: attributes) != nil
            {
                throw OptionProblem(
                    attributes, "unknown-attribute",
                    "'\(name)' has no attribute '\(unknown)'\(suggestion(for: unknown, among: found.attributeNames))"
                )
            }
            var draw = try SampleDrawing(found, seed: UInt64(options[seed]), check: step.checkInterruption)
            try draw.sample(options[samples])
            try draw.people(options[people])
            try draw.attributes(wanted)
            let summary = DatasetSummary(
                name: name, form: found.form, archive: found.archive, unannotated: found.unannotated.count,
                lists: found.lists, pairs: found.pairs.count, statistics: DatasetStatistics(found),
                pictures: draw.pictures)
            var outcome = draw.outcome
            outcome.warnings = found.warnings
            try outcome.keep(summary, as: described)
            return outcome
        }
    }

    static func promise(for options: Options) -> Promise {
        Promise(
            numbering: options[parts] == [.counts] ? .table : .figure,
            values: [
                "photographs", "people", "attributes", "unannotated", "least", "most", "mean", "single", "pairs",
                "share.*",
            ],
            texts: ["name"])
    }

    static func show(_ result: StepResult, options: Options) throws -> ExhibitContent {
        let summary = try result[described]
        let view = DatasetView(summary: summary, result: result)
        let wanted = options[parts]
        var parts = try wanted.flatMap { try view.parts($0) }
        if parts.isEmpty { parts = [.note(view.absence)] }
        return ExhibitContent(numbering: wanted == [.counts] ? .table : .figure, parts: parts, values: view.values)
    }
}
