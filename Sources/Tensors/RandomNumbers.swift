import Foundation

/// Random numbers that depend on where they are used, not on what was drawn before: (seed, use, place, index) → 64 bits.
///
/// `RandomNumbers(seed: s, .augmentation, epoch, sample)` gives the same numbers whichever thread asks and in whatever
/// order the samples come. The mixing is SplitMix64's finaliser (Steele, Lea, Flood 2014), chained over seed, use and
/// place, then applied to a Weyl sequence over the index. Not for secrets.
package struct RandomNumbers: RandomNumberGenerator, Sendable {
    private let key: UInt64
    /// Position of the next number in the stream.
    package private(set) var index: UInt64 = 0

    /// A stream for each use and, within it, for each place: an epoch, a layer, a sample.
    package init(seed: UInt64, _ use: RandomUse, _ place: Int...) {
        self.init(seed: seed, path: [use.rawValue] + place)
    }

    /// A stream for each sequence of numbers: [1, 2] and [2, 1] and [1] are different streams.
    /// For tests, which want numbers of no use in particular.
    package init(seed: UInt64, path: [Int]) {
        key = path.reduce(RandomNumbers.mixed(seed &+ RandomNumbers.weyl)) { key, part in
            RandomNumbers.mixed(key ^ RandomNumbers.mixed(UInt64(bitPattern: Int64(part)) &+ RandomNumbers.weyl))
                &+ RandomNumbers.weyl
        }
    }

    /// The 64 bits at a position of the stream. O(1).
    package func bits(at index: UInt64) -> UInt64 {
        RandomNumbers.mixed(key &+ (index &+ 1) &* RandomNumbers.weyl)
    }

    package mutating func next() -> UInt64 {
        defer { index &+= 1 }
        return bits(at: index)
    }

    /// Uniform in [0, 1), a multiple of 2⁻⁵³.
    package mutating func uniform() -> Double { RandomNumbers.unit(next()) }

    /// Uniform in the range; the upper bound may appear through rounding.
    package mutating func uniform(in range: ClosedRange<Double>) -> Double {
        range.lowerBound + uniform() * (range.upperBound - range.lowerBound)
    }

    /// Normal with mean 0 and deviation 1: Box–Muller, two positions of the stream each.
    package mutating func normal() -> Double {
        defer { index &+= 2 }
        return normal(at: index)
    }

    /// The normal number made of the bits at `index` and `index + 1`. O(1).
    package func normal(at index: UInt64) -> Double {
        let radius = 1 - RandomNumbers.unit(bits(at: index))  // (0, 1], so that its logarithm is finite
        let angle = RandomNumbers.unit(bits(at: index &+ 1))
        return (-2 * log(radius)).squareRoot() * cos(2 * Double.pi * angle)
    }

    /// Uniform in 0..<bound without bias: Lemire's multiplication, 2019, with rejection.
    package mutating func integer(below bound: Int) -> Int {
        precondition(bound > 0)
        let bound = UInt64(bound)
        var product = next().multipliedFullWidth(by: bound)
        if product.low < bound {
            let rejected = (0 &- bound) % bound
            while product.low < rejected { product = next().multipliedFullWidth(by: bound) }
        }
        return Int(product.high)
    }

    /// Fisher–Yates; every order is equally likely. O(n).
    package mutating func shuffle<Element>(_ values: inout [Element]) {
        guard values.count > 1 else { return }
        for last in stride(from: values.count - 1, through: 1, by: -1) {
            values.swapAt(last, integer(below: last + 1))
        }
    }

    package mutating func shuffled<Element>(_ values: [Element]) -> [Element] {
        var values = values
        shuffle(&values)
        return values
    }

    private static let weyl: UInt64 = 0x9E37_79B9_7F4A_7C15

    private static func unit(_ bits: UInt64) -> Double { Double(bits >> 11) * 0x1p-53 }

    private static func mixed(_ value: UInt64) -> UInt64 {
        var z = value
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
