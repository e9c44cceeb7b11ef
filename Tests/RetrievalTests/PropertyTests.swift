import Retrieval
import Tensors
import Testing

/// A thousand random data sets, from one point to five thousand, from 1 to 256 columns, with equal points and with
/// scales from 10⁻¹² to 10¹³; below, distances vanish (`ClosenessTests`).
@Suite struct PropertyTests {
    @Test(arguments: 0..<20)
    func treeFlatAndDoublePrecisionAgree(part: Int) throws {
        for number in part * 50..<part * 50 + 50 {
            var random = SplitMix(state: UInt64(number) &* 7919)
            let shape = Shape.allCases[number % Shape.allCases.count]
            let columns = Int.random(in: 1...256, using: &random)
            let largest = [10, 100, 1000, number % 20 == 3 ? 5000 : 300][number % 4]
            let rows = number == 3 ? 5000 : Int.random(in: 1...largest, using: &random)
            let scale: Float = [1, 1e-3, 1e6, 1e-12, 1e13][number / 7 % 5]
            let gallery = shape.matrix(rows, columns, scale: scale, &random)
            let queries = shape.matrix(3, columns, scale: scale, &random)
            let k = [1, min(rows, 10), rows][number / 3 % 3]
            let splits: [KDTree.Split] = [.principal, .axis, .random(seed: UInt64(number))]
            let tree = try KDTree(
                gallery, KDTree.Options(split: splits[number / 5 % 3], leafSize: [1, 7, 64, 128][number / 2 % 4]))
            let flat = try FlatIndex(gallery).nearest(k, to: queries)
            let found = try tree.nearest(k, to: queries)
            #expect(found == flat, "data set \(number)")
            agree(flat, with: queries, gallery, number)
        }
    }

    /// The ranks of a naive search in double precision, up to what float32 cannot tell apart.
    ///
    /// At each rank the true distance of the answer equals the true distance at that rank within the rounding of the
    /// definition: a relative columns/16 + 8 roundings, and underflow.
    private func agree(_ found: Neighbours, with queries: Matrix, _ gallery: Matrix, _ number: Int) {
        let tolerance = Double(gallery.columns / 16 + 8) * 0x1p-23
        for query in 0..<queries.rows {
            let q = Array(queries.row(query))
            let distances = (0..<gallery.rows).map { row in
                zip(q, gallery.row(row)).reduce(0.0) {
                    $0 + (Double($1.0) - Double($1.1)) * (Double($1.0) - Double($1.1))
                }
            }
            let sorted = distances.sorted()
            let ranked = found.indices(of: query)
            #expect(Set(ranked).count == found.k)
            var wrong = 0
            for (rank, index) in ranked.enumerated() {
                let slack = tolerance * max(sorted[rank], distances[index]) + Double(gallery.columns) * 0x1p-146
                if abs(distances[index] - sorted[rank]) > slack { wrong += 1 }
            }
            #expect(wrong == 0, "data set \(number), query \(query)")
        }
    }
}
