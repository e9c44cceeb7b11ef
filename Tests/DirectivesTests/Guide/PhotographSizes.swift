import Chapters
import Directives
import Execution
import Faces
import Pages

/// How large the photographs of a dataset are.
enum PhotographSizes: ReportDirective {
    static let kind = "photograph-sizes"
    static let version = 1
    static let summary = "Shows how large the photographs of a dataset are, by the shorter side of each."
    static let isHeavy = false

    static let dataset = Option.text("dataset", "A folder below the data folder.")
    static let small = Option.integer(
        "small", in: 1...10_000, default: 200, unit: "pixels", "Below which side a photograph is counted as small.",
        role: .presentation)

    static let options = Declarations(dataset, small)

    /// The shorter side of every photograph that can be read, the smallest first.
    private static let sides = Artifact<[Int]>.json("sides.json")

    static func step(for options: Options, in context: inout PlanningContext) -> StepWork {
        let folder = datasetFolder(options[dataset], at: options.range(of: dataset), in: &context)
        return StepWork(data: [("dataset", folder)]) { step in
            let found = try Dataset(contentsOf: folder)
            let source = try found.source()
            var lengths: [Int] = []
            for (number, photograph) in found.photographs.enumerated() {
                try step.checkInterruption()
                step.progress(StepProgress(done: number, total: found.photographs.count, unit: "images"))
                guard let side = try? source.using(photograph, as: .gray, { min($0.width, $0.height) }) else {
                    continue
                }
                lengths.append(side)
            }
            guard !lengths.isEmpty else {
                throw OptionProblem(
                    dataset, "no-photographs",
                    "none of the \(found.photographs.count) photographs of '\(options[dataset])' can be read; look at "
                        + "them with another program")
            }
            var outcome = Outcome()
            try outcome.keep(lengths.sorted(), as: sides)
            return outcome
        }
    }

    static func promise(for options: Options) -> Promise {
        Promise(numbering: .table, values: ["photographs", "small", "smallest", "median", "largest"])
    }

    static func show(_ result: StepResult, options: Options) throws -> ExhibitContent {
        let sides = try result[sides]
        let counts = [
            "photographs": sides.count, "small": sides.count { $0 < options[small] }, "smallest": sides[0],
            "median": sides[sides.count / 2], "largest": sides[sides.count - 1],
        ]
        let names = ["smallest", "median", "largest"]
        let table = Table(
            columns: [.init("photograph"), .init("shorter side, pixels")],
            rows: names.map { [.text(Phrase(key: $0)), .count(counts[$0] ?? 0)] })
        return ExhibitContent(
            numbering: .table, parts: [.table(table)], values: counts.mapValues { Quotable.count($0) })
    }
}
