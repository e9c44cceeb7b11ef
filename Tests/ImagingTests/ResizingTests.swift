import Imaging
import Testing

/// Expected bytes and hashes are Pillow 13.0's `resize(…, BILINEAR)` of the same pattern.
@Suite struct Resizing {
    struct Small: Sendable {
        let from: (Int, Int, Int), to: (Int, Int)
        let pillow: String
    }

    @Test(arguments: [
        Small(from: (5, 4, 1), to: (7, 3), pillow: "1b324f6a71777b89a99d447a9aa7426c9fd0b6bcd2"),
        Small(from: (5, 4, 1), to: (2, 6), pillow: "345c4b80719baf7595a76ce2"),
        Small(
            from: (3, 2, 3), to: (4, 3),
            pillow: "00326417497b4f81b394c6f82e6092497bad5688ba4f81b35b8dbf7aacde5c8ec0093b6d"),
        Small(from: (9, 1, 1), to: (4, 1), pillow: "2d60642b"),
    ])
    func yieldsPillowsBytes(_ sample: Small) {
        let image = pattern(sample.from.0, sample.from.1, sample.from.2)
        #expect(image.resized(width: sample.to.0, height: sample.to.1).pixels == hex(sample.pillow))
    }

    struct Large: Sendable {
        let from: (Int, Int, Int), to: (Int, Int)
        let pillow: UInt64
    }

    @Test(arguments: [
        Large(from: (178, 218, 3), to: (218, 218), pillow: 0x9003_bca0_88a0_7c01),
        Large(from: (92, 112, 1), to: (218, 218), pillow: 0x6fe1_11ec_5ea7_6503),
        Large(from: (178, 218, 3), to: (64, 64), pillow: 0x8eac_6387_f958_90dc),
        Large(from: (640, 481, 3), to: (218, 100), pillow: 0xbe75_4380_d7cc_05b4),
        Large(from: (17, 300, 1), to: (400, 299), pillow: 0xe3ef_9465_e375_b21d),
    ])
    func yieldsPillowsBytesAtRealSizes(_ sample: Large) {
        let image = pattern(sample.from.0, sample.from.1, sample.from.2)
        #expect(fnv(image.resized(width: sample.to.0, height: sample.to.1).pixels) == sample.pillow)
    }

    @Test func keepsAnImageThatHasTheSizeAlready() {
        let image = pattern(13, 9, 3)
        #expect(image.resized(width: 13, height: 9) == image)
    }

    @Test func keepsAFlatImageFlat() {
        let image = Image(width: 31, height: 17, channels: 1, pixels: [UInt8](repeating: 255, count: 31 * 17))
        #expect(image.resized(width: 7, height: 40).pixels.allSatisfy { $0 == 255 })
    }
}
