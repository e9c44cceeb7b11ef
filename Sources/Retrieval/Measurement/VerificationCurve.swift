import Foundation

extension Verification {
    /// What is told and drawn of a verification.
    package struct Curve: Sendable, Codable {
        package var samePairs: Int
        package var otherPairs: Int
        /// Pairs of two people were drawn from this many.
        package var otherPairsInAll: Int
        package var equalErrorRate: Rate
        package var atOnePercent: Rate
        package var atOnePerMille: Rate
        package var area: Double
        /// A few points: false and true positives.
        package var points: [[Double]]
    }

    /// A rate with its interval over people, and how much stands behind it.
    package struct Rate: Sendable, Codable {
        package var estimate: Estimate
        /// The wrongly judged pairs that fix its threshold.
        package var pairs: Double

        /// Fewer pairs than this are too few: one more or less moves the rate by a tenth and more.
        package static let fewest = 10.0
    }

    private static let limits = [0.001, 0.01]

    /// - Parameters:
    ///   - pairs: the same as those of this verification.
    ///   - people: how many people their numbers tell apart.
    func curve(_ pairs: VerificationPairs, people: Int, otherPairsInAll: Int) -> Curve {
        // Dense where false positives are few: that is where the curve is read.
        let shown = (0...40).map { pow(10, Double($0) / 10 - 4) }
        let rates = PeopleResampling(people: people).estimates(within: 0...1) {
            pairs.rates($0, limits: Self.limits)
        }
        // Their counts are whole, so that they are exact where sums of weights are rounded.
        let values = [equalErrorRate] + Self.limits.map { truePositives(atFalsePositives: $0) }
        func rate(_ place: Int, _ pairs: Double) -> Rate {
            var estimate = rates[place]
            estimate.mean = values[place]
            return Rate(estimate: estimate, pairs: pairs)
        }
        return Curve(
            samePairs: samePairs, otherPairs: otherPairs, otherPairsInAll: otherPairsInAll,
            equalErrorRate: rate(0, equalErrorRate * Double(min(samePairs, otherPairs))),
            atOnePercent: rate(2, Self.limits[1] * Double(otherPairs)),
            atOnePerMille: rate(1, Self.limits[0] * Double(otherPairs)),
            area: area, points: shown.map { [$0, truePositives(atFalsePositives: $0)] })
    }
}
