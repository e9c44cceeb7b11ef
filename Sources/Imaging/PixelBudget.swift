import Files
import Foundation

/// Bounds how many pixels are decoded at once, however many threads there are: who would go beyond the bound waits.
///
/// An image larger than the whole budget goes alone. Not to be asked for more while something is held.
package final class PixelBudget: @unchecked Sendable {
    /// Of this process: two of the largest images.
    package static let shared = PixelBudget(pixels: 2 * DecodingLimits.pixels)

    private let limit: Int
    /// Orders `held` and `most`.
    private let condition = NSCondition()
    private var held = 0
    private var most = 0

    package init(pixels: Int) { limit = pixels }

    /// The most pixels that were held at once.
    package var mostHeld: Int {
        condition.lock()
        defer { condition.unlock() }
        return most
    }

    /// Calls `body` when its pixels are within the bound.
    package func holding<Result>(_ pixels: Int, _ body: () throws -> Result) rethrows -> Result {
        condition.lock()
        while held > 0, held + pixels > limit { condition.wait() }
        held += pixels
        most = max(most, held)
        condition.unlock()
        defer {
            condition.lock()
            held -= pixels
            condition.broadcast()
            condition.unlock()
        }
        return try body()
    }
}

extension Image {
    /// Decodes the file at `path` and hands it on, within the budget until `body` has ended. Throws as `init` does.
    package static func using<Result>(
        contentsOf path: String, as depth: Depth = .asStored, within budget: PixelBudget = .shared,
        _ body: (Image) throws -> Result
    ) throws -> Result {
        try using(decoding: try bytes(of: path), name: path, as: depth, within: budget, body)
    }

    /// Decodes a file's bytes and hands the image on, within the budget until `body` has ended.
    package static func using<Result>(
        decoding bytes: [UInt8], name: String, as depth: Depth = .asStored, seconds: Double = .infinity,
        within budget: PixelBudget = .shared, _ body: (Image) throws -> Result
    ) throws -> Result {
        try budget.holding(AnnouncedSize.pixels(of: bytes)) {
            try body(Image(decoding: bytes, name: name, as: depth, seconds: seconds))
        }
    }
}
