/// Sums over all ranks that go on beside other work: the gradients of a step, each begun as soon as it is there.
///
/// Numbers are added as a balanced binary tree over the ranks, so that a sum is the same for any number of them
/// when each adds up its own part of the tree first (`BatchSplit`). Recursive halving, then doubling: every rank sends and
/// receives 2 (R − 1)/R of the numbers (Thakur, Rabenseifner, Gropp, "Optimization of Collective Communication
/// Operations in MPICH", 2005). Used by one thread.
package final class RankSums {
    private let ranks: Ranks
    private var open: [Sum] = []
    private var begun = 0

    /// The number of ranks is a power of two.
    package init(_ ranks: Ranks) {
        precondition(ranks.count & (ranks.count - 1) == 0)
        self.ranks = ranks
    }

    /// Begins to replace the numbers by their sum over all ranks; they must stay where they are until `finish`.
    package func begin(_ numbers: UnsafeMutableBufferPointer<Float>) throws(RankFailure) {
        guard let group = ranks.group, ranks.count > 1 else { return }
        // Streams below belong to other calls.
        let sum = Sum(numbers, ranks, group, tag: group.tag(stream: 8 + begun % 480))
        begun += 1
        open.append(sum)
        try progress()
    }

    /// Takes what has arrived a step further; does not wait.
    package func progress() throws(RankFailure) {
        var left: [Sum] = []
        for sum in open where !(try sum.progress()) { left.append(sum) }
        open = left
    }

    /// Waits for all that were begun.
    package func finish() throws(RankFailure) {
        guard let group = ranks.group else { return }
        do {
            try group.wait { () throws(RankFailure) in
                try progress()
                return open.isEmpty
            }
        } catch {
            giveUp()
            throw error
        }
        begun = 0
    }

    /// After a failure elsewhere: nobody waits for the rest.
    package func giveUp() {
        for sum in open { sum.giveUp() }
        (open, begun) = ([], 0)
    }
}

/// One sum on its way: exchanges with ever farther partners while the own range shrinks, then back while it grows.
private final class Sum {
    private let numbers: UnsafeMutableBufferPointer<Float>
    private let ranks: Ranks
    private let group: RankGroup
    private let tag: Int
    /// What this rank adds up further, halved with every partner.
    private var range: Range<Int>
    /// The ranges before each halving.
    private var wider: [Range<Int>] = []
    private var width = 1
    private var isGathering = false
    private let received: UnsafeMutableBufferPointer<Float>
    private var transfers: [any Transfer] = []

    init(_ numbers: UnsafeMutableBufferPointer<Float>, _ ranks: Ranks, _ group: RankGroup, tag: Int) {
        (self.numbers, self.ranks, self.group, self.tag) = (numbers, ranks, group, tag)
        range = 0..<numbers.count
        received = .allocate(capacity: (numbers.count + 1) / 2)
    }

    deinit { received.deallocate() }

    /// Both halves of a range, the own one first.
    private func halves(_ range: Range<Int>, _ width: Int) -> (own: Range<Int>, other: Range<Int>) {
        let middle = range.lowerBound + (range.count + 1) / 2
        let (lower, upper) = (range.lowerBound..<middle, middle..<range.upperBound)
        return ranks.index & width == 0 ? (lower, upper) : (upper, lower)
    }

    /// Whether it is done.
    func progress() throws(RankFailure) -> Bool {
        while true {
            if transfers.isEmpty {
                if !isGathering && width == ranks.count { isGathering = true }
                if isGathering && wider.isEmpty { return true }
                try exchange()
            }
            var left: [any Transfer] = []
            for transfer in transfers where !(try transfer.isDone()) { left.append(transfer) }
            transfers = left
            guard left.isEmpty else { return false }
            settle()
        }
    }

    private func exchange() throws(RankFailure) {
        if isGathering { width /= 2 }
        let partner = ranks.index ^ width
        let whole = isGathering ? wider.last ?? range : range
        let (own, other) = halves(whole, width)
        let sent = isGathering ? own : other
        let target = isGathering ? numbers.bytes(other) : received.bytes(0..<own.count)
        if target.count > 0 { transfers.append(try group.messenger.receive(target, from: partner, tag: tag)) }
        if !sent.isEmpty {
            let bytes = UnsafeRawBufferPointer(numbers.bytes(sent))
            transfers.append(try group.messenger.send(bytes, to: partner, tag: tag))
        }
    }

    private func settle() {
        if isGathering {
            range = wider.removeLast()
            return
        }
        let own = halves(range, width).own
        if let target = numbers.baseAddress, let source = received.baseAddress {
            for offset in 0..<own.count { target[own.lowerBound + offset] += source[offset] }
        }
        wider.append(range)
        range = own
        width *= 2
    }

    func giveUp() { transfers = [] }
}
