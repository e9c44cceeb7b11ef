/// Telling pairs of one person from pairs of two by a threshold on their distance.
///
/// A pair is accepted when its distance is at most the threshold.
package struct Verification: Sendable, Hashable, Codable {
    /// One threshold: the shares of accepted pairs of two people and of one person.
    package struct Point: Sendable, Hashable, Codable {
        package var threshold: Float
        package var falsePositives: Double
        package var truePositives: Double
    }

    package let samePairs: Int
    package let otherPairs: Int
    /// A point for each distinct distance, by growing threshold; (0, 0) is not among them.
    package let points: [Point]

    /// From the distances of pairs of one person and of two; neither may be empty, none NaN. O(n log n).
    package init(same: [Float], other: [Float]) {
        precondition(!same.isEmpty && !other.isEmpty)
        let same = same.sorted()
        let other = other.sorted()
        samePairs = same.count
        otherPairs = other.count
        var points: [Point] = []
        var s = 0
        var o = 0
        while s < same.count || o < other.count {
            let threshold = min(s < same.count ? same[s] : .infinity, o < other.count ? other[o] : .infinity)
            while s < same.count, same[s] <= threshold { s += 1 }
            while o < other.count, other[o] <= threshold { o += 1 }
            points.append(
                Point(
                    threshold: threshold, falsePositives: Double(o) / Double(other.count),
                    truePositives: Double(s) / Double(same.count)))
        }
        self.points = points
    }

    /// Where as many pairs of one person are refused as pairs of two accepted, between points by straight lines.
    package var equalErrorRate: Double {
        var before = Point(threshold: 0, falsePositives: 0, truePositives: 0)
        for point in points {
            let miss = 1 - point.truePositives
            if point.falsePositives >= miss {
                let gapBefore = 1 - before.truePositives - before.falsePositives
                let gap = point.falsePositives - miss
                let share = gapBefore + gap > 0 ? gapBefore / (gapBefore + gap) : 0
                return before.falsePositives + share * (point.falsePositives - before.falsePositives)
            }
            before = point
        }
        return 1
    }

    /// The largest share of accepted pairs of one person at a threshold that accepts at most that share of the others. O(log points).
    package func truePositives(atFalsePositives limit: Double) -> Double {
        // By halves: both shares only grow with the threshold.
        var low = 0
        var high = points.count
        while low < high {
            let middle = (low + high) / 2
            if points[middle].falsePositives <= limit { low = middle + 1 } else { high = middle }
        }
        return low > 0 ? points[low - 1].truePositives : 0
    }

    /// The area under the curve, by trapezoids.
    package var area: Double {
        var before = Point(threshold: 0, falsePositives: 0, truePositives: 0)
        var area = 0.0
        for point in points {
            area += (point.falsePositives - before.falsePositives) * (point.truePositives + before.truePositives) / 2
            before = point
        }
        return area
    }
}
