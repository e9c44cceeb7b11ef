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
}
