/// How well answers tell who has one attribute from who has not, whatever share of people has it.
package enum AttributeBalance {
    /// Per attribute the mean of two shares over the k nearest of each query: +1 among answers to queries with +1, and
    /// −1 among answers to queries with −1. 0.5 is guessing; nil where all queries agree on the attribute.
    ///
    /// 1 ≤ k ≤ `neighbours.k`. O(queries · k · attributes).
    package static func accuracies(
        at k: Int, of neighbours: Neighbours, queries: AttributeTable, gallery: AttributeTable
    ) -> [Double?] {
        precondition(k >= 1 && k <= neighbours.k && neighbours.queries == queries.images)
        precondition(queries.count == gallery.count)
        return (0..<queries.count).map { attribute in
            // Right answers and all answers, to queries with −1 and with +1.
            var right = (0, 0)
            var all = (0, 0)
            for query in 0..<neighbours.queries {
                let found = neighbours.indices(of: query).prefix(k).count { gallery[$0, attribute] == 1 }
                if queries[query, attribute] == 1 {
                    right.1 += found
                    all.1 += k
                } else {
                    right.0 += k - found
                    all.0 += k
                }
            }
            guard all.0 > 0, all.1 > 0 else { return nil }
            return (Double(right.0) / Double(all.0) + Double(right.1) / Double(all.1)) / 2
        }
    }
}
