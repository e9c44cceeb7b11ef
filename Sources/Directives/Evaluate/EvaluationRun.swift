import Dispatch
import Execution
import Faces
import Foundation
import Imaging
import Retrieval
import Tensors

/// One evaluation being made: embed, search, measure.
struct EvaluationRun {
    let faces: FaceSet
    /// Ascending.
    let ks: [Int]
    let leafSize: Int
    let step: StepContext
    /// `LeakCheck`'s sentence.
    var certificate = ""
    /// The network's arithmetic; nil without one.
    var precision: String?
    /// Whether the network stands as its training begins with it.
    var isUntrained = false
    /// From 0, where the same is evaluated several times.
    var number = 0
    /// Who calibrates the open set; nil for all who are not tested.
    var calibrating: Set<String>?
    /// Whether the network was trained on those who calibrate.
    var areCalibratingTrained = false

    struct Found {
        var evaluation: Evaluation
        var ranking: Ranking
        var scores: QueryScores
        var times: EvaluationTimes
        var queries: Matrix
        var gallery: Matrix
    }

    /// Ranks of each query that are kept for pictures.
    private static let keptRanks = 100

    func evaluate(
        _ plain: FaceEmbedder, _ projection: FaceEmbedder.Projection?, isUnit: Bool
    ) throws -> Found {
        let start = now()
        let projected = try projection.map { try fit(plain, $0) } ?? plain
        let describer = isUnit ? projected.ofUnitLength : projected
        let validation = faces.calibrationFaces(of: calibrating)
        let indices = faces.queries + faces.gallery + validation.queries + validation.gallery
        let all = try describe(describer, indices, "embedding")
        let embedded = now()
        var end = 0
        func nextFaces(_ indices: [Int]) -> LabelledVectors {
            end += indices.count
            return labelled(all.rows(end - indices.count..<end), indices)
        }
        let (queries, gallery) = (nextFaces(faces.queries), nextFaces(faces.gallery))
        let measured = try RetrievalMeasurement(
            of: queries, in: gallery,
            calibration: (nextFaces(validation.queries), nextFaces(validation.gallery)),
            RetrievalMeasurement.Options(
                ks: ks, leafSize: leafSize, attributeNames: faces.attributeNames,
                rankMeasures: Metric.ranked.compactMap(\.measure), queryMeasures: Metric.whole.compactMap(\.measure)),
            check: step.checkInterruption)
        return Found(
            evaluation: Evaluation(
                describer: isUntrained ? "\(describer.name), untrained" : describer.name, dataset: faces.dataset,
                photographs: faces.report.found,
                isDrawn: faces.folder.map { TrueIdentities.path(below: $0) != nil } ?? false,
                certificate: certificate, precision: precision, areCalibratingTrained: areCalibratingTrained,
                quality: measured.quality),
            ranking: Ranking(
                measured.retrieval, queries: faces.queries, gallery: faces.gallery, of: faces, atMost: Self.keptRanks),
            scores: measured.scores,
            times: EvaluationTimes(
                embedding: embedded - start, build: measured.times.build, queries: measured.times.queries,
                measuring: now() - embedded, threads: Threads.count),
            queries: queries.vectors, gallery: gallery.vectors)
    }

    private func describe(_ describer: FaceEmbedder, _ indices: [Int], _ part: String) throws -> Matrix {
        if case .given(let vectors) = describer { return vectors.vectors(of: indices, in: faces) }
        return try describer.describe(
            indices, of: faces, in: step, part: part,
            journal: RowJournal(path: "\(step.scratch)/\(part)\(number == 0 ? "" : "-\(number + 1)").rows"))
    }

    private func fit(_ describer: FaceEmbedder, _ projection: FaceEmbedder.Projection) throws -> FaceEmbedder {
        let vectors = try describe(describer, FaceEmbedder.fittingFaces(of: faces), "fitting")
        guard let fitted = describer.projected(projection, fittedTo: vectors) else {
            throw OptionProblem(Evaluate.data, "nothing-to-fit", "the training faces are all alike")
        }
        return fitted
    }

    private func labelled(_ vectors: Matrix, _ indices: [Int]) -> LabelledVectors {
        LabelledVectors(
            vectors, people: indices.map { faces.faces[$0].identity },
            attributes: indices.map { faces.faces[$0].attributes })
    }
}

extension Ranking {
    /// The first ranks of a retrieval, whose images are these faces.
    fileprivate init(
        _ retrieval: RankedRetrieval, queries: [Int], gallery: [Int], of faces: FaceSet, atMost limit: Int
    ) {
        let (found, full) = (retrieval.found, retrieval.full)
        self.queries = queries
        photographs = queries.map { faces.faces[$0].path }
        people = queries.map { faces.faces[$0].identity }
        depth = min(found.k, limit)
        ranks = queries.indices.map { found.indices(of: $0).prefix(limit).map { gallery[$0] } }
        distances = queries.indices.map { found[$0].prefix(limit).map { Double($0.squaredDistance).squareRoot() } }
        nearestOwn = full.nearestOwn.map { Double(min($0, .greatestFiniteMagnitude)).squareRoot() }
        nearestStrangers = full.nearestStrangers.map { Double(min($0, .greatestFiniteMagnitude)).squareRoot() }
    }
}

func now() -> Double { Double(DispatchTime.now().uptimeNanoseconds) / 1e9 }
