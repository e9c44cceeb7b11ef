import Retrieval
import Tensors
import Testing

@Suite struct IndexTests {
    @Test(arguments: 0..<300)
    func treeAndFlatEqualTheNaiveSearchBitForBit(seed: Int) throws {
        var random = SplitMix(state: UInt64(seed))
        let shape = Shape.allCases[seed % Shape.allCases.count]
        let columns = [1, 2, 3, 8, 15, 16, 17, 31, 32, 33, 64, 100, 128, 200, 256][seed % 15]
        let largest = seed % 10 == 0 ? 3000 : 400
        let rows = seed % 7 == 0 ? Int.random(in: 1...4, using: &random) : Int.random(in: 1...largest, using: &random)
        let scale: Float = [1, 1e-3, 1e6, 1e-8, 1e-10, 1e14, 1e-12][seed / 3 % 7]
        let gallery = shape.matrix(rows, columns, scale: scale, &random)
        let queries = shape.matrix(7, columns, scale: scale, &random)
        let k = [1, min(rows, 10), rows, (rows + 1) / 2][seed % 4]
        let splits: [KDTree.Split] = [.principal, .axis, .random(seed: UInt64(seed))]
        let options = KDTree.Options(
            split: splits[seed / 7 % 3], leafSize: [1, 5, 16, 64][seed / 2 % 4], maximumDepth: seed % 11 == 0 ? 3 : 40)

        let expected = naiveNearest(k, to: queries, in: gallery)
        #expect(try FlatIndex(gallery).nearest(k, to: queries) == expected)
        #expect(try KDTree(gallery, options).nearest(k, to: queries) == expected)
        // A gallery's own rows are their nearest neighbours, or share a place with one of smaller index.
        let own = try KDTree(gallery, options).nearest(1, to: gallery)
        #expect(own.squaredDistances.allSatisfy { $0 == 0 })
        #expect(zip(own.indices, 0...).allSatisfy { $0 <= $1 })
    }

    @Test(arguments: [Shape.isotropic, .clustered])
    func treeEqualsFlatOnALargeGallery(shape: Shape) throws {
        var random = SplitMix(state: 9)
        let gallery = shape.matrix(20_000, 128, scale: 1, &random)
        let queries = shape.matrix(100, 128, scale: 1, &random)
        let flat = try FlatIndex(gallery)
        for split in [KDTree.Split.principal, .axis, .random(seed: 1)] {
            let tree = try KDTree(gallery, KDTree.Options(split: split))
            for k in [1, 10, 1000] { #expect(try tree.nearest(k, to: queries) == flat.nearest(k, to: queries)) }
        }
    }

    /// More rows at one distance than a list of candidates holds, and nearer ones behind them.
    @Test(arguments: [1, 5, 40, 2000]) func amongManyEqualRowsTheFirstAreTaken(k: Int) throws {
        var values = [Float](repeating: 1, count: 4 * 5000)
        values += [0.5, 0.5, 0.5, 0.5, 0.25, 0.25, 0.25, 0.25]
        values += [Float](repeating: 1, count: 4 * 3000)
        let gallery = Matrix(rows: 8002, columns: 4, values: values)
        let queries = Matrix(rows: 2, columns: 4, values: [0, 0, 0, 0, 1, 1, 1, 1])
        let found = try FlatIndex(gallery).nearest(k, to: queries)
        #expect(found == naiveNearest(k, to: queries, in: gallery))
        #expect(Array(found.indices[0..<k]) == Array(([5001, 5000] + Array(0..<5000)).prefix(k)))
        #expect(Array(found.indices[k...]) == Array(0..<k))
    }

    @Test func answersDoNotDependOnTheCompanyOfAQuery() throws {
        var random = SplitMix(state: 4)
        let gallery = Shape.clustered.matrix(2000, 40, scale: 1, &random)
        let queries = Shape.clustered.matrix(50, 40, scale: 1, &random)
        let tree = try KDTree(gallery)
        let flat = try FlatIndex(gallery)
        let together = try tree.nearest(5, to: queries)
        for query in 0..<50 {
            let alone = Matrix(rows: 1, columns: 40, values: Array(queries.row(query)))
            #expect(try tree.nearest(5, to: alone)[0] == together[query])
            #expect(try flat.nearest(5, to: alone)[0] == together[query])
        }
    }

    @Test func refusesWhatHasNoDistance() throws {
        let gallery = Matrix(rows: 2, columns: 2, values: [0, 1, 2, 3])
        func matrix(_ value: Float) -> Matrix { Matrix(rows: 2, columns: 2, values: [0, 0, 0, value]) }
        #expect(throws: SearchError.notFinite(row: 1, column: 1)) { try FlatIndex(matrix(.nan)) }
        #expect(throws: SearchError.notFinite(row: 1, column: 1)) { try KDTree(matrix(-.infinity)) }
        #expect(throws: SearchError.tooLong(row: 1)) { try KDTree(matrix(1e19)) }
        #expect(throws: SearchError.notFinite(row: 1, column: 1)) { try KDTree(gallery).nearest(1, to: matrix(.nan)) }
        #expect(throws: SearchError.columns(queries: 1, gallery: 2)) {
            try FlatIndex(gallery).nearest(1, to: Matrix(rows: 2, columns: 1, values: [0, 0]))
        }
    }

    @Test func noQueriesHaveNoAnswers() throws {
        let gallery = Matrix(rows: 2, columns: 2, values: [0, 1, 2, 3])
        let none = Matrix(rows: 0, columns: 2, values: [])
        #expect(try KDTree(gallery).nearest(1, to: none).indices.isEmpty)
        #expect(try FlatIndex(gallery).nearest(1, to: none).indices.isEmpty)
    }

    @Test func anEmptyGalleryBuilds() throws {
        let none = Matrix(rows: 0, columns: 20, values: [])
        #expect(try FlatIndex(none).count == 0)
        for split in [KDTree.Split.principal, .axis, .random(seed: 2)] {
            #expect(try KDTree(none, KDTree.Options(split: split)).leaves == 1)
        }
    }
}
