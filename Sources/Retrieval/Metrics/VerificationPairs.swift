/// Pairs of images by growing distance and whom they show: what rates of verification over people are computed from.
struct VerificationPairs {
    /// Both people by their numbers, the same for a pair of one person.
    private struct Pair {
        var query: UInt32
        var gallery: UInt32
        /// Whether the next pair has a larger distance: only there is a threshold.
        var isLast: Bool
    }

    private let pairs: [Pair]
    /// Of each person: images among the queries, and in the gallery.
    private let queries: [Double]
    private let gallery: [Double]
    /// The share of the pairs of two people that is among `pairs`.
    private let drawn: Double

    /// - Parameters:
    ///   - found: in any order; every pair of one person, and of two people an even share. Neither may be empty.
    ///   - otherPairsInAll: how many pairs of two people there are.
    init(_ found: [FoundPair], _ people: PeopleNumbers, otherPairsInAll: Int) {
        let sorted = found.sorted { $0.distance < $1.distance }
        pairs = sorted.indices.map { place in
            Pair(
                query: sorted[place].query, gallery: sorted[place].gallery,
                isLast: place == sorted.count - 1 || sorted[place + 1].distance > sorted[place].distance)
        }
        func images(_ numbers: [Int]) -> [Double] {
            numbers.reduce(into: [Double](repeating: 0, count: people.count)) { $0[$1] += 1 }
        }
        queries = images(people.queries)
        gallery = images(people.gallery)
        let others = sorted.reduce(0) { $0 + ($1.query == $1.gallery ? 0 : 1) }
        drawn = Double(others) / Double(max(1, otherPairsInAll))
    }

    /// A distance and the numbers of the people of both images.
    struct FoundPair {
        var distance: Float
        var query: UInt32
        var gallery: UInt32
    }

    /// The equal error rate, then for each limit the largest share of accepted pairs of one person at a threshold that accepts
    /// at most that share of the others; as `Verification` defines them, with every pair of two people weighing as the
    /// product of their weights, and a pair of one person as the person. NaN where the weights leave no pair of a kind.
    /// O(pairs up to the equal error rate).
    ///
    /// - Parameter limits: ascending.
    func rates(_ weights: [Double], limits: [Double]) -> [Double] {
        var (one, asked, held, mutual) = (0.0, 0.0, 0.0, 0.0)
        for person in weights.indices {
            let own = queries[person] * gallery[person]
            one += weights[person] * own
            mutual += weights[person] * weights[person] * own
            asked += weights[person] * queries[person]
            held += weights[person] * gallery[person]
        }
        let two = drawn * (asked * held - mutual)
        guard one > 0, two > 0 else { return [Double](repeating: .nan, count: 1 + limits.count) }
        var found = [.nan] + [Double](repeating: 0, count: limits.count)
        pairs.withUnsafeBufferPointer { pairs in
            weights.withUnsafeBufferPointer { weights in
                // Sums of weights; shares only where one is asked for, since this is done for every pair of every sample.
                var (same, other) = (0.0, 0.0)
                var before = (same: 0.0, other: 0.0)
                var open = limits.startIndex
                var limit = open < limits.endIndex ? limits[open] * two : .infinity
                for pair in pairs {
                    let weight = weights[Int(pair.query)]
                    if pair.query == pair.gallery {
                        same += weight
                    } else {
                        other += weight * weights[Int(pair.gallery)]
                    }
                    guard pair.isLast else { continue }
                    while other > limit {
                        found[1 + open] = before.same / one
                        open += 1
                        limit = open < limits.endIndex ? limits[open] * two : .infinity
                    }
                    if found[0].isNaN, other * one >= (one - same) * two {
                        found[0] = Self.crossing(
                            (before.other / two, 1 - before.same / one), (other / two, 1 - same / one))
                    }
                    if open == limits.endIndex, !found[0].isNaN { return }
                    before = (same, other)
                }
                // Rounding may leave the last shares a little below 1.
                if found[0].isNaN { found[0] = 1 }
                while open < limits.endIndex {
                    found[1 + open] = before.same / one
                    open += 1
                }
            }
        }
        return found
    }

    private typealias Shares = (accepted: Double, missed: Double)

    /// Where two straight lines between two thresholds meet.
    private static func crossing(_ before: Shares, _ after: Shares) -> Double {
        let gapBefore = before.missed - before.accepted
        let gap = after.accepted - after.missed
        let share = gapBefore + gap > 0 ? gapBefore / (gapBefore + gap) : 0
        return before.accepted + share * (after.accepted - before.accepted)
    }
}
