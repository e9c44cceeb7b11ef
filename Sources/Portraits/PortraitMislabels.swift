import Tensors

/// Wrong labels of a set of portraits: photographs that the identity list gives to another person, by which a search
/// for label errors is checked.
package struct PortraitMislabels: Sendable {
    /// Position in the set → the identity that the list names.
    package let planted: [Int: Int]

    /// Every label is true.
    package static let none = PortraitMislabels(planted: [:])

    private init(planted: [Int: Int]) { self.planted = planted }

    /// Gives a share of the photographs, and at least one, to somebody else, every other person with equal probability:
    /// symmetric label noise. Nobody is spared; somebody may lose all photographs.
    ///
    /// Decided by the set's seed; a larger share keeps what a smaller one planted. None in a set of one person.
    /// O(images).
    package init(share: Double, of set: PortraitSet) {
        guard share > 0, set.identities > 1 else {
            self = .none
            return
        }
        let wanted = max(1, Int((share * Double(set.entries.count)).rounded()))
        var random = RandomNumbers(seed: set.seed, .mislabelling)
        var planted: [Int: Int] = [:]
        for position in random.shuffled(Array(set.entries.indices)).prefix(wanted) {
            // A stream of its own for each, so that the others' do not depend on how many there are.
            var random = RandomNumbers(seed: set.seed, .mislabelling, position)
            let own = set.entries[position].identity
            let other = 1 + random.integer(below: set.identities - 1)
            planted[position] = other < own ? other : other + 1
        }
        self.planted = planted
    }
}
