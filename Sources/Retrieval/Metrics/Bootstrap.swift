import Tensors

/// How much a mean over queries would differ with other queries of the same kind.
package enum Bootstrap {
    /// A mean over queries with its 95 % interval.
    package struct Estimate: Sendable, Codable {
        package var mean: Double
        package var low: Double
        package var high: Double

        /// Of one number per query; 0 without any.
        package init(_ values: [Double]) {
            mean = values.isEmpty ? 0 : values.reduce(0, +) / Double(values.count)
            let interval = Bootstrap.interval(values) ?? 0...0
            low = interval.lowerBound
            high = interval.upperBound
        }
    }

    /// The interval that holds the mean of 95 % of resamplings, by percentiles.
    ///
    /// `values` is one number per query; nil without any. Deterministic for a seed. O(resamples · values).
    /// Source: Efron 1979.
    package static func interval(
        _ values: [Double], resamples: Int = 1000, level: Double = 0.95, seed: UInt64 = 0
    ) -> ClosedRange<Double>? {
        precondition(resamples >= 2 && level > 0 && level < 1)
        guard !values.isEmpty else { return nil }
        var random = RandomNumbers(seed: seed, .bootstrap, values.count)
        let means = (0..<resamples).map { _ in
            var sum = 0.0
            for _ in values.indices { sum += values[random.integer(below: values.count)] }
            return sum / Double(values.count)
        }.sorted()
        let tail = Int(Double(resamples - 1) * (1 - level) / 2)
        return means[tail]...means[resamples - 1 - tail]
    }

    /// The two-sided p-value of a paired difference: how often flipping the sign of each query's difference by chance
    /// moves the mean at least as far from zero as it is.
    ///
    /// Exact for up to 12 queries that differ, by all sign patterns; else `permutations` drawn with a seed, plus the
    /// observed one. nil without queries. Source: Fisher 1935; Phipson and Smyth 2010 for the plus one.
    package static func pairedTest(
        before: [Double], after: [Double], permutations: Int = 5000, seed: UInt64 = 0
    ) -> Double? {
        precondition(before.count == after.count)
        guard !before.isEmpty else { return nil }
        let differences = zip(before, after).map { $1 - $0 }.filter { $0 != 0 }
        // Sums of rounded numbers: what is equal on paper must count as equal.
        let observed = abs(differences.reduce(0, +)) * (1 - 1e-12)
        if differences.count <= 12 {
            let patterns = 1 << differences.count
            let extreme = (0..<patterns).count { pattern in
                var sum = 0.0
                for (i, difference) in differences.enumerated() {
                    sum += pattern >> i & 1 == 1 ? -difference : difference
                }
                return abs(sum) >= observed
            }
            return Double(extreme) / Double(patterns)
        }
        var random = RandomNumbers(seed: seed, .permutation, differences.count)
        var extreme = 1
        for _ in 0..<permutations {
            var sum = 0.0
            var bits: UInt64 = 0
            for (i, difference) in differences.enumerated() {
                if i & 63 == 0 { bits = random.next() }
                sum += bits & 1 == 1 ? -difference : difference
                bits >>= 1
            }
            if abs(sum) >= observed { extreme += 1 }
        }
        return Double(extreme) / Double(permutations + 1)
    }
}
