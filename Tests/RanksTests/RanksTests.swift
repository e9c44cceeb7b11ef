import Foundation
import Ranks
import TestSupport
import Testing

@Suite(.serialized) struct RanksTests {
    @Test func aloneThereIsNothingToSay() throws {
        #expect(try Ranks.alone.together(Echo()) { ranks in ranks.count } == 1)
        #expect(try Ranks.alone.gather([1, 2]) == [[1, 2]])
        #expect(try Ranks.alone.broadcast([3]) == [3])
    }

    @Test(arguments: [2, 3, 4, 7, 8]) func bytesOfTheFirstReachAll(count: Int) throws {
        let heard = try ThreadRanks.all(count) { ranks in
            try (0..<3).map { round in try ranks.broadcast(ranks.isFirst ? [UInt8(round), 7] : nil) }
        }
        #expect(heard == Array(repeating: [[0, 7], [1, 7], [2, 7]], count: count))
    }

    @Test(arguments: [1, 2, 5]) func bytesOfAllReachTheFirst(count: Int) throws {
        let heard = try ThreadRanks.all(count) { ranks in
            try ranks.gather([UInt8](repeating: 1, count: ranks.index))
        }
        #expect(heard[0] == (0..<count).map { [UInt8](repeating: 1, count: $0) })
    }

    /// Parts of different lengths, some empty.
    @Test(arguments: [1, 2, 4, 8]) func partsAreShared(count: Int) throws {
        let ends = (0...count).map { $0 * $0 }
        let seen = try ThreadRanks.all(count) { ranks in
            let numbers = Numbers(repeatElement(-1, count: ends[count]))
            for place in ends[ranks.index]..<ends[ranks.index + 1] { numbers.values[place] = Float(place) }
            try ranks.share(numbers.values, of: numbers, bounds: ends)
            return Array(numbers.values)
        }
        for numbers in seen { #expect(numbers == (0..<ends[count]).map(Float.init)) }
    }

    /// Floats whose sum depends on its order: the tree's one, on every rank, of every length.
    /// Rounded sums are those of a tree that rounds before every addition and at the end. Lengths: of one piece, or of many.
    @Test(arguments: [1, 2, 4, 8], [1, 2, 3, 1000, 200_001]) func sumsAreThoseOfATree(count: Int, length: Int) throws {
        for isRounded in [false, true] { try checkSums(count, length, isRounded: isRounded) }
    }

    private func checkSums(_ count: Int, _ length: Int, isRounded: Bool) throws {
        @Sendable func part(_ rank: Int) -> [Float] {
            (0..<length).map { Float(1) / Float(3 + 7 * rank + $0) * Float(1 << rank) }
        }
        @Sendable func tree(_ ranks: Range<Int>) -> [Float] {
            guard ranks.count > 1 else { return part(ranks.lowerBound) }
            let middle = ranks.lowerBound + ranks.count / 2
            return zip(tree(ranks.lowerBound..<middle), tree(middle..<ranks.upperBound)).map {
                rounded($0) + rounded($1)
            }
        }
        @Sendable func rounded(_ value: Float) -> Float {
            guard isRounded else { return value }
            // Ties to even of the upper sixteen bits.
            let bits = value.bitPattern
            return Float(bitPattern: (bits + 0x7FFF + (bits >> 16 & 1)) & 0xFFFF_0000)
        }
        let seen = try ThreadRanks.all(count) { ranks in
            let sums = RankSums(ranks, isRounded: isRounded)
            let several = (0..<3).map { _ in Numbers(part(ranks.index)) }
            for round in 0..<2 {
                for numbers in several {
                    if round == 1 { _ = numbers.values.update(fromContentsOf: part(ranks.index)) }
                    try sums.begin(numbers.values, of: numbers)
                }
                // What is short passes what is long.
                #expect(try ranks.isFirst ? ranks.gather([]).count == count : ranks.gather([]).isEmpty)
                try sums.finish()
            }
            return several.map { Array($0.values) }
        }
        let expected = tree(0..<count).map(rounded)
        for sums in seen { for sum in sums { #expect(sum == expected) } }
    }

    /// Whoever fails in the middle of sums leaves nothing that a later job meets, and no memory that is still written.
    @Test func sumsThatAreGivenUpMeetNoLaterOne() throws {
        struct Enough: Error {}
        for round in 0..<20 {
            _ = try ThreadRanks.run(2, serving: [HalfASum.self, Echo.self]) { (ranks) throws in
                #expect(throws: (any Error).self) {
                    try ranks.together(HalfASum(round: round)) { ranks in
                        try HalfASum(round: round).begin(on: ranks)
                        throw Enough()
                    }
                }
                #expect(try ranks.together(Echo()) { try $0.gather([0]) } == [[0], [1]])
            }
        }
    }

    @Test(arguments: [1, 2, 3, 5]) func shardsComeInOrder(count: Int) throws {
        var taken: [Int] = []
        try ThreadRanks.run(count, serving: [Squares.self]) { ranks in
            try ranks.together(Squares()) { ranks in
                try ranks.shards(3..<40, here: { $0 * $0 }, decode: { Int(String(decoding: $1, as: UTF8.self)) ?? -1 })
                {
                    chunk, square in
                    #expect(square == chunk * chunk)
                    taken.append(chunk)
                }
            }
        }
        #expect(taken == Array(3..<40))
    }

    @Test func aFailureNamesRankAndHost() throws {
        try ThreadRanks.run(3, serving: [Squares.self, Echo.self]) { (ranks) throws in
            let failure = #expect(throws: RankFailure.self) {
                try ranks.together(Squares(failing: 2)) { ranks in
                    try ranks.shards(0..<1000, here: { $0 }, decode: { _, _ in 0 }) { _, _ in }
                }
            }
            #expect(failure?.description == "rank 2 on thread-2: the disk is full")
            // Afterwards all are there again.
            #expect(try ranks.together(Echo()) { try $0.gather([0]) } == [[0], [1], [2]])
        }
    }

    @Test func whatTheFirstRankThrowsCallsTheJobOff() throws {
        struct Enough: Error {}
        try ThreadRanks.run(2, serving: [Squares.self, Echo.self]) { (ranks) throws in
            for _ in 0..<200 {
                #expect(throws: Enough.self) {
                    try ranks.together(Squares()) { ranks in
                        try ranks.shards(0..<100, here: { $0 }, decode: { _, _ in 0 }) { chunk, _ in
                            if chunk == 3 { throw Enough() }
                        }
                    }
                }
            }
            #expect(try ranks.together(Echo()) { try $0.gather([0]) } == [[0], [1]])
        }
    }

