import Foundation

/// A figure with the 95 % interval that it has over people.
package struct Estimate: Sendable, Hashable, Codable {
    package var mean: Double
    package var low: Double
    package var high: Double
    /// How many people it stands on.
    package var people: Int

    package init(mean: Double, low: Double, high: Double, people: Int) {
        (self.mean, self.low, self.high, self.people) = (mean, low, high, people)
    }

    package init(_ mean: Double, _ interval: ClosedRange<Double>, people: Int) {
        self.init(mean: mean, low: interval.lowerBound, high: interval.upperBound, people: people)
    }

    /// The interval of a figure that is the same whoever of the people is asked, where resampling would give a point.
    ///
    /// With 97.5 % confidence at least a share L = 0.025^(1/people) of all people is as these are: Clopper and Pearson's
    /// (1934) exact lower bound for as many successes as trials, a person being a trial. The others may lie anywhere in
    /// `range`. For a rate of 1 that is [L, 1], for a rate of 0 [0, 1 − L]: exact, and for what is neither not too narrow.
    /// 24 of 24 queries of eight people: [0.631, 1].
    package init(unanimous value: Double, people: Int, within range: ClosedRange<Double>) {
        let share = people > 0 ? pow(PeopleResampling.tail, 1 / Double(people)) : 0
        self.init(
            mean: value, low: share * value + (1 - share) * range.lowerBound,
            high: share * value + (1 - share) * range.upperBound, people: people)
    }
}
