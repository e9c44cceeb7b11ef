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
        var names = members.keys.sorted()
        var numbers = RandomNumbers(seed: seed, .validation)
        numbers.shuffle(&names)
        let wanted = Int((Double(names.count) * validation).rounded())
        let count = validation > 0 && names.count >= 4 ? min(max(2, wanted), names.count - 2) : 0
        let held = Set(names.prefix(count))
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
            triplets: kept, people: names.dropFirst(count).sorted().map { members[$0] ?? [] },
            validation: drawTriplets(
                from: train.filter { held.contains(identities[$0]) }, identities: identities, seed: seed))
    }
}