    @Test func unknownWorkIsToldWithItsRank() throws {
        try ThreadRanks.run(2, serving: [Echo.self]) { (ranks) throws in
            let failure = #expect(throws: RankFailure.self) {
                try ranks.together(Squares()) {
                    try $0.shards(0..<100, here: { $0 }, decode: { _, _ in 0 }) { _, _ in
                        usleep(1000)
                    }
                }
            }
            #expect(failure?.rank == 1)
            #expect(failure?.problem.contains("'Squares' is no work that this program knows") == true)
        }
    }

    @Test func aPowerOfTwoTrainsAtMost() throws {
        let counts = try ThreadRanks.all(6) { ranks in ranks.firstPower(atMost: 8)?.count }
        #expect(counts == [4, 4, 4, 4, nil, nil])
        #expect(Ranks.alone.firstPower(atMost: 8)?.count == 1)
    }
}

private final class Numbers {
    let values: UnsafeMutableBufferPointer<Float>

    init(_ numbers: some Collection<Float>) {
        values = .allocate(capacity: numbers.count)
        _ = values.initialize(from: numbers)
    }

    deinit { values.deallocate() }
}

/// Begins a sum; the first rank then throws, the other waits for the end.
private struct HalfASum: RankJob {
    let round: Int

    func run(on ranks: Ranks) throws { try begin(on: ranks).finish() }

    @discardableResult func begin(on ranks: Ranks) throws -> RankSums {
        let sums = RankSums(ranks)
        let numbers = Numbers(repeatElement(1, count: 1 << 16))
        try sums.begin(numbers.values, of: numbers)
        if ranks.isFirst {
            // Before, while and after the other one has begun.
            usleep(UInt32(round * 100))
            sums.giveUp()
        }
        return sums
    }
}

/// Sends its number.
private struct Echo: RankJob {
    func run(on ranks: Ranks) throws { _ = try ranks.gather([UInt8(ranks.index)]) }
}

private struct Squares: RankJob {
    var failing = -1

    struct Full: Error, CustomStringConvertible {
        var description: String { "the disk is full" }
    }

    func run(on ranks: Ranks) throws {
        try ranks.serveShards { chunk in
            if ranks.index == failing { throw Full() }
            return Array("\(chunk * chunk)".utf8)
        }
    }
}
