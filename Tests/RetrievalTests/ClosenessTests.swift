import Foundation
import Retrieval
import Tensors
import Testing

/// Vectors whose squared distances float32 cannot hold are refused, by both indexes alike, and no others.
@Suite struct ClosenessTests {
    private func refusal(_ search: () throws -> Neighbours) -> SearchError? {
        do {
            _ = try search()
            return nil
        } catch {
            return error as? SearchError
        }
    }

    @Test(arguments: [Float(1e-20), 1e-23, 1e-25, 3e-38, 0x1p-140])
    func vectorsThatVanishAreRefused(scale: Float) throws {
        var random = SplitMix(state: 3)
        for columns in [1, 16, 100, 128, 512] {
            let gallery = Shape.isotropic.matrix(200, columns, scale: scale, &random)
            let queries = Shape.isotropic.matrix(5, columns, scale: scale, &random)
            let flat = refusal { try FlatIndex(gallery).nearest(3, to: queries) }
            guard case .tooClose(query: 0, let row) = try #require(flat) else {
                Issue.record("\(String(describing: flat))")
                continue
            }
            #expect((0..<200).contains(row))
            for split in [KDTree.Split.principal, .axis, .random(seed: 2)] {
                let tree = try KDTree(gallery, KDTree.Options(split: split, leafSize: 16))
                #expect(refusal { try tree.nearest(3, to: queries) } == flat)
            }
        }
    }

    @Test func theMessageSaysWhatToDo() {
        #expect(
            SearchError.tooClose(query: 3, row: 5).description
                == "query 3 and row 5 of the gallery differ, but by less than about 1e-19, where squared distances vanish in "
                + "float32; scale the vectors up")
    }

    /// A few tiny vectors among ordinary ones matter only to those who are as near.
    @Test func tinyVectorsAmongOrdinaryOnes() throws {
        let gallery = Matrix(rows: 4, columns: 2, values: [1e-25, 0, 2e-25, 0, 1, 1, 3, 3])
        let (flat, tree) = (try FlatIndex(gallery), try KDTree(gallery, KDTree.Options(leafSize: 1)))
        func answers(_ x: Float, _ y: Float, k: Int) throws -> [Neighbour] {
            let query = Matrix(rows: 1, columns: 2, values: [x, y])
            let found = try flat.nearest(k, to: query)
            #expect(try tree.nearest(k, to: query) == found)
            return found[0]
        }
        #expect(try answers(1, 1, k: 4).map(\.index) == [2, 0, 1, 3])
        #expect(try answers(1e-9, 0, k: 1).map(\.index) == [0])
        // Equal to the first row: distance 0 is the truth, and which row is first too.
        #expect(try answers(1e-25, 0, k: 1) == [Neighbour(index: 0, squaredDistance: 0)])
        // Equal to the second row, which the first one would hide.
        let hidden = Matrix(rows: 1, columns: 2, values: [2e-25, 0])
        #expect(refusal { try flat.nearest(1, to: hidden) } == .tooClose(query: 0, row: 0))
        #expect(refusal { try tree.nearest(1, to: hidden) } == .tooClose(query: 0, row: 0))
    }

    /// A gallery far smaller than its distance from the queries, at the origin and elsewhere.
    @Test(arguments: [
        (Float(1e-25), Float(0)), (1e-9, 0), (1e-7, 0), (1, 1e9), (1e-3, 1e5), (0x1p-140, 0), (1e-9, 1e-3), (1e9, 1e15),
    ])
    func aGalleryTooSmallToBeToldApartIsRefused(scale: Float, offset: Float) throws {
        var random = SplitMix(state: 4)
        for columns in [1, 16, 128] {
            var gallery = Shape.isotropic.matrix(200, columns, scale: scale, &random)
            var queries = Shape.isotropic.matrix(5, columns, scale: max(1, offset * 10), &random)
            if offset > 0 {
                gallery.values = gallery.values.map { $0 + offset }
                queries.values = queries.values.map { $0 + offset * 30 }
            }
            // Rounding may have made all rows equal, which loses no order.
            guard Set((0..<200).map { Array(gallery.row($0)) }).count > 1 else { continue }
            let flat = refusal { try FlatIndex(gallery).nearest(3, to: queries) }
            guard case .tooFar(_, let ratio) = try #require(flat, "\(columns)") else {
                Issue.record("\(String(describing: flat))")
                continue
            }
            #expect(ratio > 1e5)
            #expect(refusal { try KDTree(gallery).nearest(3, to: queries) } == flat)
        }
    }

    /// What is answered is right: no row is nearer than the answer by more than rounding of squares in float32.
    @Test(arguments: [Float(1), 1e-2, 1e-4]) func smallGalleriesThatAreAnswered(scale: Float) throws {
        var random = SplitMix(state: 6)
        let gallery = Shape.isotropic.matrix(200, 16, scale: scale, &random)
        let queries = Shape.isotropic.matrix(20, 16, scale: 1, &random)
        let found = try FlatIndex(gallery).nearest(1, to: queries)
        #expect(try KDTree(gallery).nearest(1, to: queries) == found)
        for query in 0..<20 {
            func distance(_ row: Int) -> Double {
                zip(queries.row(query), gallery.row(row)).reduce(0) { $0 + pow(Double($1.0) - Double($1.1), 2) }
            }
            let best = (0..<200).map(distance).min() ?? 0
            #expect(distance(found.indices[query]) <= best * (1 + 1e-5))
        }
    }

    /// In many columns a row's part along the way to the query is a small one.
    @Test func manyColumnsNeedALargerGallery() throws {
        var random = SplitMix(state: 8)
        let gallery = Shape.isotropic.matrix(200, 128, scale: 1e-6, &random)
        let queries = Shape.isotropic.matrix(3, 128, scale: 1, &random)
        guard case .tooFar(query: 0, _)? = refusal({ try FlatIndex(gallery).nearest(1, to: queries) }) else {
            Issue.record("was answered")
            return
        }
    }

    @Test func equalRowsFarFromTheirQueriesAreAnswered() throws {
        let gallery = Matrix(rows: 7, columns: 2, values: (0..<7).flatMap { _ in [Float(0.1), 0.7] })
        let queries = Matrix(rows: 1, columns: 2, values: [1e9, 1])
        #expect(try FlatIndex(gallery).nearest(3, to: queries).indices == [0, 1, 2])
        #expect(try KDTree(gallery).nearest(3, to: queries).indices == [0, 1, 2])
    }

    /// Around the limit, squares of denormal numbers lose digits: what is answered is right to rounding.
    @Test func whatIsAnsweredHasItsDigits() throws {
        var refused = 0
        for exponent in stride(from: -24.0, through: -16, by: 0.25) {
            let length = Float(pow(10, exponent))
            let gallery = Matrix(rows: 1, columns: 128, values: [Float](repeating: 0, count: 128))
            let query = Matrix(rows: 1, columns: 128, values: [Float](repeating: length, count: 128))
            do {
                let found = try FlatIndex(gallery).nearest(1, to: query)[0][0].squaredDistance
                let truth = 128 * Double(length) * Double(length)
                #expect(abs(Double(found) - truth) <= 1e-5 * truth)
            } catch SearchError.tooClose {
                refused += 1
                #expect(length < 1e-19)
            }
        }
        #expect(refused > 10)
    }

    @Test(arguments: [Float(1e18), -9e17]) func theLongestVectorsStillHaveDistances(length: Float) throws {
        let gallery = Matrix(rows: 2, columns: 1, values: [length, -length])
        for found in [
            try FlatIndex(gallery).nearest(2, to: gallery),
            try KDTree(gallery, KDTree.Options(leafSize: 1)).nearest(2, to: gallery),
        ] {
            #expect(found.indices == [0, 1, 1, 0])
            #expect(found.squaredDistances.allSatisfy { $0.isFinite })
        }
    }

    /// Components divide by deviations: of 10⁻²⁵ that can be done, of 10⁻⁴² not.
    @Test func whiteningTinyVectorsGivesNumbersOrNothing() throws {
        var random = SplitMix(state: 5)
        for scale: Float in [1, 1e-10, 1e-25, 1e-37, 0x1p-140, 1e18] {
            let vectors = Shape.isotropic.matrix(20, 8, scale: scale, &random)
            guard let components = PrincipalComponents(fitting: vectors, count: 4, whitening: true) else {
                #expect(scale < 1e-36)
                continue
            }
            #expect(components.coordinates(of: vectors).values.allSatisfy { $0.isFinite })
        }
        let unsound = Matrix(rows: 2, columns: 1, values: [0, .infinity])
        #expect(PrincipalComponents(fitting: unsound, count: 1) == nil)
    }
}
