import Tensors

/// Intervals by resampling people: whoever is drawn brings all of their images, because images of one person are alike.
///
/// Each sample draws as many people as there are, with replacement. The interval is the bias-corrected and accelerated one
/// (BCa; Efron 1987), which follows a figure near the end of its range, where a symmetric one does not reach far enough; with
/// so few people as a face dataset tests it is still too narrow, so that its level is the one that Student's distribution
/// asks for where the normal one is exact only for many (Hesterberg 2015, §3.4: Φ(−t·√(n/(n−1)))).
///
/// People of several strata, such as splits that test others each, are drawn within theirs, as many as it has: then n people
/// in s strata leave n − s degrees of freedom, the level is Φ(−t·√(n/(n−s))), and the acceleration is that of differences
/// within strata.
///
/// Sources: Davison and Hinkley 1997, §3.2 for strata, §3.8 for clusters; Owen 2007 and Fogliato, Patil and Perona 2024 for
/// pairs, whose weight is the product of the weights of both people.
package struct PeopleResampling: Sendable {
    package let people: Int
    /// People one after the other.
    private let strata: [Range<Int>]
    private let samples: Int
    private let seed: UInt64

    /// Probability on either side of an interval.
    static let tail = 0.025

    /// Groups of people who are left out in turn, at most.
    private static let mostGroups = 256
    /// Samples in a piece of work of one core.
    private static let ofChunk = 64

    package init(people: Int, samples: Int = 1000, seed: UInt64 = 0) {
        self.init(strata: [people], samples: samples, seed: seed)
    }

    /// - Parameter sizes: how many people each stratum has; where one has fewer than two, all are one.
    init(strata sizes: [Int], samples: Int, seed: UInt64) {
        precondition(sizes.allSatisfy { $0 >= 0 } && samples >= 2)
        people = sizes.reduce(0, +)
        var strata: [Range<Int>] = []
        for size in sizes {
            let start = strata.last?.upperBound ?? 0
            strata.append(start..<start + size)
        }
        self.strata = strata.allSatisfy { $0.count >= 2 } ? strata : [0..<people]
        (self.samples, self.seed) = (samples, seed)
    }

    /// What weights of people give: of one figure or of several that are computed together. NaN where a sample gives none.
    package typealias Statistic = (_ weights: [Double]) -> [Double]

    /// The figures of all people, each with its interval. Deterministic for a seed, on any number of cores.
    ///
    /// O(samples · statistic).
    ///
    /// - Parameter range: what the figures can be.
    package func estimates(within range: ClosedRange<Double>, of statistic: Statistic) -> [Estimate] {
        let whole = statistic([Double](repeating: 1, count: people))
        let drawn = samples(of: statistic, figures: whole.count)
        let without = people >= 2 ? leavingSomeOut(statistic) : []
        return whole.indices.map { figure in
            estimate(
                whole[figure], drawn.map { $0[figure] }.filter(\.isFinite).sorted(),
                without.map { stratum in stratum.map { $0[figure] }.filter(\.isFinite) }, within: range)
        }
    }

    private func samples(of statistic: Statistic, figures: Int) -> [[Double]] {
        guard people >= 2 else { return [] }
        var drawn = [[Double]](repeating: [], count: samples)
        drawn.withUnsafeMutableBufferPointer { drawn in
            nonisolated(unsafe) let drawn = drawn  // every chunk writes to its own samples
            inParallel(samples, chunk: Self.ofChunk, stop: StopRequest {}) { chunk in
                var weights = [Double](repeating: 0, count: people)
                for sample in chunk {
                    for person in weights.indices { weights[person] = 0 }
                    var random = RandomNumbers(seed: seed, .bootstrap, people, sample)
                    for stratum in strata {
                        for _ in stratum { weights[stratum.lowerBound + random.integer(below: stratum.count)] += 1 }
                    }
                    drawn[sample] = statistic(weights)
                }
            }
        }
        return drawn
    }

    /// Of each stratum: the figures without one of its people, or without as many at once as make no more than `mostGroups`
    /// of them: their skewness is the same.
    private func leavingSomeOut(_ statistic: Statistic) -> [[[Double]]] {
        strata.map { leavingSomeOut(of: $0, statistic) }
    }

    private func leavingSomeOut(of stratum: Range<Int>, _ statistic: Statistic) -> [[Double]] {
        let groups = min(stratum.count, Self.mostGroups)
        var left = [[Double]](repeating: [], count: groups)
        left.withUnsafeMutableBufferPointer { left in
            nonisolated(unsafe) let left = left
            inParallel(groups, chunk: Self.ofChunk, stop: StopRequest {}) { chunk in
                var weights = [Double](repeating: 1, count: people)
                for group in chunk {
                    let first = stratum.lowerBound
                    let range =
                        first + group * stratum.count / groups..<first + (group + 1) * stratum.count / groups
                    for person in range { weights[person] = 0 }
                    left[group] = statistic(weights)
                    for person in range { weights[person] = 1 }
                }
            }
        }
        return left
    }

    private func estimate(
        _ value: Double, _ drawn: [Double], _ without: [[Double]], within range: ClosedRange<Double>
    ) -> Estimate {
        guard let least = drawn.first, let most = drawn.last, most - least > 1e-12 * max(1, abs(most))
        else {
            return Estimate(unanimous: value, people: people, within: range)
        }
        // Reaches as far as the interval that is exact for the mean of as many normal numbers.
        let freedom = people - strata.count
        let reach =
            StudentDistribution.quantile(1 - Self.tail, freedom: freedom)
            * (Double(people) / Double(freedom)).squareRoot()
        let below = Double(drawn.count { $0 < value }) + 0.5 * Double(drawn.count { $0 == value })
        let bias = NormalDistribution.quantile((below + 0.5) / Double(drawn.count + 1))
        let skew = acceleration(without)
        func level(_ z: Double) -> Double {
            let shifted = bias + z
            // Beyond the pole everything lies on one side.
            let slope = 1 - skew * shifted
            return slope > 0 ? NormalDistribution.cumulative(bias + shifted / slope) : shifted > 0 ? 1 : 0
        }
        let (low, high) = (quantile(level(-reach), of: drawn), quantile(level(reach), of: drawn))
        return Estimate(value, min(low, value)...max(high, value), people: people)
    }

    /// A sixth of the skewness of the figures that leave some people of each stratum out. 0 where they are all the same.
    private func acceleration(_ without: [[Double]]) -> Double {
        var (squares, cubes) = (0.0, 0.0)
        for stratum in without {
            let mean = stratum.reduce(0, +) / Double(max(1, stratum.count))
            for value in stratum {
                let difference = mean - value
                squares += difference * difference
                cubes += difference * difference * difference
            }
        }
        return squares > 0 ? cubes / (6 * squares * squares.squareRoot()) : 0
    }

    /// Between the two nearest of sorted values by a straight line, as NumPy does.
    private func quantile(_ level: Double, of sorted: [Double]) -> Double {
        let place = min(max(level, 0), 1) * Double(sorted.count - 1)
        let lower = Int(place)
        let upper = min(lower + 1, sorted.count - 1)
        return sorted[lower] + (place - Double(lower)) * (sorted[upper] - sorted[lower])
    }
}
