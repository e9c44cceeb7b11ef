import Imaging

extension FuzzTarget {
    /// Pictures of one format; `magic` is put in front of bytes that lack it, so that no other decoder takes them.
    static func picture(_ name: String, magic: [UInt8]) -> FuzzTarget {
        FuzzTarget(name: name, longest: 8192) { bytes, _ in
            let file = bytes.starts(with: magic) ? bytes : magic + bytes
            try decode(file)
            if name == "png" { try decode(Repair.png(file)) }
        }
    }

    private static func decode(_ bytes: [UInt8]) throws {
        guard let image = try? Image(decoding: bytes, name: "picture") else { return }
        try promise(image.width > 0 && image.height > 0, "a picture of \(image.width)×\(image.height)")
        try promise(image.channels == 1 || image.channels == 3, "a picture of \(image.channels) channels")
        let count = image.width * image.height * image.channels
        try promise(image.pixels.count == count, "\(image.pixels.count) samples instead of \(count)")
        guard count <= 1 << 16 else { return }
        try promise(try Image(decoding: image.png(), name: "copy") == image, "a PNG of the picture is another picture")
    }
}
