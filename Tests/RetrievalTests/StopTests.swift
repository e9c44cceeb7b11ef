import Retrieval
import Synchronization
import Tensors
import Testing

/// Long searches come to ask whether they should go on, and end where they are told to.
@Suite struct StopTests {
    private struct Stopped: Error, Equatable {}

    /// Counts how often it is asked, and stops at one of these times.
    private final class Asking: Sendable {
        private let count = Atomic<Int>(0)
        private let last: Int

        init(stoppingAt last: Int = .max) { self.last = last }

        var times: Int { count.load(ordering: .relaxed) }

        func check() throws {
            if count.add(1, ordering: .relaxed).newValue >= last { throw Stopped() }
        }
    }

    private static let gallery = Matrix(likeEmbeddings: 6000, seed: 1)
    private static let queries = Matrix(likeEmbeddings: 300, seed: 2)

    private static let works: [(name: String, fewest: Int, work: @Sendable (@escaping Check) throws -> Void)] = [
        ("vectors", 4, { _ = try Matrix(likeEmbeddings: 6000, seed: 1, check: $0) }),
        ("building a tree", 60, { _ = try KDTree(gallery, check: $0) }),
        ("building a flat index", 2, { _ = try FlatIndex(gallery, check: $0) }),
        // A block of queries asks at each of three tiles.
        ("flat search", 9, { _ = try FlatIndex(gallery).nearest(5, to: queries, check: $0) }),
        // Ten batches; each asks at every node that it meets.
        ("tree search", 100, { _ = try KDTree(gallery).nearest(5, to: queries, check: $0) }),
        (
            "approximate search", 20,
            { _ = try KDTree(gallery).approximate(5, to: queries, leafBudget: 1, check: $0) }
        ),
        ("the way of a query", 3, { _ = try KDTree(gallery).trace(5, of: queries.rows(0..<1), check: $0) }),
        (
            "a full ranking", 3,
            { check in
                let people = PeopleNumbers(
                    queries: (0..<queries.rows).map { $0 % 7 }, gallery: (0..<gallery.rows).map { $0 % 7 })
                _ = try FullRanking(FlatIndex(gallery), queries, people, check: check)
            }
        ),
    ]

    @Test(arguments: works.indices) func endsWhereItIsToldTo(index: Int) throws {
        let (name, fewest, work) = Self.works[index]
        let whole = Asking()
        try work(whole.check)
        #expect(whole.times >= fewest, "\(name) asked \(whole.times) times")
        for last in [1, 2, max(1, whole.times / 2)] {
            #expect(throws: Stopped(), "\(name), \(last)") { try work(Asking(stoppingAt: last).check) }
        }
    }

    /// One core's order to stop is every core's.
    @Test func whoIsStoppedOnceDoesNotGoOn() throws {
        let asked = Asking(stoppingAt: 3)
        #expect(throws: Stopped()) { try FlatIndex(Self.gallery).nearest(5, to: Self.queries, check: asked.check) }
        #expect(asked.times < 3 + 2 * Threads.count)
    }
}
