import CCairo

extension Canvas {
    /// Draws what `body` draws on a layer of its own, blurs that and lays it over the canvas.
    ///
    /// - Parameter deviation: of the blur, in image pixels. O(image pixels), however wide the blur.
    package func blurred(_ deviation: Double, opacity: Double = 1, _ body: () -> Void) {
        let (columns, rows) = (width * scale, height * scale)
        guard let layer = cairo_image_surface_create(CAIRO_FORMAT_ARGB32, Int32(columns), Int32(rows)),
            let pen = cairo_create(layer), cairo_status(pen) == CAIRO_STATUS_SUCCESS
        else { preconditionFailure("no memory for a layer") }
        defer {
            cairo_destroy(pen)
            cairo_surface_destroy(layer)
        }
        var matrix = cairo_matrix_t()
        cairo_get_matrix(context, &matrix)
        cairo_set_matrix(pen, &matrix)
        let (under, brush) = (surface, context)
        (surface, context) = (layer, pen)
        body()
        blur(deviation)
        (surface, context) = (under, brush)
        cairo_save(context)
        cairo_identity_matrix(context)
        cairo_set_source_surface(context, layer, 0, 0)
        cairo_paint_with_alpha(context, opacity)
        cairo_restore(context)
    }

    /// Blurs everything drawn so far; `deviation` in image pixels.
    package func blur(_ deviation: Double) {
        guard deviation > 0.05 else { return }
        withPixels { pixels, rows, stride in
            var kernel = BoxBlur(rows: rows, stride: stride)
            kernel.blur(pixels, deviation: deviation)
        }
    }

    /// Adds the grain of a photograph: gray noise, about bell-shaped, the same for the same words.
    ///
    /// - Parameters:
    ///   - deviation: of the noise, in steps of 0…255.
    ///   - words: 64 random bits at a position; each serves four pixels.
    package func addGrain(_ deviation: Double, words: (UInt64) -> UInt64) {
        // Four uniform nibbles have mean 30 and deviation 9.22.
        let factor = Int32((deviation / 9.22 * 256).rounded())
        guard factor > 0 else { return }
        withPixels { pixels, rows, stride in
            var position: UInt64 = 0
            for start in Swift.stride(from: 0, to: rows * stride - 15, by: 16) {
                var word = words(position)
                position += 1
                for pixel in 0..<4 {
                    let sum = Int32(word & 15) + Int32(word >> 4 & 15) + Int32(word >> 8 & 15) + Int32(word >> 12 & 15)
                    word >>= 16
                    let noise = ((sum - 30) &* factor &+ 128) >> 8
                    for channel in start + pixel * 4..<start + pixel * 4 + 4 {
                        pixels[channel] = UInt8(truncatingIfNeeded: min(max(Int32(pixels[channel]) + noise, 0), 255))
                    }
                }
            }
        }
    }

    private func withPixels(_ body: (UnsafeMutableBufferPointer<UInt8>, Int, Int) -> Void) {
        cairo_surface_flush(surface)
        let rows = height * scale
        let stride = Int(cairo_image_surface_get_stride(surface))
        guard let data = cairo_image_surface_get_data(surface) else { return }
        body(UnsafeMutableBufferPointer(start: data, count: rows * stride), rows, stride)
        cairo_surface_mark_dirty(surface)
    }
}

/// Repeated moving averages over four interleaved bytes a pixel: three of them come close to a Gaussian blur.
private struct BoxBlur {
    let rows: Int
    /// Bytes of a row.
    let stride: Int
    private var line: [UInt8]
    private var sums: [UInt32]
    private var copy: [UInt8]

    init(rows: Int, stride: Int) {
        self.rows = rows
        self.stride = stride
        line = [UInt8](repeating: 0, count: stride)
        sums = [UInt32](repeating: 0, count: stride)
        copy = [UInt8](repeating: 0, count: rows * stride)
    }

    mutating func blur(_ pixels: UnsafeMutableBufferPointer<UInt8>, deviation: Double) {
        if deviation < 1.1 {
            // Three taps (a, 1 − 2a, a) have the variance 2a.
            let passes = deviation < 0.7 ? 1 : 3
            let side = UInt32((deviation * deviation / 2 / Double(passes) * 256).rounded())
            for _ in 0..<passes {
                tap(pixels, side: side, step: 4)
                tap(pixels, side: side, step: stride)
            }
        } else {
            // A box of radius r has the variance r(r + 1)/3.
            let radius = max(1, Int((((1 + 4 * deviation * deviation).squareRoot() - 1) / 2).rounded()))
            for _ in 0..<3 {
                averageRows(pixels, radius)
                averageColumns(pixels, radius)
            }
        }
    }

    private mutating func tap(_ pixels: UnsafeMutableBufferPointer<UInt8>, side: UInt32, step: Int) {
        let middle = 256 - 2 * side
        copy.withUnsafeMutableBufferPointer { copy in
            _ = copy.update(fromContentsOf: pixels)
            for index in step..<pixels.count - step {
                let sum =
                    UInt32(copy[index]) &* middle &+ (UInt32(copy[index - step]) &+ UInt32(copy[index + step])) &* side
                pixels[index] = UInt8(truncatingIfNeeded: (sum &+ 128) >> 8)
            }
        }
    }

    private mutating func averageRows(_ pixels: UnsafeMutableBufferPointer<UInt8>, _ radius: Int) {
        let columns = stride / 4
        let weight = UInt32(65536 / (2 * radius + 1))
        line.withUnsafeMutableBufferPointer { line in
            for row in 0..<rows {
                let base = row * stride
                for byte in 0..<stride { line[byte] = pixels[base + byte] }
                for channel in 0..<4 {
                    var sum: UInt32 = 0
                    for x in -radius...radius { sum &+= UInt32(line[min(max(x, 0), columns - 1) * 4 + channel]) }
                    for x in 0..<columns {
                        pixels[base + x * 4 + channel] = UInt8(truncatingIfNeeded: (sum &* weight &+ 32768) >> 16)
                        let enters = min(x + radius + 1, columns - 1) * 4 + channel
                        let leaves = max(x - radius, 0) * 4 + channel
                        sum = sum &+ UInt32(line[enters]) &- UInt32(line[leaves])
                    }
                }
            }
        }
    }

    private mutating func averageColumns(_ pixels: UnsafeMutableBufferPointer<UInt8>, _ radius: Int) {
        let weight = UInt32(65536 / (2 * radius + 1))
        let last = rows - 1
        copy.withUnsafeMutableBufferPointer { copy in
            _ = copy.update(fromContentsOf: pixels)
            sums.withUnsafeMutableBufferPointer { sums in
                for byte in 0..<stride { sums[byte] = 0 }
                for y in -radius...radius {
                    let base = min(max(y, 0), last) * stride
                    for byte in 0..<stride { sums[byte] &+= UInt32(copy[base + byte]) }
                }
                for y in 0...last {
                    let base = y * stride
                    let enters = min(y + radius + 1, last) * stride
                    let leaves = max(y - radius, 0) * stride
                    for byte in 0..<stride {
                        pixels[base + byte] = UInt8(truncatingIfNeeded: (sums[byte] &* weight &+ 32768) >> 16)
                        sums[byte] = sums[byte] &+ UInt32(copy[enters + byte]) &- UInt32(copy[leaves + byte])
                    }
                }
            }
        }
    }
}
