/// Images that deserve a look: answers to everything, and faces that look like somebody else.
package enum Suspects {
    /// How often each gallery image is among the k nearest, most often first; those never found are left out.
    ///
    /// In many dimensions a few images come near to everything. O(queries · k). Source: Radovanović, Nanopoulos and
    /// Ivanović 2010.
    package static func hubs(at k: Int, of neighbours: Neighbours) -> [(image: Int, occurrences: Int)] {
        precondition(k >= 1 && k <= neighbours.k)
        var counts: [Int: Int] = [:]
        for query in 0..<neighbours.queries {
            for image in neighbours.indices(of: query).prefix(k) { counts[image, default: 0] += 1 }
        }
        return counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { (image: $0.key, occurrences: $0.value) }
    }

    /// Queries that lie much nearer to another person than to anybody of their own name, worst first: the ratio of
    /// the two distances, where it is above 1. The name may be wrong.
    package static func mislabelled(nearestOwn: [Float], nearestStrangers: [Float]) -> [(query: Int, ratio: Double)] {
        precondition(nearestOwn.count == nearestStrangers.count)
        return nearestOwn.indices.compactMap { query in
            let own = Double(nearestOwn[query])
            let other = Double(nearestStrangers[query])
            guard own > other else { return nil }
            return (query: query, ratio: own / (other > 0 ? other : 1e-12))
        }.sorted { ($1.ratio, $0.query) < ($0.ratio, $1.query) }
    }
}
