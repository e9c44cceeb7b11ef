import Drawing
import Foundation

/// Turns places on a head into places on paper: an ellipsoid turned about its centre, seen from far away.
///
/// The origin of both is the point between the eyes; x points right, y down, in pixels of an unscaled portrait.
struct HeadPose: Sendable {
    private static let depth = 46.0
    private let yaw: (sin: Double, cos: Double)
    private let pitch: (sin: Double, cos: Double)

    init(yaw: Double, pitch: Double) {
        self.yaw = (sin(yaw), cos(yaw))
        self.pitch = (sin(pitch), cos(pitch))
    }

    /// A point of the face's surface, or `lift` above it.
    func front(_ x: Double, _ y: Double, lift: Double = 0) -> Canvas.Point {
        let across = x / 64
        let along = (y - 5) / 92
        let height = max(0.06, 1 - across * across - along * along).squareRoot() * Self.depth + lift
        return Canvas.Point(
            x * yaw.cos + (height - Self.depth) * yaw.sin, y * pitch.cos + (height - Self.depth) * pitch.sin)
    }

    /// A point of the outline: the head's edge turns little, but falls behind what lies in front of it.
    func rim(_ x: Double, _ y: Double) -> Canvas.Point {
        Canvas.Point(x * (0.9 + 0.1 * yaw.cos) - 26 * yaw.sin, y - 16 * pitch.sin)
    }

    /// A point of neck and shoulders, which follow half the turn.
    func body(_ x: Double, _ y: Double) -> Canvas.Point { Canvas.Point(x - 16 * yaw.sin, y - 6 * pitch.sin) }

    /// −1 (left of the picture) to 1: which way the face looks.
    var turn: Double { yaw.sin }
}
