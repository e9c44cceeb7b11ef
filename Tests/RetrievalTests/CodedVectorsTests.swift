import Retrieval
import Tensors
import Testing

/// What a page carries of vectors, beside the vectors.
@Suite struct CodedVectorsTests {
    @Test func answersAreThoseOfExactSearch() throws {
        let vectors = Matrix(likeEmbeddings: 600, seed: 3)
        let coded = CodedVectors(vectors, mostColumns: 1000)
        #expect(coded.columns == 128 && coded.bytes.count == 600 * 128 * 2)
        #expect(try coded.agreement(with: vectors, ranks: 10) >= 0.99)
        for row in [0, 17, 599] {
            let exact = naiveNearest(6, to: vectors.rows(row..<row + 1), in: vectors)[0].filter { $0.index != row }
            for (found, neighbour) in zip(coded.nearest(5, toRow: row), exact) {
                let distance = coded.scale * Double(found.squaredDistance).squareRoot()
                let plain = Double(neighbour.squaredDistance).squareRoot()
                #expect(found.row == neighbour.index && abs(distance - plain) <= 1e-3 * plain)
            }
        }
    }

    /// Coordinates along as many directions as rows span are the vectors themselves, turned.
    @Test func manyNumbersOfFewRowsLoseNothing() throws {
        var random = SplitMix(state: 5)
        let vectors = Matrix(rows: 40, columns: 300, values: (0..<40 * 300).map { _ in random.normal() })
        let coded = CodedVectors(vectors, mostColumns: 60)
        #expect(coded.columns == 39)
        #expect(try coded.agreement(with: vectors, ranks: 10) >= 0.99)
        let lossy = CodedVectors(vectors, mostColumns: 5)
        #expect(lossy.columns == 5)
        let share = try lossy.agreement(with: vectors, ranks: 10)
        #expect((0..<0.9).contains(share), "what is left out is told")
    }

    /// As a network without training describes faces: what is common to all is far larger than what differs.
    @Test func whatIsCommonToAllTakesNoDigits() throws {
        var vectors = Matrix(likeEmbeddings: 200, seed: 4)
        for place in vectors.values.indices { vectors.values[place] = 500 + vectors.values[place] / 8 }
        let coded = CodedVectors(vectors, mostColumns: 128)
        #expect(try coded.agreement(with: vectors, ranks: 10) >= 0.99)
    }

    @Test func equalDistancesStandInTheOrderOfRowsAndNobodyAnswersHimself() throws {
        let vectors = Matrix(rows: 6, columns: 1, values: [0, 1, -1, 0, 1, -1])
        let coded = CodedVectors(vectors, mostColumns: 1)
        #expect(coded.nearest(5, toRow: 0).map(\.row) == [3, 1, 2, 4, 5])
        #expect(coded.nearest(9, toRow: 3).map(\.row) == [0, 1, 2, 4, 5])
        #expect(coded.nearest(0, toRow: 0).isEmpty)
        #expect(coded.codes == [0, 32_767, -32_767, 0, 32_767, -32_767])
        #expect(coded.bytes == [0, 0, 0xFF, 0x7F, 1, 0x80, 0, 0, 0xFF, 0x7F, 1, 0x80])
    }

    @Test func degenerateVectorsAreCodedToo() throws {
        let equal = Matrix(rows: 3, columns: 4, values: [Float](repeating: 2, count: 12))
        #expect(CodedVectors(equal, mostColumns: 2).nearest(2, toRow: 1).map(\.row) == [0, 2])
        let zero = Matrix(rows: 1, columns: 2, values: [0, 0])
        let coded = CodedVectors(zero, mostColumns: 2)
        #expect(coded.codes == [0, 0] && coded.nearest(3, toRow: 0).isEmpty)
        #expect(try coded.agreement(with: zero, ranks: 10) == 1)
    }

    @Test func spaceIsSharedByAllEvaluations() {
        func most(_ bytes: Int, _ rows: Int, _ columns: [Int]) -> Int {
            CodedVectors.columns(fitting: bytes, rows: rows, of: columns)
        }
        #expect(most(1_600_000, 1300, [128, 128, 128]) == 128)
        #expect(most(1_600_000, 1300, [128, 2048]) == 487)
        #expect(most(1000, 10, [30, 30]) == 25)
        #expect(most(1, 1000, [30]) == 1)
    }
}
