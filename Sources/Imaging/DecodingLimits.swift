/// What a file may ask of the machine before it is refused.
package enum DecodingLimits {
    /// Largest file that is read, in bytes.
    package static let fileBytes = 256 << 20
    /// Largest image that is decoded, in pixels; checked against the header before memory is taken.
    package static let pixels = 40_000_000
    /// Longest side of an image that is decoded: what a JPEG can have. Detection keeps whole rows in memory.
    package static let side = 65_535
    /// Most passes of a progressive JPEG: each costs time for the whole image, however few bytes it has.
    package static let scans = 100

    /// The number of pixels of an image whose header says so.
    ///
    /// Throws `damaged` for an empty image and `tooLarge` beyond ``pixels`` or ``side``.
    static func pixels(width: Int, height: Int, name: String) throws(ImageError) -> Int {
        guard width > 0, height > 0 else {
            throw ImageError(
                name: name, reason: .damaged,
                problem: "the header says \(width)×\(height) pixels; replace the file or remove it")
        }
        let (count, overflow) = width.multipliedReportingOverflow(by: height)
        guard !overflow, count <= pixels else {
            throw ImageError(
                name: name, reason: .tooLarge,
                problem: "\(width)×\(height) pixels are over \(pixels / 1_000_000) megapixels; scale the image down")
        }
        guard max(width, height) <= side else {
            throw ImageError(
                name: name, reason: .tooLarge,
                problem: "\(width)×\(height) pixels are over \(side) on a side; cut the image up or scale it down")
        }
        return count
    }
}
