import Imaging
import Testing

@Suite struct DecodingLimitsHold {
    @Test(arguments: [(65_536, 1), (1, 65_536), (1_000_000, 40)])
    func imagesWithALongSideAreRefused(width: Int, height: Int) throws {
        let refused = try #require(refusal(Array("P5 \(width) \(height) 255\n".utf8)))
        #expect(refused.reason == .tooLarge)
        #expect("\(refused)".contains("\(width)×\(height) pixels are over 65535 on a side"))
    }

    @Test func aSideOfAJPEGsLengthIsRead() throws {
        for (width, height) in [(65_535, 1), (1, 65_535)] {
            let bytes = Array("P5 \(width) \(height) 255\n".utf8) + [UInt8](repeating: 7, count: 65_535)
            #expect(try Image(decoding: bytes, name: "a").width == width)
        }
    }

    @Test func namesTheFileAndWhatToDo() {
        let jpeg = (try? pattern(64, 64, 3).jpeg(quality: 90)) ?? []
        let error = refusal(Array(jpeg.prefix(jpeg.count / 2)))
        #expect(error?.description == "photos/a: JPEG data ends early; replace the file or remove it")
    }

    @Test(arguments: [1, 3]) func refusesEveryTruncation(channels: Int) throws {
        let image = pattern(24, 20, channels)
        for whole in [try image.jpeg(quality: 80), try image.png()] {
            for count in 0..<whole.count {
                let reason = refusal(Array(whole.prefix(count)))?.reason
                let expected: [ImageError.Reason] =
                    count == 0 ? [.empty] : count < 8 ? [.notAnImage, .truncated, .damaged] : [.truncated, .damaged]
                #expect(reason.map(expected.contains) == true, "\(count) bytes: \(String(describing: reason))")
            }
        }
    }

    @Test func survivesFlippedBytes() throws {
        let image = pattern(40, 30, 3)
        for whole in [try image.jpeg(quality: 80), try image.png()] {
            for at in whole.indices {
                var bytes = whole
                bytes[at] ^= UInt8(truncatingIfNeeded: 1 + at * 37)
                if let decoded = try? Image(decoding: bytes, name: "a") {
                    #expect(decoded.pixels.count == decoded.width * decoded.height * decoded.channels)
                }
            }
        }
    }

    @Test func refusesMoreThan40Megapixels() throws {
        #expect(refusal(Array("P5 8000 5001 255\n".utf8))?.reason == .tooLarge)
        #expect(refusal(Array("P5 999999999 999999999 255\n".utf8))?.reason == .tooLarge)
        #expect(refusal(Array("P5 8000 5000 255\n".utf8))?.reason == .truncated)
        var jpeg = try pattern(16, 16, 1).jpeg(quality: 90)
        let frame = try #require(jpeg.indices.first { jpeg[$0] == 0xFF && jpeg[$0 + 1] == 0xC0 })
        jpeg.replaceSubrange(frame + 5..<frame + 9, with: [0xFF, 0x00, 0xFF, 0x00])
        #expect(refusal(jpeg)?.reason == .tooLarge)
        let png =
            hex("89504e470d0a1a0a0000000d494844527fffffff7fffffff0802000000")
            + crc32(
                hex("494844527fffffff7fffffff0802000000")) + hex("0000000a49444154")
        #expect(refusal(png) != nil)
    }

    @Test(arguments: [
        "P5\n", "P5 3", "P5 3 3", "P5 3 3 0\n", "P5 3 3 70000\n", "P5 -3 3 255\n", "P5 0 3 255\n",
        "P5 1234567890123 3 255\n", "P2 2 1 9 5 x", "P2 2 1 9 5 10", "P2 9999 2000 9 1", "P5 3x 3 255\n",
    ])
    func refusesABrokenPNM(_ text: String) {
        #expect(refusal(Array(text.utf8))?.reason == .damaged)
    }

    @Test func tellsOtherFormatsFromNoise() {
        #expect(refusal([])?.reason == .empty)
        #expect(refusal([0])?.reason == .notAnImage)
        #expect(refusal(Array("hello".utf8))?.reason == .notAnImage)
        #expect(refusal(Array("GIF89a".utf8))?.reason == .unsupported)
        #expect(refusal(Array("P4 8 1\n\u{1}".utf8))?.reason == .unsupported)
    }

    @Test func refusesWhatTakesTooLong() throws {
        let image = pattern(40, 30, 3)
        for whole in [try image.jpeg(quality: 80), try image.png()] {
            #expect(throws: Never.self) { try Image(decoding: whole, name: "a", seconds: 3600) }
            #expect {
                try Image(decoding: whole, name: "a", seconds: 0)
            } throws: { error in
                (error as? ImageError)?.reason == .tooSlow && "\(error)".contains("takes more than 0 seconds")
            }
        }
    }

    @Test func refusesAJPEGThatItsLibraryCannotHold() throws {
        var jpeg = try pattern(16, 16, 1).jpeg(quality: 90)
        let frame = try #require(jpeg.indices.first { jpeg[$0] == 0xFF && jpeg[$0 + 1] == 0xC0 })
        jpeg.replaceSubrange(frame + 5..<frame + 9, with: [0x00, 0x01, 0xFF, 0xFF])
        let refused = try #require(refusal(jpeg))
        #expect(refused.reason == .tooLarge && "\(refused)".contains("65500"))
    }

    @Test func refusesWhatIsNoRegularFile() {
        for path in ["/dev/zero", "/", "/nowhere/at/all.jpg", "with\0zero"] {
            #expect { try Image(contentsOf: path) } throws: { ($0 as? ImageError)?.reason == .unreadable }
        }
    }

    /// One block of gray, first its mean, then coefficient after coefficient: as many sound scans as one likes.
    @Test func refusesTooManyScans() throws {
        func jpeg(scans: Int) -> [UInt8] {
            var bytes = hex("ffd8ffdb004300") + [UInt8](repeating: 1, count: 64)
            bytes += hex("ffc2000b080008000801011100")
            for table: UInt8 in [0x00, 0x10] {  // one code, "0": no difference, or end of block
                bytes += hex("ffc40014") + [table, 1] + [UInt8](repeating: 0, count: 15) + [0]
            }
            for scan in 0..<scans {
                let first = UInt8(scan == 0 ? 0 : 1 + (scan - 1) % 63)
                let bits: UInt8 = scan == 0 ? 0x00 : scan <= 63 ? 0x01 : 0x10
                bytes += hex("ffda0008010100") + [first, first, bits, 0x7F]
            }
            return bytes + hex("ffd9")
        }
        #expect(try Image(decoding: jpeg(scans: 100), name: "a").pixels == [UInt8](repeating: 128, count: 64))
        #expect(refusal(jpeg(scans: 101))?.reason == .tooLarge)
    }
}
