import CPNG

extension Image {
    /// What an indexed PNG may lose, in levels of a channel: less than anybody sees.
    static let mostLost = (mean: 2.0, largest: 24)

    /// The image as a PNG of at most 256 colours, exact where it has no more; equal images give equal bytes.
    ///
    /// Nil where such a file would be visibly worse, and for a gray image, which gains nothing.
    package func indexedPNG() throws(ImageError) -> [UInt8]? {
        guard channels == 3 else { return nil }
        let indexed = pixels.withUnsafeBufferPointer { pixels -> (indices: [UInt8], palette: [UInt8])? in
            guard let table = ColorTable(pixels) else { return nil }
            let palette = ColorPalette(table)
            let error = palette.error(of: table)
            guard error.mean <= Self.mostLost.mean, error.largest <= Self.mostLost.largest else { return nil }
            let bytes = palette.colors.flatMap { color in
                [16, 8, 0].map { UInt8(truncatingIfNeeded: color >> UInt32($0)) }
            }
            return (table.mapped(pixels, to: palette.places), bytes)
        }
        guard let (indices, palette) = indexed else { return nil }
        return try png { encoder, columns, rows in
            cpng_encode_indexed(encoder, indices, columns, rows, palette, UInt32(palette.count / 3))
        }
    }
}
