import Directives
import Faces
import Synchronization

/// The faces of the last queries, so that each has an address, and another k, filter or network needs no new upload.
///
/// Of a photograph only what was cut out is kept, in memory, and the oldest go first.
final class KeptAnswers: Sendable {
    struct Kept: Sendable {
        var found: FoundFaces
        var query: FaceQuery
        fileprivate var bytes: Int
    }

    private struct State {
        var answers: [String: Kept] = [:]
        /// The oldest first.
        var order: [String] = []
        var bytes = 0
    }

    private let state = Mutex(State())
    private let mostBytes: Int
    private let mostAnswers: Int

    init(mostBytes: Int = 64 << 20, mostAnswers: Int = 256) {
        self.mostBytes = mostBytes
        self.mostAnswers = mostAnswers
    }

    /// - Returns: the name that it has from now on; nobody guesses it.
    func keep(_ found: FoundFaces, _ query: FaceQuery) -> String? {
        let bytes = found.faces.reduce(4096) { $0 + $1.image.pixels.count }
        guard bytes <= mostBytes else { return nil }
        let id = Gate.newToken()
        state.withLock { state in
            state.answers[id] = Kept(found: found, query: query, bytes: bytes)
            state.order.append(id)
            state.bytes += bytes
            while state.bytes > mostBytes || state.order.count > mostAnswers {
                let oldest = state.order.removeFirst()
                state.bytes -= state.answers.removeValue(forKey: oldest)?.bytes ?? 0
            }
        }
        return id
    }

    subscript(id: String) -> Kept? { state.withLock { $0.answers[id] } }

    /// - Returns: whether there was one.
    func forget(_ id: String) -> Bool {
        state.withLock { state in
            guard let kept = state.answers.removeValue(forKey: id) else { return false }
            state.bytes -= kept.bytes
            state.order.removeAll { $0 == id }
            return true
        }
    }
}
