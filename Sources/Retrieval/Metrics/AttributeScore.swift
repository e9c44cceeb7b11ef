/// How far answers share the attributes of their query.
///
/// Source: the slides, IV.1.
package struct AttributeScore: Sendable, Hashable {
    /// The share of attributes that match, 0…1.
    package var accuracy: Double

    package init(accuracy: Double) { self.accuracy = accuracy }

    /// The mean of |a − b| over attributes. They are ±1, so a mismatch counts 2: it is 2 · (1 − accuracy).
    package var distance: Double { 2 * (1 - accuracy) }
}

extension AttributeScore {
    /// Of one pair of ±1 vectors of one length ≥ 1.
    package init(_ a: [Int8], _ b: [Int8]) {
        precondition(a.count == b.count && !a.isEmpty)
        self.init(accuracy: Double(zip(a, b).count { $0 == $1 }) / Double(a.count))
    }

    /// For each k: the mean over queries of the mean over their k nearest. 1 ≤ k ≤ `neighbours.k`, ≥ 1 query.
    ///
    /// Counts are whole until one last division, so the order of queries does not matter. O(queries · max k).
    package static func top(
        _ ks: [Int], of neighbours: Neighbours, queries: AttributeTable, gallery: AttributeTable
    ) -> [AttributeScore] {
        precondition(neighbours.queries == queries.images && queries.images > 0)
        precondition(ks.allSatisfy { $0 >= 1 && $0 <= neighbours.k })
        // Matches at each rank, over all queries.
        var matches = [Int](repeating: 0, count: ks.max() ?? 0)
        for query in 0..<neighbours.queries {
            let ranked = neighbours.indices(of: query)
            for rank in matches.indices {
                matches[rank] += queries.agreement(query, gallery, ranked[ranked.startIndex + rank])
            }
        }
        return ks.map { k in
            let all = Double(k) * Double(queries.images) * Double(queries.count)
            return AttributeScore(accuracy: Double(matches[..<k].reduce(0, +)) / all)
        }
    }

    /// Each query's own mean accuracy over its k nearest: what intervals and paired tests are made of. O(queries · k).
    package static func accuracies(
        at k: Int, of neighbours: Neighbours, queries: AttributeTable, gallery: AttributeTable
    ) -> [Double] {
        precondition(k >= 1 && k <= neighbours.k && neighbours.queries == queries.images)
        return (0..<neighbours.queries).map { query in
            let matches = neighbours.indices(of: query).prefix(k).reduce(0) {
                $0 + queries.agreement(query, gallery, $1)
            }
            return Double(matches) / Double(k * queries.count)
        }
    }

    /// What a random gallery image scores for a random query: the level that a method must beat.
    ///
    /// Exact, from frequencies: the mean over attributes of p·g + (1 − p)·(1 − g). O(images · attributes).
    package static func chance(queries: AttributeTable, gallery: AttributeTable) -> AttributeScore {
        precondition(queries.count == gallery.count && queries.images > 0 && gallery.images > 0)
        var agreeing = 0.0
        for (p, g) in zip(queries.frequencies, gallery.frequencies) {
            agreeing += Double(p) * Double(g) + Double(queries.images - p) * Double(gallery.images - g)
        }
        return AttributeScore(
            accuracy: agreeing / (Double(queries.images) * Double(gallery.images) * Double(queries.count)))
    }

    /// What one constant answer scores: the gallery's more frequent value of each attribute (−1 where even).
    package static func constant(queries: AttributeTable, gallery: AttributeTable) -> AttributeScore {
        precondition(queries.count == gallery.count && queries.images > 0)
        var agreeing = 0
        for (p, g) in zip(queries.frequencies, gallery.frequencies) {
            agreeing += 2 * g > gallery.images ? p : queries.images - p
        }
        return AttributeScore(accuracy: Double(agreeing) / (Double(queries.images) * Double(queries.count)))
    }
}
