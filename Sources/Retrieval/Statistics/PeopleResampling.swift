import Tensors

/// Intervals by resampling people: whoever is drawn brings all of their images, because images of one person are alike.
///
/// Each sample draws as many people as there are, with replacement. The interval is the bias-corrected and accelerated one
/// (BCa; Efron 1987), which follows a figure near the end of its range, where a symmetric one does not reach far enough; with
/// so few people as a face dataset tests it is still too narrow, so that its level is the one that Student's distribution
/// asks for where the normal one is exact only for many (Hesterberg 2015, §3.4: Φ(−t·√(n/(n−1)))).
///
/// Sources: Davison and Hinkley 1997, §3.8 for clusters; Owen 2007 and Fogliato, Patil and Perona 2024 for pairs, whose
/// weight is the product of the weights of both people.
package struct PeopleResampling: Sendable {
    package let people: Int
    private let samples: Int
    private let seed: UInt64

    /// Probability on either side of an interval.
    static let tail = 0.025

    /// Groups of people who are left out in turn, at most.
    private static let mostGroups = 256
    /// Samples in a piece of work of one core.
    private static let ofChunk = 64

    package init(people: Int, samples: Int = 1000, seed: UInt64 = 0) {
        precondition(people >= 0 && samples >= 2)
        (self.people, self.samples, self.seed) = (people, samples, seed)
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
                without.map { $0[figure] }.filter(\.isFinite), within: range)
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
                    for _ in 0..<people { weights[random.integer(below: people)] += 1 }
                    drawn[sample] = statistic(weights)
                }
            }
        }
        return drawn
    }

    /// Leaving out one person, or as many at once as make no more than `mostGroups`: their skewness is the same.
    private func leavingSomeOut(_ statistic: Statistic) -> [[Double]] {
        let groups = min(people, Self.mostGroups)
        var left = [[Double]](repeating: [], count: groups)
        left.withUnsafeMutableBufferPointer { left in
            nonisolated(unsafe) let left = left
            inParallel(groups, chunk: Self.ofChunk, stop: StopRequest {}) { chunk in
                var weights = [Double](repeating: 1, count: people)
                for group in chunk {
                    let range = group * people / groups..<(group + 1) * people / groups
                    for person in range { weights[person] = 0 }
                    left[group] = statistic(weights)
                    for person in range { weights[person] = 1 }
                }
            }
        }
        return left
    }

    private func estimate(
        _ value: Double, _ drawn: [Double], _ without: [Double], within range: ClosedRange<Double>
    ) -> Estimate {
        guard let least = drawn.first, let most = drawn.last, most - least > 1e-12 * max(1, abs(most))
        else {
            return Estimate(unanimous: value, people: people, within: range)
        }
        // Reaches as far as the interval that is exact for the mean of as many normal numbers.
        let size = Double(people)
        let reach =
            StudentDistribution.quantile(1 - Self.tail, freedom: people - 1) * (size / (size - 1)).squareRoot()
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

    /// A sixth of the skewness of the figures that leave some people out. 0 where they are all the same.
    private func acceleration(_ without: [Double]) -> Double {
        guard !without.isEmpty else { return 0 }
        let mean = without.reduce(0, +) / Double(without.count)
        var (squares, cubes) = (0.0, 0.0)
        for value in without {
            let difference = mean - value
            squares += difference * difference
            cubes += difference * difference * difference
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
