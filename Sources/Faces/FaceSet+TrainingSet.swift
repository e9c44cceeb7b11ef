import Networks
import Tensors

extension FaceSet {
    /// Who trains and who validates: by identity, samples being faces. O(n log n).
    ///
    /// At least two people stay on either side; with fewer than four nobody validates. A training triplet whose negative
    /// shows a validating person gets another one, drawn from the seed.
    ///
    /// - Parameter validation: share of the training people whose faces only decide when to stop; 0 for nobody.
    package func trainingSet(validation: Double, seed: UInt64) -> TrainingSet {
        let identities = faces.map(\.identity)
        let members = Dictionary(grouping: train, by: { identities[$0] })
        let held = validationPeople(validation, seed: seed)
        let training = train.filter { !held.contains(identities[$0]) }
        let kept = triplets.enumerated().compactMap { index, triplet -> Triplet? in
            let person = identities[triplet.anchor]
            guard !held.contains(person) else { return nil }
            var negative = triplet.negative
            var numbers = RandomNumbers(seed: seed, .replacedNegative, index)
            while held.contains(identities[negative]) || identities[negative] == person {
                negative = training[numbers.integer(below: training.count)]
            }
            return Triplet(anchor: triplet.anchor, positive: triplet.positive, negative: negative)
        }
        return TrainingSet(
            triplets: kept, people: members.keys.filter { !held.contains($0) }.sorted().map { members[$0] ?? [] },
            validation: drawTriplets(
                from: train.filter { held.contains(identities[$0]) }, identities: identities, seed: seed))
    }

    /// The training people who validate: a share of them, drawn with a seed. O(n log n).
    package func validationPeople(_ share: Double, seed: UInt64) -> Set<String> {
        var names = Set(train.map { faces[$0].identity }).sorted()
        var numbers = RandomNumbers(seed: seed, .validation)
        numbers.shuffle(&names)
        let wanted = Int((Double(names.count) * share).rounded())
        return Set(names.prefix(share > 0 && names.count >= 4 ? min(max(2, wanted), names.count - 2) : 0))
    }
}
