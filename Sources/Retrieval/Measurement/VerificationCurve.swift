import Foundation

extension Verification {
    /// What is told and drawn of a verification.
    package struct Curve: Sendable, Codable {
        package var samePairs: Int
        package var otherPairs: Int
        /// Pairs of two people were drawn from this many.
        package var otherPairsInAll: Int
        package var equalErrorRate: Double
        package var atOnePercent: Double
        package var atOnePerMille: Double
        package var area: Double
        /// A few points: false and true positives.
        package var points: [[Double]]
    }

    package func curve(otherPairsInAll: Int) -> Curve {
        // Dense where false positives are few: that is where the curve is read.
        let limits = (0...40).map { pow(10, Double($0) / 10 - 4) }
        return Curve(
            samePairs: samePairs, otherPairs: otherPairs, otherPairsInAll: otherPairsInAll,
            equalErrorRate: equalErrorRate, atOnePercent: truePositives(atFalsePositives: 0.01),
            atOnePerMille: truePositives(atFalsePositives: 0.001), area: area,
            points: limits.map { [$0, truePositives(atFalsePositives: $0)] })
    }
}
