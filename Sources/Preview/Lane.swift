import Dispatch
import Foundation

/// Threads that do one piece of work after the other, in the order in which it came, and bounds on what may wait and
/// how long: whoever asks again and again takes nobody's place.
package final class Lane: @unchecked Sendable {
    /// Orders `waiting` and `isOver`.
    private let condition = NSCondition()
    private var waiting: [Piece] = []
    private var first = 0
    private var isOver = false
    private let most: Int
    private let patience: UInt64

    /// - Parameters:
    ///   - waiting: pieces of work that may wait while all threads are busy.
    ///   - seconds: how long one may wait before it is ended instead of done.
    package init(threads: Int, waiting most: Int, seconds: Int = 3600) {
        self.most = most
        patience = UInt64(seconds) * 1_000_000_000
        for _ in 0..<threads {
            let thread = Thread { [self] in run() }
            thread.stackSize = 8 << 20
            thread.start()
        }
    }

    /// A piece of work, told whether it is to be done, or ended without.
    package typealias Work = @Sendable (_ isWanted: Bool) -> Void

    private struct Piece {
        var work: Work
        var isAwaited: @Sendable () -> Bool
        var since: UInt64
    }

    /// - Parameter isAwaited: whether somebody still waits for it; what nobody waits for takes no place and is not
    ///   begun. Called at any time until the work is, under a lock: it must not wait.
    /// - Returns: whether it will be called; not where too much waits already.
    package func add(_ work: @escaping Work, isAwaited: @escaping @Sendable () -> Bool = { true }) -> Bool {
        condition.lock()
        let ended = takeAbandoned()
        let isTaken = !isOver && waiting.count - first < most
        if isTaken {
            waiting.append(Piece(work: work, isAwaited: isAwaited, since: DispatchTime.now().uptimeNanoseconds))
            condition.signal()
        }
        condition.unlock()
        for piece in ended { piece.work(false) }
        return isTaken
    }

    /// Ends what nobody waits for any more, which also happens whenever something is added.
    package func endAbandoned() {
        condition.lock()
        let ended = takeAbandoned()
        condition.unlock()
        for piece in ended { piece.work(false) }
    }

    /// Takes out what nobody waits for any more: it would keep memory, and the place of others.
    private func takeAbandoned() -> [Piece] {
        var (awaited, abandoned): ([Piece], [Piece]) = ([], [])
        for piece in waiting[first...] {
            if piece.isAwaited() { awaited.append(piece) } else { abandoned.append(piece) }
        }
        (waiting, first) = (awaited, 0)
        return abandoned
    }

    /// What has begun is left alone; what waits is ended.
    package func stop() {
        condition.lock()
        isOver = true
        let rest = waiting[first...]
        waiting = []
        first = 0
        condition.broadcast()
        condition.unlock()
        for waiting in rest { waiting.work(false) }
    }

    private func run() {
        while let piece = next() {
            piece.work(DispatchTime.now().uptimeNanoseconds - piece.since <= patience && piece.isAwaited())
        }
    }

    private func next() -> Piece? {
        condition.lock()
        defer { condition.unlock() }
        while !isOver, first == waiting.count { condition.wait() }
        guard !isOver else { return nil }
        let next = waiting[first]
        first += 1
        if first == waiting.count || first > 64 {
            waiting.removeFirst(first)
            first = 0
        }
        return next
    }
}
