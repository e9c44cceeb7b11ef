import Foundation

/// Threads that do one piece of work after the other, in the order in which it came, and a bound on what may wait.
final class Lane: @unchecked Sendable {
    /// Orders `waiting` and `isOver`.
    private let condition = NSCondition()
    private var waiting: [Work] = []
    private var first = 0
    private var isOver = false
    private let most: Int

    /// - Parameter waiting: pieces of work that may wait while all threads are busy.
    init(threads: Int, waiting most: Int) {
        self.most = most
        for _ in 0..<threads {
            let thread = Thread { [self] in run() }
            thread.stackSize = 8 << 20
            thread.start()
        }
    }

    /// A piece of work, told whether it is to be done, or ended without.
    typealias Work = @Sendable (_ isWanted: Bool) -> Void

    /// - Returns: whether it will be called; not where too much waits already.
    func add(_ work: @escaping Work) -> Bool {
        condition.lock()
        defer { condition.unlock() }
        guard !isOver, waiting.count - first < most else { return false }
        waiting.append(work)
        condition.signal()
        return true
    }

    /// What has begun is left alone; what waits is ended.
    func stop() {
        condition.lock()
        isOver = true
        let rest = waiting[first...]
        waiting = []
        first = 0
        condition.broadcast()
        condition.unlock()
        for work in rest { work(false) }
    }

    private func run() {
        while let work = next() { work(true) }
    }

    private func next() -> Work? {
        condition.lock()
        defer { condition.unlock() }
        while !isOver, first == waiting.count { condition.wait() }
        guard !isOver else { return nil }
        let work = waiting[first]
        first += 1
        if first == waiting.count || first > 64 {
            waiting.removeFirst(first)
            first = 0
        }
        return work
    }
}
