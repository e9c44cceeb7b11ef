import Drawing
import Imaging
import Tensors

/// Draws a portrait in layers, from the background to the camera. Each layer is an extension in a file of its own.
struct PortraitPainter {
    typealias Point = Canvas.Point

    let sitter: Sitter
    let shot: Shot
    let pose: HeadPose
    let colors: PortraitColors
    let canvas: Canvas
    /// What is left to chance in drawing: strands, patterns, colours of clothes.
    var random: RandomNumbers
    /// The edge of the face, from crown to chin and back.
    let outline: Path

    init(_ sitter: Sitter, _ shot: Shot) {
        self.sitter = sitter
        self.shot = shot
        pose = HeadPose(yaw: shot.yaw, pitch: shot.pitch)
        colors = PortraitColors(sitter, shot)
        canvas = Canvas(width: Portrait.width, height: Portrait.height, scale: 1, background: Color(0x808080))
        random = shot.look
        outline = Self.outline(sitter, pose)
    }

    mutating func paint(origin: Point) -> Image {
        paintBackground()
        canvas.transformed(move: origin, turn: shot.roll * 0.4, scale: shot.scale) {
            canvas.transformed(turn: shot.roll * 0.6) { paintBackHair() }
            canvas.transformed(move: Point(0, -6)) { paintBody() }
        }
        canvas.transformed(move: origin, turn: shot.roll, scale: shot.scale) {
            paintEars()
            paintFace()
            paintBeard()
            paintMouth()
            paintNose()
            paintEyes()
            paintBrows()
            paintFrontHair()
            paintNearEar()
            paintEarrings()
            if let hat = shot.hat { paint(hat) }
            if shot.hasGlasses { paintGlasses() }
        }
        if let occlusion = shot.occlusion { paint(occlusion) }
        develop()
        return canvas.image()
    }

    /// The side of the picture that lies in shadow: −1 or 1.
    var darkSide: Double { shot.light > 0 ? -1 : 1 }

    /// A smooth curve through points of the face's surface.
    func onFace(_ points: [(Double, Double)], closed: Bool = false, lift: Double = 0) -> Path {
        Path(through: points.map { pose.front($0.0, $0.1, lift: lift) }, closed: closed)
    }

    /// Points of the right half and their mirror images, in one round: right half in the order given, then back on the left.
    static func mirrored(_ half: [(Double, Double)]) -> [(Double, Double)] {
        half + half.reversed().filter { $0.0 != 0 }.map { (-$0.0, $0.1) }
    }
}
