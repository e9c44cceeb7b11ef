import Foundation
import Retrieval
import Tensors
import TestSupport
import Testing

/// How often 95 % intervals hold what they are to hold, in sets that are made up: the seeds are fixed, so that no run differs
/// from another. `LIKENESS_LONG` looks at 1,000 sets of each kind.
@Suite struct CoverageTests {
    /// People who differ, and three queries of each.
    struct World: CustomStringConvertible {
        var people: Int
        /// Of the logistic scale: where queries lie, and how far people are apart.
        var level: Double, spread = 1.0
        /// Right or wrong; else a number that varies from query to query by so much.
        var noise: Double?

        var description: String { "\(people) people, \(noise == nil ? "right or wrong" : "precisions") at \(level)" }

        func values(_ random: inout RandomNumbers) -> (values: [Double], people: [Int]) {
            let labels = (0..<3 * people).map { $0 / 3 }
            let values = (0..<people).flatMap { _ in
                let own = level + spread * random.normal()
                return (0..<3).map { _ -> Double in
                    if let noise { return logistic(own + noise * random.normal()) }
                    return random.uniform() < logistic(own) ? 1 : 0
                }
            }
            return (values, labels)
        }

        /// What every set is drawn around: the expected value, by trapezoids over ±8 deviations.
        var truth: Double {
            let deviation = (spread * spread + (noise ?? 0) * (noise ?? 0)).squareRoot()
            let steps = 4000
            return (0...steps).reduce(0.0) { sum, step in
                let z = -8 + 16 * Double(step) / Double(steps)
                return sum + logistic(level + deviation * z) * exp(-z * z / 2)
            } * 16 / Double(steps) / (2 * Double.pi).squareRoot()
        }

        private func logistic(_ x: Double) -> Double { 1 / (1 + exp(-x)) }
    }

    private static let worlds = [
        World(people: 8, level: 0, noise: 0.8), World(people: 8, level: 1.5, noise: 0.8),
        World(people: 8, level: 0), World(people: 20, level: 0, noise: 0.8),
        World(people: 20, level: 1.5, noise: 0.8), World(people: 20, level: 1.6),
        World(people: 64, level: 0, noise: 0.8), World(people: 64, level: 1.5, noise: 0.8),
        World(people: 64, level: 1.6), World(people: 64, level: 3.5),
    ]

    /// Of so many sets: the shares whose interval holds the truth, over people and as if every query were a person.
    private func held(_ world: World, sets: Int) -> (people: Double, queries: Double) {
        let truth = world.truth
        var (people, queries) = (0, 0)
        for set in 0..<sets {
            var random = RandomNumbers(seed: 1, path: [set])
            let (values, labels) = world.values(&random)
            func holds(_ labels: [Int]) -> Bool {
                let estimate = PeopleSample(values, of: labels).estimate()
                return estimate.low <= truth && truth <= estimate.high
            }
            if holds(labels) { people += 1 }
            if holds(Array(values.indices)) { queries += 1 }
        }
        return (Double(people) / Double(sets), Double(queries) / Double(sets))
    }

    @Test func intervalsOverPeopleHold() {
        let sets = isLong ? 1000 : 100
        for world in isLong ? Self.worlds : [Self.worlds[4]] {
            let (people, queries) = held(world, sets: sets)
            print("coverage: \(world): over people \(people), over queries \(queries)")
            // Eight people are too few to know how skewed they are.
            let wanted = !isLong ? 0.9...0.99 : world.people < 20 ? 0.92...0.97 : 0.93...0.97
            #expect(wanted.contains(people), "\(world)")
            #expect(queries < people, "\(world)")
            if world.noise != nil { #expect(queries < 0.87, "\(world): queries of one person are not independent") }
        }
    }
}
