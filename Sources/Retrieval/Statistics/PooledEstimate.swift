import Foundation

extension Estimate {
    /// One figure measured several times: over several splits of people, and in each with several trainings. For what is no mean
    /// over people, such as a rate that is read from a curve; a mean is that of a `PeopleSample` of all splits.
    ///
    /// Its mean is that of all, a split counting as its weight. Splits test different people, so that their reaches add as
    /// squares: the interval of a sum from the intervals of its parts ("method of variance estimates recovery"). Trainings in a
    /// split are measured on the same people; however their figures depend on each other, the reach of their mean is at most
    /// the mean of their reaches, which is taken. Source: Zou and Donner 2008.
    ///
    /// - Parameters:
    ///   - splits: of each split its trainings, at least one.
    ///   - weights: of each split, such as how many queries it asks.
    package init(pooling splits: [[Estimate]], weights: [Double]) {
        precondition(!splits.isEmpty && splits.allSatisfy { !$0.isEmpty } && weights.count == splits.count)
        func mean(_ trainings: [Estimate], _ value: (Estimate) -> Double) -> Double {
            trainings.reduce(0) { $0 + value($1) } / Double(trainings.count)
        }
        let total = weights.reduce(0, +)
        let parts = zip(splits, weights).map { trainings, weight in
            (
                weight: total > 0 ? weight / total : 1 / Double(splits.count), mean: mean(trainings, \.mean),
                low: mean(trainings, \.low), high: mean(trainings, \.high)
            )
        }
        let middle = parts.reduce(0) { $0 + $1.weight * $1.mean }
        func reach(_ length: ((weight: Double, mean: Double, low: Double, high: Double)) -> Double) -> Double {
            parts.reduce(0) { $0 + ($1.weight * length($1)) * ($1.weight * length($1)) }.squareRoot()
        }
        self.init(
            mean: middle, low: middle - reach { $0.mean - $0.low }, high: middle + reach { $0.high - $0.mean },
            people: splits.reduce(0) { $0 + $1[0].people })
    }
}
