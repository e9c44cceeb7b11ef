import Imaging

/// Merges the many windows that answer to one face.
package enum RectangleGrouping {
    static let tolerance = 0.2

    /// One rectangle for each group of similar ones that has more than `minNeighbors` members.
    ///
    /// Rectangles are similar when all four edges lie within a fifth of their mean side; groups are the transitive
    /// closure, in the order of their first members; a group's rectangle is its members' mean. Groups inside a stronger
    /// one are dropped. With `minNeighbors` 0 nothing is merged. About O(n) for n rectangles. Source:
    /// OpenCV 4's `groupRectangles` as a definition; sums in Int, means in Float, rounding half to even.
    package static func groups(_ rectangles: [Rectangle], minNeighbors: Int) -> [Detection] {
        guard minNeighbors > 0, !rectangles.isEmpty else { return rectangles.map { Detection(box: $0, neighbors: 1) } }
        let classes = RectangleClasses(rectangles, tolerance: tolerance)
        var sums = [Rectangle](repeating: Rectangle(x: 0, y: 0, width: 0, height: 0), count: classes.count)
        var sizes = [Int](repeating: 0, count: classes.count)
        for (label, rectangle) in zip(classes.labels, rectangles) {
            sums[label].x += rectangle.x
            sums[label].y += rectangle.y
            sums[label].width += rectangle.width
            sums[label].height += rectangle.height
            sizes[label] += 1
        }
        let means = zip(sums, sizes).map { sum, size in
            let share = 1 / Float(size)
            func mean(_ value: Int) -> Int { Int((Float(value) * share).rounded(.toNearestOrEven)) }
            return Rectangle(x: mean(sum.x), y: mean(sum.y), width: mean(sum.width), height: mean(sum.height))
        }
        let strong = means.indices.filter { sizes[$0] > minNeighbors }
        let index = CoverIndex(means, members: strong)
        return strong.compactMap { i in
            let isCovered = index.contains(around: means[i]) { j in
                j != i && (sizes[j] > max(3, sizes[i]) || sizes[i] < 3) && isInside(means[i], means[j])
            }
            return isCovered ? nil : Detection(box: means[i], neighbors: sizes[i])
        }
    }

    /// Whether `inner` lies in `outer` enlarged by the tolerance on each side.
    private static func isInside(_ inner: Rectangle, _ outer: Rectangle) -> Bool {
        let dx = Int((Double(outer.width) * tolerance).rounded(.toNearestOrEven))
        let dy = Int((Double(outer.height) * tolerance).rounded(.toNearestOrEven))
        return inner.x >= outer.x - dx && inner.y >= outer.y - dy
            && inner.x + inner.width <= outer.x + outer.width + dx
            && inner.y + inner.height <= outer.y + outer.height + dy
    }
}
