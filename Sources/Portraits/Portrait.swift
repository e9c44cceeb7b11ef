import Drawing
import Foundation
import Imaging

/// One photograph of one sitter, ready to be drawn.
package struct Portrait: Sendable {
    package let sitter: Sitter
    package let shot: Shot

    /// CelebA's size.
    package static let width = 178
    package static let height = 218

    package init(of sitter: Sitter, index: Int, seed: UInt64) {
        self.sitter = sitter
        shot = Shot(of: sitter, index: index, seed: seed)
    }

    package init(of sitter: Sitter, _ shot: Shot) {
        self.sitter = sitter
        self.shot = shot
    }

    package var attributes: PortraitAttributes { PortraitAttributes(of: sitter, shot) }

    /// Where the middle between the eyes lies in the image.
    var origin: Canvas.Point { Canvas.Point(88.5 + shot.shift.x, 112 + shot.shift.y) }

    /// CelebA's five landmarks: left eye, right eye, nose, left and right corner of the mouth, as the picture shows them.
    package var landmarks: [(x: Int, y: Int)] {
        let pose = HeadPose(yaw: shot.yaw, pitch: shot.pitch)
        let mouth = MouthShape(sitter, shot)
        let points = [
            pose.front(-sitter.eyeSpacing, 0), pose.front(sitter.eyeSpacing, 0),
            pose.front(0, sitter.noseLength - 2, lift: 14),
            pose.front(-mouth.halfWidth, mouth.cornerY), pose.front(mouth.halfWidth, mouth.cornerY),
        ]
        let (c, s) = (cos(shot.roll) * shot.scale, sin(shot.roll) * shot.scale)
        return points.map { point in
            let x = origin.x + point.x * c - point.y * s
            let y = origin.y + point.x * s + point.y * c
            return (Int(x.rounded()), Int(y.rounded()))
        }
    }

    /// Draws it: 178×218, RGB. About 5 ms.
    package func image() -> Image {
        var painter = PortraitPainter(sitter, shot)
        return painter.paint(origin: origin)
    }

    /// As a file of the dataset.
    package func jpeg() throws(ImageError) -> [UInt8] { try image().jpeg(quality: shot.quality) }
}
