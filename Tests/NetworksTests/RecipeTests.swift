import Checkpoints
import Files
import Foundation
import Networks
import Tensors
import TestSupport
import Testing

@Suite struct MiningTests {
    /// On a line: two faces of person 0 at 0 and 4, person 1 at 1 and 9, person 2 at 6.
    private let embeddings = Tensor([5, 1], [0, 4, 1, 9, 6])
    private let people = [0, 0, 1, 1, 2]

    @Test func batchHardTakesTheFarthestPositiveAndTheNearestNegative() {
        let triplets = Mining.batchHard.triplets(embeddings, people: people, TripletLoss(margin: 1))
        #expect(
            triplets == [
                Triplet(anchor: 0, positive: 1, negative: 2), Triplet(anchor: 1, positive: 0, negative: 4),
                Triplet(anchor: 2, positive: 3, negative: 0), Triplet(anchor: 3, positive: 2, negative: 4),
            ])
    }

    @Test func semiHardTakesTheNearestNegativeBeyondThePositive() {
        let triplets = Mining.semiHard.triplets(embeddings, people: people, TripletLoss(margin: 1))
        // From 0 the positive is at 4, and 6 is the first beyond it; from 1 the positive is at 8, and nobody is farther.
        #expect(triplets[0] == Triplet(anchor: 0, positive: 1, negative: 4))
        #expect(triplets[2] == Triplet(anchor: 2, positive: 3, negative: 4))
    }

    @Test func onePersonAloneGivesNoTriplet() {
        #expect(Mining.batchHard.triplets(embeddings, people: [0, 0, 0, 0, 0], TripletLoss(margin: 1)) == [])
    }
}

@Suite struct RecipeTests {
    @Test func squaredDistancesHaveTheirGradient() {
        var numbers = RandomNumbers(seed: 1, path: [])
        let embeddings = Tensor([12, 16], (0..<192).map { _ in Float(numbers.normal()) })
        let (gradient, ignored) = (Tensor([12, 16]), Tensor([12, 16]))
        let loss = TripletLoss(margin: 3, distance: .squared)
        // A face may be in several triplets: gradients add up.
        let triplets = [
            Triplet(anchor: 0, positive: 1, negative: 2), Triplet(anchor: 1, positive: 0, negative: 5),
            Triplet(anchor: 7, positive: 8, negative: 0),
        ]
        _ = loss(embeddings, triplets, gradient: gradient)
        let error = gradientError(of: embeddings, gradient, step: 1e-2, count: 192) {
            loss(embeddings, triplets, gradient: ignored).loss
        }
        #expect(error < 1e-3)
    }

    @Test func stochasticGradientDescentByHand() {
        let (values, gradient) = (Tensor([2], [1, -2]), Tensor([2], [0.5, -4]))
        let optimizer = Optimizer([.init("p", values, gradient: gradient)], .sgd, learningRate: 0.1, weightDecay: 0.1)
        // m = g + λp = (0.6, −4.2); p ← p − 0.1 m.
        optimizer.step()
        #expect(abs(values.values[0] - 0.94) < 1e-6)
        #expect(abs(values.values[1] + 1.58) < 1e-6)
        // g = 0: m = 0.9 · (0.6, −4.2) + 0.1 · (0.94, −1.58).
        gradient.values.update(repeating: 0)
        optimizer.step()
        #expect(abs(values.values[0] - (0.94 - 0.1 * 0.634)) < 1e-6)
        #expect(abs(values.values[1] - (-1.58 + 0.1 * 3.938)) < 1e-6)
    }

    @Test func decoupledDecayLeavesTheGradientAlone() {
        let (values, gradient) = (Tensor([2], [1, -2]), Tensor([2], [0.5, -4]))
        let optimizer = Optimizer([.init("p", values, gradient: gradient)], .adamw, learningRate: 0.1, weightDecay: 0.1)
        // p ← 0.99 p, then Adam's first step, which is the rate against the gradient's sign.
        optimizer.step()
        #expect(abs(values.values[0] - 0.89) < 1e-6)
        #expect(abs(values.values[1] + 1.88) < 1e-6)
    }

    @Test func schedulesFall() {
        #expect((0..<4).map { Schedule.constant.factor(epoch: $0, of: 4) } == [1, 1, 1, 1])
        let cosine = (0..<4).map { Schedule.cosine.factor(epoch: $0, of: 4) }
        #expect(cosine[0] == 1 && abs(cosine[2] - 0.5) < 1e-12)
        #expect(
            (0..<9).map { Schedule.step.factor(epoch: $0, of: 9) }.map { ($0 * 1000).rounded() }
                == [1000, 1000, 1000, 100, 100, 100, 10, 10, 10])
    }
}

