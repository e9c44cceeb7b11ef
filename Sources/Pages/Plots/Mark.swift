import Drawing
import Foundation

/// The shape that stands for a group of points, so that colour is not all that tells groups apart.
package struct Mark {
    /// A closed line around the origin, about 1 from it.
    package let outline: [Canvas.Point]

    /// Disc, square, two triangles, diamond, plus, cross, star; then again from the disc.
    package init(_ index: Int) {
        switch index % 8 {
        case 0: outline = Self.regular(24, radius: 0.92)
        case 1: outline = Self.regular(4, radius: 1.15, turn: 0.125)
        case 2: outline = Self.regular(3, radius: 1.25)
        case 3: outline = Self.regular(4, radius: 1.25)
        case 4: outline = Self.regular(3, radius: 1.25, turn: 0.5)
        case 5: outline = Self.plus(turn: 0)
        case 6: outline = Self.plus(turn: 0.125)
        default:
            outline = zip(Self.regular(5, radius: 1.35), Self.regular(5, radius: 0.58, turn: 0.1)).flatMap { [$0, $1] }
        }
    }

    /// Filled, with a rim in the paper's colour that keeps marks apart where they meet.
    func draw(on canvas: Canvas, at center: Canvas.Point, size: Double, color: Color, paper: Color) {
        let points = outline.map { Canvas.Point(center.x + size * $0.x, center.y + size * $0.y) }
        canvas.path(points + points.prefix(2), color: paper, lineWidth: 2.4)
        canvas.fill(points, color: color)
    }

    /// Corners from the top on, clockwise; `turn` is a share of a whole one.
    private static func regular(_ corners: Int, radius: Double, turn: Double = 0) -> [Canvas.Point] {
        (0..<corners).map { corner in
            let angle = 2 * Double.pi * (Double(corner) / Double(corners) + turn)
            return Canvas.Point(radius * sin(angle), -radius * cos(angle))
        }
    }

    private static func plus(turn: Double) -> [Canvas.Point] {
        let (long, half) = (1.2, 0.36)
        let angle = 2 * Double.pi * turn
        let arm = [(-half, -long), (half, -long), (half, -half)]
        return (0..<4).flatMap { quarter in
            arm.map { x, y in
                let turned = angle + Double.pi / 2 * Double(quarter)
                return Canvas.Point(x * cos(turned) - y * sin(turned), x * sin(turned) + y * cos(turned))
            }
        }
    }
}
