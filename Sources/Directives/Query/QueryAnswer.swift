import Faces
import Foundation
import Imaging
import Tensors

/// An answer as programs and pages read it. Boxes are [x, y, width, height] in pixels of the upright photograph;
/// times are seconds.
package struct QueryAnswer: Encodable, Sendable {
    package enum Outcome: String, Encodable, Sendable {
        /// One face, or the one that was chosen or marked, which the evaluations have been asked about.
        case found
        /// Several, of which one has to be chosen.
        case several
        case none
    }

    package struct Photograph: Encodable, Sendable {
        package var width: Int
        package var height: Int
        /// Pixels of the photograph per pixel that was looked at.
        package var scale: Double
    }

    package struct Face: Encodable, Sendable {
        package var box: [Int]
        package var crop: [Int]
    }

    package struct Miss: Encodable, Sendable {
        package var box: [Int]
        /// Of the cascade, that the window passed.
        package var stages: Int
        package var of: Int
    }

    package struct Stage: Encodable, Sendable {
        package var name: String
        package var seconds: Double
    }

    /// Under which it can be had again, while the server runs.
    package var id: String?
    package var outcome: Outcome
    package var photograph: Photograph
    /// Whether the face was marked by somebody.
    package var isMarked: Bool
    package var faces: [Face]
    /// The windows that came furthest, where there is no face.
    package var nearMisses: [Miss]
    /// Up to the crop.
    package var stages: [Stage]
    /// Number of the face that was asked about.
    package var face: Int?
    /// Its crop as a data address.
    package var crop: String?
    /// One for each evaluation, in the order in which they were named; none where no face is chosen.
    package var answers: [Evaluation] = []

    init(_ found: FoundFaces) {
        outcome = found.faces.isEmpty ? .none : found.faces.count == 1 ? .found : .several
        photograph = Photograph(width: found.width, height: found.height, scale: found.scale)
        isMarked = found.isMarked
        faces = found.faces.map { Face(box: $0.box.numbers, crop: $0.crop.numbers) }
        nearMisses = found.nearMisses.map { Miss(box: $0.box.numbers, stages: $0.stages, of: found.stageCount) }
        stages = found.times.list
    }

    /// What one evaluation says.
    package struct Evaluation: Encodable, Sendable {
        package struct Search: Encodable, Sendable {
            package var index: String
            /// Of the tree; absent for brute force.
            package var nodes: Int?
            package var nodesVisited: Int
            package var nodesPruned: Int
            package var distancesComputed: Int
            /// Whether the answers are those of brute force, rank by rank.
            package var isExact: Bool
        }

        package struct Neighbour: Encodable, Sendable {
            package var rank: Int
            package var distance: Double
            package var identity: String
            /// Of the photograph, below the dataset's folder.
            package var path: String
            /// Address of the face's picture.
            package var picture: String?
            /// Whether it is the very photograph that was asked about.
            package var isPhotograph: Bool
            package var attributes: Shared?
        }

        package struct Shared: Encodable, Sendable {
            package var same: Int
            package var of: Int
            package var differing: [String]
        }

        package struct Person: Encodable, Sendable {
            package var identity: String
            /// Of the nearest face.
            package var distance: Double
            package var ranks: [Int]
        }

        package var evaluation: String
        /// Where it is not what the chapters ask for now: how it differs.
        package var remark: String?
        package var describer: String
        package var dataset: String
        /// Faces that could be answers, of them those that the filter admits, and numbers in a vector.
        package var gallery: Int
        package var admitted: Int
        package var dimensions: Int
        /// What the network sees, as a data address.
        package var seen: String?
        package var stages: [Stage]
        package var search: Search
        package var threshold: Double?
        /// Whether even the nearest face is beyond the threshold: nobody here.
        package var isNobody: Bool?
        /// Whose attributes the answers are compared with: `photograph`, which belongs to the dataset, or `answers`,
        /// what most of them have.
        package var attributesOf: String?
        /// The names of those that it has.
        package var attributes: [String]?
        /// Who the photograph shows, where it belongs to the dataset.
        package var identity: String?
        package var neighbours: [Neighbour]
        package var people: [Person]
    }
}

extension QueryAnswer.Evaluation {
    /// Embeds a face and searches for it.
    init(
        _ loaded: LoadedSearch, of face: Image, _ found: FoundFaces, _ query: FaceQuery, carriesPictures: Bool,
        picture: (Int) -> String?
    ) throws {
        let search = loaded.search
        let faces = search.faces
        let filter = try AttributeFilter(with: query.with, without: query.without, among: faces.attributeNames)
        var times = StageTimes()
        let own = search.face(ofPhotograph: found.digest)
        let vector: Matrix
        do {
            vector = try times.measuring("embed") { try search.vector(of: face, photograph: own) }
        } catch let error as NoVectorGiven {
            throw QueryRefusal(.unsound, "evaluation '\(loaded.id)' cannot answer: \(error)")
        }
        let answer = try times.measuring("search") {
            try search.nearest(query.k, to: vector, by: query.index, filter: filter)
        }
        let reference = search.reference(for: answer.hits, photograph: own)
        (evaluation, remark) = (loaded.id, loaded.remark)
        describer = search.embedder.name
        dataset = faces.dataset
        (gallery, admitted, dimensions) = (search.count, answer.admitted, search.columns)
        seen = carriesPictures ? try dataAddress(of: search.embedder.view(of: face)) : nil
        stages = times.list
        self.search = Search(
            index: answer.index.rawValue, nodes: answer.nodes, nodesVisited: answer.statistics.nodesVisited,
            nodesPruned: answer.statistics.nodesPruned, distancesComputed: answer.statistics.distancesComputed,
            isExact: true)
        (threshold, isNobody) = (search.threshold, answer.isNobody)
        switch reference {
        case .photograph: attributesOf = "photograph"
        case .answers: attributesOf = "answers"
        case nil: attributesOf = nil
        }
        attributes = reference.map { reference in
            zip(faces.attributeNames, reference.attributes).filter { $0.1 > 0 }.map(\.0)
        }
        identity = own.map { faces.faces[$0].identity }
        neighbours = answer.hits.enumerated().map { index, hit in
            let other = faces.faces[hit.face]
            return Neighbour(
                rank: index + 1, distance: hit.distance, identity: other.identity, path: other.path,
                picture: picture(hit.face), isPhotograph: hit.face == own,
                attributes: reference.flatMap { search.agreement(of: hit.face, with: $0) }.map {
                    Shared(same: $0.same, of: $0.of, differing: $0.differing)
                })
        }
        people = search.people(in: answer.hits).map { person in
            Person(
                identity: person.identity, distance: answer.hits[person.ranks[0] - 1].distance, ranks: person.ranks)
        }
    }
}

/// A small picture as part of an answer.
func dataAddress(of image: Image) throws(ImageError) -> String {
    "data:image/jpeg;base64," + Data(try image.jpeg(quality: 90)).base64EncodedString()
}

extension StageTimes {
    fileprivate var list: [QueryAnswer.Stage] { stages.map { .init(name: $0.name, seconds: $0.seconds) } }
}

extension Rectangle {
    fileprivate var numbers: [Int] { [x, y, width, height] }
}
