import Checkpoints
import Foundation
import Networks
import Tensors
import Testing

@Suite struct HalfPrecisionTests {
    @Test(arguments: [Activation.none, .relu, .relu6])
    func theExpectedMeanIsTheMean(_ activation: Activation) {
        for (mean, deviation) in [(0.0, 1.0), (1.5, 0.2), (-2, 3), (5, 2), (9, 0.5), (0.3, 0)] {
            // Midpoints over eight deviations each way.
            let count = 200_000
            var (sum, weight) = (0.0, 0.0)
            for index in 0..<count {
                let z = 16 * (Double(index) + 0.5) / Double(count) - 8
                let x = mean + deviation * z
                let value = activation == .none ? x : min(max(x, 0), activation == .relu6 ? 6 : .infinity)
                sum += value * exp(-z * z / 2)
                weight += exp(-z * z / 2)
            }
            let expected = ChannelMeans.mean(of: activation, mean, deviation: deviation)
            #expect(abs(Double(expected) - sum / weight) < 1e-4)
        }
    }

    /// Random weights whose normalisations shift and scale like a trained network's: means many times the deviation.
    private func trainedLike(_ architecture: Architecture) -> Checkpoint {
        var checkpoint = EmbeddingNetwork(architecture, seed: 5).checkpoint()
        for (index, tensor) in checkpoint.tensors.enumerated() {
            let numbers = RandomNumbers(seed: 9, path: [index])
            var values =
                tensor.element == .float32 ? tensor.bytes.withUnsafeBytes { Array($0.bindMemory(to: Float.self)) } : []
            for position in values.indices {
                let normal = Float(numbers.normal(at: UInt64(2 * position)))
                if tensor.shape.count == 4, tensor.shape[1] == 1 {
                    // Otherwise a random depthwise layer lets next to nothing through.
                    values[position] *= Float(tensor.shape[0]).squareRoot()
                } else if tensor.shape.count == 1, !tensor.name.hasPrefix("head.") {
                    if tensor.name.hasSuffix("bias") { values[position] = normal }
                    if tensor.name.hasSuffix(".weight") { values[position] = 0.3 + 0.1 * abs(normal) }
                }
            }
            if !values.isEmpty { checkpoint.tensors[index].bytes = values.withUnsafeBytes { Array($0) } }
        }
        return checkpoint
    }

    @Test(.enabled(if: Precision.bf16.isAvailable), arguments: Architecture.allCases)
    func featuresKeepTheirDirection(_ architecture: Architecture) throws {
        let weights = trainedLike(architecture)
        let images = randomImages(4, size: 96)
        let features = try [Precision.f32, .bf16].map { precision in
            let network = EmbeddingNetwork(architecture, seed: 1, precision: precision)
            try network.load(weights)
            return try network.features(images)
        }
        for row in 0..<4 {
            let (x, y) = (features[0].row(row), features[1].row(row))
            func product(_ a: ArraySlice<Float>, _ b: ArraySlice<Float>) -> Double {
                zip(a, b).reduce(0) { $0 + Double($1.0) * Double($1.1) }
            }
            #expect(product(x, y) / (product(x, x) * product(y, y)).squareRoot() > 0.999)
        }
    }

    /// The frozen part ends at a linear bottleneck, which is stored around its mean: training must see it whole. The
    /// first trained normalisation would hide a shift, but its running mean shows it.
    @Test(.enabled(if: Precision.bf16.isAvailable)) func trainingSeesActivationsAsTheyAre() throws {
        let weights = trainedLike(.mobilenetV2)
        var means: [[Float]] = []
        var deviations: [Float] = []
        for precision in [Precision.f32, .bf16] {
            let network = EmbeddingNetwork(.mobilenetV2, seed: 1, precision: precision)
            try network.load(weights)
            var options = FineTuning.Options()
            (options.imageHeight, options.imageWidth, options.unfreeze) = (64, 64, .layers(7))
            _ = try fineTune(
                network, TrainingSet(triplets: [Triplet(anchor: 0, positive: 1, negative: 2)]), options: options,
                fill: { sample, _, image in fillRandomImage(sample, image) })
            let after = network.checkpoint()
            func floats(_ name: String) throws -> [Float] {
                try #require(after[name]).bytes.withUnsafeBytes { Array($0.bindMemory(to: Float.self)) }
            }
            means.append(try floats("features.16.conv.0.1.running_mean"))
            deviations = try floats("features.16.conv.0.1.running_var").map { $0.squareRoot() }
        }
        let size = zip(means[0], deviations).map { abs($0) / $1 }.reduce(0, +)
        let error = zip(zip(means[0], means[1]), deviations).map { abs($0.0 - $0.1) / $1 }.reduce(0, +)
        #expect(error < 0.03 * size)
    }

    /// A processor without bf16 is said, not its sizes blamed.
    @Test(.enabled(if: !Precision.bf16.isAvailable)) func anUnknownArithmeticIsASentence() {
        let network = EmbeddingNetwork(.mobilenetV2, seed: 1, precision: .bf16)
        let error = #expect(throws: KernelError.self) { try network.features(randomImages(1, size: 64)) }
        #expect(error?.reason.contains("this processor") == true)
    }
}
