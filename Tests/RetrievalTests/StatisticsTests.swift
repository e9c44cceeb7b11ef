import Retrieval
import Testing

@Suite struct StatisticsTests {
    @Test func perfectAndHopelessVerification() {
        let perfect = Verification(same: [1, 2], other: [3, 4])
        #expect(perfect.equalErrorRate == 0 && perfect.area == 1)
        #expect(perfect.truePositives(atFalsePositives: 0.001) == 1)
        let reversed = Verification(same: [3, 4], other: [1, 2])
        #expect(reversed.equalErrorRate == 1 && reversed.area == 0)
        #expect(reversed.truePositives(atFalsePositives: 0.5) == 0)
        let equal = Verification(same: [1, 1], other: [1, 1])
        #expect(equal.equalErrorRate == 0.5 && equal.area == 0.5)
    }

    @Test func openSetThresholdsKeepTheirPromise() throws {
        let strangers = (1...100).map { Float($0) }
        for share in [0, 0.01, 0.05, 0.5] {
            let threshold = try #require(OpenSet.threshold(nearestStrangers: strangers, falseAcceptance: share))
            #expect(strangers.count { $0 <= threshold } == Int(share * 100))
        }
        #expect(OpenSet.threshold(nearestStrangers: [], falseAcceptance: 0.05) == nil)
        // Of four queries of three people two meet somebody who is near enough.
        let met = [(1, 2, 2), (1, 2, 5), (2, 3, 9), (3, 1, 1)].map {
            OpenSet.Encounter(asking: $0.0, stranger: $0.1, squaredDistance: $0.2)
        }
        let accepted = OpenSet.acceptance(met, at: 2)
        #expect(accepted.mean == 0.5 && accepted.people == 3 && accepted.low < 0.5 && accepted.high > 0.5)
        let none = OpenSet.acceptance(met, at: 0)
        #expect(none.mean == 0 && none.low == 0 && abs(none.high - 0.7076) < 1e-4, "exact for three people")
        #expect(OpenSet.acceptance([], at: 2).people == 0)
    }

    @Test func bothErrorsOfTheOpenSetAreTold() {
        // Squared distances: own at 1, 1 and 2, strangers at 3, 5 and 1: every other one is 3 away at most.
        let errors = OpenSet.errors(nearestOwn: [1, 1, 4], nearestStrangers: [9, 25, 1], points: 3)
        #expect(errors.map(\.threshold) == [1, 2, 3])
        let third = 1.0 / 3
        // The last query's nearest is a stranger: it is missed at every threshold.
        #expect(errors.map { abs($0.missed - third) < 1e-12 } == [true, true, true])
        #expect(zip(errors, [third, third, 2 * third]).allSatisfy { abs($0.accepted - $1) < 1e-12 })
        #expect(OpenSet.errors(nearestOwn: [.infinity], nearestStrangers: [.infinity]).isEmpty)
    }

    @Test func hubsAreCountedAndMislabelledFacesRanked() {
        let ranking = MetricsTests.neighbours([[3, 1], [3, 2], [3, 1]])
        // Image 3 is of the person of the first and the last query, image 1 of nobody's.
        let isOwn = { (query: Int, image: Int) in image == 3 ? query != 1 : image == 2 }
        let hubs = Suspects.hubs(at: 2, of: ranking, isOwn: isOwn)
        #expect(hubs.map(\.image) == [3, 1, 2] && hubs.map(\.own) == [2, 0, 1])
        let first = Suspects.hubs(at: 1, of: ranking, isOwn: isOwn)
        #expect(first.map(\.occurrences) == [3] && first.map(\.own) == [2])
        let suspects = Suspects.mislabelled(nearestOwn: [1, 4, 9], nearestStrangers: [2, 2, 1])
        #expect(suspects.map(\.query) == [2, 1])
        #expect(suspects.map(\.ratio) == [9, 2])
        // A ratio has no unit: it is the same however small the distances are.
        let tiny = Suspects.mislabelled(nearestOwn: [4e-15, 1], nearestStrangers: [1e-15, 0])
        #expect(tiny.map(\.query) == [1, 0])
        #expect(abs(tiny[1].ratio - 4) < 1e-6 && tiny[0].ratio.isFinite)
    }

    @Test func balancedAccuracyIgnoresHowCommonAnAttributeIs() {
        // Everybody answered with +1: all of the 9 right, none of the 1.
        let queries = MetricsTests.table((0..<10).map { [$0 == 0 ? -1 : 1] })
        let gallery = MetricsTests.table([[1]])
        let ranking = MetricsTests.neighbours(Array(repeating: [0], count: 10))
        #expect(AttributeBalance.accuracies(at: 1, of: ranking, queries: queries, gallery: gallery) == [0.5])
    }
}
