import Imaging

/// One stage of a cascade against one window, with every tree's vote.
package struct StageExplanation: Sendable, Hashable, Codable {
    /// Counted from 0.
    package var stage: Int
    package var votes: [Vote]
    /// The window passes when the votes' sum is at least this.
    package var threshold: Double
    package var sum: Double { votes.reduce(0) { $0 + $1.value } }

    /// What one tree says, by way of its first feature.
    package struct Vote: Sendable, Hashable, Codable {
        /// Rectangles of the window in its own pixels, with their weights.
        package var parts: [Part]
        package var isTilted: Bool
        /// The feature's value in standard deviations of the window's brightness, per pixel of the window.
        package var feature: Double
        package var threshold: Double
        /// The leaf that the window ends in.
        package var value: Double
    }

    package struct Part: Sendable, Hashable, Codable {
        package var rectangle: Rectangle
        package var weight: Double
    }
}

extension Cascade {
    package func treeCount(ofStage stage: Int) -> Int { stages[stage].treeCount }

    /// How a window votes in a stage, summed pixel by pixel in double precision: plain, and slow.
    ///
    /// - Parameter window: gray, of the cascade's size.
    package func explain(stage number: Int, window: Image) -> StageExplanation {
        precondition(window.width == width && window.height == height && window.channels == 1)
        let stage = stages[number]
        let deviation = contrast(of: window)
        let area = Double((width - 2) * (height - 2))
        func value(_ feature: Feature) -> Double {
            let sum = feature.parts.reduce(0.0) {
                $0 + Double($1.weight) * total(window, $1.rectangle, isTilted: feature.isTilted)
            }
            return deviation > 0 ? sum / (area * deviation) : 0
        }
        let votes = trees[stage.firstTree..<stage.firstTree + stage.treeCount].map { tree in
            var index = 0
            var leaf: Int?
            while leaf == nil {
                let node = nodes[tree.firstNode + index]
                let way = value(features[node.feature]) < Double(node.threshold) ? node.left : node.right
                if way > 0 { index = way } else { leaf = -way }
            }
            let root = nodes[tree.firstNode]
            let feature = features[root.feature]
            return StageExplanation.Vote(
                parts: feature.parts.map { .init(rectangle: $0.rectangle, weight: Double($0.weight)) },
                isTilted: feature.isTilted, feature: value(feature), threshold: Double(root.threshold),
                value: Double(leaves[tree.firstLeaf + (leaf ?? 0)]))
        }
        return StageExplanation(stage: number, votes: Array(votes), threshold: Double(stage.threshold))
    }

    /// The standard deviation of the brightness inside the window's outermost pixels.
    private func contrast(of window: Image) -> Double {
        var (sum, squares) = (0.0, 0.0)
        for y in 1..<(height - 1) {
            for x in 1..<(width - 1) {
                let pixel = Double(window.pixels[y * width + x])
                sum += pixel
                squares += pixel * pixel
            }
        }
        let area = Double((width - 2) * (height - 2))
        return max(0, squares / area - (sum / area) * (sum / area)).squareRoot()
    }

    /// The sum of a rectangle's pixels; a tilted one leans to the left below its top corner.
    private func total(_ window: Image, _ rectangle: Rectangle, isTilted: Bool) -> Double {
        var total = 0.0
        for y in 0..<height {
            for x in 0..<width where rectangle.covers(x, y, isTilted: isTilted) {
                total += Double(window.pixels[y * width + x])
            }
        }
        return total
    }
}

extension Rectangle {
    /// Whether a pixel belongs to the rectangle, or to the one turned by 45° around its top corner: its `width` runs
    /// down to the right, its `height` down to the left.
    package func covers(_ px: Int, _ py: Int, isTilted: Bool) -> Bool {
        guard isTilted else { return px >= x && px < x + width && py >= y && py < y + height }
        // Along both diagonals; the topmost pixel lies left of the corner.
        let (u, v) = (px - x + py - y, py - y - (px - x))
        return u >= -1 && u < 2 * width - 1 && v >= 1 && v <= 2 * height
    }
}
