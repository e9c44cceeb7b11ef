import Directives
import Tensors
import Testing

@Suite struct EmbeddingPlaneTests {
    /// The corners of a box with sides along three directions that stand upright on each other, in four dimensions: what
    /// their principal components are is known.
    private static let sides = [3.0, 2.0, 0.5]
    private static let directions = [[0.5, 0.5, 0.5, 0.5], [0.5, -0.5, 0.5, -0.5], [0.5, 0.5, -0.5, -0.5]]
    /// The first four have more positive than negative signs along the first two directions.
    private static let signs = [
        [1.0, 1, 1], [1, 1, -1], [1, -1, 1], [-1, 1, -1], [1, -1, -1], [-1, 1, 1], [-1, -1, 1], [-1, -1, -1],
    ]

    private func embeddings(mirrored: Bool = false) -> Matrix {
        var rows: [[Double]] = []
        for signs in Self.signs {
            // Away from the origin.
            var row = [7.0, 7, 7, 7]
            for side in 0..<3 {
                let length = (mirrored ? -1 : 1) * signs[side] * Self.sides[side]
                for column in 0..<4 { row[column] += length * Self.directions[side][column] }
            }
            rows.append(row)
        }
        return Matrix(rows: 8, columns: 4, values: rows.flatMap { $0.map(Float.init) })
    }

    /// A component's direction could as well be the opposite one; the first group decides.
    @Test(arguments: [false, true])
    func theFirstTwoComponentsAreTheLongestSides(mirrored: Bool) {
        let view = EmbeddingPlane.View(embeddings(mirrored: mirrored), groups: [4, 4])
        #expect(view.points.map(\.count) == [4, 4])
        for (point, signs) in zip(view.points.flatMap { $0 }, Self.signs) {
            #expect(abs(point[0] - 3 * signs[0]) < 1e-4 && abs(point[1] - 2 * signs[1]) < 1e-4)
        }
        let total = Self.sides.reduce(0) { $0 + $1 * $1 }
        #expect(abs(view.explained[0] - 9 / total) < 1e-5)
        #expect(abs(view.explained[1] - 4 / total) < 1e-5)
    }

    @Test func spreadComparesOnesOwnFacesWithOthers() throws {
        var (own, other): ([Double], [Double]) = ([], [])
        for i in 0..<8 {
            for j in 0..<8 where i != j {
                let square = (0..<3).reduce(0.0) { sum, side in
                    let difference = (Self.signs[i][side] - Self.signs[j][side]) * Self.sides[side]
                    return sum + difference * difference
                }
                if i / 4 == j / 4 { own.append(square.squareRoot()) } else { other.append(square.squareRoot()) }
            }
        }
        let expected = own.reduce(0, +) / Double(own.count) / (other.reduce(0, +) / Double(other.count))
        let spread = try #require(EmbeddingPlane.View(embeddings(), groups: [4, 4]).spread)
        #expect(abs(spread - expected) < 1e-5)
        #expect(abs(expected - 1) > 0.05)
    }

    @Test func embeddingsThatAreAllAlikeSpanNothing() {
        let view = EmbeddingPlane.View(
            Matrix(rows: 4, columns: 3, values: [Float](repeating: 0.3, count: 12)), groups: [2, 2])
        #expect(view.points == [[[0, 0], [0, 0]], [[0, 0], [0, 0]]])
        #expect(view.explained == [0, 0])
        #expect(view.spread == nil)
    }

    @Test func testPeopleWithTheMostFacesAreShown() {
        // Ten test people p1…p10, of whom p3 has one face, p4 has three and p10 twelve; the others have two.
        var identities: [String] = []
        for person in 1...10 {
            identities += Array(repeating: "p\(person)", count: [3: 1, 4: 3, 10: 12][person] ?? 2)
        }
        let tested = Array(identities.indices)
        identities += ["t", "t"]
        let sample = PlaneSample(
            tested: tested.reversed(), trained: [tested.count, tested.count + 1], identities: identities)
        #expect(sample.isUnseen)
        #expect(sample.people == ["p1", "p2", "p4", "p5", "p6", "p7", "p8", "p10"])
        for (name, faces) in zip(sample.people, sample.faces) {
            #expect(faces == tested.filter { identities[$0] == name }.prefix(8).map { $0 })
        }
        #expect(sample.faces.map(\.count) == [2, 2, 3, 2, 2, 2, 2, 8])
    }

    @Test func whereTooFewAreTestedThoseWhoTrainAreShown() {
        let sample = PlaneSample(tested: [0, 1], trained: [2, 3, 4, 5], identities: ["a", "a", "b", "b", "c", "c"])
        #expect(!sample.isUnseen)
        #expect(sample.people == ["b", "c"])
        #expect(sample.faces == [[2, 3], [4, 5]])
    }
}
