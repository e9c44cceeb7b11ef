/// The processes that compute together, as one of them sees them: one where nobody started more.
///
/// Work in common is a `RankJob`: the first rank begins it, all do the same calls of this value in the same order, and
/// the sums and shares that they make are equal on all of them, bit for bit, whatever their number.
package struct Ranks: Sendable {
    /// From 0.
    package let index: Int
    package let count: Int
    /// nil where there is one rank.
    let group: RankGroup?

    /// The only rank.
    package static let alone = Ranks(index: 0, count: 1, group: nil)

    package init(_ messenger: any Messenger) {
        self.init(
            index: messenger.index, count: messenger.count, group: messenger.count > 1 ? RankGroup(messenger) : nil)
    }

    private init(index: Int, count: Int, group: RankGroup?) {
        (self.index, self.count, self.group) = (index, count, group)
    }

    /// Who plans, keeps results and speaks.
    package var isFirst: Bool { index == 0 }

    /// On which machine each rank runs; empty where there is one rank.
    package var hosts: [String] { group?.messenger.hosts ?? [] }

    /// The first of them, as many as a power of two that is at most `most`; nil for a rank that is none of these.
    package func firstPower(atMost most: Int) -> Ranks? {
        var power = 1
        while 2 * power <= min(count, most) { power *= 2 }
        guard index < power else { return nil }
        return Ranks(index: index, count: power, group: power > 1 ? group : nil)
    }

    /// The first rank's bytes on all ranks, handed on along a binomial tree. O(bytes · log ranks).
    ///
    /// - Parameter bytes: given by the first rank alone.
    package func broadcast(_ bytes: [UInt8]?) throws(RankFailure) -> [UInt8] {
        guard let group, count > 1 else { return bytes ?? [] }
        // From the rank without the lowest bit of the own number; to those with a lower one.
        let bytes = isFirst ? bytes ?? [] : try group.receive(from: index & (index - 1), tag: group.tag())
        let below = isFirst ? count : index & -index
        let powers = sequence(first: 1) { 2 * $0 }.prefix { $0 < below && index + $0 < count }
        try group.send(bytes, to: powers.reversed().map { index + $0 }, tag: group.tag())
        return bytes
    }

    /// Every rank's bytes on the first one, in the order of ranks; empty on the others. O(bytes).
    package func gather(_ bytes: [UInt8]) throws(RankFailure) -> [[UInt8]] {
        guard let group, count > 1 else { return [bytes] }
        guard isFirst else {
            try group.send(bytes, to: [0], tag: group.tag())
            return []
        }
        var all = [bytes]
        for rank in 1..<count { all.append(try group.receive(from: rank, tag: group.tag())) }
        return all
    }

    /// Every rank's part of some numbers on all ranks: rank r has written `bounds[r]..<bounds[r + 1]`.
    ///
    /// O(numbers) bytes and O(log ranks) messages each. The number of ranks is a power of two.
    ///
    /// - Parameter memory: whose numbers these are.
    package func share(
        _ numbers: UnsafeMutableBufferPointer<Float>, of memory: AnyObject, bounds: [Int]
    ) throws(RankFailure) {
        guard let group, count > 1 else { return }
        precondition(count & (count - 1) == 0 && bounds.count == count + 1 && bounds[count] <= numbers.count)
        var width = 1
        while width < count {
            let partner = index ^ width
            let (mine, theirs) = (index & ~(width - 1), partner & ~(width - 1))
            try group.exchange(
                with: partner, tag: group.tag(),
                sending: numbers.bytes(bounds[mine]..<bounds[mine + width]),
                receiving: numbers.bytes(bounds[theirs]..<bounds[theirs + width]), of: memory)
            width *= 2
        }
    }
}

extension UnsafeMutableBufferPointer<Float> {
    /// Some of the numbers as bytes.
    func bytes(_ range: Range<Int>) -> UnsafeMutableRawBufferPointer {
        UnsafeMutableRawBufferPointer(UnsafeMutableBufferPointer(rebasing: self[range]))
    }
}
