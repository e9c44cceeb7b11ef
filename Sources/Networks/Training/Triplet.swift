/// Three samples by their index: two of one person and one of somebody else.
package struct Triplet: Sendable, Hashable {
    package let anchor: Int
    package let positive: Int
    package let negative: Int

    package init(anchor: Int, positive: Int, negative: Int) {
        (self.anchor, self.positive, self.negative) = (anchor, positive, negative)
    }

    /// The sample in a slot: 0 anchor, 1 positive, 2 negative.
    package func sample(_ slot: Int) -> Int {
        switch slot {
        case 0: anchor
        case 1: positive
        default: negative
        }
    }
}
