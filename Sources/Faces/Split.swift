import Networks
import Tensors

/// Who trains and who is tested: by identity, so that nobody stands on both sides.
package struct IdentitySplit: Sendable {
    package var train: [Int]
    package var queries: [Int]
    package var gallery: [Int]

    /// How people are split.
    package struct Rule: Sendable, Hashable, Codable {
        /// The share of identities that is tested, in (0, 1); at least one identity goes to either side.
        package var testShare: Double
        /// How many faces of each test identity ask; at least one stays in the gallery.
        package var queriesPerIdentity: Int
        package var seed: UInt64

        package init(testShare: Double, queriesPerIdentity: Int, seed: UInt64) {
            (self.testShare, self.queriesPerIdentity, self.seed) = (testShare, queriesPerIdentity, seed)
        }

        /// How many of so many people are tested.
        func tested(of people: Int) -> Int {
            min(max(1, Int((Double(people) * testShare).rounded())), max(1, people - 1))
        }
    }

    /// Splits faces by identity with a seed.
    ///
    /// The choice depends on the seed and on the set of identities, not on the order of files within one. O(n log n).
    ///
    /// - Parameters:
    ///   - identities: the identity of every face; each must occur at least twice.
    ///   - number: which of the rule's splits, from 0: each tests people whom none before it tests. Below
    ///     `Rule.tested` times it there must be people left.
    package init(identities: [String], _ rule: Rule, number: Int = 0) {
        let members = Dictionary(grouping: identities.indices, by: { identities[$0] })
        var names = members.keys.sorted { naturallyPrecedes($0, $1) }
        var random = RandomNumbers(seed: rule.seed, .split)
        random.shuffle(&names)
        if number > 0 { random = RandomNumbers(seed: rule.seed, .split, number) }
        let count = rule.tested(of: names.count)
        let tested = names.dropFirst(number * count).prefix(count)

        train = (names.prefix(number * count) + names.dropFirst((number + 1) * count))
            .flatMap { members[$0] ?? [] }.sorted()
        queries = []
        gallery = []
        for name in tested.sorted(by: { naturallyPrecedes($0, $1) }) {
            var faces = members[name] ?? []
            random.shuffle(&faces)
            let asking = min(rule.queriesPerIdentity, faces.count - 1)
            queries += faces.prefix(asking).sorted()
            gallery += faces.dropFirst(asking)
        }
        gallery.sort()
    }
}

/// Triplets as the original project drew them: every two neighbouring faces of one identity are anchor and positive,
/// one face of another identity, drawn at random, is the negative.
///
/// - Returns: n − 1 triplets for an identity with n faces; none when only one identity trains. O(n).
package func drawTriplets(from train: [Int], identities: [String], seed: UInt64) -> [Triplet] {
    let members = Dictionary(grouping: train, by: { identities[$0] })
    guard members.count > 1 else { return [] }
    var triplets: [Triplet] = []
    var random = RandomNumbers(seed: seed, .triplets)
    for name in members.keys.sorted(by: { naturallyPrecedes($0, $1) }) {
        let own = (members[name] ?? []).sorted()
        for (anchor, positive) in zip(own, own.dropFirst()) {
            var negative = train[random.integer(below: train.count)]
            while identities[negative] == name { negative = train[random.integer(below: train.count)] }
            triplets.append(Triplet(anchor: anchor, positive: positive, negative: negative))
        }
    }
    return triplets
}
