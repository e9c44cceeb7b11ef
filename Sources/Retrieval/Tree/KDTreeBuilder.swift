import Tensors

/// Splits a gallery's coordinates into the nodes of a tree.
struct KDTreeBuilder {
    private let coordinates: Coordinates
    private let directions: Int
    private let options: KDTree.Options
    private(set) var nodes: [KDTree.Node] = []
    private(set) var order: [Int]
    private(set) var bounds: NodeBounds

    init(_ coordinates: Coordinates, count: Int, directions: Int, options: KDTree.Options) {
        self.coordinates = coordinates
        self.directions = directions
        self.options = options
        order = Array(0..<count)
        bounds = NodeBounds(width: coordinates.width)
    }

    /// Depth first, left before right, so that a left child follows its parent.
    mutating func build(check: Check) throws {
        struct Pending {
            var vectors: Range<Int>
            var depth: Int
            var rightOf: Int?
        }
        var pending = [Pending(vectors: 0..<order.count, depth: 0, rightOf: nil)]
        while let next = pending.popLast() {
            try check()
            let index = nodes.count
            if let parent = next.rightOf { nodes[parent].question?.right = index }
            nodes.append(KDTree.Node(vectors: next.vectors, depth: next.depth, question: nil))
            bounds.append(boxAround: next.vectors, of: order, coordinates)
            guard next.vectors.count > options.leafSize, next.depth < options.maximumDepth,
                let (question, middle) = split(next.vectors, node: index)
            else { continue }
            nodes[index].question = question
            pending.append(
                Pending(vectors: middle..<next.vectors.upperBound, depth: next.depth + 1, rightOf: index))
            pending.append(Pending(vectors: next.vectors.lowerBound..<middle, depth: next.depth + 1, rightOf: nil))
        }
    }

    /// At the median along the direction of largest variance, strictly between two distinct projections; nothing
    /// where all projections are equal.
    private mutating func split(_ vectors: Range<Int>, node: Int) -> (KDTree.Question, middle: Int)? {
        guard let direction = widestDirection(vectors, node: node) else { return nil }
        let step = direction >> 4
        let lane = direction & 15
        let width = coordinates.width
        var projections = vectors.map { coordinates.values[order[$0] * width + step][lane] }
        let theta = projections.withUnsafeMutableBufferPointer { Self.median(of: $0) }
        guard let theta else { return nil }

        let threshold = SplitThreshold(theta: theta)
        var left: [Int] = []
        var right: [Int] = []
        for position in vectors {
            let row = order[position]
            if threshold.sendsRight(Double(coordinates.values[row * width + step][lane])) {
                right.append(row)
            } else {
                left.append(row)
            }
        }
        order.replaceSubrange(vectors, with: left + right)
        return (
            KDTree.Question(direction: direction, threshold: threshold, right: 0), vectors.lowerBound + left.count
        )
    }

    private func widestDirection(_ vectors: Range<Int>, node: Int) -> Int? {
        let width = coordinates.width
        var best: (variance: Float, direction: Int)?
        for step in 0..<width {
            var sum = SIMD16<Float>.zero
            for position in vectors { sum += coordinates.values[order[position] * width + step] }
            let mean = sum / Float(vectors.count)
            var variance = SIMD16<Float>.zero
            for position in vectors {
                let difference = coordinates.values[order[position] * width + step] - mean
                variance += difference * difference
            }
            for lane in 0..<16 where step * 16 + lane < directions {
                let direction = step * 16 + lane
                guard bounds.extent(node, direction) > 0 else { continue }
                if best.map({ variance[lane] > $0.variance }) ?? true { best = (variance[lane], direction) }
            }
        }
        return best?.direction
    }

    /// Half-way between the two distinct values nearest to the middle of the order.
    private static func median(of values: UnsafeMutableBufferPointer<Float>) -> Double? {
        let count = values.count
        guard let base = values.baseAddress else { return nil }
        let pivot = select(count / 2, of: base, count: count)
        var below = -Float.infinity
        var above = Float.infinity
        var smaller = 0
        var larger = 0
        for value in values {
            if value < pivot {
                smaller += 1
                below = max(below, value)
            } else if value > pivot {
                larger += 1
                above = min(above, value)
            }
        }
        if smaller == 0, larger == 0 { return nil }
        // Cut on the side of the pivot that leaves the halves more equal.
        let cutsBelow = larger == 0 || (smaller > 0 && abs(2 * smaller - count) <= abs(2 * larger - count))
        return (Double(pivot) + Double(cutsBelow ? below : above)) / 2
    }
}
