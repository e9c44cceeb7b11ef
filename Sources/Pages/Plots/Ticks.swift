import Foundation

/// Places for tick marks: multiples of 1, 2 or 5 times a power of ten, or powers of ten.
struct Ticks: Sendable, Hashable {
    var values: [Double]
    /// Nil for powers of ten.
    var step: Double?

    /// About `target` ticks over the range, whose ends they include: the axis runs from the first tick to the last.
    static func around(_ range: ClosedRange<Double>, target: Int) -> Ticks {
        let step = niceStep(span: range.upperBound - range.lowerBound, target: target)
        // A hair of tolerance, or 0.3 / 0.1 would ask for one tick more.
        let first = (range.lowerBound / step + 1e-9).rounded(.down)
        let last = (range.upperBound / step - 1e-9).rounded(.up)
        return Ticks(first: first, last: max(last, first + 1), step: step)
    }

    /// Ticks inside the range only, at whole numbers where the data has only whole numbers.
    static func inside(_ range: ClosedRange<Double>, target: Int, whole: Bool) -> Ticks {
        var step = niceStep(span: range.upperBound - range.lowerBound, target: target)
        if whole { step = max(1, step.rounded()) }
        let first = (range.lowerBound / step - 1e-9).rounded(.up)
        let last = (range.upperBound / step + 1e-9).rounded(.down)
        return Ticks(first: first, last: last, step: step)
    }

    /// The powers of ten whose logarithms lie inside the range; its whole ends where there are none.
    static func decades(inside range: ClosedRange<Double>) -> Ticks {
        let first = (range.lowerBound - 1e-9).rounded(.up)
        let last = (range.upperBound + 1e-9).rounded(.down)
        return first <= last ? Ticks(powers: first, last) : decades(around: range)
    }

    /// The powers of ten from below the range to above it.
    static func decades(around range: ClosedRange<Double>) -> Ticks {
        let first = (range.lowerBound + 1e-9).rounded(.down)
        return Ticks(powers: first, max((range.upperBound - 1e-9).rounded(.up), first + 1))
    }

    private init(powers first: Double, _ last: Double) {
        step = nil
        // Every decade, or every second, third … one.
        let count = Int(min(max(last - first, 0), 600))
        let stride = count / 8 + 1
        values = Swift.stride(from: 0, through: count, by: stride).map { pow(10, first + Double($0)) }
        if let end = values.last, end < pow(10, last) {
            values.append(pow(10, first + Double((count / stride + 1) * stride)))
        }
    }

    private init(first: Double, last: Double, step: Double) {
        self.step = step
        let count = Int(min(max(last - first, 0), 50))
        values = (0...count).map { (first + Double($0)) * step }
    }

    /// All labels with the same number of decimals, just enough for the step.
    var labels: [String] {
        let size = values.map(abs).max() ?? 0
        guard let step else {
            return values.map { value in
                if value >= 1e7 || value < 1e-4 { return Numeral.power(of: value) }
                return value >= 1000 ? Numeral.fixed(value, digits: 0, grouped: size >= 10000) : Numeral.data(value)
            }
        }
        if size >= 1e7 || (size > 0 && size < 1e-4) { return values.map { Numeral.scientific($0, digits: 1) } }
        var digits = max(0, Int((-log10(step) - 1e-9).rounded(.up)))
        let scaled = step * pow(10, Double(digits))
        if abs(scaled - scaled.rounded()) > 1e-6 { digits += 1 }
        return values.map { Numeral.fixed($0, digits: digits, grouped: size >= 10000) }
    }

    private static func niceStep(span: Double, target: Int) -> Double {
        guard span > 0, span.isFinite else { return 1 }
        let rough = span / Double(max(target, 1))
        let power = pow(10, log10(rough).rounded(.down))
        let lead = rough / power
        let nice: Double = lead <= 1 ? 1 : lead <= 2 ? 2 : lead <= 5 ? 5 : 10
        return nice * power
    }
}
