import CChannels
import Foundation

/// Sums over all ranks that go on beside other work: the gradients of a step, each begun as soon as it is there.
///
/// Numbers are added as a balanced binary tree over the ranks, so that a sum is the same for any number of them
/// when each adds up its own part of the tree first (`BatchSplit`). Recursive halving, then doubling: every rank sends and
/// receives 2 (R − 1)/R of the numbers (Thakur, Rabenseifner, Gropp, "Optimization of Collective Communication
/// Operations in MPICH", 2005). A thread of its own takes them further while the caller computes, in pieces of which
/// few are on their way at once, so that a short message of the caller's need not wait for a long sum.
///
/// Used by one thread.
package final class RankSums: @unchecked Sendable {
    private let ranks: Ranks
    private let isRounded: Bool
    /// Guards everything below.
    private let lock = NSLock()
    private var open: [Sum] = []
    private var begun = 0
    private var failure: RankFailure?
    private var isMoving = false

    /// Numbers that may be on their way at once, beyond a piece of the oldest sum.
    private static let room = 4 * Sum.piece
    /// Microseconds between two looks of the thread.
    private static let pause: UInt32 = 200

    /// The number of ranks is a power of two.
    ///
    /// - Parameter isRounded: what is added is rounded to bfloat16 before each addition, and the sum at the end: half the
    ///   bytes, and as the caller does in its own part of the tree, the same numbers for any number of ranks.
    package init(_ ranks: Ranks, isRounded: Bool = false) {
        precondition(ranks.count & (ranks.count - 1) == 0)
        (self.ranks, self.isRounded) = (ranks, isRounded)
    }

    /// Begins to replace the numbers by their sum over all ranks; they must stay as they are until `finish`.
    ///
    /// - Parameter memory: whose numbers these are.
    package func begin(
        _ numbers: UnsafeMutableBufferPointer<Float>, of memory: AnyObject
    ) throws(RankFailure) {
        guard let group = ranks.group, ranks.count > 1 else {
            if isRounded { Sum.round(numbers) }
            return
        }
        // Streams below belong to other calls.
        let tag = group.tag(stream: 8 + begun % 480)
        begun += 1
        let sum = Sum(numbers, memory, ranks, group, tag: tag, isRounded: isRounded)
        lock.withLock { open.append(sum) }
        guard try isEverythingDone() else { return move() }
    }

    /// Waits for all that were begun.
    package func finish() throws(RankFailure) {
        guard let group = ranks.group else { return }
        do {
            try group.wait { () throws(RankFailure) in try isEverythingDone() }
        } catch {
            giveUp()
            throw error
        }
        begun = 0
    }

    /// After a failure elsewhere: nobody waits for the rest.
    package func giveUp() {
        guard let group = ranks.group else { return }
        lock.withLock {
            for sum in open { sum.giveUp(to: group) }
            (open, failure) = ([], nil)
        }
        begun = 0
    }

    private func isEverythingDone() throws(RankFailure) -> Bool {
        let found: Result<Bool, RankFailure> = lock.withLock {
            advance()
            return failure.map { .failure($0) } ?? .success(open.isEmpty)
        }
        do {
            return try found.get()
        } catch {
            giveUp()
            throw error
        }
    }

    /// Takes all as far as they come without waiting. The oldest is never held up by younger ones, which other ranks may
    /// reach only after it.
    private func advance() {
        guard failure == nil else { return }
        var room = Self.room - open.reduce(0) { $0 + $1.moving }
        do {
            var left: [Sum] = []
            for sum in open where !(try sum.advance(&room, isOldest: left.isEmpty)) { left.append(sum) }
            open = left
        } catch {
            failure = error
        }
    }

    /// Sees to it that a thread takes the sums further until all are done.
    private func move() {
        let isMoved = lock.withLock {
            defer { isMoving = true }
            return isMoving
        }
        if isMoved { return }
        Thread.detachNewThread { [self] in
            while true {
                usleep(Self.pause)
                let goesOn = lock.withLock {
                    advance()
                    isMoving = !open.isEmpty && failure == nil
                    return isMoving
                }
                if !goesOn { return }
            }
        }
    }
}

/// One sum on its way: exchanges with ever farther partners while the own range shrinks, then back while it grows.
private final class Sum {
    private struct Exchange {
        let partner: Int
        let sent: Range<Int>
        let received: Range<Int>
        /// Whether what is received is added, or takes its place.
        let isAdded: Bool
    }

    /// Numbers in one message.
    static let piece = 15_360

    private let numbers: UnsafeMutableBufferPointer<Float>
    private let memory: AnyObject
    private let messenger: any Messenger
    private let tag: Int
    private let isRounded: Bool
    private let exchanges: [Exchange]
    private var current = 0
    /// Pieces of the current exchange that have been begun, and those of them on their way.
    private var begun = 0
    private var isPrepared = false
    private var pieces: [[any Transfer]] = []
    /// What is received; and what is sent, where it is rounded. In single precision, else in half of it.
    private let incoming: UnsafeMutableRawBufferPointer
    private let outgoing: UnsafeMutableRawBufferPointer

