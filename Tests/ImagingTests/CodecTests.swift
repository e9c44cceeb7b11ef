import Imaging
import Testing

@Suite struct Codecs {
    @Test(arguments: [1, 3]) func pngKeepsEveryPixel(channels: Int) throws {
        let image = pattern(178, 218, channels)
        #expect(try Image(decoding: image.png(), name: "a") == image)
    }

    @Test(arguments: [1, 3]) func jpegComesBackAlmostTheSame(channels: Int) throws {
        let flat = Image(
            width: 40, height: 31, channels: channels, pixels: [UInt8](repeating: 119, count: 40 * 31 * channels))
        let back = try Image(decoding: flat.jpeg(quality: 95), name: "a")
        #expect(back.width == 40 && back.height == 31 && back.channels == channels)
        #expect(back.pixels.allSatisfy { abs(Int($0) - 119) <= 2 })
    }

    @Test func refusesToWriteAJPEGThatIsTooWide() {
        let image = Image(width: 65_501, height: 1, channels: 1, pixels: [UInt8](repeating: 0, count: 65_501))
        #expect(throws: ImageError.self) { try image.jpeg(quality: 90) }
    }

    @Test func compositesTransparencyOnWhite() throws {
        let png = hex(
            "89504e470d0a1a0a0000000d4948445200000002000000020806000000" + "72b60d24"
                + "000000164944415478da63f8cfc0f09f01" + "02fe37708" + "9c83102" + "00280e03bb080446c7"
                + "0000000049454e44ae426082")
        let image = try Image(decoding: png, name: "a")
        #expect(image.channels == 3)
        #expect(image.pixels == [255, 0, 0, 255, 255, 255, 127, 127, 255, 254, 254, 254])
    }

    @Test func scales16BitsTo8() throws {
        let png = hex(
            "89504e470d0a1a0a0000000d49484452000000040000000110000000008cc78c52"
                + "000000114944415478da636060f8ffbf8181911100" + "0d010281" + "51863fbb" + "0000000049454e44ae426082")
        let image = try Image(decoding: png, name: "a")
        #expect(image.channels == 1 && image.pixels == [0, 255, 128, 1])
    }

    @Test func expandsAPalette() throws {
        let png = hex(
            "89504e470d0a1a0a0000000d4948445200000003000000010203000000668efc27"
                + "00000009504c544501020328323cfafbfc9626bb80"
                + "0000000a4944415478da6368010000860085117db75b0000000049454e44ae426082")
        let image = try Image(decoding: png, name: "a")
        #expect(image.pixels == [250, 251, 252, 1, 2, 3, 40, 50, 60])
    }

    @Test func readsThePNMFormats() throws {
        func pixels(_ text: String, _ samples: [UInt8] = []) throws -> [UInt8] {
            try Image(decoding: Array(text.utf8) + samples, name: "a").pixels
        }
        #expect(try pixels("P2\n# made by hand\n2 2\n10\n0 5 # half\n10 1") == [0, 128, 255, 26])
        #expect(try pixels("P3 1 1 255 7 8 9") == [7, 8, 9])
        #expect(try pixels("P5 3 1 255\n", [1, 2, 3, 99]) == [1, 2, 3])
        #expect(try pixels("P6\n1 1\n255\n", [10, 13, 32]) == [10, 13, 32])
        #expect(try pixels("P5 2 1 65535\n", [0xFF, 0xFF, 0x80, 0x00]) == [255, 128])
    }

    /// A comment behind the largest value ends with its line, and samples begin there; one behind a white space is samples.
    @Test func netpbmsCommentsStandAnywhereInAHeader() throws {
        func pixels(_ text: String, _ samples: [UInt8] = [35, 10, 99]) throws -> [UInt8] {
            try Image(decoding: Array(text.utf8) + samples, name: "a").pixels
        }
        for header in [
            "P5\n3 1\n255\n", "P5\n3 1\n255#x y 7\n", "P5\n3 1\n255#\r", "P5\n3 1\n255#x\r\n", "P5#m\n3#w\n1#h\r\n255 ",
            "P5 #m\n#n\n3 # w\n # v\n1 255#x\n",
        ] {
            #expect(try pixels(header) == [35, 10, 99], "\(header)")
        }
        #expect(try pixels("P6\n1 1\n255#x\n") == [35, 10, 99])
        #expect(try pixels("P5\n1 1\n65535#x\n", [0x80, 0]) == [128])
        #expect(try pixels("P5\n3 1\n255#x\r", [10, 1, 2]) == [10, 1, 2])
        #expect(try pixels("P2\n3 1\n255#x\n1#y\n2 #z\r3", []) == [1, 2, 3])
        #expect(try pixels("P3#a\n1#b\n1#c\n9#d\n9#e\n9#f\n9", []) == [255, 255, 255])
        #expect(refusal(Array("P5 3 1 255#x\n".utf8) + [1, 2])?.reason == .truncated)
        #expect(refusal(Array("P5 3 1 255#never ends".utf8))?.reason == .truncated)
    }

