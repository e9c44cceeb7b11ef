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

    package struct Outcome: Sendable, Hashable, Codable {
        /// Of queries whose person is in the gallery: the nearest face is theirs and near enough.
        package var identified: Double
        /// Of the same queries with their person's faces taken out: somebody else was near enough.
        package var falselyAccepted: Double

        package init(identified: Double, falselyAccepted: Double) {
            self.identified = identified
            self.falselyAccepted = falselyAccepted
        }
    }

    /// Per query the distances of the nearest face of its person and of the nearest stranger. ≥ 1 query.
    package static func outcome(
        threshold: Float, nearestOwn: [Float], nearestStrangers: [Float]
    ) -> Outcome {
        precondition(nearestOwn.count == nearestStrangers.count && !nearestOwn.isEmpty)
        let count = Double(nearestOwn.count)
        return Outcome(
            identified: Double(zip(nearestOwn, nearestStrangers).count { $0 < $1 && $0 <= threshold }) / count,
            falselyAccepted: Double(nearestStrangers.count { $0 <= threshold }) / count)
    }
}
