import Synchronization
import Tensors

/// A `Check` that several cores ask: once it has thrown, all of them leave their work as it is.
final class StopRequest: Sendable {
    private let check: Check
    private let isGranted = Atomic<Bool>(false)
    private let reason = Mutex<(any Error)?>(nil)

    init(_ check: @escaping Check) { self.check = check }

    /// Whether work is to be left. Asks, unless it has been granted already.
    func isWanted() -> Bool {
        if isGranted.load(ordering: .relaxed) { return true }
        do {
            try check()
            return false
        } catch {
            reason.withLock { if $0 == nil { $0 = error } }
            isGranted.store(true, ordering: .relaxed)
            return true
        }
    }

    /// Throws what the check threw, once the cores are done; what they left is not complete then.
    func rethrow() throws {
        if let reason = reason.withLock({ $0 }) { throw reason }
    }
}
