import Checkpoints
import Files
import Foundation
import Networks
import Tensors
import TestSupport
import Testing

/// Training that leaves the finite numbers ends there, by epoch and step, and keeps what was sound.
@Suite(.serialized) struct DivergenceTests {
    private static let triplets = (0..<4).map { Triplet(anchor: $0, positive: 4 + $0, negative: 8 + $0) }
    private static let set = TrainingSet(triplets: triplets, people: (0..<4).map { [$0, 4 + $0, 8 + $0] })
    private static let fill: FineTuning.Fill = { sample, _, image in fillRandomImage(sample, image) }

    private static func options(_ change: (inout FineTuning.Options) -> Void = { _ in }) -> FineTuning.Options {
        var options = FineTuning.Options()
        (options.epochs, options.tripletsPerBatch, options.imageHeight, options.imageWidth) = (3, 2, 32, 32)
        (options.unfreeze, options.optimizer, options.distance) = (.layers(1), .sgd, .squared)
        (options.learningRate, options.margin) = (1e16, 100)
        change(&options)
        return options
    }

    private func diverge(
        _ options: FineTuning.Options, _ set: TrainingSet = Self.set,
        checkpoints: TrainingCheckpoints? = nil,
        fill: @escaping FineTuning.Fill = Self.fill, progress: (FineTuning.Progress) -> Void = { _ in }
    ) -> Divergence? {
        do {
            _ = try fineTune(
                EmbeddingNetwork(.mobilenetV2, seed: 5), set, options: options, checkpoints: checkpoints,
                fill: fill,
                progress: progress)
            return nil
        } catch {
            return error as? Divergence
        }
    }

    @Test func itIsToldByEpochAndStepAndTheStatesBeforeAreKept() throws {
        let folder = TemporaryFolder()
        defer { withExtendedLifetime(folder) {} }
        let checkpoints = TrainingCheckpoints(folder: folder.path, interval: 0)
        var done = 0
        let count: (FineTuning.Progress) -> Void = { moment in
            done = moment.epoch * moment.batches + moment.batch + 1
            #expect(moment.loss.isFinite)
        }
        let divergence = try #require(diverge(Self.options(), checkpoints: checkpoints, progress: count))
        #expect(done > 0)
        let failed = 2 * (divergence.epoch - 1) + divergence.step
        #expect(failed == done + 1)
        #expect(!divergence.isFirst)
        #expect(
            divergence.description
                == "diverged in epoch \(divergence.epoch), step \(divergence.step); lower learning_rate (\(divergence.sign))"
        )

        var steps: Int?
        let warn = { (problem: String) -> Void in Issue.record("\(problem)") }
        let found = checkpoints.restore(warn: warn) { state in
            steps = state["optimizer.steps"].map { Int($0.floats()[0]) }
            let tuning = FineTuning(EmbeddingNetwork(.mobilenetV2, seed: 6), Self.options())
            try tuning.restore(state)
        }
        #expect(found)
        #expect(steps == done)
        // Whoever goes on from there arrives at the same step.
        #expect(diverge(Self.options(), checkpoints: checkpoints) == divergence)
    }

    @Test(arguments: zip(Mining.allCases, [FineTuning.FrozenNormalization.drift, .drift, .frozen]))
    func itIsNoticedWhateverIsMinedAndNormalised(mining: Mining, normalization: FineTuning.FrozenNormalization) throws {
        let divergence = diverge(
            Self.options { options in
                (options.mining, options.frozenNormalization, options.groupSize) = (mining, normalization, 3)
                // One step of it is beyond all bounds; a smaller one may only silence the last layers.
                options.learningRate = 1e30
            })
        #expect(try #require(divergence).epoch >= 1)
    }

    @Test(arguments: [Optimizer.Method.adam, .adamw]) func itIsNoticedWithOtherOptimizers(_ method: Optimizer.Method) {
        #expect(diverge(Self.options { ($0.optimizer, $0.learningRate, $0.weightDecay) = (method, 1e30, 1) }) != nil)
    }

    /// Finite weights whose embeddings overflow: no step size helps, and the message does not say so.
    private static func overflowing() throws -> EmbeddingNetwork {
        let network = EmbeddingNetwork(.mobilenetV2, seed: 5)
        var weights = network.checkpoint()
        for (index, tensor) in weights.tensors.enumerated()
        where ["head.0.bias", "head.2.weight"].contains(tensor.name) {
            let values = (0..<tensor.shape.reduce(1, *)).map { Float($0 % 7 + 1) * 1e30 }
            weights.tensors[index] = StoredTensor(name: tensor.name, shape: tensor.shape, floats: values)
        }
        try network.load(weights)
        return network
    }

    @Test func aFirstLossThatIsNoneIsNotTheStepSizesFault() throws {
        let network = try Self.overflowing()
        let error = #expect(throws: Divergence.self) {
            try fineTune(network, Self.set, options: Self.options(), fill: Self.fill)
        }
        #expect(
            error?.description == "diverged in epoch 1, step 1; start from other weights: nothing had been learnt yet "
                + "(the loss is not a finite number)")
    }

    /// Here no step is taken at all: nobody is there to learn from.
    @Test func aValidationLossThatIsNoneIsADivergence() throws {
        let set = TrainingSet(triplets: [], people: [], validation: Self.triplets)
        let network = try Self.overflowing()
        let error = #expect(throws: Divergence.self) {
            try fineTune(network, set, options: Self.options { $0.mining = .batchHard }, fill: Self.fill)
        }
        #expect(
            error?.description
                == "diverged in epoch 1, step 0; lower learning_rate (the validation loss is not a finite number)")
    }

    @Test func anOptimizerNamesWhatIsNotFiniteAnyMore() {
        for method in Optimizer.Method.allCases {
            let parameters = ["a", "b", "c"].map {
                Optimizer.Parameter(
                    $0, Tensor([3], [1, 2, 3]), gradient: Tensor([3], [0, $0 == "a" ? 1 : .infinity, 0]))
            }
            #expect(Optimizer([parameters[0]], method, learningRate: 0.1).step() == nil)
            #expect(Optimizer(parameters, method, learningRate: 0.1).step() == "b")
        }
    }

    @Test func aLossOfWhatIsNoNumberIsNone() {
        for distance in TripletLoss.Distance.allCases {
            let embeddings = Tensor([3, 2], [0, 0, 1, 0, .nan, 0])
            let result = TripletLoss(margin: 1, distance: distance)(
                embeddings, TripletLoss.inThirds(1), gradient: Tensor([3, 2]))
            #expect(result.loss.isNaN)
        }
    }

    @Test(arguments: 0..<40) func finiteIsFinite(place: Int) {
        let tensor = Tensor([40], repeatElement(-.greatestFiniteMagnitude, count: 40))
        #expect(tensor.isFinite && Tensor([0]).isFinite)
        for value in [Float.nan, .infinity, -.infinity, Float(bitPattern: 0xFF80_0001)] {
            tensor.values[place] = value
            #expect(!tensor.isFinite)
        }
    }
}

