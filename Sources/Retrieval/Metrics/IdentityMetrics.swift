/// How well answers find the person of their query.
///
/// Identities are any numbers that are equal for the same person. A query whose person is not in the gallery cannot
/// be answered: it is left out of every mean over neighbours, and has an average precision of 0 in a full ranking.
package enum IdentityMetrics {
    /// The share of queries with their person among the k nearest. 1 ≤ k ≤ `neighbours.k`. O(queries · k).
    package static func recall(
        at k: Int, of neighbours: Neighbours, queries: [Int], gallery: [Int]
    ) -> Double? {
        precondition(k >= 1 && k <= neighbours.k)
        return mean(neighbours, queries, gallery) { identity, ranked in
            ranked.prefix(k).contains { gallery[$0] == identity } ? 1 : 0
        }
    }

    /// The share of the k nearest that show the query's person. 1 ≤ k ≤ `neighbours.k`. O(queries · k).
    package static func precision(
        at k: Int, of neighbours: Neighbours, queries: [Int], gallery: [Int]
    ) -> Double? {
        precondition(k >= 1 && k <= neighbours.k)
        return mean(neighbours, queries, gallery) { identity, ranked in
            Double(ranked.prefix(k).count { gallery[$0] == identity }) / Double(k)
        }
    }

    /// Average precision: the sum of precision at each hit, divided by the number of relevant images; 0 where there are none.
    /// O(hits).
    ///
    /// Source: Musgrave, Belongie and Lim 2020, §4.2 for the first R ranks, where R images are relevant.
    ///
    /// - Parameters:
    ///   - ranks: of the hits, ascending from 1.
    ///   - limit: hits at later ranks do not count.
    package static func averagePrecision(hitsAt ranks: [Int], relevant: Int, atMost limit: Int = .max) -> Double {
        guard relevant >= 1 else { return 0 }
        var sum = 0.0
        for (found, rank) in ranks.enumerated() where rank <= limit { sum += Double(found + 1) / Double(rank) }
        return sum / Double(relevant)
    }

    private static func mean(
        _ neighbours: Neighbours, _ queries: [Int], _ gallery: [Int],
        _ score: (_ identity: Int, _ ranked: ArraySlice<Int>) -> Double
    ) -> Double? {
        precondition(neighbours.queries == queries.count)
        let present = Set(gallery)
        var sum = 0.0
        var answerable = 0
        for (query, identity) in queries.enumerated() where present.contains(identity) {
            sum += score(identity, neighbours.indices(of: query))
            answerable += 1
        }
        return answerable > 0 ? sum / Double(answerable) : nil
    }
}
