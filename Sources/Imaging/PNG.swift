import CPNG

/// Decodes a PNG; what `Image.init(decoding:name:as:)` promises holds here.
///
/// Rows are converted as they come; an interlaced image is converted in its own memory when it is whole.
func decodePNG(_ bytes: [UInt8], name: String, as depth: Depth, seconds: Double) throws(ImageError) -> Image {
    let orientation = try Orientation(png: bytes, name: name)
    let decoded = bytes.withUnsafeBufferPointer { buffer -> Result<Image, ImageError> in
        guard let decoder = cpng_decoder_new(buffer.baseAddress, buffer.count, seconds) else {
            return .failure(pngError(CPNG_NO_MEMORY, "", name: name))
        }
        defer { cpng_decoder_free(decoder) }
        func failure(_ status: cpng_status) -> Result<Image, ImageError> {
            .failure(pngError(status, String(cString: cpng_decoder_message(decoder)), name: name))
        }
        var header = cpng_header()
        let opened = cpng_read_header(decoder, &header)
        guard opened == CPNG_OK else { return failure(opened) }
        let (width, height, isInterlaced) = (Int(header.width), Int(header.height), header.interlaced != 0)
        let conversion = RowConversion(sourceChannels: Int(header.channels), depth: depth)
        let count: Int
        do throws(ImageError) {
            count = try DecodingLimits.pixels(width: width, height: height, name: name)
        } catch {
            return .failure(error)
        }
        var status = cpng_begin_rows(decoder)
        guard status == CPNG_OK else { return failure(status) }
        let kept = count * conversion.channels
        let pixels = [UInt8](
            unsafeUninitializedCapacity: isInterlaced ? count * conversion.sourceChannels : kept
        ) { target, initialized in
            guard let target = target.baseAddress else { return }
            if isInterlaced {
                status = cpng_read_rows(decoder, target, header.height)
                if status == CPNG_OK, !conversion.isIdentity { conversion.convert(target, to: target, count: count) }
            } else {
                status = readRows(decoder, header, conversion, to: target)
            }
            initialized = status == CPNG_OK ? kept : 0
        }
        if status == CPNG_OK { status = cpng_end_rows(decoder) }
        guard status == CPNG_OK else { return failure(status) }
        return .success(Image(width: width, height: height, channels: conversion.channels, pixels: pixels))
    }
    return try decoded.get().upright(from: orientation)
}

/// Reads all rows of an image that is not interlaced, one after the other.
private func readRows(
    _ decoder: OpaquePointer, _ header: cpng_header, _ conversion: RowConversion, to target: UnsafeMutablePointer<UInt8>
) -> cpng_status {
    let width = Int(header.width)
    let stride = width * conversion.channels
    let row = UnsafeMutablePointer<UInt8>.allocate(
        capacity: conversion.isIdentity ? 1 : width * conversion.sourceChannels)
    defer { row.deallocate() }
    for y in 0..<Int(header.height) {
        let place = target + y * stride
        let status = cpng_read_rows(decoder, conversion.isIdentity ? place : row, 1)
        guard status == CPNG_OK else { return status }
        if !conversion.isIdentity { conversion.convert(row, to: place, count: width) }
    }
    return CPNG_OK
}

private func pngError(_ status: cpng_status, _ message: String, name: String) -> ImageError {
    switch status {
    case CPNG_TRUNCATED:
        ImageError(name: name, reason: .truncated, problem: "PNG data ends early; replace the file or remove it")
    case CPNG_TOO_SLOW:
        ImageError(
            name: name, reason: .tooSlow, problem: "decoding this PNG takes \(message); scale the image down")
    case CPNG_NO_MEMORY:
        ImageError(name: name, reason: .tooLarge, problem: "no memory for this PNG; scale the image down")
    default:
        ImageError(
            name: name, reason: .damaged, problem: "PNG data is damaged (\(message)); replace the file or remove it")
    }
}

extension Image {
    /// The image as a PNG file, 8 bits a channel, without loss.
    package func png() throws(ImageError) -> [UInt8] {
        try png { encoder, columns, rows in cpng_encode(encoder, pixels, columns, rows, UInt32(channels)) }
    }

    /// The file that an encoder writes of this image's columns and rows.
    func png(
        _ encode: (_ encoder: OpaquePointer, _ columns: UInt32, _ rows: UInt32) -> cpng_status
    ) throws(ImageError) -> [UInt8] {
        guard let encoder = cpng_encoder_new() else {
            throw ImageError(
                name: "image of \(width)×\(height)", reason: .tooLarge, problem: "no memory to write a PNG")
        }
        defer { cpng_encoder_free(encoder) }
        guard let columns = UInt32(exactly: width), let rows = UInt32(exactly: height) else {
            throw ImageError(
                name: "image of \(width)×\(height)", reason: .unsupported, problem: "a PNG cannot be that large")
        }
        let status = encode(encoder, columns, rows)
        guard status == CPNG_OK else {
            throw ImageError(
                name: "image of \(width)×\(height)", reason: status == CPNG_NO_MEMORY ? .tooLarge : .unsupported,
                problem: "cannot be written as PNG (\(String(cString: cpng_encoder_message(encoder))))")
        }
        return [UInt8](UnsafeBufferPointer(start: cpng_encoded_bytes(encoder), count: cpng_encoded_count(encoder)))
    }
}
