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

    private func tiff(_ type: UInt8, little: Bool, prefix: Bool = false) -> [UInt8] {
        let value: [UInt8] =
            [4, 9].contains(type)
            ? (little ? [6, 0, 0, 0] : [0, 0, 0, 6])
            : type == 6 ? [6, 0, 0, 0] : (little ? [6, 0, 0, 0] : [0, 6, 0, 0])
        return (prefix ? hex("457869660000") : [])
            + (little
                ? hex("49492a0008000000" + "0100" + "1201") + [type, 0, 1, 0, 0, 0]
                : hex("4d4d002a00000008" + "0001" + "0112") + [0, type, 0, 0, 0, 1]) + value + [0, 0, 0, 0]
    }

    /// SHORT, SSHORT, LONG, SLONG and SBYTE, as Pillow reads them.
    @Test(arguments: [3, 8, 4, 9, 6] as [UInt8], [true, false])
    func readsTheTagAsAnyWholeNumber(type: UInt8, little: Bool) throws {
        let jpeg = tagged(tiff(type, little: little, prefix: true), try photo().jpeg(quality: 95))
        #expect(corners(try Image(decoding: jpeg, name: "a")) == [2, 0, 3, 1])
        let png = inserting(chunk("eXIf", tiff(type, little: little)), in: try photo().png())
        #expect(corners(try Image(decoding: png, name: "a")) == [2, 0, 3, 1])
    }

    @Test func findsTheTagBehindStrayBytes() throws {
        let jpeg = inserting(
            [1, 2, 0xFF, 0, 3], before: 0xE1,
            in: tagged(tiff(3, little: true, prefix: true), try photo().jpeg(quality: 95)))
        #expect(corners(try Image(decoding: jpeg, name: "a")) == [2, 0, 3, 1])
    }

    @Test(arguments: [false, true], [false, true])
    func turnsAPNGByItsChunk(atEnd: Bool, prefix: Bool) throws {
        let png = inserting(chunk("eXIf", tiff(3, little: true, prefix: prefix)), in: try photo().png(), atEnd: atEnd)
        #expect(corners(try Image(decoding: png, name: "a")) == [2, 0, 3, 1])
    }

    /// As ImageMagick wrote it before `eXIf` was defined, and Pillow reads it.
    @Test(arguments: ["tEXt", "zTXt", "iTXt", "iTXt deflated"]) func turnsAPNGByItsRawProfile(_ kind: String) throws {
        let digits = tiff(3, little: false, prefix: true).map { String(UInt32($0) + 256, radix: 16).dropFirst() }
        let lines = [digits.prefix(20), digits.dropFirst(20)].map { $0.joined() }.joined(separator: "\n")
        let text = Array("\nexif\n      \(digits.count)\n\(lines)\n".utf8)
        let size = [UInt8(text.count & 255), UInt8(text.count >> 8)]
        let stored = [0x78, 0x01, 1] + size + size.map { ~$0 } + text + adler(text)
        let key = Array("Raw profile type exif".utf8) + [0]
        let data =
            switch kind {
            case "tEXt": key + text
            case "zTXt": key + [0] + stored
            case "iTXt": key + [0, 0] + Array("en".utf8) + [0, 0] + text
            default: key + [1, 0, 0, 0] + stored
            }
        let type = String(kind.prefix(4))
        for atEnd in [false, true] {
            let png = inserting(chunk(type, data), in: try photo().png(), atEnd: atEnd)
            #expect(corners(try Image(decoding: png, name: "a")) == [2, 0, 3, 1])
        }
        #expect(refusal(inserting(chunk(type, data, isSound: false), in: try photo().png()))?.reason == .damaged)
    }

    private func adler(_ bytes: [UInt8]) -> [UInt8] {
        var (a, b) = (1, 0)
        for byte in bytes {
            a = (a + Int(byte)) % 65521
            b = (b + a) % 65521
        }
        return bigEndian(b << 16 | a)
    }

    @Test func aWrongChecksumOfTheOrientationIsDamage() throws {
        let png = inserting(chunk("eXIf", tiff(3, little: true), isSound: false), in: try photo().png())
        #expect(
            refusal(png)?.description
                == "photos/a: PNG data is damaged (eXIf: CRC error); replace the file or remove it")
    }

    @Test func everyCutOfAChunkIsUprightOrRefused() throws {
        let sound = tiff(4, little: false)
        for count in 0..<sound.count {
            let png = inserting(chunk("eXIf", Array(sound.prefix(count))), in: try photo().png())
            #expect([32, 48].contains(try Image(decoding: png, name: "a").width))
        }
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
