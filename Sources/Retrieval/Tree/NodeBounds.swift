import CVectors

/// Per node the smallest box, in the tree's coordinates, around its vectors.
///
/// A box is at least as tight as the plane of the question above it: the child's interval along W begins beyond θ.
struct NodeBounds: Sendable {
    let width: Int
    /// Per node: `width` steps of lower ends, then `width` steps of upper ends.
    private(set) var values: [SIMD16<Float>] = []

    init(width: Int) { self.width = width }

    mutating func append(boxAround vectors: Range<Int>, of order: [Int], _ coordinates: Coordinates) {
        for step in 0..<width {
            var low = SIMD16<Float>(repeating: .greatestFiniteMagnitude)
            for position in vectors {
                let value = coordinates.values[order[position] * width + step]
                low.replace(with: value, where: value .< low)
            }
            values.append(low)
        }
        for step in 0..<width {
            var high = SIMD16<Float>(repeating: -.greatestFiniteMagnitude)
            for position in vectors {
                let value = coordinates.values[order[position] * width + step]
                high.replace(with: value, where: value .> high)
            }
            values.append(high)
        }
    }

    func extent(_ node: Int, _ direction: Int) -> Float {
        let base = node * 2 * width + direction >> 4
        return values[base + width][direction & 15] - values[base][direction & 15]
    }
}

/// The squared distance from a point to a box: lower ends, then upper ends. O(width).
func squaredDistance(
    _ point: UnsafePointer<SIMD16<Float>>, toBox box: UnsafePointer<SIMD16<Float>>, width: Int
) -> Float {
    vectors_box_distance(point, box, width)
}
