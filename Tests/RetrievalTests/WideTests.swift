import Retrieval
import Tensors
import Testing

/// Few vectors with very many columns: nothing of the tree is columns².
@Suite struct WideTests {
    @Test(arguments: [(1, 100_000), (3, 100_000), (40, 20_000), (5, 2_049), (300, 3_000)])
    func wideVectorsAreSearchedExactly(rows: Int, columns: Int) throws {
        var random = SplitMix(state: 8)
        let gallery = Shape.isotropic.matrix(rows, columns, scale: 1, &random)
        let queries = Shape.isotropic.matrix(2, columns, scale: 1, &random)
        let k = min(rows, 3)
        let flat = try FlatIndex(gallery).nearest(k, to: queries)
        for split in [KDTree.Split.principal, .axis, .random(seed: 4)] {
            let tree = try KDTree(gallery, KDTree.Options(split: split, leafSize: 16))
            #expect(try tree.nearest(k, to: queries) == flat)
            // What making it orthonormal costs is bounded too.
            #expect(tree.directions.rows <= min(rows, 31))
            #expect(tree.directions.rows * columns <= max(1 << 18, columns))
            try expectOrthonormal(tree.directions)
        }
    }

    /// Vectors along a line in a wide space: the first direction is that line.
    @Test func principalDirectionsOfWideVectorsAreFound() throws {
        let columns = 4_000
        let values = (0..<6).flatMap { row in (0..<columns).map { $0 < 4 ? Float(row * row) : 0 } }
        let tree = try KDTree(Matrix(rows: 6, columns: columns, values: values))
        let first = tree.directions.row(0)
        #expect(first.prefix(4).allSatisfy { abs(abs($0) - 0.5) < 1e-5 })
        #expect(first.dropFirst(4).allSatisfy { abs($0) < 1e-5 })
    }

    private func expectOrthonormal(_ directions: Matrix) throws {
        for first in 0..<directions.rows {
            for second in 0...first {
                let product = zip(directions.row(first), directions.row(second)).reduce(0.0) {
                    $0 + Double($1.0) * Double($1.1)
                }
                #expect(abs(product - (first == second ? 1 : 0)) < 1e-4)
            }
        }
    }
}
