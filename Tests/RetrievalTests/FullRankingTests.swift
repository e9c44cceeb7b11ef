import Retrieval
import Tensors
import Testing

/// What is measured over whole rankings, on numbers that can be checked by hand.
@Suite struct FullRankingTests {
    private static let people = PeopleNumbers(queries: ["a", "b"], gallery: ["a", "b", "a", "c"])
    /// On a line: a at 0 and 3, b at 1, c at 10; the queries at 0.4 (a) and 2.8 (b).
    private static let gallery = Matrix(rows: 4, columns: 1, values: [0, 1, 3, 10])
    private static let queries = Matrix(rows: 2, columns: 1, values: [0.4, 2.8])

    @Test func peopleAreNumberedAlikeOnBothSides() {
        #expect(Self.people.queries == [0, 1] && Self.people.gallery == [0, 1, 0, 2])
        // Two of four faces show the first query's person, one the second's.
        #expect(Self.people.chance == 3.0 / 8)
        #expect(PeopleNumbers(queries: [String](), gallery: []).chance == 0)
    }

    @Test func recallsAndPrecisionCountTheFirstRanks() throws {
        let found = try FlatIndex(Self.gallery).nearest(4, to: Self.queries)
        // Rankings: a b a c, and a b a c.
        #expect(Self.people.recalls(at: 1, found) == [1, 0])
        #expect(Self.people.recalls(at: 2, found) == [1, 1])
        #expect(Self.people.recall(at: 1, found) == 0.5)
        #expect(Self.people.recall(at: 2, found) == 1)
        #expect(Self.people.precision(at: 3, found) == 0.5)
        #expect(PeopleNumbers(queries: [7, 8], gallery: [1, 2, 3, 4]).recall(at: 4, found) == 0)
    }

    @Test func everyDistanceIsLookedAt() throws {
        var blocks = 0
        let full = try FullRanking(FlatIndex(Self.gallery), Self.queries, Self.people) { blocks += 1 }
        #expect(blocks == 1)
        // The first query's hits are ranks 1 and 3 of two, the second's rank 2 of one.
        let first: Double = (1 + 2.0 / 3) / 2
        #expect(full.averagePrecision == [first, 0.5])
        #expect(full.ownRanks == [[1, 3], [2]])
        func root(_ values: [Float]) -> [Float] { values.map { ($0.squareRoot() * 10).rounded() / 10 } }
        #expect(root(full.nearestOwn) == [0.4, 1.8])
        #expect(root(full.nearestStrangers) == [0.6, 0.2])
        let curve = try #require(full.curve)
        #expect([curve.samePairs, curve.otherPairs, curve.otherPairsInAll] == [3, 5, 5])
        #expect(curve.points.count == 41)
        let shares: [Double] = curve.points.map { $0[1] }
        #expect(shares == shares.sorted())
    }

    @Test func whoStandsAloneHasNoCurve() throws {
        let people = PeopleNumbers(queries: [1, 2], gallery: [3, 4, 5, 6])
        let full = try FullRanking(FlatIndex(Self.gallery), Self.queries, people, check: {})
        #expect(full.curve == nil)
        #expect(full.averagePrecision == [0, 0])
        #expect(full.nearestOwn == [.infinity, .infinity])
        #expect(full.nearestStrangers.count { $0.isFinite } == 2)
    }

    @Test func aCheckMayStopIt() throws {
        struct Stop: Error {}
        let index = try FlatIndex(Self.gallery)
        #expect(throws: Stop.self) { try FullRanking(index, Self.queries, Self.people) { throw Stop() } }
    }

    @Test func attributesNeedNamesAndAValueForEachImage() throws {
        #expect(AttributeTables(names: [], queries: [[]], gallery: [[]]) == nil)
        #expect(AttributeTables(names: ["Smiling"], queries: [[1], nil], gallery: [[1]]) == nil)
        let found = try FlatIndex(Self.gallery).nearest(1, to: Self.queries)
        let tables = try #require(
            AttributeTables(
                names: ["Male", "Smiling", "Young"], queries: [[1, 1, 1], [-1, -1, 1]],
                gallery: [[1, -1, 1], [1, 1, 1], [-1, -1, 1], [1, 1, -1]]))
        // Found are images 0 and 2: right about two attributes, and about all of them.
        let share: Double = 2.0 / 3
        #expect(tables.accuracies(at: 1, found) == [share, 1])
        // All queries are young: nothing to tell. Male is always right, smiling for one of two.
        let balanced = tables.balanced(at: 1, found)
        #expect(balanced.map(\.attribute) == ["Smiling", "Male"])
        #expect(balanced.map(\.accuracy) == [0.5, 1])
    }
}
