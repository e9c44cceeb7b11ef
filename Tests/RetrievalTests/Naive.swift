import Retrieval
import Tensors

/// The documented distance, lane by lane.
func naiveSquaredDistance(_ a: ArraySlice<Float>, _ b: ArraySlice<Float>) -> Float {
    var lanes = [Float](repeating: 0, count: 16)
    for (i, (x, y)) in zip(a, b).enumerated() {
        let difference = x - y
        lanes[i % 16] += difference * difference
    }
    for half in [8, 4, 2, 1] {
        for lane in 0..<half { lanes[lane] += lanes[lane + half] }
    }
    return lanes[0]
}

/// Every distance, sorted by distance and then by index.
func naiveNearest(_ k: Int, to queries: Matrix, in gallery: Matrix) -> Neighbours {
    var indices: [Int] = []
    var distances: [Float] = []
    for query in 0..<queries.rows {
        let all = (0..<gallery.rows).map { (naiveSquaredDistance(queries.row(query), gallery.row($0)), $0) }
        for (distance, index) in all.sorted(by: { $0 < $1 }).prefix(k) {
            indices.append(index)
            distances.append(distance)
        }
    }
    return Neighbours(queries: queries.rows, k: k, indices: indices, squaredDistances: distances)
}

/// A small generator with a fixed stream. Source: Steele, Lea and Flood 2014.
struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ z >> 30) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ z >> 27) &* 0x94D0_49BB_1331_11EB
        return z ^ z >> 31
    }

    mutating func normal() -> Float {
        (0..<6).reduce(0) { sum, _ in sum + Float.random(in: -1...1, using: &self) } / 1.4142
    }
}

/// What vectors can look like: the shapes that break an index.
enum Shape: CaseIterable {
    case isotropic, clustered, line, integers, duplicates, constant, offset

    func matrix(_ rows: Int, _ columns: Int, scale: Float, _ random: inout SplitMix) -> Matrix {
        var values: [Float] = []
        values.reserveCapacity(rows * columns)
        var common = SplitMix(state: UInt64(columns))  // queries and gallery share their clusters
        let centres = (0..<8 * columns).map { _ in common.normal() * 3 }
        for row in 0..<rows {
            let cluster = Int.random(in: 0..<8, using: &random)
            let along = random.normal()
            for column in 0..<columns {
                let value: Float =
                    switch self {
                    case .isotropic: random.normal()
                    case .clustered: centres[cluster * columns + column] + 0.1 * random.normal()
                    case .line: centres[column] * along
                    case .integers: Float(Int.random(in: -1...1, using: &random))
                    case .duplicates: row % 3 > 0 ? values[(row - 1) * columns + column] / scale : random.normal()
                    case .constant: 1
                    case .offset: 1000 + 0.01 * random.normal()
                    }
                values.append(value * scale)
            }
        }
        return Matrix(rows: rows, columns: columns, values: values)
    }
}
