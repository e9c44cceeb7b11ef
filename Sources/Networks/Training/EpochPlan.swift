import Tensors

/// What training learns from, as indices of samples.
package struct TrainingSet: Sendable {
    /// Drawn beforehand: one epoch of random mining.
    package var triplets: [Triplet]
    /// The samples of every person: what mining draws its batches from.
    package var people: [[Int]]
    /// Triplets of other people, which decide when to stop.
    package var validation: [Triplet]

    package init(triplets: [Triplet], people: [[Int]] = [], validation: [Triplet] = []) {
        (self.triplets, self.people, self.validation) = (triplets, people, validation)
    }
}

/// The steps of one epoch, in an order that depends on seed and epoch alone.
package struct EpochPlan {
    package struct Step {
        /// Samples in the order of the batch.
        package let samples: [Int]
        /// What tells each sample's use from every other one in the epoch.
        package let uses: [Int]
        /// Whom each sample shows; empty where the triplets are known: [anchors; positives; negatives].
        package let people: [Int]
    }

    package let steps: [Step]
    package var imageCount: Int { steps.reduce(0) { $0 + $1.samples.count } }

    /// Batches of triplets: all of them, or the first `limit` in the epoch's order where that is not 0.
    package init(_ triplets: [Triplet], perStep size: Int, limit: Int, numbers: RandomNumbers) {
        var numbers = numbers
        let order = numbers.shuffled(Array(triplets.indices)).prefix(limit > 0 ? limit : triplets.count)
        steps = stride(from: 0, to: order.count, by: size).map { first in
            let indices = order[first..<min(first + size, order.count)]
            return Step(
                samples: (0..<3).flatMap { slot in indices.map { triplets[$0].sample(slot) } },
                uses: (0..<3).flatMap { slot in indices.map { 3 * $0 + slot } }, people: [])
        }
    }

    /// P × K sampling: batches of groups, each `groupSize` samples of one person; every sample comes at least once.
    ///
    /// A person's last group is filled up with samples that came before. A batch without two people is left out, and so is
    /// what comes after `limit` groups where that is not 0.
    package init(_ people: [[Int]], groupSize: Int, groupsPerStep: Int, limit: Int, numbers: RandomNumbers) {
        var numbers = numbers
        var groups: [(person: Int, samples: [Int])] = []
        for (person, samples) in people.enumerated() where samples.count > 1 {
            let order = numbers.shuffled(samples)
            for start in stride(from: 0, to: order.count, by: groupSize) {
                groups.append((person, (start..<start + groupSize).map { order[$0 % order.count] }))
            }
        }
        numbers.shuffle(&groups)
        if limit > 0 { groups.removeLast(max(0, groups.count - max(2, limit))) }
        var steps: [Step] = []
        for first in stride(from: 0, to: groups.count, by: groupsPerStep) {
            let chosen = groups[first..<min(first + groupsPerStep, groups.count)]
            guard Set(chosen.map(\.person)).count > 1 else { continue }
            let samples = chosen.flatMap(\.samples)
            steps.append(
                Step(
                    samples: samples, uses: samples.indices.map { first * groupSize + $0 },
                    people: chosen.flatMap { group in group.samples.map { _ in group.person } }))
        }
        self.steps = steps
    }
}
