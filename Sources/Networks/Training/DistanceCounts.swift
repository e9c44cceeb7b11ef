/// How many distances fell where: enough for quantiles, in the same little memory for any number of distances.
///
/// A bin is all values that share sign, exponent and the first seven bits of the fraction, so it is at most 1/128 as wide as
/// its values are large, and its middle is within 1/256 (0.4 %) of each. Counts are whole numbers: neither the order in
/// which distances come nor the places at which a run was interrupted show in them, and counts of two machines add up.
/// Source: the idea of HdrHistogram (Tene 2012) and DDSketch (Masson, Rim and Lee, VLDB 2019).
package struct DistanceCounts: Sendable, Hashable {
    /// By bin: the upper 16 bits of the float. Only bins that hold something.
    private var counts: [UInt16: Int] = [:]
    package private(set) var count = 0

    package init() {}

    /// Counts a distance; what is not a number, or none that a distance can be, counts as the largest one. O(1).
    package mutating func add(_ distance: Float) {
        let isSound = distance >= 0 && distance.isFinite
        counts[UInt16((isSound ? distance.magnitude : Float.greatestFiniteMagnitude).bitPattern >> 16), default: 0] += 1
        count += 1
    }

    /// The distance that a share of all distances does not exceed: of ten, 0.25 asks for the third smallest. Within 0.4 % of
    /// that distance; nil where nothing was counted. O(bins · log bins).
    package func quantile(_ share: Double) -> Double? {
        precondition((0...1).contains(share))
        guard count > 0 else { return nil }
        let rank = max(1, Int((share * Double(count)).rounded(.up)))
        var seen = 0
        for (bin, number) in counts.sorted(by: { $0.key < $1.key }) {
            seen += number
            if seen >= rank { return Self.middle(of: bin) }
        }
        return nil
    }

    /// The lowest bin holds zero, and nothing above 10⁻⁴⁰.
    private static func middle(of bin: UInt16) -> Double {
        bin == 0 ? 0 : Double(Float(bitPattern: UInt32(bin) << 16 | 0x8000))
    }
}

extension DistanceCounts {
    /// Bins and their counts in turn, by bin: how a training's state keeps them.
    var numbers: [Double] { counts.sorted { $0.key < $1.key }.flatMap { [Double($0.key), Double($0.value)] } }

    /// Nil unless these are bins, each once and in order, with what they hold.
    init?(_ numbers: [Double]) {
        guard numbers.count % 2 == 0 else { return nil }
        var last = -1
        for place in stride(from: 0, to: numbers.count, by: 2) {
            guard let bin = UInt16(exactly: numbers[place]), let number = Int(exactly: numbers[place + 1]),
                Int(bin) > last,
                number > 0, number < 1 << 53 - count
            else { return nil }
            counts[bin] = number
            count += number
            last = Int(bin)
        }
    }
}

/// Where the distances of an epoch lie: the shares of them that the report draws.
package struct DistanceQuantiles: Sendable, Hashable, Codable {
    /// The shares whose quantiles `values` holds.
    package static let shares = [0.05, 0.25, 0.5, 0.75, 0.95]

    /// One per share, ascending.
    package let values: [Double]

    package var median: Double { values[2] }

    /// Of nothing: zeros.
    init(_ counts: DistanceCounts) { values = Self.shares.map { counts.quantile($0) ?? 0 } }

    /// Nil unless there is one value per share.
    init?(_ values: some Collection<Double>) {
        guard values.count == Self.shares.count else { return nil }
        self.values = Array(values)
    }
}
