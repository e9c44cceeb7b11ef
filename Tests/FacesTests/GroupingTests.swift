import Faces
import Imaging
import Testing

@Suite struct GroupingTests {
    /// OpenCV's definition, pair by pair.
    private func naiveGroups(_ rectangles: [Rectangle], minNeighbors: Int) -> [[Int]] {
        var labels = Array(rectangles.indices)
        for i in rectangles.indices {
            for j in rectangles.indices where areSimilar(rectangles[i], rectangles[j]) && labels[i] != labels[j] {
                let (old, new) = (max(labels[i], labels[j]), min(labels[i], labels[j]))
                for k in labels.indices where labels[k] == old { labels[k] = new }
            }
        }
        return Set(labels).sorted().map { label in rectangles.indices.filter { labels[$0] == label } }.filter {
            $0.count > minNeighbors
        }
    }

    private func areSimilar(_ a: Rectangle, _ b: Rectangle) -> Bool {
        let delta = 0.2 * Double(min(a.width, b.width) + min(a.height, b.height)) * 0.5
        return Double(abs(a.x - b.x)) <= delta && Double(abs(a.y - b.y)) <= delta
            && Double(abs(a.x + a.width - b.x - b.width)) <= delta
            && Double(abs(a.y + a.height - b.y - b.height)) <= delta
    }

    /// Rectangles of few and of many sizes, thin ones, equal ones, and some beyond the edges.
    private func rectangles(_ seed: UInt64) -> [Rectangle] {
        var state = seed &* 0x9E37_79B9_7F4A_7C15 &+ 1
        func next(_ range: ClosedRange<Int>) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return range.lowerBound + Int(state >> 33) % range.count
        }
        let sizes = (0..<next(1...12)).map { _ in (next(1...60), next(1...60)) }
        let isSquare = seed % 2 == 0
        return (0..<next(1...90)).map { _ in
            let (width, height) = sizes[next(0...sizes.count - 1)]
            return Rectangle(x: next(-3...80), y: next(-3...80), width: width, height: isSquare ? width : height)
        }
    }

    @Test func groupsAreThoseOfAllPairs() {
        for seed in 0..<300 as Range<UInt64> {
            let windows = rectangles(seed)
            for minNeighbors in [1, 2, 3] {
                let groups = naiveGroups(windows, minNeighbors: minNeighbors)
                let found = RectangleGrouping.groups(windows, minNeighbors: minNeighbors)
                // Those inside a stronger one are dropped; what is left has the order and the members' mean.
                var rest = groups[...]
                for detection in found {
                    while let group = rest.first,
                        !isMean(detection.box, of: group.map { windows[$0] }, detection.neighbors)
                    {
                        rest = rest.dropFirst()
                    }
                    #expect(rest.popFirst() != nil, "seed \(seed)")
                }
                if minNeighbors == 1, groups.count == 1 { #expect(found.count == 1, "seed \(seed)") }
            }
        }
    }

    /// Boxes that are dropped because they lie in a stronger one are those that asking every pair drops.
    @Test func boxesInsideAStrongerOneAreThoseOfAllPairs() {
        for seed in 300..<500 as Range<UInt64> {
            // Clusters of one to six equal rectangles, far enough apart to stay groups.
            let windows = rectangles(seed).enumerated().flatMap { index, box in
                Array(
                    repeating: Rectangle(x: 2 * box.x, y: 2 * box.y, width: box.width, height: box.height),
                    count: 1 + index % 6)
            }
            let groups = naiveGroups(windows, minNeighbors: 1).map { (members: $0, box: mean($0.map { windows[$0] })) }
            let left = groups.filter { inner in
                !groups.contains { outer in
                    outer.members != inner.members
                        && (outer.members.count > max(3, inner.members.count) || inner.members.count < 3)
                        && isInside(inner.box, outer.box)
                }
            }
            let found = RectangleGrouping.groups(windows, minNeighbors: 1)
            #expect(
                found.map(\.box) == left.map(\.box) && found.map(\.neighbors) == left.map(\.members.count),
                "seed \(seed)")
        }
    }

    private func isInside(_ inner: Rectangle, _ outer: Rectangle) -> Bool {
        let dx = Int((Double(outer.width) * 0.2).rounded(.toNearestOrEven))
        let dy = Int((Double(outer.height) * 0.2).rounded(.toNearestOrEven))
        return inner.x >= outer.x - dx && inner.y >= outer.y - dy
            && inner.x + inner.width <= outer.x + outer.width + dx
            && inner.y + inner.height <= outer.y + outer.height + dy
    }

    private func mean(_ members: [Rectangle]) -> Rectangle {
        let share = 1 / Float(members.count)
        func mean(_ key: KeyPath<Rectangle, Int>) -> Int {
            Int((Float(members.reduce(0) { $0 + $1[keyPath: key] }) * share).rounded(.toNearestOrEven))
        }
        return Rectangle(x: mean(\.x), y: mean(\.y), width: mean(\.width), height: mean(\.height))
    }

    private func isMean(_ box: Rectangle, of members: [Rectangle], _ neighbors: Int) -> Bool {
        neighbors == members.count && box == mean(members)
    }

    /// All windows of a scan at once: what a cascade without judgement yields. Compared pair by pair these would be 10¹⁰.
    @Test func aHundredThousandWindowsAreGrouped() {
        var windows: [Rectangle] = []
        for scale in [1.0, 1.1, 1.21, 1.33, 1.46] {
            let side = Int(24 * scale)
            for y in stride(from: 0, to: 300, by: 2) {
                for x in stride(from: 0, to: 300, by: 2) {
                    windows.append(Rectangle(x: x, y: y, width: side, height: side))
                }
            }
        }
        #expect(windows.count > 100_000)
        let found = RectangleGrouping.groups(windows, minNeighbors: 3)
        #expect(found.map(\.neighbors) == [windows.count])
    }
}
