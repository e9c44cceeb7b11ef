import Foundation
import Retrieval
import Tensors
import TestSupport
import Testing

/// Intervals and tests over people, against what SciPy says (Fixtures/people.py).
@Suite struct PeopleStatisticsTests {
    private struct Fixture: Decodable {
        struct Sample: Decodable {
            var name: String
            var people: [Int]
            var before: [Double], after: [Double]
            var interval: [Double], difference: [Double], queries: [Double]
            var p: Double
        }
        struct Verified: Decodable {
            var columns: Int
            var queries: [Float], gallery: [Float]
            var queryPeople: [Int], galleryPeople: [Int]
            /// Equal error rate, accepted pairs of one person at 5 % and at 1 % of others.
            var rates: [Double], intervals: [[Double]]
        }
        struct Unanimous: Decodable { var people: Int, low: Double }
        struct Pooled: Decodable {
            var name: String
            var values: [Double], people: [Int], splits: [Int]
            var mean: Double, interval: [Double]
        }

        var sets: [Sample]
        var pooled: [Pooled]
        var verification: Verified
        var raw: [Double], holm: [Double]
        var unanimous: [Unanimous]
    }

    private let fixture: Fixture

    init() throws {
        let text = try Repository.read("Tests/RetrievalTests/Fixtures/people.json")
        fixture = try JSONDecoder().decode(Fixture.self, from: Data(text.utf8))
    }

    /// Both resample by chance: ends may differ by a twentieth of the width.
    private func expect(_ estimate: Estimate, _ ends: [Double], _ name: String, slack share: Double = 0.05) {
        let slack = share * (ends[1] - ends[0])
        #expect(abs(estimate.low - ends[0]) < slack && abs(estimate.high - ends[1]) < slack, "\(name): \(estimate)")
    }

    @Test func intervalsAreSciPys() {
        #expect(fixture.sets.map { Set($0.people).count } == [64, 20, 8])
        for set in fixture.sets {
            let after = PeopleSample(set.after, of: set.people)
            let estimate = after.estimate(samples: 40_000)
            #expect(estimate.people == Set(set.people).count && abs(estimate.mean - set.after.mean) < 1e-12)
            expect(estimate, set.interval, set.name)
            let change = zip(set.before, set.after).map { $1 - $0 }
            expect(
                PeopleSample(change, of: set.people).estimate(within: -1...1, samples: 40_000), set.difference,
                "\(set.name), difference")
            // What an evaluation draws is enough for a fifth of the width.
            let usual = after.estimate()
            #expect(abs(usual.low - estimate.low) < 0.1 * (estimate.high - estimate.low), "\(set.name)")
            #expect(abs(usual.high - estimate.high) < 0.1 * (estimate.high - estimate.low), "\(set.name)")
        }
    }

    @Test func intervalsOverTheSplitsOfThePeopleAreNumPys() {
        for set in fixture.pooled {
            let sample = PeopleSample(set.values, of: set.people, splits: set.splits)
            let estimate = sample.estimate(samples: 40_000)
            #expect(estimate.people == 40 && abs(estimate.mean - set.mean) < 1e-12)
            expect(estimate, set.interval, set.name)
        }
    }

    @Test func testsAreSciPys() {
        for set in fixture.sets {
            let change = PeopleSample(zip(set.before, set.after).map { $1 - $0 }, of: set.people)
            // Eight people are tested exactly.
            let slack = change.people <= 12 ? 1e-12 : 0.015
            #expect(abs(change.signFlipTest() - set.p) < slack, "\(set.name): \(change.signFlipTest())")
        }
    }

    @Test func ratesOfVerificationAreNumPys() throws {
        let known = fixture.verification
        let people = PeopleNumbers(queries: known.queryPeople, gallery: known.galleryPeople)
        func matrix(_ values: [Float], _ rows: Int) -> Matrix {
            Matrix(rows: rows, columns: known.columns, values: values)
        }
        let full = try FullRanking(
            FlatIndex(matrix(known.gallery, people.gallery.count)), matrix(known.queries, people.queries.count),
            people, check: {})
        let curve = try #require(full.curve)
        for (rate, place) in [(curve.equalErrorRate, 0), (curve.atOnePercent, 2)] {
            #expect(abs(rate.estimate.mean - known.rates[place]) < 1e-9)
            #expect(rate.estimate.people == 24)
            expect(rate.estimate, known.intervals[place], "rate \(place)", slack: 0.1)
        }
        // 48 queries × 96 faces, less the 192 pairs of one person.
        #expect(curve.otherPairs == 4416 && abs(curve.atOnePerMille.pairs - 4.416) < 1e-9)
        #expect(abs(curve.equalErrorRate.pairs - 192 * known.rates[0]) < 1e-9)
    }