@Suite(.serialized) struct TrainingRunTests {
    private static let size = 64
    private static let set = TrainingSet(
        triplets: (0..<4).map { Triplet(anchor: $0, positive: 4 + $0, negative: 8 + $0) },
        people: (0..<4).map { [$0, 4 + $0, 8 + $0] },
        validation: [Triplet(anchor: 12, positive: 13, negative: 14), Triplet(anchor: 14, positive: 15, negative: 12)])

    private static let fill: FineTuning.Fill = { sample, appearance, image in
        fillRandomImage(sample, image)
        if case .augmented(let epoch, let use) = appearance { image[0] += Float(epoch) + Float(use) / 16 }
    }

    private func options(_ change: (inout FineTuning.Options) -> Void = { _ in }) -> FineTuning.Options {
        var options = FineTuning.Options()
        (options.imageHeight, options.imageWidth) = (Self.size, Self.size)
        (options.epochs, options.tripletsPerBatch, options.unfreeze) = (2, 2, .tensors(10))
        change(&options)
        return options
    }

    /// Stops as a kill would: between two steps without a last word, so that only what is on disk remains.
    @Test(arguments: [1, 2, 3])
    func aKilledRunEndsWithTheSameBytes(stopAfter steps: Int) throws {
        struct Killed: Error {}
        let whole = EmbeddingNetwork(.mobilenetV2, seed: 5)
        _ = try fineTune(whole, Self.set, options: options(), fill: Self.fill)

        let folder = TemporaryFolder()
        defer { withExtendedLifetime(folder) {} }
        let checkpoints = TrainingCheckpoints(folder: folder.path, interval: 0)
        var seen = 0
        #expect(throws: Killed.self) {
            try fineTune(
                EmbeddingNetwork(.mobilenetV2, seed: 5), Self.set, options: options(), checkpoints: checkpoints,
                fill: Self.fill
            ) { _ in
                seen += 1
                if seen > steps { throw Killed() }
            }
        }
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
        #expect(names.count <= 2)
        // Damage to the newest sends the run back to the one before, with a warning.
        let newest = folder.path + "/" + (try #require(names.last))
        var bytes = try Files.read(newest)
        bytes[bytes.count / 2] ^= 1
        try Files.write(bytes, to: newest)

        let continued = EmbeddingNetwork(.mobilenetV2, seed: 6)
        var warnings: [String] = []
        if names.count == 2 {
            _ = try fineTune(
                continued, Self.set, options: options(), checkpoints: checkpoints, fill: Self.fill,
                warn: { warnings.append($0) })
            #expect(warnings.count == 1)
            #expect(warnings[0].contains("damaged"))
            #expect(differences(continued.checkpoint(), whole.checkpoint()) == [])
        }
    }

