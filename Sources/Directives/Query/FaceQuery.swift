import Faces
import Imaging

/// What is asked of a photograph.
package struct FaceQuery: Sendable {
    /// Ids of evaluations, which answer side by side.
    package var evaluations: [String]
    /// Answers of each.
    package var k: Int
    package var index: FaceSearch.Index
    /// Attributes that an answer must have, and must not have.
    package var with: [String]
    package var without: [String]
    /// Which of several faces, from 0; nil where there is one, or none has been chosen yet.
    package var face: Int?
    /// A face that somebody marked, in pixels of the upright photograph.
    package var box: Rectangle?
    /// Whether the photograph is a face that was cut out before, so that nothing is looked for.
    package var isWhole: Bool

    package static let mostAnswers = 1000
    package static let mostEvaluations = 8

    package init(
        evaluations: [String], k: Int = 9, index: FaceSearch.Index = .tree, with: [String] = [], without: [String] = [],
        face: Int? = nil, box: Rectangle? = nil, isWhole: Bool = false
    ) {
        self.evaluations = evaluations
        self.k = k
        self.index = index
        self.with = with
        self.without = without
        self.face = face
        self.box = box
        self.isWhole = isWhole
    }

    func check() throws(QueryRefusal) {
        guard (1...Self.mostAnswers).contains(k) else {
            throw QueryRefusal(.unsound, "k is \(k); ask for 1 to \(Self.mostAnswers) faces")
        }
        guard !evaluations.isEmpty else { throw QueryRefusal(.unsound, "no evaluation is named; name one") }
        guard evaluations.count <= Self.mostEvaluations else {
            throw QueryRefusal(
                .unsound, "\(evaluations.count) evaluations are named; name at most \(Self.mostEvaluations)")
        }
        guard box == nil || !isWhole else {
            throw QueryRefusal(
                .unsound, "a face is marked, and the photograph is said to be one as a whole; leave one of them out")
        }
        if let twice = evaluations.first(where: { id in evaluations.count { $0 == id } > 1 }) {
            throw QueryRefusal(.unsound, "evaluation '\(twice)' is named twice; name it once")
        }
    }
}

extension FaceSearches {
    /// Looks for the faces of a photograph as all evaluations of a query do, which have to look in the same way.
    ///
    /// - Parameter seconds: for the decoding.
    /// - Throws: `QueryRefusal`, `ImageError`, `MarkOutside`; errors of the store and of files.
    package func find(
        in bytes: [UInt8], name: String, for query: FaceQuery, seconds: Double = .infinity
    ) throws -> FoundFaces {
        let searches = try loaded(for: query)
        return try searches[0].search.finder.find(
            in: bytes, name: name, marked: query.box, isWhole: query.isWhole, seconds: seconds)
    }

    /// Asks about faces that were found before, with this query or another one whose evaluations look for faces in
    /// the same way.
    ///
    /// - Parameters:
    ///   - carriesPictures: whether the crop and what each network sees are part of the answer.
    ///   - picture: the address of a face's picture, by evaluation and face.
    package func answer(
        _ found: FoundFaces, _ query: FaceQuery, carriesPictures: Bool,
        picture: (_ evaluation: String, _ face: Int) -> String?
    ) throws -> QueryAnswer {
        let searches = try loaded(for: query)
        var answer = QueryAnswer(found)
        if let wished = query.face, !found.faces.indices.contains(wished) {
            let there =
                found.faces.isEmpty
                ? "no face was found"
                : found.faces.count == 1 ? "there is one, number 0" : "there are 0 to \(found.faces.count - 1)"
            throw QueryRefusal(.unknown, "there is no face \(wished) in the photograph: \(there)")
        }
        guard let chosen = query.face ?? (found.faces.count == 1 ? 0 : nil) else { return answer }
        let face = found.faces[chosen].image
        answer.face = chosen
        if carriesPictures { answer.crop = try dataAddress(of: face) }
        answer.answers = try searches.map { loaded in
            try QueryAnswer.Evaluation(loaded, of: face, found, query, carriesPictures: carriesPictures) {
                picture(loaded.id, $0)
            }
        }
        return answer
    }

    /// The evaluations that a query names.
    private func loaded(for query: FaceQuery) throws -> [LoadedSearch] {
        try query.check()
        let searches = try query.evaluations.map(search)
        if let other = searches.first(where: { !$0.findsAs(searches[0]) }) {
            throw QueryRefusal(
                .unsound,
                "'\(searches[0].id)' and '\(other.id)' look for faces in different ways, since their "
                    + "'preprocess' differ; ask one at a time")
        }
        return searches
    }
}
