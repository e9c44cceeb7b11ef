import Checkpoints
import Foundation
import Networks
import Tensors
import Testing

@Suite(.serialized) struct FineTuningTests {
    private static let size = 64
    /// Samples 0–3 are anchors, 4–7 their positives, 8–11 their negatives.
    private static let triplets = (0..<4).map { Triplet(anchor: $0, positive: 4 + $0, negative: 8 + $0) }

    private static let set = TrainingSet(triplets: triplets)
    /// Two batches that take turns.
    private static let twoSets = [0, 12].map { first in
        TrainingSet(
            triplets: triplets.map {
                Triplet(anchor: first + $0.anchor, positive: first + $0.positive, negative: first + $0.negative)
            })
    }

    @Test func fiveStepsOfMobileNetMatchPyTorch() throws { try compare(.mobilenetV2, .mobilenetV2) }
    @Test func fiveStepsOfResNetMatchPyTorch() throws { try compare(.resnet50, .resnet50) }
    @Test func fiveStepsOfBasicBlocksMatchPyTorch() throws { try compare(.resnet18, .resnet18) }
    @Test func fiveStepsOfHalfAStageMatchPyTorch() throws { try compare(.resnet50, .resnet50Partly) }

    private func compare(_ architecture: Architecture, _ reference: FineTuningReference) throws {
        let network = EmbeddingNetwork(architecture, seed: 5)
        let before = network.checkpoint().withStrongerDepthwiseLayers
        try network.load(before)
        var options = options(epochs: 5)
        options.unfreeze = .layers(reference.trainedLayers)
        options.learningRate = reference.learningRate
        // One batch an epoch.
        let records = try fineTune(network, Self.set, options: options, fill: Self.fill).epochs
        for (record, (loss, distances)) in zip(
            records, zip(reference.losses, zip(reference.positiveDistances, reference.negativeDistances)))
        {
            #expect(abs(record.loss - loss) < 2e-3)
            #expect(abs(record.positiveDistance - distances.0) < 2e-3)
            #expect(abs(record.negativeDistance - distances.1) < 2e-3)
        }
        let after = network.checkpoint()
        let changed = differences(before, after).filter { !$0.hasSuffix("num_batches_tracked") }
        #expect(changed.count == reference.changedTensors)
        for expected in reference.after {
            let values = floats(try #require(after[expected.name]))
            let original = floats(try #require(before[expected.name]))
            let change = average(zip(values, original).map { abs($0 - $1) })
            let mean = average(values)
            #expect(abs(change - expected.change) < 0.01 * expected.change, "\(expected.name)")
            #expect(abs(mean - expected.mean) < 0.01 * expected.change, "\(expected.name)")
            for (index, value) in expected.values.enumerated() {
                let difference = abs(values[index * (values.count / 4)] - value)
                #expect(difference < 0.05 * Float(expected.change) + 1e-6, "\(expected.name)")
            }
        }
        let embedding = try network.embeddings(randomImages(1, size: Self.size)).row(0)
        for (value, expected) in zip(embedding, reference.embedding) {
            #expect(abs(value - expected) < 5e-3 * max(1, abs(expected)))
        }
    }

    @Test(arguments: FineTuning.FrozenNormalization.allCases)
    func twentyStepsOfMobileNetFollowPyTorch(_ normalization: FineTuning.FrozenNormalization) throws {
        try follow(.mobilenetV2, .mobilenetV2, normalization)
    }

    @Test(arguments: FineTuning.FrozenNormalization.allCases)
    func twentyStepsOfResNetFollowPyTorch(_ normalization: FineTuning.FrozenNormalization) throws {
        try follow(.resnet50, .resnet50, normalization)
    }

    /// Two batches take turns; every loss is within 0.1 % of PyTorch's.
    private func follow(
        _ architecture: Architecture, _ reference: TwentySteps, _ normalization: FineTuning.FrozenNormalization
    ) throws {
        let network = EmbeddingNetwork(architecture, seed: 5)
        let before = network.checkpoint().withStrongerDepthwiseLayers
        try network.load(before)
        var options = options(epochs: 20)
        options.learningRate = reference.learningRate
        options.frozenNormalization = normalization
        let tuning = FineTuning(network, options)
        let losses = normalization == .frozen ? reference.frozen : reference.drifting
        #expect(losses.count == 20)
        for (step, loss) in losses.enumerated() {
            let record = try tuning.trainEpoch(Self.twoSets[step % 2], fill: Self.fill)
            #expect(abs(record.loss - loss) < 1e-3 * loss, "step \(step + 1): \(record.loss), not \(loss)")
        }
        let after = network.checkpoint()
        for (name, values) in reference.drifted {
            let found = floats(try #require(after[name])).prefix(4)
            switch normalization {
            case .frozen: #expect(Array(found) == Array(floats(try #require(before[name])).prefix(4)))
            case .drift:
                for (value, expected) in zip(found, values) {
                    #expect(abs(value - expected) < 1e-3 * max(abs(expected), 0.01), "\(name)")
                }
            }
        }
    }

    /// The division lies inside a block here, so that some of its layers drift and others learn.
    @Test func driftingStatisticsMoveWhereFrozenOnesStay() throws {
        for normalization in FineTuning.FrozenNormalization.allCases {
            let network = EmbeddingNetwork(.mobilenetV2, seed: 5)
            let before = network.checkpoint()
            var options = options(epochs: 1)
            (options.unfreeze, options.frozenNormalization) = (.layers(3), normalization)
            _ = try fineTune(network, Self.set, options: options, fill: Self.fill)
            let changed = differences(before, network.checkpoint())
            let drifted = changed.filter { $0.hasSuffix("running_var") }
            #expect(drifted.count == (normalization == .drift ? Architecture.mobilenetV2.layers.count : 3))
            let learnt = changed.filter { $0.hasSuffix(".weight") && !$0.hasPrefix("head.") }
            #expect(learnt.count == 2 * 3)
        }
    }

    /// What its batch makes of a picture must not be remembered for the next one.
    @Test func driftingFeaturesAreNotCached() throws {
        var runs: [Checkpoint] = []
        for bytes in [0, 1 << 30] {
            let network = EmbeddingNetwork(.mobilenetV2, seed: 5)
            var options = options(epochs: 2, batch: 3)
            (options.augmenting, options.frozenNormalization, options.featureBytes) = (.none, .drift, bytes)
            _ = try fineTune(network, Self.set, options: options, fill: Self.fill)
            runs.append(network.checkpoint())
        }
        #expect(differences(runs[0], runs[1]) == [])
    }

    @Test func theSameSeedGivesTheSameBytes() throws {
        let runs = try (0..<2).map { _ in
            let network = EmbeddingNetwork(.mobilenetV2, seed: 5)
            _ = try fineTune(network, Self.set, options: options(epochs: 2, batch: 3), fill: Self.fill)
            return network.checkpoint()
        }
        #expect(differences(runs[0], runs[1]) == [])
    }

    /// A batch of eleven images, so that pieces differ in size, and normalisations that look at all of it.
    @Test(arguments: Precision.available, FineTuning.FrozenNormalization.allCases)
    func weightsDoNotDependOnTheNumberOfThreads(
        _ precision: Precision, _ normalization: FineTuning.FrozenNormalization
    ) throws {
        let people = [Array(0..<4), Array(4..<8), Array(8..<12), Array(12..<16)]
        let runs = try [1, 2, 4, 16].map { threads in
            let network = EmbeddingNetwork(.mobilenetV2, seed: 5, precision: precision)
            var options = options(epochs: 2, batch: 3)
            (options.mining, options.groupSize, options.frozenNormalization) = (.batchHard, 3, normalization)
            let tuning = FineTuning(network, options, threads: threads)
            for _ in 0..<2 {
                _ = try tuning.trainEpoch(TrainingSet(triplets: Self.triplets, people: people), fill: Self.fill)
            }
            return network.checkpoint()
        }
        for run in runs.dropFirst() { #expect(differences(runs[0], run) == []) }
    }

    /// The same for the network whose blocks have projections and a step in them.
    @Test(arguments: Precision.available) func residualBlocksDoNotDependOnTheNumberOfThreads(_ precision: Precision)
        throws
    {
        let runs = try [1, 3].map { threads in
            let network = EmbeddingNetwork(.resnet50, seed: 5, precision: precision)
            let tuning = FineTuning(network, options(epochs: 1), threads: threads)
            _ = try tuning.trainEpoch(Self.set, fill: Self.fill)
            return network.checkpoint()
        }
        #expect(differences(runs[0], runs[1]) == [])
    }

    /// As PyTorch's autocast: what rounding makes of a batch's first loss is all but 2 % of what it makes of later ones.
    @Test(.enabled(if: Precision.bf16.isAvailable), arguments: Architecture.allCases)
    func twentyStepsInHalfPrecisionFollowFloat32(_ architecture: Architecture) throws {
        let losses = try [Precision.f32, .bf16].map { precision in
            let network = EmbeddingNetwork(architecture, seed: 5, precision: precision)
            try network.load(network.checkpoint().withStrongerDepthwiseLayers)
            var options = options(epochs: 20)
            options.learningRate = architecture == .resnet50 ? 5e-7 : 1e-5
            let tuning = FineTuning(network, options)
            return try (0..<20).map { try tuning.trainEpoch(Self.twoSets[$0 % 2], fill: Self.fillWaves).loss }
        }
        let differences = zip(losses[0], losses[1]).map { $1 - $0 }
        for (step, difference) in differences.enumerated() {
            let first = differences[step % 2]
            #expect(abs(first) < 0.04 * losses[0][step % 2])
            #expect(abs(difference - first) < 0.02 * losses[0][step % 2], "step \(step + 1)")
        }
    }

    /// A picture that differs from others by more than noise: waves of the sample's own direction and length.
    private static let fillWaves: FineTuning.Fill = { sample, _, image in
        var numbers = RandomNumbers(seed: 7, path: [sample])
        for channel in 0..<3 {
            let (u, v, phase) = (numbers.normal() / 6, numbers.normal() / 6, numbers.normal() * 3)
            for pixel in 0..<size * size {
                let angle = u * Double(pixel % size) + v * Double(pixel / size) + phase
                image[pixel * 3 + channel] = Float(2 * sin(angle))
            }
        }
    }

    @Test func aRestoredRunEndsWithTheSameBytes() throws {
        let network = EmbeddingNetwork(.mobilenetV2, seed: 5)
        let tuning = FineTuning(network, options(epochs: 2, batch: 3))
        _ = try tuning.trainEpoch(Self.set, fill: Self.fill)
        let state = tuning.state()
        _ = try tuning.trainEpoch(Self.set, fill: Self.fill)

        let other = EmbeddingNetwork(.mobilenetV2, seed: 6)
        let continued = FineTuning(other, options(epochs: 2, batch: 3))
        try continued.restore(state)
        #expect(continued.position.epoch == 1)
        _ = try continued.trainEpoch(Self.set, fill: Self.fill)
        // The records hold seconds.
        #expect(differences(continued.state(), tuning.state()).filter { $0 != "position.records" } == [])
        #expect(differences(other.checkpoint(), network.checkpoint()) == [])
    }

    @Test func aStateOfOtherLayersIsRefused() throws {
        let network = EmbeddingNetwork(.mobilenetV2, seed: 5)
        var fewer = options(epochs: 1)
        fewer.unfreeze = .layers(1)
        let state = FineTuning(network, fewer).state()
        let error = #expect(throws: WeightsError.self) {
            try FineTuning(network, options(epochs: 1)).restore(state)
        }
        #expect(error?.missing.contains("optimizer.mean.features.17.conv.2.weight") == true)
    }

    @Test func everyDepthTrains() throws {
        // 0: the head alone; 2: a block's last layer and the one after it; 52: the whole network.
        for depth in [0, 2, Architecture.mobilenetV2.layers.count] {
            let network = EmbeddingNetwork(.mobilenetV2, seed: 5)
            let before = network.checkpoint()
            var options = options(epochs: 1)
            options.unfreeze = .layers(depth)
            _ = try fineTune(network, Self.set, options: options, fill: Self.fill)
            let changed = differences(before, network.checkpoint())
            #expect(changed.filter { $0.hasSuffix("num_batches_tracked") }.count == depth)
            #expect(changed.contains("head.0.weight"))
        }
        var whole = options(epochs: 1)
        whole.unfreeze = .layers(Architecture.resnet50.layers.count)
        let network = EmbeddingNetwork(.resnet50, seed: 5)
        let before = network.checkpoint()
        _ = try fineTune(network, Self.set, options: whole, fill: Self.fill)
        #expect(differences(before, network.checkpoint()).contains("conv1.weight"))
    }

    @Test func progressCountsImagesAndMayStop() throws {
        struct Stopped: Error {}
        let network = EmbeddingNetwork(.mobilenetV2, seed: 5)
        var seen: [Int] = []
        #expect(throws: Stopped.self) {
            try fineTune(network, Self.set, options: options(epochs: 1, batch: 3), fill: Self.fill) {
                seen.append($0.images)
                #expect($0.imageCount == 12)
                #expect($0.batches == 2)
                if $0.batch == 1 { throw Stopped() }
            }
        }
        #expect(seen == [9, 12])
    }

    @Test func anUnreadableImageEndsTheEpoch() {
        struct Unreadable: Error {}
        let network = EmbeddingNetwork(.mobilenetV2, seed: 5)
        #expect(throws: Unreadable.self) {
            try fineTune(network, Self.set, options: options(epochs: 1)) { sample, _, _ in
                if sample == 9 { throw Unreadable() }
            }
        }
    }

    private func options(epochs: Int, batch: Int = 4) -> FineTuning.Options {
        var options = FineTuning.Options()
        options.epochs = epochs
        options.tripletsPerBatch = batch
        options.imageHeight = Self.size
        options.imageWidth = Self.size
        return options
    }

    private static let fill: FineTuning.Fill = { sample, _, image in fillRandomImage(sample, image) }

    private func average(_ values: [Float]) -> Double {
        var sum = 0.0
        for value in values { sum += Double(value) }
        return sum / Double(values.count)
    }
}

private func floats(_ tensor: StoredTensor) -> [Float] {
    tensor.bytes.withUnsafeBytes { Array($0.bindMemory(to: Float.self)) }
}

extension Checkpoint {
    /// Otherwise a random MobileNet-V2's activations vanish, and training amplifies rounding alone.
    var withStrongerDepthwiseLayers: Checkpoint {
        var checkpoint = self
        for (index, tensor) in tensors.enumerated() where tensor.shape.count == 4 && tensor.shape[1] == 1 {
            let factor = Float(tensor.shape[0]).squareRoot()
            let values = floats(tensor).map { $0 * factor }
            checkpoint.tensors[index].bytes = values.withUnsafeBytes { Array($0) }
        }
        return checkpoint
    }
}
