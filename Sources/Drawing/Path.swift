import Foundation

/// A shape of lines and cubic curves, as a value: made once, filled, stroked or clipped to.
package struct Path: Sendable {
    package typealias Point = Canvas.Point

    enum Step: Sendable {
        case move(Point)
        case line(Point)
        /// Two control points, then the end.
        case curve(Point, Point, Point)
        case close
    }

    private(set) var steps: [Step] = []

    package init() {}

    /// A smooth curve through the points (Catmull–Rom splines as Bézier curves). O(n).
    ///
    /// - Parameter tension: 1 is the usual roundness; 0 makes straight lines.
    package init(through points: [Point], closed: Bool = false, tension: Double = 1) {
        append(through: points, closed: closed, tension: tension)
    }

    /// An ellipse whose first axis is turned by `angle`, clockwise in radians.
    package static func ellipse(at center: Point, _ rx: Double, _ ry: Double, angle: Double = 0) -> Path {
        let kappa = 0.5522847498
        let (c, s) = (cos(angle), sin(angle))
        func place(_ x: Double, _ y: Double) -> Point {
            Point(center.x + x * rx * c - y * ry * s, center.y + x * rx * s + y * ry * c)
        }
        var path = Path()
        path.move(to: place(1, 0))
        path.curve(to: place(0, 1), place(1, kappa), place(kappa, 1))
        path.curve(to: place(-1, 0), place(-kappa, 1), place(-1, kappa))
        path.curve(to: place(0, -1), place(-1, -kappa), place(-kappa, -1))
        path.curve(to: place(1, 0), place(kappa, -1), place(1, -kappa))
        path.close()
        return path
    }

    package mutating func move(to point: Point) { steps.append(.move(point)) }
    package mutating func line(to point: Point) { steps.append(.line(point)) }
    package mutating func curve(to point: Point, _ first: Point, _ second: Point) {
        steps.append(.curve(first, second, point))
    }
    package mutating func close() { steps.append(.close) }

    /// Continues with a smooth curve through the points; begins with a line to the first unless the path is empty.
    package mutating func append(through points: [Point], closed: Bool = false, tension: Double = 1) {
        guard let first = points.first, points.count > 1 else { return }
        steps.append(steps.isEmpty ? .move(first) : .line(first))
        let count = points.count
        let reach = tension / 6
        for index in 0..<(closed ? count : count - 1) {
            let (a, b) = (points[index], points[(index + 1) % count])
            let before = closed ? points[(index + count - 1) % count] : points[max(index - 1, 0)]
            let after = closed ? points[(index + 2) % count] : points[min(index + 2, count - 1)]
            let first = Point(a.x + (b.x - before.x) * reach, a.y + (b.y - before.y) * reach)
            let second = Point(b.x - (after.x - a.x) * reach, b.y - (after.y - a.y) * reach)
            curve(to: b, first, second)
        }
        if closed { close() }
    }
}
