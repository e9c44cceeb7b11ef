import Files

/// Image files: JPEG, PNG and PNM, told apart by their first bytes and never by their names.
extension Image {
    /// Decodes the file at `path`.
    ///
    /// The result is gray (one channel) when the file or `depth` is gray, RGB otherwise; transparency is composited on
    /// white and the EXIF orientation of a JPEG or PNG is applied. Files over 256 MB, images over 40 megapixels and
    /// JPEGs of more than 100 scans are refused before they cost anything; a warning of a decoder that pixels were made
    /// up or left out counts as damage.
    package init(contentsOf path: String, as depth: Depth = .asStored) throws(ImageError) {
        try self.init(decoding: Self.bytes(of: path), name: path, as: depth)
    }

    /// The bytes of an image file.
    static func bytes(of path: String) throws(ImageError) -> [UInt8] {
        do {
            return try Files.read(path, limit: DecodingLimits.fileBytes)
        } catch {
            throw ImageError(
                name: path, reason: error.kind == .tooLarge ? .tooLarge : .unreadable, problem: error.problem)
        }
    }

    /// Decodes a file's bytes; `name` is what errors call it.
    ///
    /// A JPEG or PNG that takes longer than `seconds` is refused as `tooSlow`, between two of its rows, so a little
    /// later. Only what somebody waits for has such a limit: whether it is met depends on the machine.
    package init(
        decoding bytes: [UInt8], name: String, as depth: Depth = .asStored, seconds: Double = .infinity
    ) throws(ImageError) {
        switch ImageFormat(of: bytes) {
        case .empty:
            throw ImageError(name: name, reason: .empty, problem: "the file is empty; replace it or remove it")
        case .jpeg:
            self = try decodeJPEG(bytes, name: name, as: depth, seconds: seconds)
        case .png:
            self = try decodePNG(bytes, name: name, as: depth, seconds: seconds)
        case .pnm:
            var reader = PNMReader(bytes: bytes, name: name)
            let image = try reader.image()
            self = depth == .gray ? image.gray : image
        case .other(let format):
            throw ImageError(
                name: name, reason: .unsupported, problem: "\(format) is not read; convert the file to JPEG, PNG or PNM"
            )
        case .unknown:
            throw ImageError(
                name: name, reason: .notAnImage,
                problem: "this is no JPEG, PNG or PNM image; replace the file or remove it")
        }
    }
}

/// The format that the first bytes of a file announce.
enum ImageFormat: Equatable {
    case empty, jpeg, png, pnm
    /// Recognised, to say so, but not read.
    case other(String)
    case unknown

    init(of bytes: [UInt8]) {
        func starts(_ magic: [UInt8], at offset: Int = 0) -> Bool {
            bytes.count >= offset + magic.count && bytes[offset..<offset + magic.count].elementsEqual(magic)
        }
        if bytes.isEmpty {
            self = .empty
        } else if starts([0xFF, 0xD8]) {
            self = .jpeg
        } else if starts([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) {
            self = .png
        } else if bytes[0] == UInt8(ascii: "P"), bytes.count >= 3, PNMReader.isSpace(bytes[2]) || bytes[2] == 0x23 {
            switch bytes[1] {
            case 0x32, 0x33, 0x35, 0x36: self = .pnm
            case 0x31, 0x34: self = .other("a bitmap of black and white (PBM)")
            case 0x37: self = .other("PAM")
            default: self = .unknown
            }
        } else if starts(Array("GIF8".utf8)) {
            self = .other("GIF")
        } else if starts(Array("RIFF".utf8)), starts(Array("WEBP".utf8), at: 8) {
            self = .other("WebP")
        } else if starts(Array("BM".utf8)) {
            self = .other("BMP")
        } else if starts([0x49, 0x49, 0x2A, 0]) || starts([0x4D, 0x4D, 0, 0x2A]) {
            self = .other("TIFF")
        } else if starts(Array("ftyp".utf8), at: 4) {
            self = .other("HEIF or AVIF")
        } else {
            self = .unknown
        }
    }
}
