import Faces
import Imaging

/// Many faces in one picture, cell beside cell: one set of JPEG tables for all of them.
struct FaceSheet: Codable {
    /// Of a cell, in pixels: multiples of 16, so that no block of the JPEG file belongs to two faces.
    var width: Int
    var height: Int
    /// Cells in a row.
    var columns: Int

    private static let width = 48
    private static let quality = 78
    /// From this ratio of height to width on, cells are upright.
    private static let uprightRatio = 7.0 / 6

    /// - Parameter crops: of the faces; cells are as high as most of them are.
    init(crops: [Rectangle]) {
        width = Self.width
        let ratios = crops.map { Double($0.height) / Double(max(1, $0.width)) }.sorted()
        let isUpright = !ratios.isEmpty && ratios[ratios.count / 2] >= Self.uprightRatio
        height = isUpright ? Self.width / 3 * 4 : Self.width
        columns = 1
        while columns * columns * width < crops.count * height { columns += 1 }
    }

    /// The picture as a JPEG file.
    ///
    /// - Parameter face: reads face number i; its proportions are those of the cell then, as networks see faces too.
    func jpeg(_ count: Int, face: (Int) throws -> Image) throws -> [UInt8] {
        let rows = max(1, (count + columns - 1) / columns)
        let (across, down) = (columns * width, rows * height)
        var sheet = Image(
            width: across, height: down, channels: 3, pixels: [UInt8](repeating: 255, count: across * down * 3))
        for number in 0..<count {
            let cell = try face(number).resized(width: width, height: height).rgb
            let (x, y) = (number % columns * width, number / columns * height)
            for row in 0..<height {
                let (from, to) = (row * width * 3, ((y + row) * across + x) * 3)
                sheet.pixels.replaceSubrange(to..<to + width * 3, with: cell.pixels[from..<from + width * 3])
            }
        }
        return try sheet.jpeg(quality: Self.quality)
    }
}
