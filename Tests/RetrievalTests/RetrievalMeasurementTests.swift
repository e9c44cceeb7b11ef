import Foundation
import Retrieval
import Tensors
import Testing

/// A search of two queries among four images, every number worked by hand.
@Suite struct RetrievalMeasurementTests {
    /// On a line: a at 0 and 3, b at 1, c at 10; the queries at 0.4 (a) and 2.8 (b). Ranked: a b a c for both, from either end.
    private static let gallery = LabelledVectors(
        Matrix(rows: 4, columns: 1, values: [0, 1, 3, 10]), people: ["a", "b", "a", "c"],
        attributes: [[1, -1, 1], [1, 1, 1], [-1, -1, 1], [1, 1, -1]])
    private static let queries = LabelledVectors(
        Matrix(rows: 2, columns: 1, values: [0.4, 2.8]), people: ["a", "b"], attributes: [[1, 1, 1], [-1, -1, 1]])
    /// Each is 6 and 4 from the other's face.
    private static let calibration = (
        queries: LabelledVectors(Matrix(rows: 2, columns: 1, values: [0, 5]), people: ["x", "y"]),
        gallery: LabelledVectors(Matrix(rows: 2, columns: 1, values: [1, 6]), people: ["x", "y"])
    )
    private static let nobody = LabelledVectors(Matrix(rows: 0, columns: 1, values: []), people: [])

    private func measure(
        names: [String] = ["Male", "Smiling", "Young"], calibrated: Bool = true
    ) throws -> RetrievalMeasurement {
        try RetrievalMeasurement(
            of: Self.queries, in: Self.gallery,
            calibration: calibrated ? Self.calibration : (Self.nobody, Self.nobody),
            .init(
                ks: [1, 2, 3], leafSize: 128, attributeNames: names,
                rankMeasures: [.recall, .precision, .accuracy, .distance],
                queryMeasures: [.recall1, .recall5, .map, .mapAtR]),
            check: {})
    }

    private func expect(_ values: [Double?], _ expected: [Double], _ comment: Comment) {
        #expect(values.count == expected.count, comment)
        for (value, expected) in zip(values, expected) {
            #expect(abs((value ?? .nan) - expected) < 1e-6, comment)
        }
    }

    @Test func everyKIsMeasured() throws {
        let rows = try measure().quality.rows
        #expect(rows.map(\.k) == [1, 2, 3])
        expect(rows.map { $0[.recall] }, [0.5, 1, 1], "a is first for a, second for b")
        expect(rows.map { $0[.precision] }, [0.5, 0.5, 0.5], "1 and 0 of 1, 1 and 1 of 2, 2 and 1 of 3")
        // Of three attributes the ranks share 2, 3, 1 with the first query, and 3, 1, 2 with the second.
        expect(rows.map { $0[.accuracy] }, [5.0 / 6, 9.0 / 12, 12.0 / 18], "agreements of attributes")
        expect(rows.map { $0[.distance] }, [2.0 / 6, 2 * 3.0 / 12, 2 * 6.0 / 18], "twice what does not agree")
    }

    @Test func queriesAreAveraged() throws {
        let measured = try measure()
        let means = measured.quality.identity
        #expect(means.keys.sorted() == ["map", "mapAtR", "recall1", "recall5"])
        // The first query's hits are ranks 1 and 3 of two, the second's is rank 2 of one.
        expect(
            ["recall1", "recall5", "map", "mapAtR"].map { means[$0]?.mean },
            [0.5, 1, (5.0 / 6 + 0.5) / 2, (0.5 + 0) / 2], "means over two queries")
        #expect(means["recall1"]?.low == 0 && means["recall1"]?.high == 1)
        #expect(means.values.allSatisfy { $0.people == 2 } && measured.quality.people == 2)
        #expect(measured.scores[.recall1] == [1, 0] && measured.scores.people == [0, 1])
        expect(measured.scores[.map] ?? [], [5.0 / 6, 0.5], "of each query")
        expect(measured.scores.accuracy.map { $0[0] }, [2.0 / 3, 5.0 / 6, 6.0 / 9], "of the first query, for each k")
        #expect(measured.retrieval.found.indices == [0, 1, 2, 3, 2, 1, 0, 3])
    }

