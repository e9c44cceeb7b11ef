import Foundation
import Retrieval
import Tensors
import Testing

/// Figures of several trainings and several splits of the people, as one.
@Suite struct PooledTests {
    private func estimate(_ mean: Double, _ low: Double, _ high: Double, people: Int = 8) -> Estimate {
        Estimate(mean: mean, low: low, high: high, people: people)
    }

    private func expect(_ found: Estimate, _ mean: Double, _ low: Double, _ high: Double, people: Int) {
        #expect(abs(found.mean - mean) < 1e-12 && abs(found.low - low) < 1e-12 && abs(found.high - high) < 1e-12)
        #expect(found.people == people)
    }

    @Test func trainingsShareTheirPeopleAndSplitsDoNot() {
        let one = estimate(0.5, 0.4, 0.7)
        expect(Estimate(pooling: [[one]], weights: [3]), 0.5, 0.4, 0.7, people: 8)
        expect(Estimate(pooling: [[one, one]], weights: [3]), 0.5, 0.4, 0.7, people: 8)
        expect(
            Estimate(pooling: [[one, estimate(0.7, 0.5, 0.8)]], weights: [3]), 0.6, 0.45, 0.75, people: 8)
        // Four splits of as many people: half the reach.
        expect(
            Estimate(pooling: [[one], [one], [one], [one]], weights: [1, 1, 1, 1]), 0.5, 0.45, 0.6, people: 32)
        // 3/4 · 0.4 + 1/4 · 0.8; reaches 0.75 · 0.1 and 0.25 · 0.3.
        let uneven = Estimate(
            pooling: [[estimate(0.4, 0.3, 0.5)], [estimate(0.8, 0.5, 1, people: 2)]], weights: [30, 10])
        let reach = (0.075 * 0.075 + 0.075 * 0.075).squareRoot()
        expect(uneven, 0.5, 0.5 - reach, 0.5 + (0.075 * 0.075 + 0.05 * 0.05).squareRoot(), people: 10)
    }

    /// Cross-validation over five splits of eight people, and three trainings that disagree in part: how often the pooled
    /// interval holds the truth, of all people as one sample, and put together from those of the parts. The seeds are fixed.
    @Test func pooledIntervalsHold() {
        var (sample, splits, trainings) = (0, 0, 0)
        let sets = 200
        for set in 0..<sets {
            var random = RandomNumbers(seed: 2, path: [set])
            func people(_ count: Int) -> [Double] { (0..<count).map { _ in random.normal() } }
            func estimated(_ people: [Double]) -> Estimate {
                let values = people.flatMap { own in (0..<3).map { _ in own + 0.7 * random.normal() } }
                return PeopleSample(values, of: values.indices.map { $0 / 3 }).estimate(within: -100...100)
            }
            let five = (0..<5).map { _ in [estimated(people(8))] }
            let pooled = Estimate(pooling: five, weights: [1, 1, 1, 1, 1])
            if (pooled.low...pooled.high).contains(0) { splits += 1 }
            let values = people(40).flatMap { own in (0..<3).map { _ in own + 0.7 * random.normal() } }
            let asked = values.indices.map { $0 / 3 }
            let one = PeopleSample(values, of: asked, splits: asked.map { $0 / 8 }).estimate(within: -100...100)
            if (one.low...one.high).contains(0) { sample += 1 }
            let same = people(40)
            let three = Estimate(pooling: [(0..<3).map { _ in estimated(same) }], weights: [1])
            if (three.low...three.high).contains(0) { trainings += 1 }
        }
        #expect((0.93...0.97).contains(Double(sample) / Double(sets)), "\(sample) of \(sets)")
        #expect((0.93...0.99).contains(Double(splits) / Double(sets)), "\(splits) of \(sets)")
        #expect((0.93...0.99).contains(Double(trainings) / Double(sets)), "\(trainings) of \(sets)")
    }