    init(
        _ numbers: UnsafeMutableBufferPointer<Float>, _ memory: AnyObject, _ ranks: Ranks, _ group: RankGroup, tag: Int,
        isRounded: Bool
    ) {
        (self.numbers, self.memory, messenger, self.tag) = (numbers, memory, group.messenger, tag)
        self.isRounded = isRounded
        exchanges = Self.exchanges(numbers.count, ranks)
        let most = (numbers.count + 1) / 2
        incoming = .allocate(byteCount: max(1, most * (isRounded ? 2 : 4)), alignment: 64)
        outgoing = .allocate(byteCount: max(1, isRounded ? 2 * most : 0), alignment: 64)
    }

    deinit {
        incoming.deallocate()
        outgoing.deallocate()
    }

    private static func exchanges(_ count: Int, _ ranks: Ranks) -> [Exchange] {
        /// Both halves of a range, the own one first.
        func halves(_ range: Range<Int>, _ width: Int) -> (own: Range<Int>, other: Range<Int>) {
            let middle = range.lowerBound + (range.count + 1) / 2
            let (lower, upper) = (range.lowerBound..<middle, middle..<range.upperBound)
            return ranks.index & width == 0 ? (lower, upper) : (upper, lower)
        }
        var adding: [Exchange] = []
        var range = 0..<count
        var width = 1
        while width < ranks.count {
            let (own, other) = halves(range, width)
            adding.append(Exchange(partner: ranks.index ^ width, sent: other, received: own, isAdded: true))
            range = own
            width *= 2
        }
        let gathering = adding.reversed().map {
            Exchange(partner: $0.partner, sent: $0.received, received: $0.sent, isAdded: false)
        }
        return adding + gathering
    }

    /// Numbers on their way.
    var moving: Int { pieces.count * Self.piece }

    /// Goes as far as it comes without waiting; whether it is done.
    func advance(_ room: inout Int, isOldest: Bool) throws(RankFailure) -> Bool {
        while current < exchanges.count {
            let exchange = exchanges[current]
            let count = (max(exchange.sent.count, exchange.received.count) + Self.piece - 1) / Self.piece
            if !isPrepared {
                prepare(exchange)
                isPrepared = true
            }
            while begun < count, room >= Self.piece || isOldest && pieces.isEmpty {
                pieces.append([])
                room -= Self.piece
                try begin(exchange)
            }
            let before = pieces.count
            for index in pieces.indices.reversed() where try RankGroup.areDone(&pieces[index]) {
                pieces.remove(at: index)
                room += Self.piece
            }
            guard pieces.isEmpty, begun == count else {
                if pieces.count < before, begun < count { continue }
                return false
            }
            settle(exchange)
            (current, begun, isPrepared) = (current + 1, 0, false)
        }
        return true
    }

    /// Of a range, what the next message has, as places in `numbers` and as bytes of a buffer that begins with the range.
    private func part(_ range: Range<Int>) -> (places: Range<Int>, bytes: Range<Int>) {
        let start = min(begun * Self.piece, range.count)
        let end = min(start + Self.piece, range.count)
        let width = isRounded ? 2 : 4
        return (range.lowerBound + start..<range.lowerBound + end, start * width..<end * width)
    }

    private func begin(_ exchange: Exchange) throws(RankFailure) {
        let (received, sent) = (part(exchange.received), part(exchange.sent))
        begun += 1
        if !received.places.isEmpty {
            let isDirect = !exchange.isAdded && !isRounded
            let place =
                isDirect
                ? numbers.bytes(received.places)
                : UnsafeMutableRawBufferPointer(rebasing: incoming[received.bytes])
            pieces[pieces.count - 1].append(try messenger.receive(place, from: exchange.partner, tag: tag))
        }
        if !sent.places.isEmpty {
            let bytes =
                isRounded
                ? UnsafeMutableRawBufferPointer(rebasing: outgoing[sent.bytes]) : numbers.bytes(sent.places)
            pieces[pieces.count - 1].append(
                try messenger.send(UnsafeRawBufferPointer(bytes), to: exchange.partner, tag: tag))
        }
    }

    private func prepare(_ exchange: Exchange) {
        guard isRounded, let source = numbers.baseAddress else { return }
        channels_round(
            source + exchange.sent.lowerBound, exchange.sent.count,
            outgoing.baseAddress?.assumingMemoryBound(to: UInt16.self))
    }

    private func settle(_ exchange: Exchange) {
        guard let base = numbers.baseAddress else { return }
        let (target, count) = (base + exchange.received.lowerBound, exchange.received.count)
        guard isRounded else {
            if exchange.isAdded, let source = incoming.baseAddress?.assumingMemoryBound(to: Float.self) {
                for index in 0..<count { target[index] += source[index] }
            }
            return
        }
        let source = incoming.baseAddress?.assumingMemoryBound(to: UInt16.self)
        guard exchange.isAdded else { return channels_widen(source, count, target) }
        channels_add_rounded(source, count, target)
        if !exchanges[current + 1].isAdded {
            Self.round(UnsafeMutableBufferPointer(start: target, count: count))
        }
    }

    /// To the nearest bfloat16.
    static func round(_ numbers: UnsafeMutableBufferPointer<Float>) {
        channels_round_in_place(numbers.baseAddress, numbers.count)
    }

    func giveUp(to group: RankGroup) { group.leave(pieces.flatMap(\.self), of: self) }
}
