import Networks
import Tensors
import Testing

@Suite struct RowStripsTests {
    /// Strips change where numbers are computed, never the numbers.
    @Test(arguments: Architecture.allCases, Precision.available)
    func stripsMakeTheSameFeatures(_ architecture: Architecture, _ precision: Precision) throws {
        let layers = architecture.layers.enumerated().map { index, layer in
            let weights = ConvolutionWeights(layer)
            let numbers = RandomNumbers(seed: 3, path: [index])
            let deviation = (2 / Double(weights.weight.count / layer.outputs)).squareRoot()
            for index in weights.weight.values.indices {
                weights.weight.values[index] = Float(deviation * numbers.normal(at: UInt64(2 * index)))
            }
            return FoldedLayer(weights)
        }
        let size = [1, 97, 75, 3]  // odd, and neither a multiple of a strip
        func features(stripBytes: Int) throws -> [Float] {
            let plan = try InferencePlan(
                architecture.stages, layers: layers, pools: true, precision: precision, float32Stages: 2, input: size,
                stripBytes: stripBytes, scratch: Scratch())
            let numbers = RandomNumbers(seed: 4, path: [])
            for index in plan.input.values.indices {
                plan.input.values[index] = Float(numbers.normal(at: UInt64(2 * index)))
            }
            plan.run()
            return plan.output.array
        }
        let whole = try features(stripBytes: .max)
        #expect(Set(whole).count > 100)
        for bytes in [1, 40_000, 300_000] {
            #expect(try features(stripBytes: bytes) == whole, "\(bytes) bytes a strip")
        }
    }
}
