import CJPEG

/// Decodes a JPEG; what `Image.init(decoding:name:as:)` promises holds here.
func decodeJPEG(_ bytes: [UInt8], name: String, as depth: Depth, seconds: Double) throws(ImageError) -> Image {
    let decoded = bytes.withUnsafeBufferPointer { buffer -> Result<Image, ImageError> in
        guard let decoder = cjpeg_decoder_new(buffer.baseAddress, buffer.count, UInt32(DecodingLimits.scans), seconds)
        else {
            return .failure(jpegError(CJPEG_NO_MEMORY, "", name: name))
        }
        defer { cjpeg_decoder_free(decoder) }
        func failure(_ status: cjpeg_status) -> Result<Image, ImageError> {
            .failure(jpegError(status, String(cString: cjpeg_decoder_message(decoder)), name: name))
        }
        var header = cjpeg_header()
        let opened = cjpeg_read_header(decoder, &header)
        guard opened == CJPEG_OK else { return failure(opened) }
        let (width, height) = (Int(header.width), Int(header.height))
        let conversion = RowConversion(sourceChannels: Int(header.channels), depth: depth)
        let count: Int
        do throws(ImageError) {
            count = try DecodingLimits.pixels(width: width, height: height, name: name) * conversion.channels
        } catch {
            return .failure(error)
        }
        var status = cjpeg_begin_rows(decoder)
        guard status == CJPEG_OK else { return failure(status) }
        let pixels = [UInt8](unsafeUninitializedCapacity: count) { target, initialized in
            guard let target = target.baseAddress else { return }
            let row = UnsafeMutablePointer<UInt8>.allocate(capacity: width * conversion.sourceChannels)
            defer { row.deallocate() }
            for y in 0..<height where status == CJPEG_OK {
                let place = target + y * width * conversion.channels
                status = cjpeg_read_row(decoder, conversion.isIdentity ? place : row)
                if status == CJPEG_OK, !conversion.isIdentity { conversion.convert(row, to: place, count: width) }
            }
            initialized = status == CJPEG_OK ? count : 0
        }
        if status == CJPEG_OK { status = cjpeg_end_rows(decoder) }
        guard status == CJPEG_OK else { return failure(status) }
        return .success(Image(width: width, height: height, channels: conversion.channels, pixels: pixels))
    }
    let image = try decoded.get()
    return image.upright(from: Orientation(jpeg: bytes))
}

private func jpegError(_ status: cjpeg_status, _ message: String, name: String) -> ImageError {
    switch status {
    case CJPEG_TRUNCATED:
        ImageError(name: name, reason: .truncated, problem: "JPEG data ends early; replace the file or remove it")
    case CJPEG_UNSUPPORTED:
        ImageError(
            name: name, reason: .unsupported,
            problem: "this kind of JPEG is not read (\(message)); save it as baseline or progressive RGB")
    case CJPEG_TOO_LARGE:
        ImageError(
            name: name, reason: .tooLarge,
            problem: "too large a JPEG (\(message)); scale the image down or save it again")
    case CJPEG_TOO_SLOW:
        ImageError(
            name: name, reason: .tooSlow, problem: "decoding this JPEG takes \(message); scale the image down")
    case CJPEG_NO_MEMORY:
        ImageError(name: name, reason: .tooLarge, problem: "no memory for this JPEG; scale the image down")
    default:
        ImageError(
            name: name, reason: .damaged, problem: "JPEG data is damaged (\(message)); replace the file or remove it")
    }
}

extension Image {
    /// The image as a JPEG file; quality 1 to 100.
    ///
    /// Chroma is halved in both directions, Huffman tables are fitted to the image. Throws `unsupported` for a side
    /// over 65,500 pixels.
    package func jpeg(quality: Int) throws(ImageError) -> [UInt8] {
        precondition((1...100).contains(quality))
        guard width <= 65_500, height <= 65_500 else {
            throw ImageError(
                name: "image of \(width)×\(height)", reason: .unsupported,
                problem: "a JPEG has at most 65500 pixels a side; scale it down or write a PNG")
        }
        guard let encoder = cjpeg_encoder_new() else {
            throw ImageError(
                name: "image of \(width)×\(height)", reason: .tooLarge, problem: "no memory to write a JPEG")
        }
        defer { cjpeg_encoder_free(encoder) }
        let status = pixels.withUnsafeBufferPointer {
            cjpeg_encode(encoder, $0.baseAddress, UInt32(width), UInt32(height), UInt32(channels), Int32(quality))
        }
        guard status == CJPEG_OK else {
            throw ImageError(
                name: "image of \(width)×\(height)", reason: status == CJPEG_NO_MEMORY ? .tooLarge : .unsupported,
                problem: "cannot be written as JPEG (\(String(cString: cjpeg_encoder_message(encoder))))")
        }
        return [UInt8](UnsafeBufferPointer(start: cjpeg_encoded_bytes(encoder), count: cjpeg_encoded_count(encoder)))
    }
}
