/// How well answers find the person of their query.
///
/// Identities are any numbers that are equal for the same person. A query whose person is not in the gallery cannot
/// be answered and is left out of every mean; where none is left, there is no value.
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

    /// Average precision of each query, over the full ranking (`neighbours.k` is the gallery's size) or over its first R
    /// ranks, R being the number of gallery images of the query's person; nil where there are none. O(queries · k).
    ///
    /// Source: Musgrave, Belongie and Lim 2020, §4.2 for the first R ranks.
    package static func averagePrecisions(
        of neighbours: Neighbours, queries: [Int], gallery: [Int], atR: Bool = false
    ) -> [Double?] {
        precondition(neighbours.queries == queries.count && (atR || neighbours.k == gallery.count))
        let sizes = Dictionary(gallery.map { ($0, 1) }, uniquingKeysWith: +)
        return queries.enumerated().map { query, identity in
            guard let relevant = sizes[identity] else { return nil }
            let ranked = neighbours.indices(of: query).prefix(atR ? relevant : neighbours.k)
            return averagePrecision(ranked.lazy.map { gallery[$0] == identity }, relevant: relevant)
        }
    }

    /// The sum of precision at each hit, divided by the number of relevant images (≥ 1). O(ranks).
    package static func averagePrecision(_ hits: some Sequence<Bool>, relevant: Int) -> Double {
        precondition(relevant >= 1)
        var found = 0
        var sum = 0.0
        for (rank, hit) in hits.enumerated() where hit {
            found += 1
            sum += Double(found) / Double(rank + 1)
        }
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
