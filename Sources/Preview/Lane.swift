import Dispatch
import Foundation

/// Threads that do one piece of work after the other, in the order in which it came, and bounds on what may wait and
/// how long: whoever asks again and again takes nobody's place.
package final class Lane: @unchecked Sendable {
    /// Orders `waiting` and `isOver`.
    private let condition = NSCondition()
    private var waiting: [(work: Work, since: UInt64)] = []
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

    /// - Returns: whether it will be called; not where too much waits already.
    package func add(_ work: @escaping Work) -> Bool {
        condition.lock()
        defer { condition.unlock() }
        guard !isOver, waiting.count - first < most else { return false }
        waiting.append((work, DispatchTime.now().uptimeNanoseconds))
        condition.signal()
        return true
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
        while let (work, since) = next() { work(DispatchTime.now().uptimeNanoseconds - since <= patience) }
    }

    private func next() -> (Work, UInt64)? {
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