    @Test(arguments: ["jfif", "adobe", "spectrum", "stray", "stray end"])
    func warningsThatInventNoPixelsDoNotCount(_ kind: String) throws {
        let sound = try pattern(40, 30, 3).jpeg(quality: 80)
        var odd = sound
        let scan = try #require(sound.indices.first { sound[$0] == 0xFF && sound[$0 + 1] == 0xDA })
        switch kind {
        case "jfif": odd[11] = 2
        case "adobe": odd = inserting(hex("ffee000e41646f626500640000000007"), before: 0xDB, in: sound)
        case "spectrum": odd.replaceSubrange(scan + 11..<scan + 14, with: [0, 0, 0])
        case "stray":
            odd = [0xDB, 0xC4, 0xC0, 0xDA].reduce(sound) { inserting([1, 2, 0xFF, 0, 3], before: $1, in: $0) }
        default: odd.insert(contentsOf: [UInt8](repeating: 0, count: 16) + [0xFF, 0xFF], at: odd.count - 2)
        }
        #expect(odd != sound)
        #expect(try Image(decoding: odd, name: "a") == Image(decoding: sound, name: "a"))
    }

    /// What is left over when a scan has all its pixels may be of it, as after a bad code that ended a block too early.
    @Test(arguments: [0xD9, 0xC4, 0xFE] as [UInt8])
    func dataThatAScanLeavesOverAreDamage(next marker: UInt8) throws {
        let sound = try pattern(40, 30, 3).jpeg(quality: 80)
        var odd = sound
        let segment: [UInt8] = marker == 0xD9 ? [] : [0xFF, marker, 0, 2]
        odd.insert(contentsOf: Array("sixteen bytes ..".utf8) + segment, at: odd.count - 2)
        #expect(refusal(odd)?.reason == .damaged)
    }

    /// One block with a code that no table has, of which more bytes are at hand than libjpeg-turbo's faster way asks for.
    @Test func aCodeThatDoesNotExistIsDamageHoweverMuchFollows() throws {
        var bytes = hex("ffd8ffdb004300") + [UInt8](repeating: 1, count: 64) + hex("ffc0000b080008002001011100")
        for table: UInt8 in [0x00, 0x10] {
            bytes += hex("ffc40014") + [table, 1] + [UInt8](repeating: 0, count: 15) + [0]
        }
        bytes += hex("ffda0008010100003f00")
        #expect(try Image(decoding: bytes + hex("00ffd9"), name: "a").pixels == [UInt8](repeating: 128, count: 256))
        let comments = (0..<300).flatMap { _ in hex("fffe0010") + [UInt8](repeating: 7, count: 14) }
        #expect(try Image(decoding: bytes + hex("00") + comments + hex("ffd9"), name: "a").width == 32)
        // Four blocks of two one-bit codes each; "1" is none of them.
        let damaged = bytes + [UInt8](repeating: 0xAA, count: 5000)
        let refused = try #require(refusal(damaged + hex("ffd9")))
        #expect(refused.reason == .damaged && refused.description.contains("bad Huffman code"), "\(refused)")
    }

    /// Two blocks with a restart marker between them.
    @Test func strayBytesInsideAScanAreDamage() throws {
        var head = hex("ffd8ffdb004300") + [UInt8](repeating: 1, count: 64) + hex("ffc0000b080008001001011100")
        for table: UInt8 in [0x00, 0x10] {
            head += hex("ffc40014") + [table, 1] + [UInt8](repeating: 0, count: 15) + [0]
        }
        head += hex("ffdd00040001" + "ffda0008010100003f00" + "3f")
        #expect(try Image(decoding: head + hex("ffd03fffd9"), name: "a").pixels == [UInt8](repeating: 128, count: 128))
        let stray = head + [UInt8](repeating: 7, count: 20) + hex("ffd03fffd9")
        #expect(refusal(stray)?.reason == .damaged)
    }

