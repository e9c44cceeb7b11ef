import Imaging

/// Images with faces in a few strokes on a cloudy ground, in integers only: the same bytes everywhere.
///
/// The boxes in Fixtures are what OpenCV 4.14 finds in them.
enum DrawnFaces {
    static let names = ["portrait", "crowd", "tall", "wide", "clouds", "tiny"]

    static func image(_ name: String) -> Image {
        switch name {
        case "portrait": draw(178, 218, seed: 1, faces: [(89, 115, 60)])
        case "crowd":
            draw(
                400, 300, seed: 2,
                faces: [(60, 70, 30), (180, 80, 42), (320, 90, 55), (90, 220, 48), (230, 210, 70), (350, 230, 26)])
        case "tall": draw(61, 401, seed: 3, faces: [(30, 60, 22), (30, 180, 25), (31, 333, 20)])
        case "wide": draw(403, 57, seed: 4, faces: [(50, 28, 20), (200, 30, 22), (360, 27, 19)])
        case "clouds": draw(320, 240, seed: 5, faces: [])
        default: draw(33, 31, seed: 6, faces: [(16, 16, 14)])
        }
    }

    /// Each face: its centre and half its height, in pixels.
    private static func draw(_ width: Int, _ height: Int, seed: UInt64, faces: [(x: Int, y: Int, size: Int)]) -> Image {
        var pixels = clouds(width, height, seed: seed)
        for y in 0..<height {
            for x in 0..<width {
                for face in faces {
                    let (u, v) = ((x - face.x) * 1000 / face.size, (y - face.y) * 1000 / face.size)
                    if let tone = tone(u, v) { pixels[y * width + x] = (7 * tone + pixels[y * width + x]) / 8 }
                }
            }
        }
        return Image(width: width, height: height, channels: 1, pixels: blurred(pixels, width, height))
    }

    /// The tone of a face at a point, in thousandths of half its height from its centre; nil beside it.
    private static func tone(_ u: Int, _ v: Int) -> Int? {
        func within(_ x: Int, _ y: Int, _ a: Int, _ b: Int) -> Bool {
            (u - x) * (u - x) * b * b + (v - y) * (v - y) * a * a < a * a * b * b
        }
        guard within(0, 0, 760, 1000) else { return nil }
        if !within(0, 120, 690, 880) { return 55 }
        for side in [-1, 1] {
            if within(side * 300, -130, 60, 60) { return 25 }
            if within(side * 300, -130, 160, 80) { return 95 }
            if within(side * 310, -330, 210, 55) { return 70 }
            if within(side * 300, -200, 250, 190) { return 150 }
            if within(side * 90, 230, 60, 40) { return 100 }
        }
        if within(0, 480, 260, 70) { return 105 }
        if within(0, 0, 90, 260) { return 225 }
        return 205 - abs(u) / 14
    }

    /// Random values on a lattice of 16 pixels, interpolated.
    private static func clouds(_ width: Int, _ height: Int, seed: UInt64) -> [Int] {
        var state = seed &* 0x9E37_79B9_7F4A_7C15 | 1
        let columns = width / 16 + 2
        let lattice = (0..<columns * (height / 16 + 2)).map { _ in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 56)
        }
        var pixels = [Int](repeating: 0, count: width * height)
        for y in 0..<height {
            for x in 0..<width {
                let (i, j, fx, fy) = (x / 16, y / 16, x % 16, y % 16)
                let top = lattice[j * columns + i] * (16 - fx) + lattice[j * columns + i + 1] * fx
                let bottom = lattice[(j + 1) * columns + i] * (16 - fx) + lattice[(j + 1) * columns + i + 1] * fx
                pixels[y * width + x] = (top * (16 - fy) + bottom * fy) / 256
            }
        }
        return pixels
    }

    private static func blurred(_ pixels: [Int], _ width: Int, _ height: Int) -> [UInt8] {
        var result = [UInt8](repeating: 0, count: pixels.count)
        for y in 0..<height {
            for x in 0..<width {
                var sum = 0
                for dy in -1...1 {
                    for dx in -1...1 {
                        sum += pixels[min(max(y + dy, 0), height - 1) * width + min(max(x + dx, 0), width - 1)]
                    }
                }
                result[y * width + x] = UInt8(sum / 9)
            }
        }
        return result
    }
}
