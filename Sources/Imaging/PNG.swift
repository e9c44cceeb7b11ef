import CPNG

/// Decodes a PNG; what `Image.init(decoding:name:)` promises holds here.
func decodePNG(_ bytes: [UInt8], name: String) throws(ImageError) -> Image {
    let decoded = bytes.withUnsafeBufferPointer { buffer -> Result<Image, ImageError> in
        guard let decoder = cpng_decoder_new(buffer.baseAddress, buffer.count) else {
            return .failure(pngError(CPNG_NO_MEMORY, "", name: name))
        }
        defer { cpng_decoder_free(decoder) }
        func failure(_ status: cpng_status) -> Result<Image, ImageError> {
            .failure(pngError(status, String(cString: cpng_decoder_message(decoder)), name: name))
        }
        var header = cpng_header()
        let opened = cpng_read_header(decoder, &header)
        guard opened == CPNG_OK else { return failure(opened) }
        let (width, height, channels) = (Int(header.width), Int(header.height), Int(header.channels))
        let count: Int
        do throws(ImageError) {
            count = try DecodingLimits.pixels(width: width, height: height, name: name) * channels
        } catch {
            return .failure(error)
        }
        var status = CPNG_OK
        let pixels = [UInt8](unsafeUninitializedCapacity: count) { target, initialized in
            status = cpng_read_pixels(decoder, target.baseAddress, count)
            initialized = status == CPNG_OK ? count : 0
        }
        guard status == CPNG_OK else { return failure(status) }
        switch channels {
        case 1, 3:
            return .success(Image(width: width, height: height, channels: channels, pixels: pixels))
        default:
            let opaque = compositedOnWhite(pixels, colors: channels - 1)
            return .success(Image(width: width, height: height, channels: channels - 1, pixels: opaque))
        }
    }
    return try decoded.get()
}

/// Pixels of `colors` channels from pixels with an alpha channel behind them: round(c·a + 255·(1 − a)), a in 0...1.
private func compositedOnWhite(_ pixels: [UInt8], colors: Int) -> [UInt8] {
    let count = pixels.count / (colors + 1)
    return [UInt8](unsafeUninitializedCapacity: count * colors) { target, initialized in
        for i in 0..<count {
            let alpha = Int(pixels[i * (colors + 1) + colors])
            for c in 0..<colors {
                let color = Int(pixels[i * (colors + 1) + c])
                target[i * colors + c] = UInt8((color * alpha + 255 * (255 - alpha) + 127) / 255)
            }
        }
        initialized = count * colors
    }
}

private func pngError(_ status: cpng_status, _ message: String, name: String) -> ImageError {
    switch status {
    case CPNG_TRUNCATED:
        ImageError(name: name, reason: .truncated, problem: "PNG data ends early; replace the file or remove it")
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
        guard let encoder = cpng_encoder_new() else {
            throw ImageError(
                name: "image of \(width)×\(height)", reason: .tooLarge, problem: "no memory to write a PNG")
        }
        defer { cpng_encoder_free(encoder) }
        guard let columns = UInt32(exactly: width), let rows = UInt32(exactly: height) else {
            throw ImageError(
                name: "image of \(width)×\(height)", reason: .unsupported, problem: "a PNG cannot be that large")
        }
        let status = pixels.withUnsafeBufferPointer {
            cpng_encode(encoder, $0.baseAddress, columns, rows, UInt32(channels))
        }
        guard status == CPNG_OK else {
            throw ImageError(
                name: "image of \(width)×\(height)", reason: status == CPNG_NO_MEMORY ? .tooLarge : .unsupported,
                problem: "cannot be written as PNG (\(String(cString: cpng_encoder_message(encoder))))")
        }
        return [UInt8](UnsafeBufferPointer(start: cpng_encoded_bytes(encoder), count: cpng_encoded_count(encoder)))
    }
}