    @Test func scoresAreMeansOfTrainingsAndFollowOneAnother() {
        func scores(_ values: [Double], _ people: [Int]) -> QueryScores {
            QueryScores(
                ["map": values, "recall1": values.map { $0 > 0.5 ? 1 : 0 }],
                accuracy: [values, values.map { $0 / 2 }], people: people)
        }
        let pooled = QueryScores(
            pooling: [
                [scores([0.2, 0.4], [0, 1]), scores([0.6, 1], [0, 1])], [scores([1, 0, 0.6], [0, 0, 1])],
            ])
        #expect(zip(pooled[.map] ?? [], [0.4, 0.7, 1, 0, 0.6]).allSatisfy { abs($0 - $1) < 1e-12 })
        #expect(pooled[.recall1] == [0.5, 0.5, 1, 0, 1])
        #expect(zip(pooled.accuracy[1], [0.2, 0.35, 0.5, 0, 0.3]).allSatisfy { abs($0 - $1) < 1e-12 })
        #expect(pooled.people == [0, 1, 2, 2, 3], "no two splits ask for the same person")
        #expect(pooled.splits == [0, 0, 1, 1, 1])
    }

    /// A measurement pooled with itself is itself, and two splits add their people.
    @Test func qualitiesArePooledFigureByFigure() throws {
        let first = try measured(shift: 0)
        let second = try measured(shift: 0.9)
        func pooling(_ splits: [[RetrievalMeasurement]]) -> RetrievalQuality {
            RetrievalQuality(
                pooling: splits.map { $0.map(\.quality) },
                scores: QueryScores(pooling: splits.map { $0.map(\.scores) }))
        }
        let (one, other) = (first.quality, second.quality)
        let same = pooling([[first, first]])
        #expect(try JSONEncoder.sorted.encode(same) == JSONEncoder.sorted.encode(one))
        let pooled = pooling([[first], [second]])
        #expect(pooled.queries == one.queries + other.queries && pooled.people == one.people + other.people)
        for (row, pair) in zip(pooled.rows, zip(one.rows, other.rows)) {
            let mean = ((pair.0[.precision] ?? .nan) + (pair.1[.precision] ?? .nan)) / 2
            #expect(abs((row[.precision] ?? .nan) - mean) < 1e-12)
        }
        let maps = [one, other].map { $0.identity["map"]?.mean ?? .nan }
        #expect(maps[0] != maps[1])
        #expect(abs((pooled.identity["map"]?.mean ?? .nan) - (maps[0] + maps[1]) / 2) < 1e-12)
        let rates = [one, other].map { $0.verification?.equalErrorRate.estimate.mean ?? .nan }
        #expect(
            abs((pooled.verification?.equalErrorRate.estimate.mean ?? .nan) - (rates[0] + rates[1]) / 2) < 1e-12)
        #expect(pooled.verification?.samePairs == (one.verification?.samePairs ?? 0) * 2)
        #expect(pooled.exactness.equal)
    }

    /// Six people on a line, two queries and three faces each; a shift moves every second face towards the next person.
    private func measured(shift: Double) throws -> RetrievalMeasurement {
        func vectors(_ faces: Int, _ jitter: Double) -> LabelledVectors {
            let places = (0..<6 * faces).map { index in
                Double(index / faces) + jitter * Double(index % faces) + (index % 2 == 0 ? 0 : shift)
            }
            return LabelledVectors(
                Matrix(rows: places.count, columns: 1, values: places.map(Float.init)),
                people: places.indices.map { "p\($0 / faces)" })
        }
        let nobody = LabelledVectors(Matrix(rows: 0, columns: 1, values: []), people: [])
        return try RetrievalMeasurement(
            of: vectors(2, 0.13), in: vectors(3, 0.21), calibration: (nobody, nobody),
            .init(
                ks: [1, 3], leafSize: 128, rankMeasures: [.recall, .precision],
                queryMeasures: [.recall1, .map]), check: {})
    }
}

extension JSONEncoder {
    fileprivate static var sorted: JSONEncoder {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        return encoder
    }
}
