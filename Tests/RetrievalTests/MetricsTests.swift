import Retrieval
import Testing

@Suite struct MetricsTests {
    static func neighbours(_ rows: [[Int]]) -> Neighbours {
        Neighbours(
            queries: rows.count, k: rows[0].count, indices: Array(rows.joined()),
            squaredDistances: [Float](repeating: 0, count: rows.count * rows[0].count))
    }

    static func table(_ rows: [[Int8]]) -> AttributeTable {
        AttributeTable(images: rows.count, count: rows[0].count, values: Array(rows.joined()))
    }

    static func randomRows(_ images: Int, _ count: Int, _ random: inout SplitMix) -> [[Int8]] {
        (0..<images).map { _ in (0..<count).map { Int.random(in: 0...$0 % 5 + 1, using: &random) == 0 ? -1 : 1 } }
    }

    @Test func aPairScoresTheShareOfMatches() {
        #expect(AttributeScore([1, 1, -1, -1], [1, -1, -1, -1]).accuracy == 0.75)
        #expect(AttributeScore([1, 1, -1, -1], [1, -1, -1, -1]).distance == 0.5)
        #expect(AttributeScore([1, 1], [1, 1]).distance == 0)
        #expect(AttributeScore([1, 1], [-1, -1]).distance == 2)
    }

    @Test func distanceIsTheMeanAbsoluteDifference() {
        var random = SplitMix(state: 1)
        for _ in 0..<100 {
            let rows = Self.randomRows(2, 40, &random)
            let mean = Double(zip(rows[0], rows[1]).reduce(0) { $0 + abs(Int($1.0) - Int($1.1)) }) / 40
            #expect(abs(AttributeScore(rows[0], rows[1]).distance - mean) < 1e-12)
        }
    }

    @Test func topScoresAverageOverRanksAndQueries() {
        let queries = Self.table([[1, 1], [-1, 1]])
        let gallery = Self.table([[1, 1], [1, -1], [-1, -1]])
        let scores = AttributeScore.top(
            [1, 2, 3], of: Self.neighbours([[0, 1, 2], [2, 0, 1]]), queries: queries, gallery: gallery)
        // Query 0: 1, 1/2, 0. Query 1: 1/2, 1/2, 0.
        #expect(scores.map(\.accuracy) == [0.75, 0.625, 2.5 / 6])
        #expect(scores[0].distance == 0.5)
    }

    @Test func topScoresEqualTheSlidesFormula() {
        var random = SplitMix(state: 2)
        let queryRows = Self.randomRows(9, 70, &random)
        let galleryRows = Self.randomRows(30, 70, &random)
        let ranked = (0..<9).map { _ in Array(0..<30).shuffled(using: &random) }
        let scores = AttributeScore.top(
            [1, 10, 30], of: Self.neighbours(ranked), queries: Self.table(queryRows), gallery: Self.table(galleryRows))
        for (k, score) in zip([1, 10, 30], scores) {
            var sum = 0.0
            for (query, row) in ranked.enumerated() {
                sum +=
                    row.prefix(k).reduce(0) { $0 + AttributeScore(queryRows[query], galleryRows[$1]).accuracy }
                    / Double(k)
            }
            #expect(abs(score.accuracy - sum / 9) < 1e-12)
        }
    }

    @Test func chanceIsTheMeanOverAllPairs() {
        var random = SplitMix(state: 3)
        let queries = Self.table(Self.randomRows(11, 40, &random))
        let gallery = Self.table(Self.randomRows(23, 40, &random))
        var agreeing = 0
        for query in 0..<11 { for image in 0..<23 { agreeing += queries.agreement(query, gallery, image) } }
        let chance = AttributeScore.chance(queries: queries, gallery: gallery)
        #expect(abs(chance.accuracy - Double(agreeing) / (11 * 23 * 40)) < 1e-12)
    }

    @Test func aConstantAnswerIsTheGallerysMajority() {
        let gallery = Self.table([[1, -1, 1], [1, -1, -1], [-1, -1, 1], [1, 1, -1]])  // majority 1, −1, and even: −1
        let queries = Self.table([[1, -1, -1], [-1, 1, 1]])
        #expect(AttributeScore.constant(queries: queries, gallery: gallery).accuracy == 0.5)
        #expect(AttributeScore.constant(queries: Self.table([[1, -1, -1]]), gallery: gallery).accuracy == 1)
    }

