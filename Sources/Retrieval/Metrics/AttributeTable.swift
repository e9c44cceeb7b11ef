/// Binary attributes of images, ±1 each, one bit per attribute.
package struct AttributeTable: Sendable, Hashable {
    package let images: Int
    /// Attributes per image.
    package let count: Int
    private let wordsPerImage: Int
    /// A set bit is +1.
    private var words: [UInt64]

    /// `values` is images × count, row-major, every value −1 or 1: callers check what a file says.
    package init(images: Int, count: Int, values: [Int8]) {
        precondition(images >= 0 && count > 0 && values.count == images * count)
        self.images = images
        self.count = count
        wordsPerImage = (count + 63) / 64
        words = [UInt64](repeating: 0, count: images * wordsPerImage)
        for image in 0..<images {
            for attribute in 0..<count {
                let value = values[image * count + attribute]
                precondition(value == 1 || value == -1)
                if value == 1 { words[image * wordsPerImage + attribute / 64] |= 1 << UInt64(attribute % 64) }
            }
        }
    }

    /// −1 or 1. O(1).
    package subscript(image: Int, attribute: Int) -> Int {
        words[image * wordsPerImage + attribute / 64] >> UInt64(attribute % 64) & 1 == 1 ? 1 : -1
    }

    /// How many attributes two images share. O(count / 64).
    package func agreement(_ image: Int, _ other: AttributeTable, _ otherImage: Int) -> Int {
        precondition(other.count == count)
        var differences = 0
        for word in 0..<wordsPerImage {
            differences +=
                (words[image * wordsPerImage + word] ^ other.words[otherImage * wordsPerImage + word]).nonzeroBitCount
        }
        return count - differences
    }

    /// How many images have each attribute. O(images · count).
    package var frequencies: [Int] {
        (0..<count).map { attribute in (0..<images).count { self[$0, attribute] == 1 } }
    }
}
