import Tensors
import Testing

@Suite struct RandomNumbersTests {
    @Test func dependOnSeedStreamAndIndexAlone() {
        var sequential = RandomNumbers(seed: 7, path: [3, 1])
        let first = (0..<5).map { _ in sequential.next() }
        let other = RandomNumbers(seed: 7, path: [3, 1])
        #expect((0..<5).reversed().map { other.bits(at: $0) } == first.reversed())
        for different in [
            RandomNumbers(seed: 7, path: [1, 3]), RandomNumbers(seed: 7, path: [3]),
            RandomNumbers(seed: 8, path: [3, 1]),
            RandomNumbers(seed: 7, path: [3, 1, 0]), RandomNumbers(seed: 7, path: []),
        ] {
            #expect(different.bits(at: 0) != first[0])
        }
    }

    /// Whatever the place: a layer, an epoch, a sample.
    @Test func noTwoUsesShareNumbers() {
        var seen: [UInt64: RandomUse] = [:]
        for use in RandomUse.allCases {
            for place in [[], [0], [1], [2], [3, 0], [0, 3]] + RandomUse.allCases.map({ [$0.rawValue] }) {
                let numbers = RandomNumbers(seed: 1, path: [use.rawValue] + place)
                for index in 0..<20 as Range<UInt64> {
                    let owner = seen.updateValue(use, forKey: numbers.bits(at: index))
                    #expect(
                        owner == nil || owner == use, "\(use) at \(place) draws what \(String(describing: owner)) draws"
                    )
                }
            }
        }
        #expect(
            RandomNumbers(seed: 1, .split).bits(at: 0)
                == RandomNumbers(seed: 1, path: [RandomUse.split.rawValue]).bits(at: 0))
    }

    @Test func uniformAndNormalHaveTheirMoments() {
        var numbers = RandomNumbers(seed: 1, path: [])
        let uniform = (0..<20_000).map { _ in numbers.uniform() }
        #expect(uniform.allSatisfy { (0..<1).contains($0) })
        #expect(abs(uniform.reduce(0, +) / 20_000 - 0.5) < 0.01)
        let normal = (0..<20_000).map { _ in numbers.normal() }
        let mean = normal.reduce(0, +) / 20_000
        let variance = normal.reduce(0) { $0 + $1 * $1 } / 20_000 - mean * mean
        #expect(abs(mean) < 0.03)
        #expect(abs(variance - 1) < 0.05)
    }

    @Test func integersBelowABoundAreEquallyLikely() {
        var numbers = RandomNumbers(seed: 2, path: [])
        var counts = [Int](repeating: 0, count: 7)
        for _ in 0..<70_000 { counts[numbers.integer(below: 7)] += 1 }
        #expect(counts.allSatisfy { abs($0 - 10_000) < 400 })
        #expect(numbers.integer(below: 1) == 0)
    }

    @Test func shufflingKeepsTheElements() {
        var numbers = RandomNumbers(seed: 3, path: [4])
        let shuffled = numbers.shuffled(Array(0..<100))
        #expect(shuffled != Array(0..<100))
        #expect(shuffled.sorted() == Array(0..<100))
        var again = RandomNumbers(seed: 3, path: [4])
        #expect(again.shuffled(Array(0..<100)) == shuffled)
    }
}
