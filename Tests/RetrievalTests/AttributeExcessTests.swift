import Foundation
import Retrieval
import TestSupport
import Testing

/// Attributes of chosen images, against what SciPy says (Fixtures/attributes.py).
@Suite struct AttributeExcessTests {
    private struct Fixture: Decodable {
        struct Draw: Decodable {
            var total: Int, marked: Int, drawn: Int, count: Int
            var atLeast: Double, fisher: Double
        }
        struct Crowd: Decodable {
            var people: [Int]
            var isChosen: [Bool]
            var attributes: [[Int8]]
            var p: [Double], corrected: [Double]
            /// Empty where the test sees nothing.
            var intervals: [[Double]]
        }

        var draws: [Draw]
        var crowd: Crowd
    }

    private let fixture: Fixture

    init() throws {
        let text = try Repository.read("Tests/RetrievalTests/Fixtures/attributes.json")
        fixture = try JSONDecoder().decode(Fixture.self, from: Data(text.utf8))
    }

    private func isNear(_ value: Double, _ expected: Double, _ tolerance: Double = 1e-7) -> Bool {
        abs(value - expected) <= tolerance * expected
    }

    @Test func drawsAreSciPys() {
        #expect(fixture.draws.count == 12)
        for draw in fixture.draws {
            let distribution = HypergeometricDistribution(of: draw.total, marked: draw.marked, drawn: draw.drawn)
            #expect(isNear(distribution.atLeast(draw.count), draw.atLeast), "\(draw)")
            #expect(isNear(distribution.atMostAsLikely(as: draw.count), draw.fisher), "\(draw)")
        }
    }

    /// Of 210 ways to take four of ten, 35 hold none of three marked ones, 105 one, 63 two and 7 all.
    @Test func fewAreCountedByHand() {
        let distribution = HypergeometricDistribution(of: 10, marked: 3, drawn: 4)
        for (count, ways) in [(-1, 210), (0, 210), (1, 175), (2, 70), (3, 7), (4, 0)] {
            #expect(abs(distribution.atLeast(count) - Double(ways) / 210) < 1e-12)
        }
        for (count, ways) in [(0, 42), (1, 210), (2, 105), (3, 7), (4, 0)] {
            #expect(abs(distribution.atMostAsLikely(as: count) - Double(ways) / 210) < 1e-12)
        }
    }

    @Test func testsAndIntervalsOverPeopleAreSciPys() throws {
        let crowd = fixture.crowd
        let excess = AttributeExcess(
            isChosen: crowd.isChosen, people: crowd.people.map(String.init), attributes: crowd.attributes,
            samples: 20_000)
        #expect(excess.chosen == 63 && excess.all == 853)
        for (place, attribute) in excess.attributes.enumerated() {
            let having = crowd.attributes.indices.filter { crowd.attributes[$0][place] > 0 }
            #expect(attribute.all == having.count && attribute.chosen == having.count { crowd.isChosen[$0] })
            #expect(isNear(attribute.p, crowd.p[place]) && isNear(attribute.corrected, crowd.corrected[place]))
            let ends = crowd.intervals[place]
            #expect((attribute.difference == nil) == ends.isEmpty)
            guard let difference = attribute.difference, ends.count == 2 else { continue }
            let share = Double(attribute.chosen) / 63 - Double(attribute.all) / 853
            #expect(abs(difference.mean - share) < 1e-12 && difference.people == 60)
            // Both resample by chance.
            let slack = 0.05 * (ends[1] - ends[0])
            #expect(abs(difference.low - ends[0]) < slack && abs(difference.high - ends[1]) < slack, "\(difference)")
        }
        #expect(excess.telling == [1, 3])
    }

    /// Ten images of one person are ten draws to the test, but one person: they tell nothing of others.
    @Test func onePersonsManyImagesTellNothing() throws {
        let people = (0..<20).flatMap { person in Array(repeating: "\(person)", count: 10) }
        let isFirst = people.map { $0 == "0" }
        let hats = isFirst.map { [Int8($0 ? 1 : -1)] }
        let alone = AttributeExcess(isChosen: isFirst, people: people, attributes: hats)
        #expect(alone.attributes[0].corrected < 1e-10 && alone.telling.isEmpty, "\(alone.attributes)")
        // What one person shows holds for 2.5 % of all people at least, and 5 % of all images have it.
        let low = try #require(alone.attributes[0].difference).low
        #expect(abs(low - (0.025 - 0.05)) < 1e-12)
        // One person has it, among six of whom images are chosen.
        let few = people.indices.map { $0 < 10 || $0 % 10 == 0 && $0 >= 150 }
        let mostly = AttributeExcess(isChosen: few, people: people, attributes: hats)
        #expect(mostly.attributes[0].corrected < 1e-6 && mostly.telling.isEmpty, "\(mostly.attributes)")
        // An image of each person is another matter.
        let isTenth = people.indices.map { $0 % 10 == 0 }
        let spread = AttributeExcess(isChosen: isTenth, people: people, attributes: isTenth.map { [$0 ? 1 : -1] })
        let difference = try #require(spread.attributes[0].difference)
        #expect(spread.telling == [0] && abs(difference.mean - 0.9) < 1e-12)
        #expect(abs(difference.low - (pow(0.025, 1.0 / 20) - 0.1)) < 1e-12 && abs(difference.high - 0.9) < 1e-12)
    }

    @Test func withoutImagesOrAttributesThereIsNothing() {
        #expect(AttributeExcess(isChosen: [], people: [], attributes: []).attributes.isEmpty)
        #expect(AttributeExcess(isChosen: [true], people: ["a"], attributes: [[]]).telling.isEmpty)
        let none = AttributeExcess(isChosen: [false, false], people: ["a", "b"], attributes: [[1], [-1]])
        #expect(none.attributes.map(\.p) == [1] && none.telling.isEmpty)
    }
}
