import Imaging
import Testing

/// PNGs of at most 256 colours, for drawings.
@Suite struct IndexedPNGs {
    /// So many colours, each in a row of its own length.
    private func rows(of colors: Int) -> Image {
        let pixels: [UInt8] = (0..<colors).flatMap { color in
            (0..<40).flatMap { x -> [UInt8] in
                let shown = x < color % 40 ? 0 : color
                return [UInt8(truncatingIfNeeded: shown * 7), UInt8(truncatingIfNeeded: shown >> 4), 200]
            }
        }
        return Image(width: 40, height: colors, channels: 3, pixels: pixels)
    }

    /// Lines of four colours over light paper with blurred edges: about 2,000 colours, most pixels of five.
    private func drawing() -> Image {
        let paper = [255, 254, 252]
        let lines = [[0, 103, 168], [185, 75, 5], [0, 120, 90], [160, 65, 124]]
        let pixels: [UInt8] = (0..<256).flatMap { y in
            (0..<512).flatMap { x -> [UInt8] in
                let line = lines[y / 64]
                let (from, to) = (y % 64 * 4, y % 64 * 4 + 100)
                // 256ths of the line's own colour, which change from row to row at the edges alone.
                let part = x == from ? (y * 37) % 255 + 1 : x > from && x < to ? 256 : x == to ? (y * 91) % 255 + 1 : 0
                let ground = y % 64 < 8 && x > 450 ? [x % 8 * 2 + 230, 240, 235] : paper
                return (0..<3).map { UInt8((line[$0] * part + ground[$0] * (256 - part)) / 256) }
            }
        }
        return Image(width: 512, height: 256, channels: 3, pixels: pixels)
    }

    private func colors(_ image: Image) -> Set<[UInt8]> {
        Set(stride(from: 0, to: image.pixels.count, by: 3).map { Array(image.pixels[$0..<$0 + 3]) })
    }

    @Test(arguments: [1, 2, 17, 255, 256]) func fewColoursComeBackExactly(count: Int) throws {
        let image = rows(of: count)
        #expect(colors(image).count == count)
        let bytes = try #require(try image.indexedPNG())
        #expect(bytes[25] == 3, "the colour type of a palette")
        #expect(try Image(decoding: bytes, name: "a") == image)
    }

    @Test func manyColoursComeBackNearlyAndThoseOfMostPixelsExactly() throws {
        let image = drawing()
        #expect(colors(image).count > 400)
        let back = try Image(decoding: try #require(try image.indexedPNG()), name: "a")
        #expect(colors(back).count <= 256)
        let differences = zip(image.pixels, back.pixels).map { abs(Int($0) - Int($1)) }
        #expect(differences.max() ?? 255 <= 24)
        #expect(Double(differences.reduce(0, +)) / Double(differences.count) < 0.1)
        let same = stride(from: 0, to: image.pixels.count, by: 3).count {
            differences[$0..<$0 + 3].allSatisfy { $0 == 0 }
        }
        #expect(same > image.pixels.count / 3 * 99 / 100)
    }

    @Test func equalImagesGiveEqualBytes() throws {
        #expect(try drawing().indexedPNG() == drawing().indexedPNG())
    }

    @Test func anIndexedDrawingIsSmaller() throws {
        let image = drawing()
        #expect(try #require(try image.indexedPNG()).count < image.png().count)
    }

    /// An image whose every pixel has another colour.
    private func square(_ side: Int, _ color: (Int) -> [UInt8]) -> Image {
        let pixels: [UInt8] = (0..<side * side).flatMap(color)
        return Image(width: side, height: side, channels: 3, pixels: pixels)
    }

    @Test func whatWouldLookWorseIsNotIndexed() throws {
        let cube = square(64) { number -> [UInt8] in
            let levels: [Int] = [number & 15, number >> 4 & 15, number >> 8]
            return levels.map { UInt8($0 * 17) }
        }
        #expect(try cube.indexedPNG() == nil)
        let tooMany = square(200) { number -> [UInt8] in [UInt8(number & 255), UInt8(number >> 8), 0] }
        #expect(try tooMany.indexedPNG() == nil)
        #expect(try pattern(20, 20, 1).indexedPNG() == nil)
    }
}
