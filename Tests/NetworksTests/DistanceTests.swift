import Checkpoints
import Foundation
import Networks
import Tensors
import Testing

@Suite struct DistanceCountTests {
    /// By sorting all of them.
    private func quantile(_ share: Double, _ distances: [Float]) -> Double {
        Double(distances.sorted()[max(1, Int((share * Double(distances.count)).rounded(.up))) - 1])
    }

    @Test(arguments: [1, 2, 10, 999, 20_000])
    func quantilesAreThoseOfSortedDistances(count: Int) throws {
        var numbers = RandomNumbers(seed: 3, path: [count])
        // From 10⁻⁴ to 10⁴.
        let distances = (0..<count).map { _ in Float(pow(10, 8 * numbers.uniform() - 4)) }
        var counts = DistanceCounts()
        for distance in distances { counts.add(distance) }
        #expect(counts.count == count)
        for share in [0, 0.05, 0.25, 0.5, 0.75, 0.95, 1] {
            let exact = quantile(share, distances)
            let found = try #require(counts.quantile(share))
            #expect(abs(found - exact) <= exact / 256, "\(share): \(found), not \(exact)")
        }
    }

    @Test func theOrderOfDistancesDoesNotShow() {
        let distances = (0..<500).map { Float($0) * 0.01 }
        var (rising, falling) = (DistanceCounts(), DistanceCounts())
        for distance in distances { rising.add(distance) }
        for distance in distances.reversed() { falling.add(distance) }
        #expect(rising == falling)
    }

    @Test func edgesOfTheScale() throws {
        var counts = DistanceCounts()
        #expect(counts.quantile(0.5) == nil)
        counts.add(0)
        #expect(counts.quantile(0.5) == 0)
        for odd in [Float.nan, .infinity, -1] { counts.add(odd) }
        #expect(counts.count == 4)
        #expect(counts.quantile(0.25) == 0)
        let largest = try #require(counts.quantile(1))
        #expect(largest.isFinite && largest > 3e38)
    }
}

@Suite(.serialized) struct DistributionTests {
    private static let size = 48
    private static let triplets = (0..<5).map { Triplet(anchor: $0, positive: 5 + $0, negative: 10 + $0) }
    private static let fill: FineTuning.Fill = { sample, _, image in fillRandomImage(sample, image) }

    private var options: FineTuning.Options {
        var options = FineTuning.Options()
        (options.imageHeight, options.imageWidth) = (Self.size, Self.size)
        (options.epochs, options.tripletsPerBatch, options.unfreeze) = (2, 2, .layers(1))
        return options
    }

    @Test func lossesNameTheDistanceOfEveryTriplet() {
        // On a line: 0 → 3 and 5, 1 → 0 and 5.
        let embeddings = Tensor([4, 1], [0, 1, 3, 5])
        let triplets = [Triplet(anchor: 0, positive: 2, negative: 3), Triplet(anchor: 1, positive: 0, negative: 3)]
        let result = TripletLoss(margin: 1)(embeddings, triplets, gradient: Tensor([4, 1]))
        for (found, expected) in zip(result.positiveDistances + result.negativeDistances, [3, 1, 5, 4] as [Float]) {
            #expect(abs(found - expected) < 1e-5)
        }
        #expect(result.positiveDistances.count == 2 && result.negativeDistances.count == 2)
    }

    /// With a step size of zero the network stays, so the distances follow from its embeddings.
    @Test func anEpochsQuantilesAreThoseOfItsTriplets() throws {
        let network = EmbeddingNetwork(.mobilenetV2, seed: 5)
        try network.load(network.checkpoint().withStrongerDepthwiseLayers)
        var options = options
        (options.learningRate, options.unfreeze, options.augmenting) = (0, .layers(0), .none)
        let run = try fineTune(network, TrainingSet(triplets: Self.triplets), options: options, fill: Self.fill)
        let embeddings = try network.embeddings(count: 15, height: Self.size, width: Self.size) {
            try Self.fill($0, .plain, $1)
        }
        func distances(to slot: Int) -> [Double] {
            Self.triplets.map { triplet in
                let pairs = zip(embeddings.row(triplet.anchor), embeddings.row(triplet.sample(slot)))
                return pairs.reduce(0) { $0 + Double($1.0 - $1.1) * Double($1.0 - $1.1) }.squareRoot()
            }.sorted()
        }
        #expect(run.epochs.count == 2)
        for record in run.epochs {
            // Of five, the shares 5, 25, 50, 75 and 95 % ask for all of them in turn.
            for (found, exact) in zip(record.positives.values, distances(to: 1)) {
                #expect(abs(found - exact) < 5e-3 * exact)
            }
            for (found, exact) in zip(record.negatives.values, distances(to: 2)) {
                #expect(abs(found - exact) < 5e-3 * exact)
            }
            #expect(record.positives.median == record.positives.values[2])
        }
    }

    /// Two of the first epoch's three steps, then everything that is kept, then the rest in another process's place.
    @Test func distributionsGoOnInsideAnEpoch() throws {
        struct Stopped: Error {}
        let set = TrainingSet(triplets: Self.triplets)
        let whole = try FineTuning(EmbeddingNetwork(.mobilenetV2, seed: 5), options).trainEpoch(set, fill: Self.fill)

        let stopped = FineTuning(EmbeddingNetwork(.mobilenetV2, seed: 5), options)
        #expect(throws: Stopped.self) {
            try stopped.trainEpoch(set, fill: Self.fill) { if $0.batch == 1 { throw Stopped() } }
        }
        let kept = try Checkpoint(trainingState: stopped.state().safetensors(), name: "kept")
        let continued = FineTuning(EmbeddingNetwork(.mobilenetV2, seed: 6), options)
        try continued.restore(kept)
        let record = try continued.trainEpoch(set, fill: Self.fill)
        #expect(record.positives == whole.positives && record.negatives == whole.negatives)
        #expect(Set(record.positives.values).count > 1)
        #expect(record.loss == whole.loss)
    }

    @Test func aStateWithOtherDistancesIsRefused() throws {
        let tuning = FineTuning(EmbeddingNetwork(.mobilenetV2, seed: 5), options)
        _ = try tuning.trainEpoch(TrainingSet(triplets: Self.triplets), fill: Self.fill)
        let state = tuning.state()
        func refusal(_ change: (inout StoredTensor) -> Void, of name: String) throws -> [String]? {
            var other = state
            let place = try #require(other.tensors.firstIndex { $0.name == name })
            change(&other.tensors[place])
            return #expect(throws: WeightsError.self) { try tuning.restore(other) }?.missing
        }
        // A record before there were quantiles had six numbers.
        #expect(
            try refusal({ $0 = numbers("position.records", [1, 1, 1, 1, 1, 1], width: 6) }, of: "position.records")
                == ["position.records"])
        // No bin of that number; bins out of order; a bin without anything.
        for rows in [[70_000.0, 1], [5, 1, 4, 1], [5, 0], [5, 0.5]] {
            #expect(
                try refusal({ $0 = numbers("position.positives", rows, width: 2) }, of: "position.positives")
                    == ["position.positives"])
        }
        try tuning.restore(state)
    }

    private func numbers(_ name: String, _ values: [Double], width: Int) -> StoredTensor {
        StoredTensor(
            name: name, shape: [values.count / width, width], element: .float64,
            bytes: values.withUnsafeBytes { Array($0) })
    }
}
