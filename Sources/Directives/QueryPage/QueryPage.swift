import Chapters
import Diagnostics
import Execution
import Faces
import Foundation
import Imaging
import Pages
import Retrieval
import Tensors

/// Evaluations that a reader can ask, in the page: with the gallery's own faces, and with photographs where the page is
/// served.
enum QueryPage: ReportDirective {
    static let kind = "query"
    static let version = 1
    static let summary = """
        Lets the reader ask evaluations for the faces most like another one: the gallery's own, answered by the page \
        itself, or any photograph where `likeness preview` serves the page.
        """

    static let evaluations = Option.list(
        of: .reference(
            "of", to: Evaluate.self, "The evaluations that can be asked, which have to share their `preprocess`."),
        count: 1...8)
    static let k = Option.integer(
        "k", in: 1...100, default: 9, "How many answers are shown at first.", role: .presentation)

    static let isHeavy = false

    static let options = Declarations(evaluations, k)

    private static let carried = Artifact<CarriedGallery>.json("gallery.json")
    private static let sheet = Artifact<[UInt8]>("faces.jpg", write: { $0 }, read: { bytes, _ in bytes })
    private static func vectors(_ number: Int) -> Artifact<[UInt8]> {
        Artifact("vectors-\(number).int16", write: { $0 }, read: { bytes, _ in bytes })
    }

    /// Faces that a page carries, at most: with three evaluations some 4 MB.
    private static let mostFaces = 2000
    /// Of all vectors that a page carries, before they are written as text. 1,300 faces of three evaluations keep 205
    /// numbers each, and embeddings have 128.
    private static let vectorBytes = 1_600_000
    /// Ranks over which the page's answers are compared with the exact ones.
    private static let comparedRanks = 10
    /// Queries, and ranks of each, that a page without a script shows.
    private static let (exampleQueries, exampleRanks) = (2, 8)

    static func step(for options: Options, in context: inout PlanningContext) -> StepWork {
        let data = context.use(Evaluate.data, of: evaluations)
        check(options, in: &context)
        let given = Set(
            options[evaluations].filter { context.options(of: $0, as: Evaluate.self)?[Evaluate.vectors] != nil }.map(
                \.id))
        let ids = options[evaluations].map(\.id)
        return StepWork(facts: [("ids", ids.joined(separator: " "))], workload: .once(kind, seconds: 4)) { step in
            let evaluations = step[evaluations]
            let faces = try step[data][Preprocess.faces]
            let rows = faces.galleryRows(atMost: mostFaces)
            let galleries = try evaluations.map { try gallery(of: $0, rows, faces) }
            let limit = CodedVectors.columns(
                fitting: vectorBytes, rows: rows.count, of: galleries.map(\.columns))
            var outcome = Outcome()
            var last: CodedVectors?
            var carried = CarriedGallery(faces, rows: rows)
            for (number, (result, gallery)) in zip(evaluations, galleries).enumerated() {
                let id = ids[number]
                let coded = CodedVectors(gallery, mostColumns: limit)
                let evaluation = try result[Evaluate.evaluation]
                carried.evaluations.append(
                    CarriedGallery.Evaluation(
                        id: id, describer: evaluation.describer, dimensions: gallery.columns,
                        columns: coded.columns, scale: coded.scale,
                        threshold: evaluation.quality.openSet?.threshold,
                        agreement: try coded.agreement(
                            with: gallery, ranks: comparedRanks, check: step.checkInterruption),
                        isGiven: given.contains(id) ? true : nil))
                try outcome.keep(coded.bytes, as: vectors(number))
                last = coded
            }
            if let last { carried.examples = examples(last) }
            for row in carried.examples.flatMap({ [$0.query] + $0.hits.map(\.face) }) {
                _ = try outcome.keepFace(faces.gallery[rows[row]], of: faces)
            }
            let picture = try carried.sheet.jpeg(rows.count) { row in
                try step.checkInterruption()
                step.progress(StepProgress(done: row, total: rows.count, unit: "faces"))
                return try faces.image(of: faces.gallery[rows[row]])
            }
            try outcome.keep(picture, as: sheet)
            try outcome.keep(carried, as: self.carried)
            return outcome
        }
    }

