import Foundation

/// How many of some drawn without replacement are marked.
package struct HypergeometricDistribution: Sendable {
    private let support: ClosedRange<Int>
    /// Logarithms of probabilities up to a common summand, in the order of `support`.
    private let logarithms: [Double]

    /// - Parameters: `marked` and `drawn` are at most `total`. O(min(marked, drawn)).
    package init(of total: Int, marked: Int, drawn: Int) {
        precondition((0...total).contains(marked) && (0...total).contains(drawn))
        support = max(0, drawn + marked - total)...min(drawn, marked)
        var logarithm = 0.0
        logarithms =
            [0]
            + support.dropFirst().map { count in
                // The ratio of two neighbouring probabilities.
                logarithm += log(Double(marked - count + 1)) + log(Double(drawn - count + 1))
                logarithm -= log(Double(count)) + log(Double(total - marked - drawn + count))
                return logarithm
            }
    }

    /// The probability of so many marked ones, or more.
    package func atLeast(_ count: Int) -> Double {
        share { _, found in found >= count }
    }

    /// The probability of a count that is at most as likely as this one: the two-sided p-value of Fisher's exact test.
    ///
    /// Probabilities that differ by less than 10⁻⁷ of themselves count as equal, as in R and SciPy.
    package func atMostAsLikely(as count: Int) -> Double {
        guard support.contains(count) else { return 0 }
        let bound = logarithms[count - support.lowerBound] + 1e-7
        return share { logarithm, _ in logarithm <= bound }
    }

    private func share(_ isCounted: (_ logarithm: Double, _ count: Int) -> Bool) -> Double {
        let largest = logarithms.max() ?? 0
        var (part, whole) = (0.0, 0.0)
        for (logarithm, count) in zip(logarithms, support) {
            let weight = exp(logarithm - largest)
            whole += weight
            if isCounted(logarithm, count) { part += weight }
        }
        return part / whole
    }
}
