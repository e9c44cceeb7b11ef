import Checkpoints
import Files
import Foundation
import Networks
import Ranks
import TestSupport
import Testing

/// Weights, records and states are equal for any number of ranks, byte for byte.
@Suite(.serialized) struct RanksTrainingTests {
    private static let size = 32

    /// Samples of four people, six each.
    private static let people = (0..<4).map { person in (0..<6).map { 6 * person + $0 } }
    private static let triplets = (0..<10).map { number in
        let person = number % 4
        return Triplet(anchor: 6 * person, positive: 6 * person + 1 + number / 4, negative: (6 * person + 7) % 24)
    }
    private static let set = TrainingSet(triplets: triplets, people: people, validation: Array(triplets.prefix(3)))

    /// Two batches an epoch, of twelve images and of six: less than pieces.
    private static func options(_ change: (inout FineTuning.Options) -> Void = { _ in }) -> FineTuning.Options {
        var options = FineTuning.Options()
        (options.epochs, options.tripletsPerBatch, options.tripletsPerEpoch) = (2, 4, 6)
        (options.imageHeight, options.imageWidth) = (size, size)
        options.learningRate = 1e-3
        change(&options)
        return options
    }

    private static let fill: FineTuning.Fill = { sample, appearance, image in
        var seed = sample
        if case .augmented(let epoch, let use) = appearance { seed += 1000 * (epoch + 1) + 7 * use }
        fillRandomImage(seed, image)
    }

    private struct Ended: Sendable {
        var weights: [UInt8]
        var state: [UInt8]
        var losses: [Double]
    }

    private static func train(
        _ architecture: Architecture, _ options: FineTuning.Options, on count: Int,
        checkpoints: TrainingCheckpoints? = nil, stoppingAfter steps: Int = .max
    ) throws -> [Ended] {
        try ThreadRanks.all(count) { ranks in
            // Only the first rank's weights count.
            let network = EmbeddingNetwork(architecture, seed: ranks.isFirst ? 5 : 6)
            var done = 0
            let run = try fineTune(
                network, set, options: options, checkpoints: ranks.isFirst ? checkpoints : nil, ranks: ranks,
                fill: fill
            ) { _ in
                done += 1
                if ranks.isFirst, done == steps { throw Stopped() }
            }
            return Ended(
                weights: network.checkpoint().safetensors(), state: run.state.withoutTimes.safetensors(),
                losses: run.epochs.flatMap { [$0.loss, $0.validationLoss ?? 0] })
        }
    }

    private struct Stopped: Error {}

    private static func check(
        _ architecture: Architecture, _ options: FineTuning.Options, on counts: [Int] = [2, 4, 8]
    ) throws {
        let alone = try #require(try train(architecture, options, on: 1).first)
        for count in counts {
            for ended in try train(architecture, options, on: count) {
                #expect(ended.weights == alone.weights, "\(count) ranks")
                #expect(ended.state == alone.state, "\(count) ranks")
                #expect(ended.losses == alone.losses, "\(count) ranks")
            }
        }
    }

    @Test func lastLayersOfMobileNet() throws { try Self.check(.mobilenetV2, Self.options()) }

    @Test func lastLayersOfResNet() throws { try Self.check(.resnet18, Self.options(), on: [2]) }

    /// Projections, pooling and the stem learn too.
    @Test func allLayers() throws {
        try Self.check(.resnet18, Self.options { $0.unfreeze = .layers(20) }, on: [4])
    }

    @Test func singleTensors() throws {
        try Self.check(.mobilenetV2, Self.options { $0.unfreeze = .tensors(10) }, on: [2])
    }

    @Test func normalisationsThatDrift() throws {
        try Self.check(.mobilenetV2, Self.options { $0.frozenNormalization = .drift }, on: [2, 4])
    }

    /// Gradients that are rounded on their way train other weights, but the same ones on any number of ranks.
    @Test func roundedGradients() throws {
        let rounded = Self.options { $0.gradients = .bf16 }
        try Self.check(.mobilenetV2, rounded, on: [2, 4])
        let whole = try Self.train(.mobilenetV2, Self.options(), on: 1).first
        let half = try Self.train(.mobilenetV2, rounded, on: 1).first
        #expect(whole?.weights != half?.weights)
    }

    @Test func minedTriplets() throws {
        try Self.check(
            .mobilenetV2, Self.options { ($0.mining, $0.groupSize, $0.optimizer) = (.batchHard, 3, .sgd) }, on: [2])
    }

    /// Each rank keeps features of its own.
    @Test func featuresThatRepeat() throws {
        try Self.check(.mobilenetV2, Self.options { ($0.augmenting, $0.epochs) = (.variants(2), 3) }, on: [2])
    }

    /// Stopped between two steps, and continued by another number of ranks.
    @Test(arguments: [(1, 2), (2, 1), (4, 2)]) func continues(before: Int, after: Int) throws {
        let folder = TemporaryFolder()
        let whole = try #require(try Self.train(.mobilenetV2, Self.options(), on: 1).first)
        let checkpoints = TrainingCheckpoints(folder: folder.path, interval: 0)
        #expect(throws: Stopped.self) {
            try Self.train(.mobilenetV2, Self.options(), on: before, checkpoints: checkpoints, stoppingAfter: 3)
        }
        let ended = try Self.train(.mobilenetV2, Self.options(), on: after, checkpoints: checkpoints)
        for one in ended {
            #expect(one.weights == whole.weights)
            #expect(one.state == whole.state)
        }
    }
}

extension Checkpoint {
    /// Records end with the seconds that an epoch took.
    fileprivate var withoutTimes: Checkpoint {
        Checkpoint(tensors: tensors.filter { $0.name != "position.records" })
    }
}