    @Test func theRestIsMeasuredOnce() throws {
        let quality = try measure().quality
        #expect(
            quality.queries == 2 && quality.people == 2 && quality.gallery == 4 && quality.dimensions == 1
                && quality.attributes == 3)
        #expect(quality.identityChance == 3.0 / 8, "2 and 1 of 4 images show the query's person")
        #expect(quality.verification?.samePairs == 3 && quality.verification?.otherPairs == 5)
        // Male is +1 in half of the queries: 1/2. Smiling likewise. Young in all of them and in three of four images.
        expect([quality.attributeChance], [(0.5 + 0.5 + 0.75) / 3], "two random images")
        // The gallery is mostly male and young, and as often smiling as not, which counts as not.
        expect([quality.constantAnswer], [(0.5 + 0.5 + 1) / 3], "the same answer to every query")
        let exactness = quality.exactness
        #expect(exactness.equal && exactness.k == 4 && exactness.depth == 4 && exactness.nodes == 1)
        #expect(exactness.distancesComputed == 4 && exactness.partialDistances == 4)
        // Of four ranks in random order: the first query's two hits, the second's one. AP of one: (1 + 1/2 + 1/3 + 1/4) / 4;
        // of two: (1 + (1 + 1/3)/2 + (1 + 2/3)/3 + (1 + 1)/4) / 4.
        let one: Double = (1 + 0.5 + 1.0 / 3 + 0.25) / 4
        let two: Double = (1 + 2.0 / 3 + 5.0 / 9 + 0.5) / 4
        expect([quality.chance["map"], quality.chance["recall1"]], [(one + two) / 2, 3.0 / 8], "random rankings")
    }

    @Test func theOpenSetIsCalibratedOnOtherPeople() throws {
        let answers = try #require(try measure().quality.openSet)
        // Below 4, the nearer of two strangers. Own faces are at 0.4 and 1.8, strangers at 0.6 and 0.2.
        #expect(answers.threshold < 4 && answers.threshold > 3.999)
        #expect(answers.outcome.identified.mean == 0.5 && answers.outcome.falselyAccepted.mean == 1)
        let calibration = answers.calibration
        #expect(calibration.expected.people == 2 && calibration.queries == 2 && calibration.expected.mean == 0)
        // One stranger for each of them; the test's queries meet two and three of four.
        expect([calibration.strangers, calibration.testedStrangers], [1, 2.5], "faces of others")
        expect([calibration.share], [1 - pow(0.95, 1 / 2.5)], "fewer strangers, fewer chances")
        #expect(try measure(calibrated: false).quality.openSet == nil)
    }

    @Test func withoutAttributesThereIsNoneToAgreeOn() throws {
        let measured = try measure(names: [])
        #expect(measured.quality.rows.allSatisfy { $0[.accuracy] == nil && $0[.distance] == nil })
        #expect(measured.quality.attributeChance == nil && measured.quality.balanced.isEmpty)
        #expect(measured.scores.accuracy.isEmpty)
    }

    @Test func aRowIsStoredAsOneObject() throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        let rows = try measure(names: []).quality.rows
        let bytes = try encoder.encode(rows)
        #expect(
            String(decoding: bytes, as: UTF8.self)
                == #"[{"k":1,"precision":0.5,"recall":0.5},{"k":2,"precision":0.5,"recall":1},{"k":3,"precision":0.5,"recall":1}]"#
        )
        let again = try JSONDecoder().decode([RetrievalQuality.Row].self, from: bytes)
        #expect(again.map(\.k) == [1, 2, 3])
        expect(again.map { $0[.recall] }, [0.5, 1, 1], "as it was")
        for damaged in [#"[{"recall":1}]"#, #"[{"k":1.5,"recall":1}]"#, #"[{"k":1,"recall":"a"}]"#] {
            #expect(throws: DecodingError.self) {
                try JSONDecoder().decode([RetrievalQuality.Row].self, from: Data(damaged.utf8))
            }
        }
    }

    @Test func aCheckMayStopIt() {
        struct Stop: Error {}
        #expect(throws: Stop.self) {
            try RetrievalMeasurement(
                of: Self.queries, in: Self.gallery, calibration: (Self.nobody, Self.nobody),
                .init(ks: [1], leafSize: 1, rankMeasures: [], queryMeasures: []), check: { throw Stop() })
        }
    }
}
