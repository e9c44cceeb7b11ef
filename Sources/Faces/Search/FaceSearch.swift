import Files
import Imaging
import Retrieval
import Tensors

/// A gallery that can be asked for the faces most like one in a photograph: what a query interface needs of one
/// evaluation, loaded once.
///
/// Safe to share between threads: everything is read only, and a network works on one face at a time whoever asks.
package final class FaceSearch: Sendable {
    package let finder: FaceFinder
    package let embedder: FaceEmbedder
    /// The set that the gallery is a part of; it reads photographs where it knows its folder.
    package let faces: FaceSet
    /// The distance beyond which nobody in the gallery is meant; nil where none was calibrated.
    package let threshold: Double?
    /// Nodes of the tree.
    package var nodes: Int { tree.nodes.count }
    package var columns: Int { tree.columns }
    /// Faces of the gallery.
    package var count: Int { tree.count }

    private let tree: KDTree
    private let flat: FlatIndex
    /// Of the photographs' bytes, to their face.
    private let known: [Digest: Int]

    package enum Index: String, Sendable, Hashable, CaseIterable { case tree, flat }

    /// - Parameters:
    ///   - vectors: of the gallery, a row for each of `faces.gallery`, as `embedder` describes them.
    ///   - leafSize: vectors in a leaf of the tree.
    /// - Throws: `SearchError` for vectors that cannot be searched.
    package init(
        _ faces: FaceSet, vectors: Matrix, finder: FaceFinder, embedder: FaceEmbedder, leafSize: Int, threshold: Double?
    ) throws {
        precondition(vectors.rows == faces.gallery.count && vectors.rows > 0, "a row for every face of the gallery")
        self.faces = faces
        self.finder = finder
        self.embedder = embedder
        self.threshold = threshold
        tree = try KDTree(vectors, KDTree.Options(leafSize: leafSize))
        flat = try FlatIndex(vectors)
        known = Dictionary(faces.faces.enumerated().map { ($1.digest, $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// The face of the set that a photograph with these bytes shows; nil for all others.
    package func face(ofPhotograph digest: Digest?) -> Int? { digest.flatMap { known[$0] } }

    /// The vector of a face, as the gallery was described. One row.
    ///
    /// - Parameter photograph: the face of the set that it is, where it is one: vectors that were given are looked up.
    /// - Throws: `UnsoundVectors`, `NoVectorGiven`, or what the network's kernels throw.
    package func vector(of face: Image, photograph: Int? = nil) throws -> Matrix {
        if case .given(let vectors) = embedder, let photograph, vectors.missing(of: [photograph], in: faces).isEmpty {
            return vectors.vectors(of: [photograph], in: faces)
        }
        return try embedder.describe(1, image: { _ in face }, progress: { _ in })
    }

    /// How many faces of the gallery a filter leaves. O(gallery).
    package func count(_ filter: AttributeFilter) -> Int {
        filter.isEmpty ? count : faces.gallery.count { filter.admits(faces.faces[$0].attributes) }
    }

    /// The `k` faces of the gallery nearest to a vector that the filter admits, exactly; fewer where there are not so
    /// many.
    ///
    /// With a filter, more and more of the nearest are looked through until enough of them are admitted: their order
    /// is that of the whole gallery. k ≥ 1.
    ///
    /// - Throws: `SearchError` for a vector that cannot be searched for.
    package func nearest(
        _ k: Int, to vector: Matrix, by index: Index = .tree, filter: AttributeFilter = .all
    ) throws -> FaceAnswer {
        precondition(k >= 1 && vector.rows == 1)
        let admitted = count(filter)
        var answer = FaceAnswer(index: index, admitted: admitted, nodes: index == .tree ? nodes : nil)
        let wanted = min(k, admitted)
        guard wanted > 0 else { return answer }
        // As many as would hold enough if those admitted were spread evenly, and some.
        var depth = wanted == admitted && !filter.isEmpty ? count : min(count, wanted * count / admitted + wanted)
        if filter.isEmpty { depth = wanted }
        while true {
            let found: Neighbours
            switch index {
            case .tree:
                let (neighbours, statistics) = try tree.search(depth, vector)
                found = neighbours
                answer.statistics = statistics[0]
            case .flat:
                found = try flat.nearest(depth, to: vector)
                answer.statistics.distancesComputed = count
            }
            let hits = found[0].lazy.map { (face: self.faces.gallery[$0.index], square: $0.squaredDistance) }
                .filter { filter.isEmpty || filter.admits(self.faces.faces[$0.face].attributes) }.prefix(wanted)
            answer.hits = hits.map { FaceAnswer.Hit(face: $0.face, distance: Double($0.square).squareRoot()) }
            if answer.hits.count == wanted || depth == count { break }
            depth = min(count, 4 * depth)
        }
        if let nearest = answer.hits.first, let threshold { answer.isNobody = nearest.distance > threshold }
        return answer
    }
}

/// What a search found, and what it cost.
package struct FaceAnswer: Sendable {
    package struct Hit: Sendable, Hashable {
        /// In the `FaceSet`.
        package var face: Int
        package var distance: Double

        package init(face: Int, distance: Double) {
            self.face = face
            self.distance = distance
        }
    }

    package var index: FaceSearch.Index
    /// Faces of the gallery that the filter admits.
    package var admitted: Int
    /// Of the tree; nil without one.
    package var nodes: Int?
    /// Nearest first; equal distances in the gallery's order.
    package var hits: [Hit] = []
    package var statistics = SearchStatistics()
    /// Whether even the nearest is farther than the calibrated threshold; nil without a threshold or an answer.
    package var isNobody: Bool?
}