    @Test func aLimitedEpochTakesAnotherDrawEachTime() {
        let triplets = (0..<20).map { Triplet(anchor: $0, positive: $0 + 20, negative: $0 + 40) }
        let plans = (0..<2).map {
            EpochPlan(triplets, perStep: 4, limit: 10, numbers: RandomNumbers(seed: 3, path: [$0]))
        }
        #expect(plans.map { $0.steps.map(\.samples.count) } == [[12, 12, 6], [12, 12, 6]])
        #expect(Set(plans[0].steps.flatMap(\.samples)) != Set(plans[1].steps.flatMap(\.samples)))
        #expect(
            EpochPlan(triplets, perStep: 4, limit: 100, numbers: RandomNumbers(seed: 3, path: [0])).imageCount == 60)
        let people = (0..<6).map { person in (0..<8).map { 8 * person + $0 } }
        let groups = EpochPlan(
            people, groupSize: 4, groupsPerStep: 3, limit: 5, numbers: RandomNumbers(seed: 3, path: [0]))
        #expect(groups.imageCount <= 20 && groups.imageCount >= 12)
    }

    @Test func aLongerRunContinuesAShorterOne() throws {
        func run(_ epochs: Int, _ earlier: Checkpoint? = nil) throws -> (TrainingRun, Checkpoint, steps: Int) {
            let network = EmbeddingNetwork(.mobilenetV2, seed: 5)
            var steps = 0
            let run = try fineTune(
                network, Self.set, options: options { $0.epochs = epochs }, earlier: { earlier }, fill: Self.fill,
                progress: { _ in steps += 1 })
            return (run, network.checkpoint(), steps)
        }
        let (shorter, weights, _) = try run(2)
        // As a store keeps it: only what the weights do not hold, the optimiser's means for one.
        let kept = shorter.state.without(weights)
        #expect(kept.tensors.count < shorter.state.tensors.count)
        let whole = try run(3)
        let continued = try run(3, kept.completed(by: weights))
        #expect(whole.steps == 6)
        #expect(continued.steps == 2)
        #expect(differences(continued.1, whole.1) == [])
        #expect(continued.0.epochs.map(\.loss) == whole.0.epochs.map(\.loss))
        #expect(continued.0.chosenEpoch == whole.0.chosenEpoch)
        #expect(differences(continued.0.state, whole.0.state).filter { $0 != "position.records" } == [])
    }

    @Test func anEarlierStateThatDoesNotFitIsToldAndLeftAlone() throws {
        let network = EmbeddingNetwork(.mobilenetV2, seed: 5)
        var warnings: [String] = []
        let run = try fineTune(
            network, Self.set, options: options { $0.epochs = 1 }, earlier: { Checkpoint(tensors: []) },
            fill: Self.fill, warn: { warnings.append($0) })
        #expect(run.epochs.count == 1)
        #expect(warnings.count == 1)
        #expect(warnings.first?.contains("begins anew") == true)
    }

    @Test func repeatedLooksAreComputedOnceAndChangeNothing() throws {
        var networks: [Checkpoint] = []
        for bytes in [0, 1 << 30] {
            let network = EmbeddingNetwork(.mobilenetV2, seed: 5)
            let options = options {
                $0.augmenting = .variants(2)
                $0.featureBytes = bytes
                $0.epochs = 3
            }
            _ = try fineTune(network, Self.set, options: options, fill: Self.fill)
            networks.append(network.checkpoint())
        }
        #expect(differences(networks[0], networks[1]) == [])
    }

    /// Two seeds that share what the frozen layers made of the pictures, and each by itself.
    @Test func trainingsMayShareFrozenFeatures() throws {
        let shared = FeatureCache()
        for seed in [3, 4] as [UInt64] {
            var after: [Checkpoint] = []
            for features in [shared, nil] {
                let network = EmbeddingNetwork(.mobilenetV2, seed: 5)
                let options = options { ($0.augmenting, $0.seed, $0.epochs) = (.none, seed, 2) }
                _ = try fineTune(network, Self.set, options: options, features: features, fill: Self.fill)
                after.append(network.checkpoint())
            }
            #expect(differences(after[0], after[1]) == [])
        }
    }

    @Test func theHeadBeginsAsALinearMap() throws {
        let network = EmbeddingNetwork(.mobilenetV2, seed: 5)
        let pixels: [Float] = (0..<2 * 64 * 64 * 3).map { Float($0 % 23) / 23 }
        let images = Tensor([2, 64, 64, 3], pixels)
        let features = try network.features(images)
        let directions: [[Float]] = (2..<5).map { row in
            (0..<features.columns).map { Float(($0 * row) % 7) / 7 - 0.4 }
        }
        let mean: [Float] = (0..<features.columns).map { Float($0 % 5) / 50 }
        network.startHead(along: directions, mean: mean, scale: 0.5)
        let embeddings = try network.embeddings(images)
        for image in 0..<2 {
            let (feature, embedding) = (Array(features.row(image)), Array(embeddings.row(image)))
            for (place, direction) in directions.enumerated() {
                var expected = 0.0
                for (index, weight) in direction.enumerated() {
                    expected += 0.5 * Double(weight) * Double(feature[index] - mean[index])
                }
                let difference = abs(Double(embedding[place]) - expected)
                #expect(difference < 1e-4 * max(1, abs(expected)))
            }
        }
    }

    @Test func stopsWhenTheValidationLossDoesAndKeepsTheBest() throws {
        let network = EmbeddingNetwork(.mobilenetV2, seed: 5)
        let options = options {
            ($0.epochs, $0.patience, $0.learningRate) = (12, 1, 1e-2)
        }
        let run = try fineTune(network, Self.set, options: options, fill: Self.fill)
        let losses = run.epochs.compactMap(\.validationLoss)
        #expect(losses.count == run.epochs.count)
        #expect(run.chosenEpoch == losses.indices.min { losses[$0] < losses[$1] })
        #expect(!run.stoppedEarly || run.chosenEpoch == run.epochs.count - 2)
    }

    @Test(arguments: [Mining.semiHard, .batchHard])
    func minedBatchesTrain(_ mining: Mining) throws {
        let network = EmbeddingNetwork(.mobilenetV2, seed: 5, normalizes: true)
        let before = network.checkpoint()
        let options = options {
            ($0.mining, $0.groupSize, $0.tripletsPerBatch) = (mining, 3, 3)
        }
        let run = try fineTune(network, Self.set, options: options, fill: Self.fill)
        #expect(run.epochs.count == 2)
        #expect(run.epochs.allSatisfy { $0.loss > 0 && $0.negativeDistance <= 2 })
        #expect(differences(before, network.checkpoint()).contains("head.0.weight"))
        for row in 0..<2 {
            let vector = try network.embeddings(randomImages(2, size: Self.size)).row(row)
            #expect(abs(vector.reduce(0) { $0 + $1 * $1 } - 1) < 1e-5)
        }
    }
}
