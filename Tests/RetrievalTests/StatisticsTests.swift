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
        let outcome = OpenSet.outcome(threshold: 2, nearestOwn: [1, 1, 3, 2], nearestStrangers: [2, 5, 9, 1])
        #expect(outcome == OpenSet.Outcome(identified: 0.5, falselyAccepted: 0.5))
    }

    @Test func hubsAreCountedAndMislabelledFacesRanked() {
        let ranking = MetricsTests.neighbours([[3, 1], [3, 2], [3, 1]])
        #expect(Suspects.hubs(at: 2, of: ranking).map(\.image) == [3, 1, 2])
        #expect(Suspects.hubs(at: 1, of: ranking).map(\.occurrences) == [3])
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