    @Test func tablesKeepEveryAttribute() {
        var random = SplitMix(state: 5)
        let rows = Self.randomRows(6, 130, &random)
        let table = Self.table(rows)
        for image in 0..<6 { #expect((0..<130).map { Int8(table[image, $0]) } == rows[image]) }
        #expect(table.frequencies[0] == rows.count { $0[0] == 1 })
        #expect(table.agreement(0, table, 0) == 130)
    }

    @Test func recallCountsQueriesWhosePersonIsFound() {
        let gallery = [7, 8, 7, 9]
        let ranked = Self.neighbours([[1, 0, 2], [3, 1, 0], [0, 1, 2]])
        let queries = [7, 9, 5]  // 5 has no image in the gallery
        #expect(IdentityMetrics.recall(at: 1, of: ranked, queries: queries, gallery: gallery) == 0.5)
        #expect(IdentityMetrics.recall(at: 2, of: ranked, queries: queries, gallery: gallery) == 1)
        #expect(IdentityMetrics.recall(at: 1, of: Self.neighbours([[0]]), queries: [1], gallery: [2]) == nil)
    }

    @Test func averagePrecisionWeighsEveryHitByItsRank() {
        // Hits at ranks 1, 3 and 4 of 3 relevant: (1 + 2/3 + 3/4) / 3.
        let value = IdentityMetrics.averagePrecision(hitsAt: [1, 3, 4], relevant: 3)
        #expect(abs(value - (1 + 2.0 / 3 + 3.0 / 4) / 3) < 1e-15)
        // At R = 3: hits at ranks 1 and 3 of the first three.
        let atR = IdentityMetrics.averagePrecision(hitsAt: [1, 3, 4], relevant: 3, atMost: 3)
        let expected: Double = (1 + 2.0 / 3) / 3
        #expect(atR == expected)
        #expect(IdentityMetrics.averagePrecision(hitsAt: [1], relevant: 1) == 1)
        #expect(IdentityMetrics.averagePrecision(hitsAt: [], relevant: 2) == 0)
        #expect(IdentityMetrics.averagePrecision(hitsAt: [], relevant: 0) == 0)
    }

    /// Every order of a few faces, looked at one by one.
    @Test func chanceIsTheMeanOverAllOrders() {
        func orders(_ left: [Bool]) -> [[Bool]] {
            left.isEmpty
                ? [[]]
                : left.indices.flatMap { place in
                    var rest = left
                    let own = rest.remove(at: place)
                    return orders(rest).map { [own] + $0 }
                }
        }
        for (relevant, count) in [(1, 1), (1, 5), (2, 6), (3, 6), (6, 6)] {
            let all = orders((0..<count).map { $0 < relevant }).map { order in
                order.indices.filter { order[$0] }.map { $0 + 1 }
            }
            func mean(_ score: ([Int]) -> Double) -> Double { all.reduce(0) { $0 + score($1) } / Double(all.count) }
            let comment: Comment = "\(relevant) of \(count)"
            let precision = mean { IdentityMetrics.averagePrecision(hitsAt: $0, relevant: relevant) }
            #expect(abs(Chance.averagePrecision(relevant: relevant, of: count) - precision) < 1e-12, comment)
            let atR = mean { IdentityMetrics.averagePrecision(hitsAt: $0, relevant: relevant, atMost: relevant) }
            #expect(
                abs(Chance.averagePrecision(relevant: relevant, of: count, atMost: relevant) - atR) < 1e-12, comment)
            for k in 1...count {
                let hit = mean { $0[0] <= k ? 1 : 0 }
                #expect(abs(Chance.recall(at: k, relevant: relevant, of: count) - hit) < 1e-12, comment)
            }
        }
        #expect(Chance.averagePrecision(relevant: 0, of: 5) == 0 && Chance.recall(at: 3, relevant: 0, of: 5) == 0)
        #expect(Chance.recall(at: 10, relevant: 1, of: 3) == 1)
    }

    @Test func aPerfectRankingScoresOneAndTheReverseScoresLeast() {
        var random = SplitMix(state: 6)
        for _ in 0..<50 {
            let gallery = (0..<20).map { _ in Int.random(in: 0..<3, using: &random) } + [0]
            let perfect = gallery.indices.sorted { (gallery[$0] == 0 ? 0 : 1, $0) < (gallery[$1] == 0 ? 0 : 1, $1) }
            func score(_ order: [Int]) -> Double {
                let ranks = order.indices.filter { gallery[order[$0]] == 0 }.map { $0 + 1 }
                return IdentityMetrics.averagePrecision(hitsAt: ranks, relevant: ranks.count)
            }
            #expect(score(perfect) == 1)
            let any = score(perfect.shuffled(using: &random))
            #expect(any <= 1 && any >= score(perfect.reversed()))
        }
    }
}
