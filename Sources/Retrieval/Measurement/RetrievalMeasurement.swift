import Dispatch
import Tensors

/// Vectors of images and whom they show.
package struct LabelledVectors: Sendable {
    /// A row for each image.
    package let vectors: Matrix
    package let people: [String]
    /// Of each image: −1 or 1 for each attribute; nil where it has none.
    package let attributes: [[Int8]?]

    /// - Parameter attributes: of all images or of none.
    package init(_ vectors: Matrix, people: [String], attributes: [[Int8]?] = []) {
        precondition(people.count == vectors.rows && (attributes.isEmpty || attributes.count == vectors.rows))
        self.vectors = vectors
        self.people = people
        self.attributes = attributes.isEmpty ? people.map { _ in nil } : attributes
    }
}

/// One search measured: the KD-tree's answers, whether brute force gives the same, and what they are worth.
package struct RetrievalMeasurement: Sendable {
    package let quality: RetrievalQuality
    package let scores: QueryScores
    package let retrieval: RankedRetrieval
    /// Seconds: building the tree, and all queries for each k, as the median of `timedSearches`.
    package let times: (build: Double, queries: [Double])

    package struct Options: Sendable {
        /// Ascending; at least one, and none larger than the gallery.
        package var ks: [Int]
        package var leafSize: Int
        /// Empty without attributes.
        package var attributeNames: [String] = []
        package var rankMeasures: [RankMeasure]
        package var queryMeasures: [QueryMeasure]

        package init(
            ks: [Int], leafSize: Int, attributeNames: [String] = [], rankMeasures: [RankMeasure],
            queryMeasures: [QueryMeasure]
        ) {
            self.ks = ks
            self.leafSize = leafSize
            self.attributeNames = attributeNames
            self.rankMeasures = rankMeasures
            self.queryMeasures = queryMeasures
        }
    }

    /// How often the search for each k is timed: a single one of a small gallery tells of the machine's other work.
    package static let timedSearches = 5

    /// Searches so deep at least, where the gallery is.
    private static let leastDepth = 50
    /// What a search costs is told for so many neighbours.
    private static let certifiedRanks = 10
    /// Attributes are balanced over so many ranks.
    private static let balancedRanks = 10

    /// Searches and measures; at least one query. O(queries · gallery · columns).
    ///
    /// - Parameters:
    ///   - calibration: people who are neither asked for nor found, for the open-set threshold; a gallery of about as many
    ///     faces as is searched, and as many who ask as there are.
    ///   - check: asked between pieces of work; throws to stop.
    /// - Throws: `SearchError` where vectors cannot be searched.
    package init(
        of queries: LabelledVectors, in gallery: LabelledVectors,
        calibration: (queries: LabelledVectors, gallery: LabelledVectors), _ options: Options,
        check: @escaping Check
    ) throws {
        var treeOptions = KDTree.Options()
        treeOptions.leafSize = options.leafSize
        let (tree, build) = try timed { try KDTree(gallery.vectors, treeOptions, check: check) }
        // Every k is timed on its own, as in the slides; the deepest search answers for the measures.
        times = (
            build,
            try options.ks.map { k in
                try (0..<Self.timedSearches).map { _ in
                    try timed { _ = try tree.nearest(k, to: queries.vectors, check: check) }.seconds
                }.sorted()[Self.timedSearches / 2]
            }
        )
        let depth = min(gallery.vectors.rows, max(options.ks.last ?? 1, Self.leastDepth))
        let found = try tree.nearest(depth, to: queries.vectors, check: check)
        let flat = try FlatIndex(gallery.vectors, check: check)
        // A tree prunes where few are asked for: with most of the gallery as answers nothing is left to leave out.
        let few = min(gallery.vectors.rows, Self.certifiedRanks)
        let (nearest, statistics) = try tree.search(few, queries.vectors, check: check)
        let isEqual =
            try flat.nearest(depth, to: queries.vectors, check: check) == found
            && flat.nearest(few, to: queries.vectors, check: check) == nearest

        let people = PeopleNumbers(queries: queries.people, gallery: gallery.people)
        let full = try FullRanking(flat, queries.vectors, people, check: check)
        let attributes = AttributeTables(
            names: options.attributeNames, queries: queries.attributes, gallery: gallery.attributes)
        let retrieval = RankedRetrieval(found: found, full: full, people: people, attributes: attributes)
        self.retrieval = retrieval
        let scores = QueryScores(
            Dictionary(options.queryMeasures.map { ($0.key, $0.values(retrieval)) }) { first, _ in first },
            accuracy: attributes.map { attributes in options.ks.map { attributes.accuracies(at: $0, found) } } ?? [],
            people: people.queries)
        self.scores = scores
        func mean(_ value: (SearchStatistics) -> Int) -> Double {
            Double(statistics.reduce(0) { $0 + value($1) }) / Double(max(1, statistics.count))
        }
        quality = RetrievalQuality(
            queries: queries.people.count, people: Set(queries.people).count, gallery: gallery.people.count,
            dimensions: gallery.vectors.columns,
            attributes: options.attributeNames.count,
            rows: options.ks.map { k in
                let values = options.rankMeasures.map { ($0.key, $0.value(retrieval, k)) }
                return RetrievalQuality.Row(
                    k: k, values: Dictionary(values) { first, _ in first }.compactMapValues { $0 })
            },
            identity: scores.values.mapValues { scores.sample($0).estimate() },
            chance: Dictionary(options.queryMeasures.map { ($0.key, $0.chance(people)) }) { first, _ in first },
            identityChance: people.chance, verification: full.curve,
            openSet: try OpenSetResult(full, people, calibration.queries, calibration.gallery, check),
            attributeChance: attributes?.chance, constantAnswer: attributes?.constantAnswer,
            balanced: attributes?.balanced(at: min(Self.balancedRanks, depth), found) ?? [],
            exactness: RetrievalQuality.Exactness(
                k: few, depth: depth, equal: isEqual, nodes: tree.nodes.count, nodesVisited: mean(\.nodesVisited),
                nodesPruned: mean(\.nodesPruned), partialDistances: mean(\.vectorsScanned),
                distancesComputed: mean(\.distancesComputed)))
    }
}

private func timed<Result>(_ work: () throws -> Result) rethrows -> (result: Result, seconds: Double) {
    func now() -> Double { Double(DispatchTime.now().uptimeNanoseconds) / 1e9 }
    let start = now()
    let result = try work()
    return (result, now() - start)
}
