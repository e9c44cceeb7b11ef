import Foundation

/// Answering "nobody here" when the nearest face is too far away.
package enum OpenSet {
    /// The threshold that accepts at most `share` of queries whose person is absent, by their nearest stranger's
    /// distance; nil without any. O(n log n).
    package static func threshold(nearestStrangers: [Float], falseAcceptance share: Double) -> Float? {
        precondition(share >= 0 && share < 1)
        let sorted = nearestStrangers.sorted()
        guard !sorted.isEmpty else { return nil }
        let accepted = Int(share * Double(sorted.count))
        // Below the first that must be refused.
        return sorted[accepted].nextDown
    }

    /// A query, and the nearest face of somebody else that it meets in a gallery.
    package struct Encounter: Sendable {
        /// Numbers of the people whom both show.
        package var asking: Int
        package var stranger: Int
        package var squaredDistance: Float

        package init(asking: Int, stranger: Int, squaredDistance: Float) {
            (self.asking, self.stranger, self.squaredDistance) = (asking, stranger, squaredDistance)
        }
    }

    /// The share of queries that are taken for somebody, with its interval over people. O(samples · people).
    ///
    /// Who asks matters, and so does who is in the gallery: one face that looks like many lets all of them in. So people who ask and
    /// strangers who are met are resampled apart, and their reaches from the share added as squares, less that of the pairs
    /// of both, which is in each. Where all are accepted or none, the interval is the exact one of those who ask. Source:
    /// Cameron, Gelbach and Miller 2011, §2, for clusters of two kinds.
    package static func acceptance(_ met: [Encounter], at threshold: Float) -> Estimate {
        let accepted = met.map { $0.squaredDistance <= threshold ? 1.0 : 0 }
        let asking = PeopleSample(accepted, of: met.map(\.asking)).estimate()
        guard Set(accepted).count > 1 else { return asking }
        let strangers = PeopleSample(accepted, of: met.map(\.stranger)).estimate()
        let pairs = PeopleSample(accepted, of: met.map { [$0.asking, $0.stranger] }).estimate()
        func reach(_ end: (Estimate) -> Double) -> Double {
            let (a, b, both) = (end(asking), end(strangers), end(pairs))
            return max(a, b, (max(0, a * a + b * b - both * both)).squareRoot())
        }
        let mean = asking.mean
        return Estimate(
            mean: mean, low: max(0, mean - reach { mean - $0.low }), high: min(1, mean + reach { $0.high - mean }),
            people: asking.people)
    }

    /// What a threshold promises, by people whom nobody tests.
    package struct Calibration: Sendable, Codable {
        /// Squared, as the distances that it was calibrated on.
        package var threshold: Float
        /// Of people without a face in the tested gallery, the share that may be taken for somebody.
        package var target: Double
        /// The share that this is in the calibration's gallery: the target itself where both are of one size.
        package var share: Double
        /// How often a gallery was asked.
        package var queries: Int
        /// Faces of other people that a query was compared with, on average: in the calibration, and in the test.
        package var strangers: Double
        package var testedStrangers: Double
        /// What to expect in galleries of the tested size, on average, with the interval over the people who calibrated.
        package var expected: Estimate
    }

    /// The threshold for a gallery of another size than that of the calibration.
    ///
    /// Whoever is not in a gallery is compared with strangers only, and each of them is one more chance to be near enough: where
    /// g strangers accept a share r, G accept 1 − (1 − r)^(G/g), as independent comparisons would. So the calibration is
    /// asked for the share 1 − (1 − target)^(g/G). Galleries of one size need no such assumption; give one of the test's
    /// size where there are faces for it. Source: Grother and Phillips 2004, §3 for the binomial model.
    ///
    /// O(n log n + samples · people).
    ///
    /// - Parameters:
    ///   - met: of each query, whom it met.
    ///   - strangers: faces of other people that a query was compared with, on average.
    ///   - testedStrangers: the same in the gallery that the threshold is for.
    /// - Returns: nil where fewer than two people ask.
    package static func calibrate(
        _ met: [Encounter], strangers: Double, testedStrangers: Double, target: Double = 0.05
    ) -> Calibration? {
        precondition(target > 0 && target < 1)
        guard Set(met.map(\.asking)).count >= 2, strangers > 0, testedStrangers > 0 else { return nil }
        let sizes = testedStrangers / strangers
        func corrected(_ rate: Double, _ power: Double) -> Double { 1 - pow(1 - rate, power) }
        let share = corrected(target, 1 / sizes)
        guard let threshold = threshold(nearestStrangers: met.map(\.squaredDistance), falseAcceptance: share)
        else { return nil }
        var expected = acceptance(met, at: threshold)
        expected.mean = corrected(expected.mean, sizes)
        expected.low = corrected(expected.low, sizes)
        expected.high = corrected(expected.high, sizes)
        return Calibration(
            threshold: threshold, target: target, share: share, queries: met.count, strangers: strangers,
            testedStrangers: testedStrangers, expected: expected)
    }

    package struct Outcome: Sendable, Hashable, Codable {
        /// Of queries whose person is in the gallery: the nearest face is theirs and near enough.
        package var identified: Estimate
        /// Of the same queries with their person's faces taken out, so that each person in turn is somebody without a face in
        /// the gallery: somebody else was near enough.
        package var falselyAccepted: Estimate
    }

    /// Both errors at one threshold.
    package struct Errors: Sendable, Codable {
        package var threshold: Double
        /// Of queries whose person is in the gallery: refused, or taken for somebody else.
        package var missed: Double
        /// Of queries whose person is absent: taken for somebody.
        package var accepted: Double
    }

    /// Both errors over the thresholds, from the nearest distance to the one that takes every other absent person for somebody:
    /// beyond it nobody would go. O(points · queries).
    package static func errors(nearestOwn: [Float], nearestStrangers: [Float], points: Int = 60) -> [Errors] {
        precondition(nearestOwn.count == nearestStrangers.count && points >= 2)
        func roots(_ squares: [Float]) -> [Double] {
            squares.filter(\.isFinite).map { Double($0).squareRoot() }.sorted()
        }
        let strangers = roots(nearestStrangers)
        guard let least = roots(nearestOwn + nearestStrangers).first, !strangers.isEmpty else { return [] }
        let most = strangers[strangers.count / 2]
        guard most > least else { return [] }
        let count = Double(nearestOwn.count)
        return (0..<points).map { point in
            let threshold = least + (most - least) * Double(point) / Double(points - 1)
            let square = threshold * threshold * (1 + 1e-12)
            let identified = zip(nearestOwn, nearestStrangers).count { $0 < $1 && Double($0) <= square }
            return Errors(
                threshold: threshold, missed: 1 - Double(identified) / count,
                accepted: Double(nearestStrangers.count { Double($0) <= square }) / count)
        }
    }
}
