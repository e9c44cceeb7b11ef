import Chapters
import Diagnostics
import Execution
import Pages

/// One of several times that a network is trained or a describer evaluated: from another seed, or with other people tested.
struct Run: Hashable, Codable {
    var seed: Int
    /// `FaceSet.split`'s number.
    var split: Int

    static let seeds = Option.repetition(
        "seeds", of: 0...Int.max, count: 1...100, default: 1,
        "How many seeds to do all of it with, from 'seed' on, or which ones; tables show the mean and how far it deviates, plots a band."
    )
    static let splits = Option.integer(
        "splits", in: 1...20, default: 1, unit: "splits",
        "Over how many splits of the people, each of which tests others; the first is that of 'data'. Each is done with all seeds."
    )

    /// All runs that the options ask for, split by split. The first has the first seed, in the data's own split.
    static func all(seeds: Repetition, from seed: Int, splits: Int) -> [Run] {
        let numbers =
            switch seeds {
            case .times(let count): (0..<count).map { (seed &+ $0) & Int.max }
            case .each(let numbers): numbers
            }
        return (0..<splits).flatMap { split in numbers.map { Run(seed: $0, split: split) } }
    }

    /// Tells of a seed that stands in its list twice: a training that is done again says nothing new.
    static func check(_ options: Options, in context: inout PlanningContext) {
        guard case .each(let numbers) = options[seeds],
            let doubled = numbers.first(where: { number in numbers.count { $0 == number } > 1 })
        else { return }
        context.report(
            .error(
                "doubled-seed", "the seed \(doubled) stands in 'seeds' more than once; each gives the same again",
                at: options.range(of: seeds) ?? context.range))
    }
}

extension [Run] {
    /// `3 seeds`, `5 splits`, `2 seeds in each of 5 splits`; nil where there is one run.
    var inWords: Phrase? {
        let (seeds, splits) = (Set(map(\.seed)).count, Set(map(\.split)).count)
        return switch (seeds > 1, splits > 1) {
        case (false, false): nil
        case (true, false): "\(seeds) seeds"
        case (false, true): "\(splits) splits of the people"
        case (true, true): "\(seeds) seeds in each of \(splits) splits of the people"
        }
    }

    /// Their results, split by split.
    func bySplit<Result>(_ results: [Result]) -> [[Result]] {
        precondition(results.count == count)
        let order = map(\.split).reduce(into: [Int]()) { known, split in
            if !known.contains(split) { known.append(split) }
        }
        return order.map { split in zip(self, results).filter { $0.0.split == split }.map(\.1) }
    }
}

/// The standard deviation of figures around their mean, from at least two.
func deviation(_ values: [Double]) -> Double? {
    guard values.count > 1 else { return nil }
    let mean = values.reduce(0, +) / Double(values.count)
    return (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count - 1)).squareRoot()
}
