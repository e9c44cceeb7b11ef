import Foundation
import Retrieval
import Tensors
import TestSupport
import Testing

/// Every metric against what scikit-learn computes from the same vectors (Fixtures/metrics.py).
@Suite struct MetricFixtureTests {
    private struct Fixture: Decodable {
        var queries: [Float], gallery: [Float], columns: Int
        var queryPeople: [Int], galleryPeople: [Int]
        var queryAttributes: [Int8], galleryAttributes: [Int8], attributes: Int
        var order: [[Int]]
        var averagePrecision: [Double]
        var recall1: Double, recall5: Double, recall10: Double
        var eer: Double, area: Double, tprAt1: Double, tprAt5: Double
        var balanced: [Double?], balancedK: Int
        var variances: [Double], fewVariances: [Double], absoluteCoordinates: [Double], whitenedDistances: [Double]
    }

    private let fixture: Fixture
    private let queries: Matrix
    private let gallery: Matrix
    private let ranking: Neighbours

    init() throws {
        let text = try Repository.read("Tests/RetrievalTests/Fixtures/metrics.json")
        fixture = try JSONDecoder().decode(Fixture.self, from: Data(text.utf8))
        queries = Matrix(rows: fixture.queryPeople.count, columns: fixture.columns, values: fixture.queries)
        gallery = Matrix(rows: fixture.galleryPeople.count, columns: fixture.columns, values: fixture.gallery)
        ranking = try FlatIndex(gallery).nearest(gallery.rows, to: queries)
    }

    @Test func rankingsAreNumPys() {
        for (query, order) in fixture.order.enumerated() { #expect(Array(ranking.indices(of: query)) == order) }
    }

    @Test func averagePrecisionIsScikitLearns() throws {
        let full = try FullRanking(
            FlatIndex(gallery), queries, PeopleNumbers(queries: fixture.queryPeople, gallery: fixture.galleryPeople),
            check: {})
        #expect(full.averagePrecision.count == fixture.averagePrecision.count)
        for (value, expected) in zip(full.averagePrecision, fixture.averagePrecision) {
            #expect(abs(value - expected) < 1e-12)
        }
    }

    @Test func recallIsNumPys() {
        for (k, expected) in [(1, fixture.recall1), (5, fixture.recall5), (10, fixture.recall10)] {
            let recall = IdentityMetrics.recall(
                at: k, of: ranking, queries: fixture.queryPeople, gallery: fixture.galleryPeople)
            #expect(abs((recall ?? -1) - expected) < 1e-12)
        }
    }

    @Test func verificationIsScikitLearns() {
        var same: [Float] = []
        var other: [Float] = []
        for query in 0..<queries.rows {
            for neighbour in ranking[query] {
                let isSame = fixture.queryPeople[query] == fixture.galleryPeople[neighbour.index]
                if isSame { same.append(neighbour.squaredDistance) } else { other.append(neighbour.squaredDistance) }
            }
        }
        let verification = Verification(same: same, other: other)
        #expect(abs(verification.equalErrorRate - fixture.eer) < 1e-9)
        #expect(abs(verification.area - fixture.area) < 1e-12)
        #expect(verification.truePositives(atFalsePositives: 0.01) == fixture.tprAt1)
        #expect(verification.truePositives(atFalsePositives: 0.05) == fixture.tprAt5)
    }

    @Test func balancedAccuracyIsScikitLearns() {
        func table(_ images: Int, _ values: [Int8]) -> AttributeTable {
            AttributeTable(images: images, count: fixture.attributes, values: values)
        }
        let found = AttributeBalance.accuracies(
            at: fixture.balancedK, of: ranking, queries: table(queries.rows, fixture.queryAttributes),
            gallery: table(gallery.rows, fixture.galleryAttributes))
        #expect(found.count == fixture.balanced.count)
        for (value, expected) in zip(found, fixture.balanced) {
            #expect((value == nil) == (expected == nil))
            #expect(abs((value ?? 0) - (expected ?? 0)) < 1e-12)
        }
    }

    @Test func principalComponentsAreScikitLearns() throws {
        let components = try #require(PrincipalComponents(fitting: gallery, count: 3))
        for (value, expected) in zip(components.variances, fixture.variances) { #expect(abs(value - expected) < 1e-5) }
        // Fewer rows than columns: by the Gram matrix.
        let few = try #require(PrincipalComponents(fitting: gallery.rows(0..<4), count: 3))
        for (value, expected) in zip(few.variances, fixture.fewVariances) { #expect(abs(value - expected) < 1e-5) }
        // The sign of a direction is anybody's choice.
        for (value, expected) in zip(components.coordinates(of: queries).values, fixture.absoluteCoordinates) {
            #expect(abs(Double(abs(value)) - expected) < 1e-4)
        }
        let white = try #require(PrincipalComponents(fitting: gallery, count: 3, whitening: true))
        let found = try FlatIndex(white.coordinates(of: gallery)).nearest(
            gallery.rows, to: white.coordinates(of: queries))
        for query in 0..<queries.rows {
            for neighbour in found[query] {
                let expected = fixture.whitenedDistances[query * gallery.rows + neighbour.index]
                #expect(abs(Double(neighbour.squaredDistance) - expected) < 1e-3 * max(1, expected))
            }
        }
    }
}