    /// What can be known before there are evaluations.
    private static func check(_ options: Options, in context: inout PlanningContext) {
        var data: (id: String, evaluation: String)?
        var seen: Set<String> = []
        for reference in options.references where reference.name == evaluations.name {
            if !seen.insert(reference.id).inserted {
                context.report(
                    .error("named-twice", "'\(reference.id)' is named twice; name it once", at: reference.range))
            }
            guard let evaluation = context.options(of: DirectiveID(reference.id), as: Evaluate.self) else { continue }
            if evaluation[Evaluate.vectors] != nil {
                context.report(
                    Diagnostic(
                        .note, "given-vectors",
                        "'\(reference.id)' answers about photographs of its dataset alone: its vectors were given, and nothing "
                            + "here makes one of a photograph that a reader brings", at: reference.range))
            }
            let own = evaluation[Evaluate.data].id
            if let first = data, first.id != own {
                context.report(
                    .error(
                        "other-faces",
                        "'\(reference.id)' is made of '\(own)', and '\(first.evaluation)' of '\(first.id)'; one photograph "
                            + "can be asked about where both have the same 'data'", at: reference.range))
            }
            data = data ?? (own, reference.id)
        }
    }

    /// The vectors of the faces that the page carries.
    private static func gallery(of result: StepResult, _ rows: [Int], _ faces: FaceSet) throws -> Matrix {
        let all = try result[Evaluate.gallery]
        guard all.rows == faces.gallery.count, !rows.isEmpty else {
            throw OptionProblem(
                evaluations, "other-faces", "'\(result.id)' was made of another gallery; build it anew")
        }
        return Matrix(rows: rows.count, columns: all.columns, values: rows.flatMap { all.row($0) })
    }

    /// Queries at even distances, with what the page's own search finds for them.
    private static func examples(_ vectors: CodedVectors) -> [CarriedGallery.Example] {
        let count = min(exampleQueries, vectors.rows)
        return (0..<count).map { number in
            let row = (2 * number + 1) * vectors.rows / (2 * count)
            return CarriedGallery.Example(
                query: row,
                hits: vectors.nearest(exampleRanks, toRow: row).map {
                    .init(face: $0.row, distance: vectors.scale * Double($0.squaredDistance).squareRoot())
                })
        }
    }

    static func promise(for options: Options) -> Promise {
        Promise(
            numbering: .figure,
            values: ["faces", "gallery", "people", "agreement"] + options[evaluations].map { "\($0.id).agreement" })
    }

    static func show(_ result: StepResult, options: Options) throws -> ExhibitContent {
        let carried = try result[carried]
        func face(_ row: Int) throws -> RetrievalGrid.Face {
            let (number, identity) = (carried.faces[row].number, carried.people[carried.faces[row].person])
            return .init(picture: try result.picture(.face(number), "Face of \(identity)"), identity: identity)
        }
        let examples = try carried.examples.map { example in
            RetrievalGrid.Row(
                query: try face(example.query),
                hits: try example.hits.enumerated().map { rank, hit in
                    RetrievalGrid.Hit(
                        rank: rank + 1, face: try face(hit.face), distance: hit.distance,
                        isSamePerson: carried.faces[hit.face].person == carried.faces[example.query].person)
                })
        }
        let explorer = FaceExplorer(
            k: options[k],
            sheet: FaceExplorer.Sheet(
                jpeg: try result[sheet], width: carried.sheet.width, height: carried.sheet.height,
                columns: carried.sheet.columns),
            people: carried.people, attributes: carried.attributes,
            faces: carried.faces.map {
                FaceExplorer.Face(number: $0.number, person: $0.person, path: $0.path, attributes: $0.attributes)
            },
            evaluations: try carried.evaluations.enumerated().map { number, evaluation in
                FaceExplorer.Evaluation(
                    id: evaluation.id, name: Phrase(key: evaluation.describer).text, columns: evaluation.columns,
                    scale: evaluation.scale,
                    threshold: evaluation.threshold, vectors: try result[vectors(number)])
            },
            examples: RetrievalGrid(rows: examples))
        var values: [String: Quotable] = [
            "faces": .count(carried.faces.count), "gallery": .count(carried.gallery),
            "people": .count(carried.people.count),
            "agreement": .number(carried.evaluations.map(\.agreement).min() ?? 1),
        ]
        for evaluation in carried.evaluations { values["\(evaluation.id).agreement"] = .number(evaluation.agreement) }
        return ExhibitContent(
            numbering: .figure, parts: [.faceExplorer(explorer), .note(carried.note(ranks: comparedRanks))],
            values: values)
    }
}