/// A state that no training left.
@Suite struct ForeignStateTests {
    /// NaN says there that nobody validated, and nowhere else.
    @Test func onlyTheValidationLossMayBeMissing() throws {
        var options = FineTuning.Options()
        options.unfreeze = .layers(0)
        let tuning = FineTuning(EmbeddingNetwork(.mobilenetV2, seed: 5), options)
        let names = ["head.0.bias", "optimizer.mean.head.0.bias", "optimizer.square.head.0.bias", "position.totals"]
        for name in names {
            var state = tuning.state()
            let index = try #require(state.tensors.firstIndex { $0.name == name })
            state.tensors[index].bytes.replaceSubrange(0..<8, with: [UInt8](repeating: 0xFF, count: 8))
            let error = #expect(throws: CheckpointError.self) {
                try Checkpoint(trainingState: state.safetensors(), name: "kept")
            }
            #expect(error?.problem.contains("tensor '\(name)' holds NaN") == true)
        }
        for place in 0..<16 {
            var state = tuning.state()
            let index = try #require(state.tensors.firstIndex { $0.name == "position.records" })
            let numbers = (0..<16).map { $0 == place ? Double.nan : 1 }
            let bytes = numbers.withUnsafeBytes { Array($0) }
            state.tensors[index] = StoredTensor(
                name: "position.records", shape: [1, 16], element: .float64, bytes: bytes)
            let read = try Checkpoint(trainingState: state.safetensors(), name: "kept")
            guard place == 4 else {
                let error = #expect(throws: WeightsError.self) { try tuning.restore(read) }
                #expect(error?.missing == ["position.records"])
                continue
            }
            try tuning.restore(read)
            #expect(tuning.position.records[0].validationLoss == nil)
        }
    }

    @Test func countsBelowZeroAreRefused() throws {
        var options = FineTuning.Options()
        options.unfreeze = .layers(0)
        let tuning = FineTuning(EmbeddingNetwork(.mobilenetV2, seed: 5), options)
        let state = tuning.state()
        try tuning.restore(try Checkpoint(trainingState: state.safetensors(), name: "kept"))
        for name in ["optimizer.steps", "position.step"] {
            for count in [Int64(-1), .min, .max] {
                var other = state
                let index = try #require(other.tensors.firstIndex { $0.name == name })
                other.tensors[index].bytes = withUnsafeBytes(of: count.littleEndian) { Array($0) }
                let error = #expect(throws: WeightsError.self) { try tuning.restore(other) }
                #expect(error?.missing == [name])
            }
        }
    }
}
