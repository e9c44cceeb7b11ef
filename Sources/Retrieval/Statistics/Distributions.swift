import Foundation

/// The normal distribution with mean 0 and deviation 1.
enum NormalDistribution {
    static func cumulative(_ x: Double) -> Double { 0.5 * erfc(-x / 2.0.squareRoot()) }

    /// 0 < p < 1. By halves, to the last bits of `cumulative`.
    static func quantile(_ p: Double) -> Double {
        precondition(p > 0 && p < 1)
        return inverse(of: cumulative, at: p, between: -40, and: 40)
    }
}

/// Student's distribution for whole degrees of freedom.
enum StudentDistribution {
    /// Its finite series. freedom ≥ 1. O(freedom). Source: Abramowitz and Stegun 1964, 26.7.3 and 26.7.4.
    static func cumulative(_ t: Double, freedom: Int) -> Double {
        precondition(freedom >= 1)
        let angle = atan(t / Double(freedom).squareRoot())
        let square = cos(angle) * cos(angle)
        let isOdd = freedom % 2 == 1
        var term = isOdd ? cos(angle) : 1
        var sum = freedom == 1 ? 0 : term
        for power in stride(from: isOdd ? 3 : 2, through: freedom - 2, by: 2) {
            term *= square * Double(power - 1) / Double(power)
            sum += term
        }
        let share = isOdd ? 2 / Double.pi * (angle + sin(angle) * sum) : sin(angle) * sum
        return (1 + share) / 2
    }

    /// 0 < p < 1.
    static func quantile(_ p: Double, freedom: Int) -> Double {
        precondition(p > 0 && p < 1)
        return inverse(of: { cumulative($0, freedom: freedom) }, at: p, between: -1e6, and: 1e6)
    }
}

/// Where a growing function reaches `value`.
private func inverse(
    of function: (Double) -> Double, at value: Double, between low: Double, and high: Double
) -> Double {
    var (low, high) = (low, high)
    for _ in 0..<100 where high - low > 1e-15 * max(1, abs(low)) {
        let middle = (low + high) / 2
        if function(middle) < value { low = middle } else { high = middle }
    }
    return (low + high) / 2
}
