/// Images that deserve a look: answers to everything, and faces that look like somebody else.
package enum Suspects {
    /// A gallery image, and how many queries have it among their nearest.
    package struct Hub: Sendable, Hashable {
        package var image: Int
        package var occurrences: Int
        /// Those of them that ask for its own person.
        package var own: Int
    }

    /// How often each gallery image is among the k nearest, most often first; those never found are left out.
    ///
    /// In many dimensions a few images come near to everything. O(queries · k). Source: Radovanović, Nanopoulos and
    /// Ivanović 2010.
    ///
    /// - Parameter isOwn: whether a query shows the person of an image.
    package static func hubs(
        at k: Int, of neighbours: Neighbours, isOwn: (_ query: Int, _ image: Int) -> Bool
    ) -> [Hub] {
        precondition(k >= 1 && k <= neighbours.k)
        var hubs: [Int: Hub] = [:]
        for query in 0..<neighbours.queries {
            for image in neighbours.indices(of: query).prefix(k) {
                var hub = hubs[image] ?? Hub(image: image, occurrences: 0, own: 0)
                hub.occurrences += 1
                if isOwn(query, image) { hub.own += 1 }
                hubs[image] = hub
            }
        }
        return hubs.values.sorted { ($1.occurrences, $0.image) < ($0.occurrences, $1.image) }
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
