/// A retrieval as it is measured: what was found, who is who, and what only whole rankings tell.
package struct RankedRetrieval: Sendable {
    /// The first ranks of every query, as many as any measure asks for.
    package let found: Neighbours
    package let full: FullRanking
    package let people: PeopleNumbers
    /// Where every image has attributes.
    package let attributes: AttributeTables?

    package init(found: Neighbours, full: FullRanking, people: PeopleNumbers, attributes: AttributeTables?) {
        self.found = found
        self.full = full
        self.people = people
        self.attributes = attributes
    }
}

/// A number of each query, 0…1; what is reported is its mean, with an interval over people.
package struct QueryMeasure: Sendable {
    /// The name under which the mean is stored and quoted: `recall1`.
    package let key: String
    /// One number for each query, in their order.
    package let values: @Sendable (RankedRetrieval) -> [Double]
    /// What a random ranking scores for a query with so many relevant faces among so many.
    let chance: @Sendable (_ relevant: Int, _ count: Int) -> Double

    /// The mean of a random ranking over the queries of a retrieval; those without a relevant face count 0, as they do in
    /// `values`. O(queries + distinct numbers of relevant faces · gallery).
    package func chance(_ people: PeopleNumbers) -> Double {
        let sizes = people.relevant
        let alike = Dictionary(sizes.map { ($0, 1) }, uniquingKeysWith: +).sorted { $0.key < $1.key }
        let sum = alike.reduce(0.0) { $0 + Double($1.value) * chance($1.key, people.gallery.count) }
        return sum / Double(max(1, sizes.count))
    }
}

extension QueryMeasure {
    package static let recall1 = recall(at: 1)
    package static let recall5 = recall(at: 5)
    package static let recall10 = recall(at: 10)
    package static let map = QueryMeasure(
        key: "map", values: { $0.full.averagePrecision },
        chance: { Chance.averagePrecision(relevant: $0, of: $1) })
    package static let mapAtR = QueryMeasure(
        key: "mapAtR",
        values: {
            $0.full.ownRanks.map { IdentityMetrics.averagePrecision(hitsAt: $0, relevant: $0.count, atMost: $0.count) }
        },
        chance: { Chance.averagePrecision(relevant: $0, of: $1, atMost: $0) })

    /// 1 where the query's person is among the first k ranks, or among all where there are fewer; else 0.
    private static func recall(at k: Int) -> QueryMeasure {
        QueryMeasure(
            key: "recall\(k)", values: { $0.people.recalls(at: min(k, $0.found.k), $0.found) },
            chance: { Chance.recall(at: k, relevant: $0, of: $1) })
    }
}

/// A number for each k that an evaluation looks at.
package struct RankMeasure: Sendable {
    /// The name under which it is stored, and quoted as `top10.recall`.
    package let key: String
    /// Nothing where the images do not tell. 1 ≤ k ≤ `found.k`.
    package let value: @Sendable (_ retrieval: RankedRetrieval, _ k: Int) -> Double?
}

extension RankMeasure {
    /// Share of queries with their person among the first k.
    package static let recall = RankMeasure(key: "recall") { $0.people.recall(at: $1, $0.found) }
    /// Share of the first k that show the query's person.
    package static let precision = RankMeasure(key: "precision") { $0.people.precision(at: $1, $0.found) }
    /// Share of attributes that the first k have in common with their query.
    package static let accuracy = RankMeasure(key: "accuracy") { $0.attributes?.score(at: $1, $0.found).accuracy }
    /// Mean distance of the first k's attributes from those of their query.
    package static let distance = RankMeasure(key: "distance") { $0.attributes?.score(at: $1, $0.found).distance }
}