    /// One block, red as Adobe keeps it: C 255 (no ink), M 0, Y 0, K 255. Pillow and OpenCV show the same without a marker.
    @Test func readsCMYKAsInvertedWithOrWithoutAdobesMarker() throws {
        var bytes = hex("ffd8ffdb004300") + [UInt8](repeating: 1, count: 64)
        bytes += hex("ffc000140800080008040111000211000311000411" + "00")
        bytes += hex("ffc4001400" + "01000000000000000000000000000000" + "0a")  // DC: "0" for ten bits
        bytes += hex("ffc4001410" + "01000000000000000000000000000000" + "00")  // AC: "0" for the end of the block
        bytes += hex("ffda000e040100020003000400003f00" + "7f00000007f0" + "ffd9")
        let marked = inserting(hex("ffee000e41646f626500640000000000"), before: 0xDB, in: bytes)
        for jpeg in [bytes, marked] {
            #expect(try Image(decoding: jpeg, name: "a").pixels.prefix(3) == [255, 0, 0])
        }
    }

    /// A PNG of 4 × 2 pixels with a palette of so many grays; rows hold indices.
    private func paletted(_ colors: Int, depth: UInt8 = 8, rows: [[UInt8]], chunks: [UInt8] = []) -> [UInt8] {
        let data: [UInt8] = rows.flatMap { [0] + $0 }
        var (a, b) = (1, 0)
        for byte in data {
            a = (a + Int(byte)) % 65521
            b = (b + a) % 65521
        }
        let count = UInt8(data.count)
        let head: [UInt8] = [0x78, 1, 1, count, 0, ~count, 255]
        let stream: [UInt8] = head + data + bigEndian(b << 16 | a)
        let header: [UInt8] = bigEndian(4) + bigEndian(rows.count) + [depth, 3, 0, 0, 0]
        let palette: [UInt8] = (0..<colors).flatMap { [UInt8($0), 0, 9] as [UInt8] }
        var file: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
        file += chunk("IHDR", header)
        file += chunk("PLTE", palette)
        file += chunks
        file += chunk("IDAT", stream)
        return file + chunk("IEND", [])
    }

