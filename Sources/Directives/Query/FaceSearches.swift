import Diagnostics
import Execution
import Faces
import Files
import Foundation
import Imaging
import Synchronization

/// The evaluations of a book that can be asked for similar faces, each loaded when it is first asked and shared from
/// then on.
///
/// Safe to use from several threads. What a build makes meanwhile is seen: an evaluation with a later result is
/// loaded again.
package final class FaceSearches: Sendable {
    private let project: Project
    private let loaded = Mutex<[String: LoadedSearch]>([:])
    /// Sets of faces by the key of their result: evaluations share them.
    private let faceSets = Mutex<[Digest: FaceSet]>([:])
    /// Held while something is loaded, so that nothing is loaded twice.
    private let loading = NSLock()

    package init(_ project: Project) { self.project = project }

    /// What can be asked, in the order of the text, and what cannot and why.
    package func list() throws -> [EvaluationFacts] {
        loading.lock()
        defer { loading.unlock() }
        let book = try AskableBook(project, id: nil)
        return try book.evaluations.map { step in
            switch try book.state(of: step) {
            case .missing(let problem): EvaluationFacts(id: step.id, problem: problem)
            case .ready(let results, let remark):
                try EvaluationFacts(
                    id: step.id, remark, try results.evaluation[Evaluate.evaluation], faces(of: results))
            }
        }
    }

    /// One evaluation, ready to be asked.
    ///
    /// - Throws: `QueryRefusal` where there is none of that id, or none that is computed; errors of the store and of
    ///   files.
    package func search(_ id: String) throws -> LoadedSearch {
        if let known = current(id) { return known }
        loading.lock()
        defer { loading.unlock() }
        if let known = current(id) { return known }
        let book = try AskableBook(project, id: id)
        guard let step = book.evaluations.first(where: { $0.id == id }) else {
            throw QueryRefusal(.unknown, Self.unknown(id, among: book.evaluations.map(\.id)))
        }
        // Asked for first: what is computed meanwhile is then loaded with the next query.
        let latest = project.store.latest(id)?.key
        switch try book.state(of: step) {
        case .missing(let problem): throw QueryRefusal(.notReady, problem)
        case .ready(let results, let remark):
            var search = try load(step, results, remark)
            search.latest = latest
            loaded.withLock { $0[id] = search }
            return search
        }
    }

    /// Loads the evaluations that the book offers to its readers and that answer without being fitted first, and lets
    /// each network see a face, so that nobody waits for that later.
    ///
    /// What cannot be loaded is left for who asks for it.
    package func prepare() {
        guard let book = try? AskableBook(project, id: nil) else { return }
        let face = Image(width: 64, height: 64, channels: 1, pixels: [UInt8](repeating: 128, count: 64 * 64))
        for step in book.offered
        where Evaluate.Source(options: step.options, data: project.data).projection == nil {
            _ = try? search(step.id).search.vector(of: face)
        }
    }

    /// Ids of what is loaded.
    package var loadedIDs: Set<String> { loaded.withLock { Set($0.keys) } }

    /// What is loaded, as long as nothing has been computed since.
    private func current(_ id: String) -> LoadedSearch? {
        guard let known = loaded.withLock({ $0[id] }), project.store.latest(id)?.key == known.latest else { return nil }
        return known
    }

    private static func unknown(_ id: String, among known: [String]) -> String {
        guard !known.isEmpty else { return "no evaluation has the id '\(id)': the chapters have no 'evaluate' at all" }
        let hint = suggestion(for: id, among: known)
        return "no evaluation has the id '\(id)'\(hint.isEmpty ? "; there" : "\(hint) There") are "
            + known.joined(separator: ", ")
    }
}

extension FaceSearches {
    private func load(
        _ step: PlannedStep, _ results: AskableBook.Results, _ remark: String?
    ) throws -> LoadedSearch {
        let options = step.options
        let faces = try self.faces(of: results)
        let evaluation = try results.evaluation[Evaluate.evaluation]
        let vectors = try results.evaluation[Evaluate.gallery]
        guard vectors.rows == faces.gallery.count, vectors.rows > 0 else {
            throw QueryRefusal(.notReady, "evaluation '\(step.id)' and its faces do not belong together; build it anew")
        }
        guard !options[Evaluate.untrained] else {
            throw QueryRefusal(
                .notReady,
                "evaluation '\(step.id)' is of a network before its training, which is not kept; ask another one")
        }
        let source = Evaluate.Source(options: options, data: project.data)
        var embedder =
            try results.vectors.map { .given(try Vectors.given(by: $0)) } ?? source.describer(train: results.training)
        if let projection = source.projection {
            let chosen = FaceEmbedder.fittingFaces(of: faces)
            let fitting = try embedder.describe(
                chosen.count, image: { try faces.image(of: chosen[$0]) }, progress: { _ in })
            guard let fitted = embedder.projected(projection, fittedTo: fitting) else {
                throw QueryRefusal(.notReady, "the training faces of '\(step.id)' are all alike")
            }
            embedder = fitted
        }
        if source.isUnit { embedder = embedder.ofUnitLength }
        let detection = Preprocess.Detection(results.preprocessing)
        let search = try FaceSearch(
            faces, vectors: vectors, finder: try detection.finder(), embedder: embedder,
            leafSize: options[Evaluate.leaf], threshold: evaluation.quality.openSet?.threshold)
        return LoadedSearch(
            id: step.id, remark: remark, detection: detection, search: search)
    }

    /// The faces that an evaluation is made of, which know where their photographs are.
    private func faces(of results: AskableBook.Results) throws -> FaceSet {
        if let known = faceSets.withLock({ $0[results.data.key] }) { return known }
        var faces = try results.data[Preprocess.faces]
        faces.folder = "\(project.data)/\(faces.dataset)"
        faceSets.withLock { $0[results.data.key] = faces }
        return faces
    }
}

/// An evaluation that answers.
package struct LoadedSearch: Sendable {
    package let id: String
    /// The directive's last result when it was loaded.
    var latest: Digest?
    /// Where it is not what the chapters ask for now: how it differs.
    package let remark: String?
    fileprivate let detection: Preprocess.Detection
    package let search: FaceSearch

    /// Whether photographs yield the same faces for both.
    package func findsAs(_ other: LoadedSearch) -> Bool { detection == other.detection }
}

/// What a query interface says about an evaluation before it is asked.
package struct EvaluationFacts: Encodable, Sendable {
    package var id: String
    package var isReady: Bool
    /// Why it cannot be asked, and the command that helps.
    package var problem: String?
    /// Where it is not what the chapters ask for now: how it differs.
    package var remark: String?
    /// `MobileNet-V2`.
    package var describer: String?
    package var dataset: String?
    /// Faces that are searched, and people whom they show.
    package var gallery: Int?
    package var people: Int?
    package var dimensions: Int?
    /// Beyond this distance nobody in the gallery is meant.
    package var threshold: Double?
    /// What a filter may ask for.
    package var attributes: [String]?

    init(id: String, problem: String) {
        self.id = id
        isReady = false
        self.problem = problem
    }

    init(id: String, _ remark: String?, _ evaluation: Evaluation, _ faces: FaceSet) {
        self.id = id
        isReady = true
        self.remark = remark
        describer = evaluation.describer
        dataset = evaluation.dataset
        gallery = faces.gallery.count
        people = Set(faces.gallery.map { faces.faces[$0].identity }).count
        dimensions = evaluation.quality.dimensions
        threshold = evaluation.quality.openSet?.threshold
        attributes = faces.attributeNames
    }
}
