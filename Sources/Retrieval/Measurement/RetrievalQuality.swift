/// What a retrieval was worth, as plain numbers: the same on every run.
package struct RetrievalQuality: Sendable, Codable {
    package var queries: Int
    /// Whom the queries show: what intervals are made of.
    package var people: Int
    package var gallery: Int
    package var dimensions: Int
    /// How many attributes have a name.
    package var attributes: Int
    /// For each k, ascending.
    package var rows: [Row]
    /// Means over queries with intervals over people, by `QueryMeasure.key`.
    package var identity: [String: Estimate]
    /// What a ranking in random order would score, by `QueryMeasure.key`.
    package var chance: [String: Double]
    /// The share of gallery images that show the query's person: the precision of a random answer.
    package var identityChance: Double
    package var verification: Verification.Curve?
    package var openSet: OpenSetResult?
    /// Attribute agreement of a random pair, and of the constant answer "most common attributes".
    package var attributeChance: Double?
    package var constantAnswer: Double?
    /// Balanced accuracy of each attribute over the first ranks, where queries differ in it.
    package var balanced: [AttributeTables.Balanced]
    package var exactness: Exactness

    /// What was measured at one k.
    package struct Row: Sendable {
        package var k: Int
        /// By `RankMeasure.key`; without those that the images do not tell.
        var values: [String: Double]

        package subscript(measure: RankMeasure) -> Double? { values[measure.key] }
    }

    /// The tree against brute force, and what it saved where few neighbours are asked for.
    package struct Exactness: Sendable, Codable {
        /// How many neighbours the work below was for.
        package var k: Int
        /// How many were compared with brute force, beside these k.
        package var depth: Int
        /// At both depths, in every rank and distance.
        package var equal: Bool
        package var nodes: Int
        /// Means per query.
        package var nodesVisited: Double
        package var nodesPruned: Double
        /// Vectors in the leaves that were reached, whose leading coordinates were compared: a partial distance each.
        package var partialDistances: Double
        /// Those of them that the partial distance did not rule out: computed in full.
        package var distancesComputed: Double
    }
}

/// Stored as one object: `k` beside the values.
extension RetrievalQuality.Row: Codable {
    package init(from decoder: any Decoder) throws {
        values = try [String: Double](from: decoder)
        guard let k = values.removeValue(forKey: "k").flatMap(Int.init(exactly:)) else {
            throw DecodingError.dataCorrupted(
                .init(codingPath: decoder.codingPath, debugDescription: "a row of an evaluation has no k"))
        }
        self.k = k
    }

    package func encode(to encoder: any Encoder) throws {
        try values.merging(["k": Double(k)]) { _, k in k }.encode(to: encoder)
    }
}

/// One number per query, for means, their intervals and paired tests over people.
package struct QueryScores: Sendable, Codable {
    /// By `QueryMeasure.key`.
    package var values: [String: [Double]]
    /// For each k of the rows; empty without attributes.
    package var accuracy: [[Double]]
    /// Whom each query shows, as numbers: queries of one person are not independent.
    package var people: [Int]
    /// In which split of the people each query is asked, ascending; empty where there is one.
    package var splits: [Int]

    /// - Parameters:
    ///   - values: by `QueryMeasure.key`.
    ///   - accuracy: for each k; empty without attributes.
    ///   - splits: ascending; empty where there is one.
    package init(_ values: [String: [Double]], accuracy: [[Double]] = [], people: [Int], splits: [Int] = []) {
        self.values = values
        self.accuracy = accuracy
        self.people = people
        self.splits = splits
    }

    package subscript(measure: QueryMeasure) -> [Double]? { values[measure.key] }

    /// Numbers of the same queries, gathered by person and split.
    package func sample(_ values: [Double]) -> PeopleSample { PeopleSample(values, of: people, splits: splits) }
}
