import COpenBLAS
import Tensors

/// A few orthonormal directions: the W of a tree's nodes are its rows.
///
/// One basis for the whole tree means that W·f is a coordinate of f, looked up and not computed, and that the
/// distance to a box in these coordinates bounds the distance in full.
struct Basis: Sendable {
    /// count × columns.
    let directions: Matrix

    var count: Int { directions.rows }

    /// The most directions a tree keeps. With the length of the rest they fill two steps of sixteen.
    static let maximum = 31

    /// Beyond so many columns their covariance, columns², is not formed, and the basis holds no more numbers than
    /// 128 directions of that width would.
    private static let mostColumns = 2048

    /// How many directions a gallery gets. Where columns are very many: no more than its rows can span, and so few that
    /// making them orthonormal, O(count²·d), stays small beside reading the gallery.
    private static func count(for gallery: Centred) -> Int {
        let count = min(maximum, gallery.columns)
        guard gallery.columns > mostColumns else { return count }
        return max(1, min(count, gallery.rows, Self.mostColumns * 128 / gallery.columns))
    }

    init(_ split: KDTree.Split, of gallery: Centred, check: Check) throws {
        let count = Self.count(for: gallery)
        switch split {
        case .axis: directions = Self.axes(count, of: gallery)
        case .principal: directions = try Self.principal(count, of: gallery, check: check)
        case .random(let seed): directions = Self.random(count, gallery.columns, seed: seed)
        }
    }

    /// The axes of largest variance.
    private static func axes(_ count: Int, of gallery: Centred) -> Matrix {
        let d = gallery.columns
        var variances = [Double](repeating: 0, count: d)
        for row in 0..<gallery.rows {
            for column in 0..<d {
                let value = Double(gallery.values[row * d + column])
                variances[column] += value * value
            }
        }
        let chosen = (0..<d).sorted { (-variances[$0], $0) < (-variances[$1], $1) }.prefix(count)
        var values = [Float](repeating: 0, count: count * d)
        for (row, column) in chosen.enumerated() { values[row * d + column] = 1 }
        return Matrix(rows: count, columns: d, values: values)
    }

    /// The leading eigenvectors of the covariance, by orthogonal iteration.
    ///
    /// They need not be exact: any orthonormal rows give exact search, good ones give a fast one.
    /// O(n·d² + iterations·count·d²) up to `mostColumns`, else O(iterations·count·d·(n + count)) and memory like the
    /// gallery's. Source: Golub and Van Loan, Matrix Computations, §8.2.4.
    private static func principal(_ count: Int, of gallery: Centred, check: Check) throws -> Matrix {
        let d = gallery.columns
        var basis = random(count, d, seed: 1).values
        guard gallery.rows > 0 else { return Matrix(rows: count, columns: d, values: basis) }
        // Scaled by the radius, so that tiny vectors do not vanish in their squares.
        let scale = gallery.radius > 0 ? 1 / gallery.radius : 1
        let scaled = scale > 1e-3 && scale < 1e3 ? gallery.values : gallery.values.map { Float(Double($0) * scale) }
        let covariance = d <= mostColumns ? covariance(of: scaled, gallery.rows, d) : nil
        var image = [Float](repeating: 0, count: count * d)
        for _ in 0..<24 {
            try check()
            if let covariance {
                cblas_ssymm(
                    CblasRowMajor, CblasRight, CblasUpper, Int32(count), Int32(d), 1,
                    covariance, Int32(d), basis, Int32(d), 0, &image, Int32(d))
            } else {
                apply(scaled, gallery.rows, d, to: basis, count, into: &image)
            }
            basis = orthonormal(image, count, d)
        }
        return Matrix(rows: count, columns: d, values: basis)
    }

    /// XᵀX / n, its upper triangle.
    private static func covariance(of x: [Float], _ n: Int, _ d: Int) -> [Float] {
        var covariance = [Float](repeating: 0, count: d * d)
        cblas_ssyrk(
            CblasRowMajor, CblasUpper, CblasTrans, Int32(d), Int32(n), 1 / Float(n), x, Int32(d), 0, &covariance,
            Int32(d))
        return covariance
    }

    /// basis · XᵀX / n, without the product in the middle.
    private static func apply(
        _ x: [Float], _ n: Int, _ d: Int, to basis: [Float], _ count: Int, into image: inout [Float]
    ) {
        var projections = [Float](repeating: 0, count: count * n)
        cblas_sgemm(
            CblasRowMajor, CblasNoTrans, CblasTrans, Int32(count), Int32(n), Int32(d),
            1, basis, Int32(d), x, Int32(d), 0, &projections, Int32(n))
        cblas_sgemm(
            CblasRowMajor, CblasNoTrans, CblasNoTrans, Int32(count), Int32(d), Int32(n),
            1 / Float(n), projections, Int32(n), x, Int32(d), 0, &image, Int32(d))
    }

    private static func random(_ count: Int, _ columns: Int, seed: UInt64) -> Matrix {
        var random = RandomNumbers(seed: seed, .splitDirection)
        let values = (0..<count * columns).map { _ in
            // Sums of uniform numbers: close enough to a normal distribution to have no preferred axis.
            (0..<8).reduce(Float(0)) { sum, _ in sum + Float(random.uniform(in: -1...1)) }
        }
        return Matrix(rows: count, columns: columns, values: orthonormal(values, count, columns))
    }

    /// Gram–Schmidt in double, twice. A row that depends on those before it is replaced by an axis that does not.
    private static func orthonormal(_ rows: [Float], _ count: Int, _ columns: Int) -> [Float] {
        var basis: [[Double]] = []
        var axis = 0
        for row in 0..<count {
            var candidate = rows[row * columns..<(row + 1) * columns].map(Double.init)
            while true {
                let before = length(candidate)
                if before > 0, before.isFinite {
                    for _ in 0..<2 {
                        for direction in basis {
                            var product = 0.0
                            for i in 0..<columns { product += candidate[i] * direction[i] }
                            for i in 0..<columns { candidate[i] -= product * direction[i] }
                        }
                    }
                    let after = length(candidate)
                    if after > 1e-6 * before {
                        basis.append(candidate.map { $0 / after })
                        break
                    }
                }
                candidate = [Double](repeating: 0, count: columns)
                candidate[axis] = 1  // of `columns` axes, at most `row` lie in the span so far
                axis += 1
            }
        }
        return basis.flatMap { $0.map(Float.init) }
    }

    private static func length(_ vector: [Double]) -> Double { vector.reduce(0) { $0 + $1 * $1 }.squareRoot() }
}
