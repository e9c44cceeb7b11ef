import Chapters
import Diagnostics
import Execution
import Faces
import Pages
import Tensors

/// Vectors of any other model, which `evaluate` takes in the place of a network's.
enum Vectors: ReportDirective {
    static let kind = "vectors"
    static let version = 1
    static let summary = """
        Takes the vectors of any other model: `.npy` rows and a list of the photographs that they describe, as `likeness embed` \
        and a few lines of Python write them. An `evaluate` that names them measures that model as it does its own networks.
        """

    static let data = Option.reference(
        "data", to: [Preprocess.kind, DescribeDataset.kind],
        "What is described: every face of a `preprocess`, or photographs of a `dataset`.")
    static let file = Option.text(
        "file",
        """
        The `.npy` file beside the chapter, or else below the data folder: float16, float32 or float64, a row for each \
        photograph.
        """)
    static let paths = Option.text(
        "paths",
        """
        The list of photographs, found in the same way: a path a line, in the order of the rows, relative to the dataset's \
        folder or with folders before that; by default a file of the same name that ends in `.txt`.
        """
    ).optional
    static let name = Option.text("name", "What the model is called.")
    static let dimensions = Option.integer(
        "dimensions", in: 1...100_000, "How many numbers a vector has to have; any number without it."
    ).optional

    static let isHeavy = false

    static let options = Declarations(data, file, paths, name, dimensions)

    private static let vectors = Artifact<Matrix>.npy("vectors.npy")
    private static let described = Artifact<Described>.json("vectors.json")

    /// What the rows are.
    private struct Described: Codable {
        var name: String
        var dataset: String
        /// Of the photographs, relative to the dataset's folder, a row each.
        var paths: [String]
        /// Of the faces or photographs that `data` names, those with a vector, and all.
        var covered: Int
        var all: Int
        /// Lengths of the vectors.
        var shortest: Double
        var longest: Double
    }

    static func step(for options: Options, in context: inout PlanningContext) -> StepWork {
        let vectorsPath = filePlace(options[file], at: options.range(of: file), in: &context)
        let list = options[paths] ?? listName(beside: options[file])
        let listPath = filePlace(list, at: options.range(of: paths) ?? options.range(of: file), in: &context)
        let dataset = dataset(of: options, in: context) ?? ""
        let isWhole = context.options(of: options[data], as: DescribeDataset.self) != nil
        let folder = "\(context.data)/\(dataset)"
        return StepWork(
            data: [("vectors", vectorsPath), ("paths", listPath)] + (isWhole ? [("dataset", folder)] : [])
        ) { step in
            let photographs =
                isWhole
                ? try DescribedPhotographs(Dataset(contentsOf: folder), name: dataset)
                : try DescribedPhotographs(step[data][Preprocess.faces], of: step[data].id)
            let found = try VectorsFile(
                vectorsPath, list: listPath, describing: photographs, dimensions: options[dimensions])
            let lengths = (0..<found.matrix.rows).map { row in
                found.matrix.row(row).reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
            }
            var outcome = Outcome()
            try outcome.keep(found.matrix, as: vectors)
            try outcome.keep(
                Described(
                    name: options[name], dataset: dataset, paths: found.paths, covered: found.covered,
                    all: photographs.wanted.count, shortest: lengths.min() ?? 0, longest: lengths.max() ?? 0),
                as: described)
            return outcome
        }
    }

    /// `arcface.txt` of `arcface.npy`.
    private static func listName(beside file: String) -> String {
        (file.hasSuffix(".npy") ? String(file.dropLast(4)) : file) + ".txt"
    }

    /// The dataset whose photographs are described; nil where that is not known.
    static func dataset(of options: Options, in context: PlanningContext) -> String? {
        context.options(of: options[data], as: Preprocess.self)?[Preprocess.dataset]
            ?? context.options(of: options[data], as: DescribeDataset.self)?[DescribeDataset.dataset]
    }

    /// What a result holds, to be looked up.
    static func given(by result: StepResult) throws -> GivenVectors {
        let described = try result[described]
        return GivenVectors(name: described.name, paths: described.paths, vectors: try result[vectors])
    }

    static func promise(for options: Options) -> Promise {
        Promise(
            numbering: .table, values: ["vectors", "dimensions", "covered", "shortest", "longest"], texts: ["model"])
    }

    static func show(_ result: StepResult, options: Options) throws -> ExhibitContent {
        let (described, columns) = (try result[described], try result[vectors].columns)
        let all = described.all
        let table = Table(
            columns: [.init("of these vectors"), .init("number")],
            rows: [
                [.text("vectors"), .count(described.paths.count)],
                [.text("numbers in each"), .count(columns)],
                [.text("described, of \(Numeral.count(all)) that are asked for"), .count(described.covered)],
                [.text("length of the shortest"), .number(described.shortest, digits: 3)],
                [.text("length of the longest"), .number(described.longest, digits: 3)],
            ],
            notes: [
                """
                Vectors of \(described.name.verbatim), of photographs of \(described.dataset.verbatim), are taken as they were \
                given; nothing here computed them.
                """
            ])
        return ExhibitContent(
            numbering: .table, parts: [.table(table)],
            values: [
                "vectors": .count(described.paths.count), "dimensions": .count(columns),
                "covered": .count(described.covered), "shortest": .number(described.shortest),
                "longest": .number(described.longest), "model": .text(described.name.verbatim),
            ])
    }
}
