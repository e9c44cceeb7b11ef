import Tensors

// The same faces with other people tested.

extension FaceSet {
    /// How many splits by the set's rule there are that test nobody twice; 1 where the rule is not known.
    package var splits: Int {
        guard let rule else { return 1 }
        let people = Set(faces.map(\.identity)).count
        return max(1, people / rule.tested(of: people))
    }

    /// The set in another split by its rule: number 0 is the set itself, each later one tests people whom none before it
    /// tests. With a fifth of the people tested, five of them test everybody once: cross-validation. O(n log n).
    ///
    /// - Parameter number: below `splits`.
    package func split(_ number: Int) -> FaceSet {
        precondition(number >= 0 && number < splits)
        guard number > 0, let rule else { return self }
        return with(IdentitySplit(identities: faces.map(\.identity), rule, number: number), seed: rule.seed)
    }

    /// The set without its test people, a share of the training people tested in their place: for choosing a recipe while
    /// nobody has looked at the test people. O(n log n).
    ///
    /// - Returns: nil where fewer than two people would be left to either side.
    package func validating(on share: Double, seed: UInt64) -> FaceSet? {
        let identities = train.map { faces[$0].identity }
        let rule = IdentitySplit.Rule(
            testShare: share, queriesPerIdentity: self.rule?.queriesPerIdentity ?? 1, seed: seed)
        let people = Set(identities).count
        guard rule.tested(of: people) >= 2, people - rule.tested(of: people) >= 2 else { return nil }
        var split = IdentitySplit(identities: identities, rule)
        split.train = split.train.map { train[$0] }
        split.queries = split.queries.map { train[$0] }
        split.gallery = split.gallery.map { train[$0] }
        return with(split, seed: seed)
    }

    private func with(_ split: IdentitySplit, seed: UInt64) -> FaceSet {
        var set = self
        (set.train, set.queries, set.gallery) = (split.train, split.queries, split.gallery)
        set.triplets = drawTriplets(from: split.train, identities: faces.map(\.identity), seed: seed)
        return set
    }
}
