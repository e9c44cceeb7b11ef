/// What a ranking in random order scores on average: the level of each measure that means nothing was learnt.
///
/// Exact, for a query with `relevant` faces of its person among `count`; 0 without any.
package enum Chance {
    /// A hit among the first k: one less the chance that all of them are others. O(k).
    package static func recall(at k: Int, relevant: Int, of count: Int) -> Double {
        guard relevant >= 1, k >= 1 else { return 0 }
        var missing = 1.0
        for rank in 0..<min(k, count) {
            missing *= Double(max(0, count - relevant - rank)) / Double(count - rank)
        }
        return 1 - missing
    }

    /// Average precision over the ranks up to `limit`.
    ///
    /// A rank k holds a hit with probability R/N, and the k − 1 before it then hold (k − 1)(R − 1)/(N − 1) more, so that the
    /// mean is Σ (1 + (k − 1)(R − 1)/(N − 1)) / k over N: about R/N + ln N/N, which for a few hits among many faces is much
    /// more than the precision's R/N. O(limit). Source: Bestgen 2015, "Exact expected average precision of the random
    /// baseline for system evaluation".
    package static func averagePrecision(relevant: Int, of count: Int, atMost limit: Int = .max) -> Double {
        guard relevant >= 1, count >= 1 else { return 0 }
        let others = count > 1 ? Double(relevant - 1) / Double(count - 1) : 0
        var sum = 0.0
        for rank in 1...max(1, min(limit, count)) { sum += (1 + Double(rank - 1) * others) / Double(rank) }
        return sum / Double(count)
    }
}
