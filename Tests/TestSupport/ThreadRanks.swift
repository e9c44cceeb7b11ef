import Foundation
import Ranks
import Synchronization

/// Ranks that are threads of this process, with the same calls as processes over MPI.
public enum ThreadRanks {
    /// Does `work` on the first of `count` ranks while the others do what it hands out.
    ///
    /// - Parameter others: called with each other rank's value on a thread of its own.
    package static func run<Result>(
        _ count: Int, others: @escaping @Sendable (Ranks) -> Void, first work: (Ranks) throws -> Result
    ) rethrows -> Result {
        let post = Post(count)
        let group = DispatchGroup()
        for index in 1..<max(1, count) {
            group.enter()
            let thread = Thread {
                others(Ranks(ThreadMessenger(index: index, count: count, post: post)))
                group.leave()
            }
            thread.stackSize = 8 << 20
            thread.start()
        }
        defer { group.wait() }
        return try work(Ranks(ThreadMessenger(index: 0, count: count, post: post)))
    }

    /// The same where the others serve until they are dismissed.
    package static func run<Result>(
        _ count: Int, serving jobs: [any RankJob.Type], first work: (Ranks) throws -> Result
    ) throws -> Result {
        try run(
            count, others: { try? $0.serve(jobs) },
            first: { ranks in
                defer { try? ranks.dismiss() }
                return try work(ranks)
            })
    }

    /// The same calls on all ranks, as one job of theirs: what each returns, in the order of ranks.
    package static func all<Result: Sendable>(
        _ count: Int, _ work: @escaping @Sendable (Ranks) throws -> Result
    ) throws -> [Result] {
        let kept = Kept<Result>(count)
        let job = Together(id: UUID())
        Together.work.withLock {
            $0[job.id] = { ranks in
                let result = Swift.Result { try work(ranks) }
                kept.keep(result, ranks.index)
                // Tells the first rank, which may be waiting.
                _ = try result.get()
            }
        }
        defer { Together.work.withLock { $0[job.id] = nil } }
        try run(count, serving: [Together.self]) { ranks in
            try ranks.together(job) { ranks in
                let result = Swift.Result { try work(ranks) }
                kept.keep(result, 0)
                // Calls the others off.
                _ = try result.get()
            }
        }
        return try kept.values.map { try $0.get() }
    }
}

/// What ranks of one process do together in `ThreadRanks.all`.
private struct Together: RankJob {
    let id: UUID

    static let work = Mutex<[UUID: @Sendable (Ranks) throws -> Void]>([:])

    func run(on ranks: Ranks) throws { try Self.work.withLock { $0[id] }?(ranks) }
}

private final class Kept<Value: Sendable>: @unchecked Sendable {
    private let lock = NSLock()
    private var found: [Result<Value, any Error>?]

    init(_ count: Int) { found = Array(repeating: nil, count: count) }

    func keep(_ value: Result<Value, any Error>, _ index: Int) { lock.withLock { found[index] = value } }

    var values: [Result<Value, any Error>] { lock.withLock { found.compactMap(\.self) } }
}

/// Messages between threads, by sender, receiver and tag. A long message is read only once somebody wants it, as MPI does.
private final class Post: @unchecked Sendable {
    struct Way: Hashable {
        var from: Int
        var to: Int
        var tag: Int
    }

    let count: Int
    /// Guards all messages too.
    let lock = NSLock()
    private var sent: [Way: [ThreadTransfer]] = [:]
    private var wanted: [Way: [ThreadTransfer]] = [:]

    init(_ count: Int) { self.count = count }

    func send(_ transfer: ThreadTransfer) {
        sent[transfer.way, default: []].append(transfer)
        match(transfer.way)
    }

    func receive(_ transfer: ThreadTransfer) {
        wanted[transfer.way, default: []].append(transfer)
        match(transfer.way)
    }

    func callOff(_ transfer: ThreadTransfer) { wanted[transfer.way]?.removeAll { $0 === transfer } }

    func length(_ way: Way) -> Int? { sent[way]?.first?.bytes.count }

    private func match(_ way: Way) {
        while let from = sent[way]?.first, let to = wanted[way]?.first {
            sent[way]?.removeFirst()
            wanted[way]?.removeFirst()
            precondition(from.bytes.count == to.bytes.count, "a message of another length")
            to.bytes.copyBytes(from: from.bytes)
            (from.isOver, to.isOver) = (true, true)
        }
    }
}

private struct ThreadMessenger: Messenger {
    let index: Int
    let count: Int
    let post: Post

    var hosts: [String] { (0..<count).map { "thread-\($0)" } }
    var tagLimit: Int { 1 << 30 }

    /// What is so short is copied at once.
    private static let short = 64

    func send(_ bytes: UnsafeRawBufferPointer, to rank: Int, tag: Int) throws(RankFailure) -> any Transfer {
        post.lock.withLock {
            let way = Post.Way(from: index, to: rank, tag: tag)
            let given = UnsafeMutableRawBufferPointer(mutating: bytes)
            guard bytes.count <= Self.short else {
                let transfer = ThreadTransfer(given, way, post)
                post.send(transfer)
                return transfer
            }
            let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: max(1, bytes.count), alignment: 16)
            copy.copyMemory(from: bytes)
            post.send(
                ThreadTransfer(UnsafeMutableRawBufferPointer(rebasing: copy[..<bytes.count]), way, post, owns: true))
            return Sent()
        }
    }

    func receive(
        _ bytes: UnsafeMutableRawBufferPointer, from rank: Int, tag: Int
    ) throws(RankFailure) -> any Transfer {
        post.lock.withLock {
            let transfer = ThreadTransfer(bytes, .init(from: rank, to: index, tag: tag), post)
            transfer.receives = true
            post.receive(transfer)
            return transfer
        }
    }

    func waiting(from rank: Int, tag: Int) throws(RankFailure) -> Int? {
        post.lock.withLock { post.length(.init(from: rank, to: index, tag: tag)) }
    }
}

private final class Sent: Transfer {
    func isDone() throws(RankFailure) -> Bool { true }
    func callOff() {}
}

private final class ThreadTransfer: Transfer, @unchecked Sendable {
    let bytes: UnsafeMutableRawBufferPointer
    let way: Post.Way
    var isOver = false
    var receives = false
    private let post: Post
    private let owns: Bool

    init(_ bytes: UnsafeMutableRawBufferPointer, _ way: Post.Way, _ post: Post, owns: Bool = false) {
        (self.bytes, self.way, self.post, self.owns) = (bytes, way, post, owns)
    }

    deinit { if owns { bytes.baseAddress?.deallocate() } }

    func isDone() throws(RankFailure) -> Bool { post.lock.withLock { isOver } }

    func callOff() {
        guard receives else { return }
        post.lock.withLock {
            post.callOff(self)
            isOver = true
        }
    }
}
