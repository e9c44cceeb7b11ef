import Foundation
import Synchronization

/// A serial queue that lets those wait who add to it faster than it works: a connection then stops reading, and what it has
/// read takes no more memory than a few pieces, however fast somebody sends.
///
/// Nothing that runs on it may wait for those who add.
package final class BoundedQueue: OperationQueue, @unchecked Sendable {
    /// Pieces of at most 16 kB, as curl hands them on.
    package static let most = 64

    private let room = DispatchSemaphore(value: BoundedQueue.most)
    private let counts = Mutex((added: 0, kept: 0, most: 0))

    /// All operations so far.
    package var added: Int { counts.withLock { $0.added } }
    /// The most of them that were kept at once.
    package var mostKept: Int { counts.withLock { $0.most } }

    package override init() {
        super.init()
        maxConcurrentOperationCount = 1
    }

    package override func addOperation(_ block: @escaping @Sendable () -> Void) {
        room.wait()
        counts.withLock {
            $0.added += 1
            $0.kept += 1
            $0.most = max($0.most, $0.kept)
        }
        super.addOperation { [self] in
            block()
            counts.withLock { $0.kept -= 1 }
            room.signal()
        }
    }
}
