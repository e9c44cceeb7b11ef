import Tensors

/// What needs every distance between queries and gallery: gathered a block of queries at a time, for all of CelebA's would take gigabytes.
package struct FullRanking {
    /// For each query, where its person's images stand in the ranking of the whole gallery: ascending ranks from 1.
    package private(set) var ownRanks: [[Int]] = []
    /// Squared; infinite where there is none.
    package private(set) var nearestOwn: [Float] = []
    package private(set) var nearestStrangers: [Float] = []
    /// Whom the nearest stranger's face shows; nil where there is none.
    private(set) var strangers: [Int?] = []
    package private(set) var curve: Verification.Curve?

    /// Pairs of two people that verification looks at, at most.
    private static let otherPairs = 2_000_000

    /// Distances in one block of queries, at most: what is ranked between two looks at `check`.
    private static let ofBlock = 8_000_000

    /// `check` is asked before each block and may throw to stop. O(queries · gallery · columns).
    package init(
        _ index: FlatIndex, _ vectors: Matrix, _ people: PeopleNumbers, check: () throws -> Void
    ) throws {
        let count = index.count
        let all = people.queries.count * count
        // Every stride-th pair, counting through all of them: the same on every run.
        let stride = max(1, (all + Self.otherPairs - 1) / Self.otherPairs)
        var pairs: [VerificationPairs.FoundPair] = []
        let some = max(4, min(128, Self.ofBlock / max(1, count)))
        for start in Swift.stride(from: 0, to: people.queries.count, by: some) {
            try check()
            let block = start..<min(start + some, people.queries.count)
            let ranking = try index.nearest(count, to: vectors.rows(block))
            let asked = Array(people.queries[block])
            for (row, person) in asked.enumerated() {
                var ranks: [Int] = []
                var own = Float.infinity
                var strange = Float.infinity
                var stranger: Int?
                let first = (start + row) * count
                for place in row * count..<(row + 1) * count {
                    let face = ranking.indices[place]
                    let distance = ranking.squaredDistances[place]
                    let pair = VerificationPairs.FoundPair(
                        distance: distance, query: UInt32(person), gallery: UInt32(people.gallery[face]))
                    if people.gallery[face] == person {
                        ranks.append(place - row * count + 1)
                        own = min(own, distance)
                        pairs.append(pair)
                    } else {
                        if stranger == nil { (stranger, strange) = (people.gallery[face], distance) }
                        if (first + face) % stride == 0 { pairs.append(pair) }
                    }
                }
                ownRanks.append(ranks)
                nearestOwn.append(own)
                nearestStrangers.append(strange)
                strangers.append(stranger)
            }
        }
        let same = pairs.filter { $0.query == $0.gallery }.map(\.distance)
        let other = pairs.filter { $0.query != $0.gallery }.map(\.distance)
        guard !same.isEmpty, !other.isEmpty else { return }
        let others = all - same.count
        curve = Verification(same: same, other: other).curve(
            VerificationPairs(pairs, people, otherPairsInAll: others), people: people.count, otherPairsInAll: others)
    }

    /// Of each query over the whole gallery; 0 without an image of its person.
    package var averagePrecision: [Double] {
        ownRanks.map { IdentityMetrics.averagePrecision(hitsAt: $0, relevant: $0.count) }
    }
}