    /// A person's queries are alike: taken for independent they seem to know more than they do.
    @Test func queriesTakenForPeopleGiveNarrowerIntervals() {
        let set = fixture.sets[0]
        let byQuery = PeopleSample(set.after, of: Array(set.after.indices)).estimate(samples: 40_000)
        let byPerson = PeopleSample(set.after, of: set.people).estimate(samples: 40_000)
        expect(byQuery, set.queries, "over queries")
        #expect(byPerson.high - byPerson.low > 1.4 * (byQuery.high - byQuery.low))
    }

    @Test func whoAllAgreeHaveClopperAndPearsonsInterval() {
        for known in fixture.unanimous {
            let people = (0..<3 * known.people).map { $0 / 3 }
            let all = PeopleSample(people.map { _ in 1 }, of: people).estimate()
            #expect(all.mean == 1 && all.high == 1 && abs(all.low - known.low) < 1e-12, "\(known.people) people")
            let none = PeopleSample(people.map { _ in 0 }, of: people).estimate()
            #expect(none.mean == 0 && none.low == 0 && abs(none.high - (1 - known.low)) < 1e-12)
        }
        // Eight people in each of five splits are forty, whom one split alone would not tell of.
        let forty = (0..<40).flatMap { [$0, $0] }
        let right = PeopleSample(forty.map { _ in 1 }, of: forty, splits: forty.map { $0 / 8 }).estimate()
        #expect(right.people == 40 && right.high == 1 && abs(right.low - 0.911902) < 1e-6)
        // A split with one person in it has nobody to draw instead.
        let lone = PeopleSample([0, 1, 1], of: ["a", "b", "c"], splits: [0, 0, 1])
        #expect(lone.estimate() == PeopleSample([0, 1, 1], of: ["a", "b", "c"]).estimate())
        // In between, those who might differ may lie on either side.
        let half = PeopleSample([0.5, 0.5], of: ["a", "b"]).estimate()
        #expect(half.low > 0 && half.high < 1 && abs(half.low + half.high - 1) < 1e-12)
        let same = PeopleSample([0, 0, 0], of: [1, 2, 3]).estimate(within: -1...1)
        #expect(same.low == -same.high && same.high > 0.7)
        #expect(PeopleSample([], of: [Int]()).estimate().people == 0)
    }

    @Test func theNumberOfCoresChangesNothing() {
        let set = fixture.sets[1]
        let sample = PeopleSample(set.after, of: set.people)
        #expect(sample.estimate(seed: 3) == sample.estimate(seed: 3))
        #expect(sample.estimate(seed: 3) != sample.estimate(seed: 4))
    }

    @Test func signsAreFlippedPersonByPerson() {
        func p(_ differences: [Double], _ people: [Int]) -> Double {
            PeopleSample(differences, of: people).signFlipTest()
        }
        // Five people who all differ by the same: of 32 patterns, all-plus and all-minus are as extreme.
        #expect(p([1, 1, 1, 1, 1], [1, 2, 3, 4, 5]) == 2.0 / 32)
        // The same five differences of two people: of 4 patterns two.
        #expect(p([1, 1, 1, 1, 1], [1, 1, 1, 2, 2]) == 2.0 / 4)
        #expect(p([0, 0], [1, 2]) == 1)
        #expect(p([1, -1], [1, 2]) == 1)
        #expect(p([1, -1], [1, 1]) == 1, "who differs in both directions has not changed")
        #expect(p([], []) == 1)
        let many = Array(0..<100)
        #expect(p(many.map { $0 < 80 ? 0.1 : -0.1 }, many) < 0.001)
        #expect(p(many.map { $0 % 2 == 0 ? 0.1 : -0.1 }, many) > 0.9)
        // Never less than the observed pattern among all that were looked at.
        #expect(p(many.map { _ in 1 }, many) == 1.0 / 20_001)
    }

    @Test func aFamilyOfTestsIsCorrected() {
        for (value, expected) in zip(TestFamily.holm(fixture.raw), fixture.holm) {
            #expect(abs(value - expected) < 1e-15)
        }
        #expect(TestFamily.holm([]).isEmpty)
        #expect(TestFamily.holm([0.4]) == [0.4])
        #expect(TestFamily.holm([0.6, 0.7]) == [1, 1])
    }
}

extension [Double] {
    fileprivate var mean: Double { reduce(0, +) / Double(count) }
}
