import Drawing
import Files
import Tensors

/// A whole dataset of drawn portraits as a list: which sitter each file shows, and in which photograph.
package struct PortraitSet: Sendable {
    package let seed: UInt64
    package let identities: Int
    /// In file order.
    package let entries: [Entry]

    package struct Entry: Sendable, Hashable {
        /// 1, 2, …
        package var identity: Int
        /// Which photograph of that person.
        package var index: Int
    }

    /// As many photographs of each as differ between celebrities: half to one and a half times the mean, 1 at least.
    ///
    /// - Parameters:
    ///   - single: this many identities, drawn with the seed, get one photograph only.
    ///
    /// Files come in an order drawn with the seed, as CelebA's do. O(images).
    package init(identities: Int, images: Int, seed: UInt64, single: Int = 0) {
        precondition(identities > 0 && images >= identities && (0..<max(1, identities)).contains(single))
        self.seed = seed
        self.identities = identities
        var random = RandomNumbers(seed: seed, .roster)
        let singles = Set(random.shuffled(Array(1...identities)).prefix(single))
        let others = (1...identities).filter { !singles.contains($0) }
        let weights = others.map { _ in random.uniform(in: 0.5...1.5) }
        let total = weights.reduce(0, +)
        let least = images >= single + 2 * others.count ? 2 : 1
        let free = images - single - least * others.count
        var entries: [Entry] = singles.sorted().map { Entry(identity: $0, index: Self.calm(of: $0, seed: seed)) }
        var share = 0.0
        var given = 0
        for (identity, weight) in zip(others, weights) {
            share += weight / total * Double(free)
            let extra = identity == others.last ? free - given : Int(share) - given
            given += extra
            entries += (0..<least + extra).map { Entry(identity: identity, index: $0) }
        }
        random.shuffle(&entries)
        self.entries = entries
    }

    /// The first photograph that no cascade should miss: a person's only one must not go for another reason.
    private static func calm(of identity: Int, seed: UInt64) -> Int {
        let sitter = Sitter(number: identity, seed: seed)
        return (0..<64).first {
            let shot = Shot(of: sitter, index: $0, seed: seed)
            return abs(shot.yaw) < 0.12 && abs(shot.roll) < 0.05 && shot.hat == nil && !shot.hasGlasses
                && !shot.isBlurry
                && shot.occlusion == nil && !shot.hasBangs && shot.exposure > -0.15
        } ?? 0
    }

    package static func fileName(_ position: Int) -> String {
        let digits = String(position + 1)
        return String(repeating: "0", count: max(0, 6 - digits.count)) + digits + ".jpg"
    }

    package func portrait(at position: Int) -> Portrait {
        let entry = entries[position]
        return Portrait(of: Sitter(number: entry.identity, seed: seed), index: entry.index, seed: seed)
    }
}
