import Faces
import Foundation
import Testing

@Suite struct SplitTests {
    /// Twelve people with 3, 4, 5, … faces.
    private let identities = (0..<12).flatMap { person in Array(repeating: "p\(person)", count: 3 + person % 4) }

    @Test func nobodyStandsOnBothSides() {
        for seed in 0..<50 {
            let split = IdentitySplit(identities: identities, testShare: 0.2, queriesPerIdentity: 1, seed: UInt64(seed))
            let training = Set(split.train.map { identities[$0] })
            let tested = Set((split.queries + split.gallery).map { identities[$0] })
            #expect(training.isDisjoint(with: tested))
            #expect(tested.count == 2)
            #expect(Set(split.train + split.queries + split.gallery) == Set(identities.indices))
            #expect(split.train.count + split.queries.count + split.gallery.count == identities.count)
        }
    }

    @Test func everyQueryHasItsPersonInTheGallery() {
        let split = IdentitySplit(identities: identities, testShare: 0.5, queriesPerIdentity: 100, seed: 3)
        let gallery = Set(split.gallery.map { identities[$0] })
        #expect(split.queries.allSatisfy { gallery.contains(identities[$0]) })
        #expect(gallery.count == 6)
    }

    @Test func theSeedDecides() {
        func split(_ seed: UInt64) -> [Int] {
            IdentitySplit(identities: identities, testShare: 0.3, queriesPerIdentity: 1, seed: seed).queries
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
