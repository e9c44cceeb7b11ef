import Files
import Retrieval
import Tensors
import Testing

@Suite struct GrowingIndexTests {
    static let kinds: [GrowingIndex.Kind] = [
        .flat, .tree(KDTree.Options(leafSize: 16)), .tree(KDTree.Options(split: .random(seed: 9), leafSize: 3)),
    ]

    @Test(arguments: kinds)
    func answersAsIfBuiltOverEverything(kind: GrowingIndex.Kind) throws {
        var random = SplitMix(state: 12)
        let all = Shape.clustered.matrix(600, 20, scale: 1, &random)
        let queries = Shape.clustered.matrix(9, 20, scale: 1, &random)
        var index = try GrowingIndex(all.rows(0..<200), kind)
        for (start, end) in [(200, 201), (201, 240), (240, 260), (260, 600)] {
            try index.add(all.rows(start..<end))
            #expect(index.count == end)
            for k in [1, 30, end] {
                #expect(try index.nearest(k, to: queries) == naiveNearest(k, to: queries, in: all.rows(0..<end)))
            }
        }
    }

    @Test func addsNothingWhenAnyVectorIsRefused() throws {
        var index = try GrowingIndex(Matrix(rows: 1, columns: 2, values: [0, 0]), .flat)
        #expect(throws: SearchError.notFinite(row: 1, column: 0)) {
            try index.add(Matrix(rows: 2, columns: 2, values: [1, 1, .nan, 1]))
        }
        #expect(index.count == 1)
    }

    @Test(arguments: kinds)
    func survivesAFile(kind: GrowingIndex.Kind) throws {
        var random = SplitMix(state: 13)
        let index = try GrowingIndex(Shape.isotropic.matrix(50, 7, scale: 1, &random), kind)
        let queries = Shape.isotropic.matrix(5, 7, scale: 1, &random)
        let loaded = try GrowingIndex(decoding: index.encoded(), name: "x")
        #expect(loaded.kind == kind && loaded.vectors == index.vectors)
        #expect(try loaded.nearest(50, to: queries) == index.nearest(50, to: queries))
    }

    /// No rows take no bytes, but an index takes memory for its columns.
    @Test func refusesColumnsBeyondTheFileAlsoWithoutRows() throws {
        let none = Matrix(rows: 0, columns: 3, values: [])
        for kind in Self.kinds {
            let file = try GrowingIndex(none, kind).encoded()
            #expect(try GrowingIndex(decoding: file, name: "x").vectors == none)
            var body = Array(file.dropLast(64))
            body.replaceSubrange(64..<72, with: [0, 0, 0, 0, 0, 1, 0, 0])
            let error = #expect(throws: IndexFileError.self) {
                try GrowingIndex(decoding: body + Array(Digest(of: body).hex.utf8), name: "x")
            }
            #expect(error?.problem == "its sizes are not sizes")
        }
    }

    @Test func refusesEveryDamagedByteAndEveryLength() throws {
        let file = try GrowingIndex(Matrix(rows: 2, columns: 2, values: [1, 2, 3, 4]), .flat).encoded()
        for place in file.indices {
            var damaged = file
            damaged[place] ^= 0x40
            #expect(throws: IndexFileError.self) { try GrowingIndex(decoding: damaged, name: "x") }
            #expect(throws: IndexFileError.self) { try GrowingIndex(decoding: Array(file[..<place]), name: "x") }
        }
    }

    @Test func aLeafBudgetOnlyLosesNeighbours() throws {
        var random = SplitMix(state: 14)
        let gallery = Shape.isotropic.matrix(2000, 16, scale: 1, &random)
        let queries = Shape.isotropic.matrix(20, 16, scale: 1, &random)
        let tree = try KDTree(gallery, KDTree.Options(leafSize: 16))
        let exact = try tree.nearest(10, to: queries)
        func recall(_ budget: Int) throws -> Int {
            let found = try tree.approximate(10, to: queries, leafBudget: budget)
            return (0..<20).reduce(0) { sum, query in
                sum + Set(found.indices(of: query)).intersection(exact.indices(of: query)).count
            }
        }
        #expect(try recall(1000) == 200)
        #expect(try recall(1) < 200)
        #expect(try recall(1) > 0)
    }

    @Test func aTraceBeginsAtHomeAndEndsWithTheAnswer() throws {
        var random = SplitMix(state: 15)
        let gallery = Shape.clustered.matrix(3000, 16, scale: 1, &random)
        let query = Shape.clustered.matrix(1, 16, scale: 1, &random)
        let tree = try KDTree(gallery, KDTree.Options(leafSize: 16))
        let trace = try tree.trace(5, of: query)
        #expect(trace.visited.contains(tree.leaf(of: query)))
        #expect(!trace.pruned.isEmpty)
        let seen = trace.visited.filter { tree.nodes[$0].question == nil }
            .flatMap { tree.nodes[$0].vectors.map { tree.order[$0] } }
        #expect(Set(try tree.nearest(5, to: query).indices).isSubset(of: seen))
    }
}
