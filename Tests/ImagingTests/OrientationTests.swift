import Imaging
import Testing

@Suite struct ExifOrientation {
    /// A JPEG with an APP1 segment behind its start marker.
    private func tagged(_ payload: [UInt8], _ jpeg: [UInt8]) -> [UInt8] {
        let length = payload.count + 2
        let segment = [0xFF, 0xE1, UInt8(length >> 8), UInt8(length & 255)] + payload
        return Array(jpeg.prefix(2)) + segment + jpeg.dropFirst(2)
    }

    private func exif(_ orientation: UInt8, little: Bool) -> [UInt8] {
        hex("457869660000")
            + (little
                ? hex("49492a0008000000" + "0100" + "1201030001000000") + [orientation, 0, 0, 0, 0, 0, 0, 0]
                : hex("4d4d002a00000008" + "0001" + "0112000300000001") + [0, orientation, 0, 0, 0, 0, 0, 0])
    }

    /// Left half black, right half white, top row of blocks gray: its corners tell all eight orientations apart.
    private func photo() -> Image {
        var image = Image(width: 32, height: 48, channels: 1, pixels: [UInt8](repeating: 0, count: 32 * 48))
        for y in 0..<48 {
            for x in 0..<32 { image.pixels[y * 32 + x] = y < 24 ? (x < 16 ? 0 : 80) : (x < 16 ? 160 : 240) }
        }
        return image
    }

    /// The four corners, in steps of 80: top left, top right, bottom left, bottom right.
    private func corners(_ image: Image) -> [Int] {
        [(0, 0), (image.width - 1, 0), (0, image.height - 1), (image.width - 1, image.height - 1)].map {
            (Int(image.pixels[$0.1 * image.width + $0.0]) + 40) / 80
        }
    }

    @Test(
        arguments: [
            [0, 1, 2, 3], [1, 0, 3, 2], [3, 2, 1, 0], [2, 3, 0, 1],
            [0, 2, 1, 3], [2, 0, 3, 1], [3, 1, 2, 0], [1, 3, 0, 2],
        ].enumerated().map { ($0.offset + 1, $0.element) }, [true, false])
    func turnsThePhotographUpright(_ expected: (orientation: Int, corners: [Int]), little: Bool) throws {
        let bytes = tagged(exif(UInt8(expected.orientation), little: little), try photo().jpeg(quality: 95))
        let image = try Image(decoding: bytes, name: "a")
        #expect(corners(image) == expected.corners)
        #expect(image.width == (expected.orientation < 5 ? 32 : 48))
    }

    @Test func ignoresATagItCannotRead() throws {
        let jpeg = try photo().jpeg(quality: 95)
        let sound = exif(6, little: true)
        let offsets: [[UInt8]] = [
            exif(0, little: true), exif(9, little: false), Array(sound.prefix(7)), Array(sound.prefix(15)),
            hex("457869660000" + "49492a00ffffffff"), hex("457869660000" + "49492a0008000000ffff1201"),
            hex("457869660000" + "58582a0008000000"), [],
        ]
        for payload in offsets {
            #expect(try Image(decoding: tagged(payload, jpeg), name: "a").width == 32)
        }
    }
}
