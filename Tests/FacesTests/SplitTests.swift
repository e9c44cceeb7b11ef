import Faces
import Files
import Foundation
import Imaging
import Testing

@Suite struct SplitTests {
    /// Twelve people with 3, 4, 5, … faces.
    private let identities = (0..<12).flatMap { person in Array(repeating: "p\(person)", count: 3 + person % 4) }

    private func rule(_ share: Double, queries: Int = 1, seed: UInt64) -> IdentitySplit.Rule {
        IdentitySplit.Rule(testShare: share, queriesPerIdentity: queries, seed: seed)
    }

    private func set(_ rule: IdentitySplit.Rule) -> FaceSet {
        let split = IdentitySplit(identities: identities, rule)
        let box = Rectangle(x: 0, y: 0, width: 1, height: 1)
        return FaceSet(
            dataset: "d", attributeNames: [],
            faces: identities.indices.map { index in
                FaceSet.Face(
                    path: "\(index).png", digest: Digest(of: [UInt8(index)]), pixels: Digest(of: [UInt8(index)]),
                    identity: identities[index], box: box, crop: box)
            }, train: split.train, queries: split.queries, gallery: split.gallery,
            triplets: drawTriplets(from: split.train, identities: identities, seed: rule.seed),
            report: .init(found: identities.count, kept: identities.count, dropped: []), rule: rule)
    }

    /// Cross-validation: with a quarter of the people tested, four splits test everybody once.
    @Test func laterSplitsTestOthers() {
        for seed in 0..<10 {
            let set = set(rule(0.25, queries: 2, seed: UInt64(seed)))
            #expect(set.splits == 4)
            var tested: [String] = []
            for number in 0..<set.splits {
                let split = set.split(number)
                let people = Set((split.queries + split.gallery).map { identities[$0] })
                tested += people
                #expect(people.count == 3 && LeakCheck(split).isClean)
                #expect(Set(split.train + split.queries + split.gallery) == Set(identities.indices))
                #expect(split.queries.count == 6)
                #expect(Set(split.triplets.map { identities[$0.anchor] }).isDisjoint(with: people))
                #expect(split.triplets.count == split.train.count - 9)
            }
            #expect(tested.count == 12 && Set(tested).count == 12)
            #expect(set.split(0).queries == set.queries && set.split(0).triplets == set.triplets)
        }
        #expect(set(rule(0.3, seed: 1)).splits == 3, "four of twelve at a time")
    }

    @Test func aRecipeIsChosenOnTrainingPeople() throws {
        let set = set(rule(0.25, queries: 2, seed: 5))
        let choosing = try #require(set.validating(on: 0.3, seed: 9))
        let asked = Set((choosing.queries + choosing.gallery).map { identities[$0] })
        let learning = Set(choosing.train.map { identities[$0] })
        let tested = Set(set.queries.map { identities[$0] })
        #expect(asked.count == 3 && learning.count == 6, "three of nine")
        #expect(asked.isDisjoint(with: learning) && tested.isDisjoint(with: asked.union(learning)))
        #expect(choosing.queries.count == 6 && choosing.faces.count == set.faces.count)
        #expect(set.validating(on: 0.3, seed: 9)?.queries == choosing.queries)
        #expect(set.validating(on: 0.9, seed: 9) == nil, "one person would be left to learn from")
        #expect(set.validating(on: 0.05, seed: 9) == nil, "one person would be asked for")
    }

    @Test func nobodyStandsOnBothSides() {
        for seed in 0..<50 {
            let split = IdentitySplit(identities: identities, rule(0.2, seed: UInt64(seed)))
            let training = Set(split.train.map { identities[$0] })
            let tested = Set((split.queries + split.gallery).map { identities[$0] })
            #expect(training.isDisjoint(with: tested))
            #expect(tested.count == 2)
            #expect(Set(split.train + split.queries + split.gallery) == Set(identities.indices))
            #expect(split.train.count + split.queries.count + split.gallery.count == identities.count)
        }
    }

    @Test func everyQueryHasItsPersonInTheGallery() {
        let split = IdentitySplit(identities: identities, rule(0.5, queries: 100, seed: 3))
        let gallery = Set(split.gallery.map { identities[$0] })
        #expect(split.queries.allSatisfy { gallery.contains(identities[$0]) })
        #expect(gallery.count == 6)
    }

    @Test func theSeedDecides() {
        func split(_ seed: UInt64) -> [Int] {
            IdentitySplit(identities: identities, rule(0.3, seed: seed)).queries
        }
        #expect(split(1) == split(1))
        #expect(Set((0..<20).map { split($0) }).count > 10)
    }

    @Test func tripletsPairNeighboursAndDrawStrangers() {
        let train = Array(identities.indices)
        let triplets = drawTriplets(from: train, identities: identities, seed: 1)
        #expect(triplets.count == identities.count - 12)
        for triplet in triplets {
            #expect(identities[triplet.anchor] == identities[triplet.positive])
            #expect(triplet.positive == triplet.anchor + 1)
            #expect(identities[triplet.negative] != identities[triplet.anchor])
        }
        #expect(drawTriplets(from: [0, 1, 2], identities: ["a", "a", "a"], seed: 1).isEmpty)
    }

    @Test func namesWithNumbersSortByValue() {
        let sorted = ["s10", "s2", "s1", "a", "s02"].sorted(by: naturallyPrecedes)
        #expect(sorted == ["a", "s1", "s02", "s2", "s10"])
    }
}
