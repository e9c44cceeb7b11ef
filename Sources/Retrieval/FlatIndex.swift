import COpenBLAS
import Tensors

/// Exact search by comparing every query with every gallery row.
///
/// One matrix product gives approximate distances; what it cannot rule out is measured again with the one
/// definition of distance. Building is O(n·d); a query costs O(n·d) at the speed of a matrix product.
package struct FlatIndex: Sendable {
    package let count: Int
    package let columns: Int
    private let rows: PaddedRows
    private let centre: [Float]
    private let gallery: Centred

    /// Throws for values that are not finite, or so large that a squared distance overflows.
    package init(_ gallery: Matrix) throws(SearchError) {
        try Vectors.check(gallery)
        count = gallery.rows
        columns = gallery.columns
        rows = PaddedRows(gallery)
        centre = Centred.centre(of: gallery)
        self.gallery = Centred(gallery, around: centre)
    }

    /// The `k` nearest rows of each query. 1 ≤ k ≤ count: callers check what a user asked for.
    package func nearest(_ k: Int, to queries: Matrix) throws(SearchError) -> Neighbours {
        precondition(k >= 1 && k <= count, "k lies outside 1...\(count)")
        try Vectors.check(queries, against: columns)
        let near = Centred(queries, around: centre)
        let exact = PaddedRows(queries)
        var indices = [Int](repeating: 0, count: queries.rows * k)
        var distances = [Float](repeating: 0, count: queries.rows * k)
        // 16 MB of products at a time.
        let block = max(1, min(queries.rows, 128, (1 << 22) / max(1, count)))
        var products = [Float](repeating: 0, count: block * count)
        indices.withUnsafeMutableBufferPointer { indices in
            distances.withUnsafeMutableBufferPointer { distances in
                products.withUnsafeMutableBufferPointer { products in
                    guard let indices = indices.baseAddress, let distances = distances.baseAddress,
                        let products = products.baseAddress
                    else { return }
                    for start in stride(from: 0, to: queries.rows, by: block) {
                        let some = min(block, queries.rows - start)
                        multiply(near, start, some, into: products)
                        inParallel(some, chunk: 8) { range in
                            var selection = Selection(k: k)
                            for row in range {
                                let query = start + row
                                rerank(
                                    products + row * count, query: query, near, exact, &selection,
                                    indices + query * k, distances + query * k)
                            }
                        }
                    }
                }
            }
        }
        return Neighbours(queries: queries.rows, k: k, indices: indices, squaredDistances: distances)
    }

    /// products = −2 · queries · galleryᵀ
    private func multiply(_ queries: Centred, _ start: Int, _ some: Int, into products: UnsafeMutablePointer<Float>) {
        queries.values.withUnsafeBufferPointer { q in
            gallery.values.withUnsafeBufferPointer { g in
                guard let q = q.baseAddress, let g = g.baseAddress else { return }
                let d = Int32(columns)
                cblas_sgemm(
                    CblasRowMajor, CblasNoTrans, CblasTrans, Int32(some), Int32(count), d,
                    -2, q + start * columns, d, g, d, 0, products, Int32(count))
            }
        }
    }

    /// Keeps what may be among the k nearest, measures it, and sorts it.
    ///
    /// Why this is exact: let s = ‖x‖² − 2q·x as computed, c the distance as defined, and ε a bound on
    /// |s + ‖q‖² − c| over the gallery. With σ the k-th smallest s, k rows have c ≤ σ + ‖q‖² + ε; so the k-th
    /// smallest c is at most that, and every row that is at least as near has s ≤ σ + 2ε.
    private func rerank(
        _ products: UnsafeMutablePointer<Float>, query: Int, _ near: Centred, _ exact: PaddedRows,
        _ selection: inout Selection, _ indices: UnsafeMutablePointer<Int>, _ distances: UnsafeMutablePointer<Float>
    ) {
        gallery.squaredNorms.withUnsafeBufferPointer { norms in
            guard let norms = norms.baseAddress else { return }
            let sigma = selection.smallest(products, plus: norms, count: count)
            let reach = Double(near.squaredNorms[query]).squareRoot() + gallery.radius
            let epsilon =
                Double(2 * columns + 64) * .singleRoundoff * reach * reach + Double(4 * columns) * .singleUnderflow
            let limit = Float(Double(sigma) + 2 * epsilon).nextUp
            rows.values.withUnsafeBufferPointer { rows in
                exact.values.withUnsafeBufferPointer { exact in
                    guard let rows = rows.baseAddress, let exact = exact.baseAddress else { return }
                    let width = self.rows.width
                    selection.rank(products, upTo: limit, count: count, indices, distances) { index in
                        squaredDistance(exact + query * width, rows + index * width, width: width)
                    }
                }
            }
        }
    }
}