    @Test func colorsBeyondThePaletteAreDamage() throws {
        let sound = try Image(decoding: paletted(3, rows: [[0, 1, 2, 0], [2, 2, 1, 0]]), name: "a")
        let expected: [UInt8] = [0, 1, 2, 0, 2, 2, 1, 0].flatMap { [$0, 0, 9] as [UInt8] }
        #expect(sound.pixels == expected)
        #expect(
            refusal(paletted(3, rows: [[0, 1, 2, 0], [2, 3, 1, 0]]))?.description
                == "photos/a: PNG data is damaged (a pixel has colour 3 of a palette of 3); replace the file or remove it"
        )
        // Packed indices, 4 × 2 bits in a byte.
        #expect(try Image(decoding: paletted(3, depth: 2, rows: [[0b00_01_10_00]]), name: "a").pixels.count == 12)
        #expect(refusal(paletted(3, depth: 2, rows: [[0b00_01_11_00]]))?.reason == .damaged)
        // As gray, and with transparency, which stands on white.
        let gray = try Image(decoding: paletted(3, rows: [[0, 1, 2, 0]]), name: "a", as: .gray)
        #expect(gray.channels == 1 && gray.pixels.count == 4)
        #expect(refusal(paletted(1, rows: [[0, 0, 1, 0]]))?.reason == .damaged)
        let clear = try Image(decoding: paletted(2, rows: [[0, 1, 1, 0]], chunks: chunk("tRNS", [0])), name: "a")
        #expect(clear.pixels == [255, 255, 255, 1, 0, 9, 1, 0, 9, 255, 255, 255])
    }

    @Test func transparencyOfAWrongChecksumPlaceOrLengthIsDamage() throws {
        let gray = try Image(width: 2, height: 1, channels: 1, pixels: [7, 9]).png()
        let sound = inserting(chunk("tRNS", [0, 7]), in: gray)
        #expect(try Image(decoding: sound, name: "a").pixels == [255, 9])
        #expect(
            refusal(inserting(chunk("tRNS", [0, 7], isSound: false), in: gray))?.description
                == "photos/a: PNG data is damaged (tRNS: CRC error); replace the file or remove it")
        #expect(refusal(inserting(chunk("tRNS", [7]), in: gray))?.reason == .damaged)
        #expect(refusal(inserting(chunk("tRNS", [0, 7]), in: gray, atEnd: true))?.reason == .damaged)
        #expect(refusal(inserting(chunk("tRNS", [0, 7]) + chunk("tRNS", [0, 9]), in: gray))?.reason == .damaged)
        // Chunks that change no pixel here may be broken.
        for type in ["gAMA", "sBIT", "tEXt", "pHYs"] {
            let odd = inserting(chunk(type, [0, 0, 1, 0], isSound: false), in: gray)
            #expect(try Image(decoding: odd, name: "a").pixels == [7, 9])
        }
    }

    @Test func aPaletteOfAWrongChecksumIsDamage() throws {
        var png = hex(
            "89504e470d0a1a0a0000000d4948445200000003000000010203000000668efc27"
                + "00000009504c544501020328323cfafbfc9626bb80"
                + "0000000a4944415478da6368010000860085117db75b0000000049454e44ae426082")
        let withAlpha = spliced(chunk("tRNS", [255, 255, 0], isSound: false), in: png, at: 33 + 21)
        #expect(refusal(withAlpha)?.reason == .damaged)
        png[33 + 20] ^= 1
        #expect(refusal(png)?.reason == .damaged)
    }

    private func spliced(_ bytes: [UInt8], in png: [UInt8], at: Int) -> [UInt8] {
        Array(png[..<at]) + bytes + png[at...]
    }

    @Test func pixelsThatFailTheirStreamsChecksumAreDamage() throws {
        let stream = hex("7801" + "01" + "0300fcff" + "000709" + "00000000")
        let png =
            hex("89504e470d0a1a0a") + chunk("IHDR", hex("00000002000000010800000000")) + chunk("IDAT", stream)
            + chunk("IEND", [])
        #expect(refusal(png)?.reason == .damaged)
    }

    @Test func resolvesInterlacedTransparency() throws {
        let expected = pattern4(5, 4)
        let image = try Image(decoding: Self.interlaced, name: "a")
        #expect(image.channels == 3 && image.pixels == expected)
    }

    /// ((37i + 11) mod 256), four channels, on white.
    private func pattern4(_ width: Int, _ height: Int) -> [UInt8] {
        (0..<width * height).flatMap { pixel -> [UInt8] in
            let alpha = (37 * (4 * pixel + 3) + 11) % 256
            return (0..<3).map { UInt8(((37 * (4 * pixel + $0) + 11) % 256 * alpha + 255 * (255 - alpha) + 127) / 255) }
        }
    }

    /// Interlaced by Adam7 and of this pattern in Pillow's eyes.
    private static let interlaced = hex(
        "89504e470d0a1a0a0000000d49484452000000050000000408060000013134c5d6000000634944415478da015800a7ff000b30557a005b80"
            + "a5ca0033587da200d3f81d42fb20456a23486d92009fc4e90ec7ec113600678cb1d68fb4d9fe00ef14395e83a8cdf2173c6186abd0f5"
            + "1a3f6489ae00b7dc01264b7095badf04294e7398bde2072c517687a427295d8399a10000000049454e44ae426082")

    @Test func decodesToGrayWhatWouldBecomeGrayLater() throws {
        let files = [
            try pattern(9, 7, 1).png(), try pattern(9, 7, 3).png(), try pattern(9, 7, 1).jpeg(quality: 80),
            try pattern(9, 7, 3).jpeg(quality: 80), Self.interlaced,
            Array("P6 2 1 255\n".utf8) + [1, 2, 3, 200, 100, 50],
            inserting(chunk("tRNS", [0, 0, 0, 50, 0, 100]), in: try pattern(9, 7, 3).png()),
            inserting(chunk("tRNS", [0, 0]), in: try pattern(9, 7, 1).png()),
        ]
        for file in files {
            #expect(try Image(decoding: file, name: "a", as: .gray) == Image(decoding: file, name: "a").gray)
        }
    }
}
