import Chapters
import Execution
import Foundation
import Synchronization

/// The steps of a plan on their way, beside whoever shows them.
final class Computation: Sendable {
    let watch: BuildWatch
    private let interruption = Interruption()
    private let state = Mutex(State())
    private let thread = Mutex<WorkerThreads?>(nil)

    private struct State {
        var outcome: Result<Results, any Error>?
        var awaited: String?
    }

    /// Begins with the first step, once another computation has come to its end.
    ///
    /// - Parameters:
    ///   - former: is asked to stop.
    ///   - changed: called from any thread whenever a step begins or ends, and at the end.
    init(
        _ steps: [PlannedStep], store: Store, after former: Computation?, listener: any BuildListener,
        changed: @escaping @Sendable () -> Void
    ) {
        watch = BuildWatch(changed: changed)
        former?.stop()
        let threads = WorkerThreads(1, givesWay: true) { [self] in
            former?.join()
            let outcome = Result { try run(steps, store, listener) }
            state.withLock { ($0.outcome, $0.awaited) = (outcome, nil) }
            changed()
        }
        thread.withLock { $0 = threads }
    }

    private func run(_ steps: [PlannedStep], _ store: Store, _ listener: any BuildListener) throws -> Results {
        defer { listener.stepsEnded() }
        let executor = Executor(store: store, keepGoing: true, interruption: interruption, watch: watch) {
            [self] event in
            if case .waiting(let position) = event {
                state.withLock { $0.awaited = position.title }
            } else if case .progress = event {
                // Of another step.
            } else {
                state.withLock { $0.awaited = nil }
            }
            listener.event(event)
        }
        return try executor.run(steps)
    }

    /// Steps end at their next question whether they may go on; what they have is kept.
    func stop() { interruption.request(signal: SIGINT) }

    func join() { thread.withLock { $0 }?.join() }

    /// What became of all steps; nil while they run.
    var outcome: Result<Results, any Error>? { state.withLock { $0.outcome } }

    /// A step that another build computes.
    var awaited: String? { state.withLock { $0.awaited } }
}

/// What is known of a plan's results before anything is computed.
struct Standing {
    /// Those that a build would find.
    private(set) var results = Results()
    /// Of the others, the last ones, by id.
    private(set) var former: [String: FormerResult] = [:]
    /// By step; nil where it depends on a result that is to come.
    private(set) var keys: [Key?] = []

    typealias Key = String

    init() {}

    init(of steps: [PlannedStep], in store: Store) throws {
        for status in try store.status(of: steps) {
            keys.append(status.key?.hex)
            guard let last = status.last else { continue }
            if status.kind == .fresh {
                results.set(.done(last, executed: false), of: status.step.id)
            } else {
                former[status.step.id] = FormerResult(result: last, reasons: status.reasons)
            }
        }
    }

    /// The results that are known, those of a computation before others.
    func results(with computed: Results) -> Results {
        var all = results
        for id in computed.order { if let state = computed.states[id] { all.set(state, of: id) } }
        return all
    }
}
