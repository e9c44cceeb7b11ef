import Synchronization

/// Tells the events of steps that run side by side as if they ran one after the other.
///
/// The first step that is not over speaks freely; what others say meanwhile is kept until it is their turn, progress
/// apart, which would be news of yesterday by then.
final class EventOrder: Sendable {
    private let tell: @Sendable (BuildEvent) -> Void
    private let state: Mutex<State>

    private struct State {
        /// The step that speaks.
        var current = 0
        var kept: [[BuildEvent]]
        var isOver: [Bool]
        /// Whether a step stopped the build; those after it have nothing to say.
        var stops: [Bool]
    }

    init(count: Int, tell: @escaping @Sendable (BuildEvent) -> Void) {
        self.tell = tell
        state = Mutex(
            State(
                kept: Array(repeating: [], count: count), isOver: Array(repeating: false, count: count),
                stops: Array(repeating: false, count: count)))
    }

    func receive(_ event: BuildEvent, from position: Int) {
        state.withLock { state in
            if position == state.current {
                tell(event)
            } else if position > state.current {
                if case .progress = event { return }
                state.kept[position].append(event)
            }
        }
    }

    /// A step is over: the next one speaks, after what it had to say before.
    func end(_ position: Int, stopsHere: Bool) {
        state.withLock { state in
            state.isOver[position] = true
            state.stops[position] = stopsHere
            while state.current < state.isOver.count, state.isOver[state.current] {
                guard !state.stops[state.current] else {
                    state.current = .max
                    return
                }
                state.current += 1
                guard state.current < state.kept.count else { return }
                for event in state.kept[state.current] { tell(event) }
                state.kept[state.current] = []
            }
        }
    }
}
