import Synchronization

/// What happens, told to whoever listens as server-sent events (WHATWG HTML, §9.2): of each kind the latest.
///
/// Nothing is queued. A new listener hears all that holds, in the order in which it happened, and then whatever comes;
/// one that is slow hears of each kind only the last. So memory is the size of one event of each kind, and of one more
/// for each listener that is in the middle of it.
package final class EventFeed: Sendable {
    private struct Event {
        var number: Int
        /// As it is sent.
        var bytes: [UInt8]
    }

    private struct State {
        var events: [String: Event] = [:]
        /// Of the last event.
        var number = 0
        var isClosed = false
        var listeners: [ObjectIdentifier: Subscription] = [:]
    }

    private let state = Mutex(State())

    package init() {}

    /// Puts an event in the place of the last one of its name, and wakes who listens.
    ///
    /// - Parameters:
    ///   - name: what listeners know the kind by; one of the program's own, in one line.
    ///   - data: any text; line breaks arrive as line feeds.
    package func send(_ name: String, _ data: String) {
        precondition(!name.isEmpty && !name.utf8.contains { $0 == 0x0A || $0 == 0x0D || $0 == 0 })
        state.withLock { state in
            guard !state.isClosed else { return }
            state.number += 1
            state.events[name] = Event(number: state.number, bytes: Self.bytes(state.number, name, data))
            for listener in state.listeners.values { listener.wake() }
        }
    }

    /// Who comes from now on does not hear of it.
    package func forget(_ name: String) { state.withLock { _ = $0.events.removeValue(forKey: name) } }

    /// Ends it for all who listen, once they have heard what holds; nothing is sent any more.
    package func close() {
        state.withLock { state in
            state.isClosed = true
            for listener in state.listeners.values { listener.wake() }
        }
    }

    /// - Parameter wake: called for each event, at once and under a lock: it must neither wait nor ask the feed.
    package func subscribe(wake: @escaping @Sendable () -> Void) -> Subscription {
        let subscription = Subscription(self, wake: wake)
        state.withLock { $0.listeners[ObjectIdentifier(subscription)] = subscription }
        return subscription
    }

    fileprivate func remove(_ subscription: Subscription) {
        state.withLock { _ = $0.listeners.removeValue(forKey: ObjectIdentifier(subscription)) }
    }

    fileprivate enum Next {
        case event(number: Int, bytes: [UInt8])
        case nothing
        case end
    }

    /// The first event after one of a number. O(kinds of events).
    fileprivate func next(after number: Int) -> Next {
        state.withLock { state in
            guard let event = state.events.values.filter({ $0.number > number }).min(by: { $0.number < $1.number })
            else { return state.isClosed ? .end : .nothing }
            return .event(number: event.number, bytes: event.bytes)
        }
    }

    private static func bytes(_ number: Int, _ name: String, _ data: String) -> [UInt8] {
        var bytes = Array("id: \(number)\nevent: \(name)\ndata: ".utf8)
        var previous: UInt8 = 0
        for byte in data.utf8 {
            switch byte {
            // The second half of one line break.
            case 0x0A where previous == 0x0D: break
            case 0x0A, 0x0D: bytes += Array("\ndata: ".utf8)
            default: bytes.append(byte)
            }
            previous = byte
        }
        return bytes + [0x0A, 0x0A]
    }
}

extension EventFeed {
    /// One listener, and how far it has heard.
    package final class Subscription: Sendable {
        private struct Place {
            /// Of the last event that was begun.
            var number = 0
            /// What is left of it. A line that says nothing comes first: it brings the headers on their way.
            var rest = Subscription.silence[...]
        }

        private static let silence = Array(":\n\n".utf8)

        private let feed: EventFeed
        fileprivate let wake: @Sendable () -> Void
        private let place = Mutex(Place())

        fileprivate init(_ feed: EventFeed, wake: @escaping @Sendable () -> Void) {
            self.feed = feed
            self.wake = wake
        }

        /// Writes what has happened since, as much as has room.
        ///
        /// - Parameter isIdle: whether a line that says nothing is to be written where nothing has happened.
        /// - Returns: bytes that were written, 0 where nothing has happened; nil at the end.
        package func read(into buffer: UnsafeMutableRawBufferPointer, isIdle: Bool = false) -> Int? {
            place.withLock { place in
                var written = 0
                while written < buffer.count {
                    if place.rest.isEmpty {
                        switch feed.next(after: place.number) {
                        case .event(let number, let bytes): (place.number, place.rest) = (number, bytes[...])
                        case .end: return written == 0 ? nil : written
                        case .nothing:
                            guard written == 0, isIdle else { return written }
                            place.rest = Self.silence[...]
                        }
                    }
                    let piece = place.rest.prefix(buffer.count - written)
                    piece.withUnsafeBytes {
                        UnsafeMutableRawBufferPointer(rebasing: buffer[written...]).copyMemory(from: $0)
                    }
                    written += piece.count
                    place.rest = place.rest.dropFirst(piece.count)
                }
                return written
            }
        }

        /// Nothing wakes it from now on.
        package func cancel() { feed.remove(self) }
    }
}
