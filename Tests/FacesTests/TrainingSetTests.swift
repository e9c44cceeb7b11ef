import Faces
import Files
import Imaging
import Networks
import Testing

@Suite struct TrainingSetTests {
    /// Three faces of each person, all of them for training.
    private func faces(people: Int, seed: UInt64 = 3) throws -> (set: FaceSet, identities: [String]) {
        let identities = (0..<3 * people).map { "person \($0 / 3)" }
        let train = Array(identities.indices)
        let faces = identities.indices.map { index in
            FaceSet.Face(
                path: "\(index).png", digest: Digest(of: [UInt8(index)]), pixels: Digest(of: [UInt8(index)]),
                identity: identities[index],
                box: Rectangle(x: 0, y: 0, width: 1, height: 1), crop: Rectangle(x: 0, y: 0, width: 1, height: 1))
        }
        let set = FaceSet(
            dataset: "d", attributeNames: [], faces: faces, train: train, queries: [], gallery: [],
            triplets: drawTriplets(from: train, identities: identities, seed: seed),
            report: .init(found: faces.count, kept: faces.count, dropped: []))
        return (set, identities)
    }

    @Test func nobodyWhoValidatesTrains() throws {
        let (set, identities) = try faces(people: 10)
        let training = set.trainingSet(validation: 0.3, seed: 1)
        func people(_ triplets: [Triplet]) -> Set<String> {
            Set(triplets.flatMap { [$0.anchor, $0.positive, $0.negative] }.map { identities[$0] })
        }
        let learning = Set(training.people.joined().map { identities[$0] })
        #expect(learning.count == 7)
        #expect(training.people.allSatisfy { $0.count == 3 })
        #expect(people(training.triplets).isSubset(of: learning))
        #expect(people(training.validation).isDisjoint(with: learning))
        #expect(people(training.validation).count == 3)
        // Two neighbouring pairs of each person's three faces.
        #expect(training.triplets.count == 14 && training.validation.count == 6)
        for triplet in training.triplets + training.validation {
            #expect(identities[triplet.anchor] == identities[triplet.positive])
            #expect(identities[triplet.anchor] != identities[triplet.negative])
        }
        #expect(set.trainingSet(validation: 0.3, seed: 1).triplets == training.triplets)
        #expect(set.trainingSet(validation: 0.3, seed: 2).validation != training.validation)
    }

    @Test(arguments: [(10, 0.0, 0), (3, 0.5, 0), (4, 0.01, 2), (4, 0.99, 2), (6, 0.5, 3)])
    func twoPeopleStayOnEitherSide(people: Int, share: Double, validating: Int) throws {
        let training = try faces(people: people).set.trainingSet(validation: share, seed: 5)
        #expect(training.people.count == people - validating)
        #expect(training.validation.isEmpty == (validating == 0))
    }

    @Test func withoutValidationTheDrawnTripletsStay() throws {
        let set = try faces(people: 5).set
        #expect(set.trainingSet(validation: 0, seed: 9).triplets == set.triplets)
    }

    @Test func calibrationAsksAGalleryLikeTheTestedOne() throws {
        // Five people with three faces each; tested are made to be two of them, with three faces in their gallery.
        var set = try faces(people: 5).set
        (set.queries, set.gallery) = ([0, 3], [1, 2, 4])
        let (queries, gallery) = set.calibrationFaces(enoughFaces: 3)
        #expect(queries == [0, 3, 6, 9, 12], "everybody asks, once as the tested people do")
        #expect(gallery == [1, 2, 7], "of the first and the third person, as many faces as are tested")
        // Two queries each where one makes too few; a larger gallery takes from others what it lacks.
        (set.queries, set.gallery) = ([0, 1, 3, 4], [2, 5, 8, 11])
        let more = set.calibrationFaces(enough: 10, enoughFaces: 4)
        #expect(more.queries == [0, 1, 3, 4, 6, 7, 9, 10, 12, 13] && more.gallery == [2, 5, 8, 11])
        #expect(set.calibrationFaces(enough: 5).queries == [0, 3, 6, 9, 12])
        // Two galleries of two people each, where one of three faces is too small to tell.
        (set.queries, set.gallery) = ([0, 3], [1, 2, 4])
        #expect(set.calibrationFaces().gallery == [1, 2, 4, 5, 7, 8])
        set.train = []
        #expect(set.calibrationFaces().queries.isEmpty && set.calibrationFaces().gallery.isEmpty)
    }
}
