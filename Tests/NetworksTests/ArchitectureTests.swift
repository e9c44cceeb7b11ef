import Checkpoints
import Networks
import Tensors
import Testing

@Suite struct ArchitectureTests {
    /// What learns beside the head, whose parameters are counted apart. The original's "last ten" were tensors.
    @Test func whatLearnsIsCountedInNumbersAndLayers() {
        #expect(Unfreezing.tensors(10).parameterCount(in: .resnet50) + 278_784 == 4_743_424)
        #expect(Unfreezing.tensors(10).parameterCount(in: .mobilenetV2) + 180_480 == 912_000)
        for architecture in Architecture.allCases {
            let all = architecture.layers.count
            #expect(Unfreezing.layers(all).parameterCount(in: architecture) == architecture.parameterCount)
            #expect(Unfreezing.layers(0).parameterCount(in: architecture) == 0)
            #expect(Unfreezing.layers(7).layerCount(of: architecture) == 7)
            #expect(abs(Unfreezing.tensors(10).layerCount(of: architecture) - 10.0 / 3) < 1e-9)
        }
    }

    @Test func parameterCountsArePyTorchs() {
        #expect(Architecture.resnet50.parameterCount == 23_508_032)
        #expect(Architecture.mobilenetV2.parameterCount == 2_223_872)
        // With torchvision's classifier: features · 1000 weights and 1000 biases.
        #expect(Architecture.resnet50.parameterCount + 2048 * 1000 + 1000 == 25_557_032)
        #expect(Architecture.mobilenetV2.parameterCount + 1280 * 1000 + 1000 == 3_504_872)
    }

    @Test func headsHaveTheirCounts() {
        for (architecture, count) in [(Architecture.resnet50, 278_784), (.mobilenetV2, 180_480)] {
            var options = FineTuning.Options()
            options.unfreeze = .layers(0)
            let tuning = FineTuning(EmbeddingNetwork(architecture, seed: 1), options)
            #expect(tuning.parameterCount == count)
        }
    }

    @Test func tenTensorsAreWhatTheOriginalTrained() {
        for (architecture, count) in [(Architecture.resnet50, 4_743_424), (.mobilenetV2, 912_000)] {
            var options = FineTuning.Options()
            options.unfreeze = .tensors(10)
            #expect(FineTuning(EmbeddingNetwork(architecture, seed: 1), options).parameterCount == count)
        }
    }

    @Test func tenLayersAreTheLastStage() {
        let resnet = Architecture.resnet50.layers.suffix(10).map(\.name)
        #expect(resnet.allSatisfy { $0.hasPrefix("layer4.") })
        #expect(!Architecture.resnet50.layers.dropLast(10).contains { $0.name.hasPrefix("layer4.") })
        #expect(
            Architecture.mobilenetV2.layers.suffix(10).map(\.name) == [
                "features.15.conv.0.0", "features.15.conv.1.0", "features.15.conv.2", "features.16.conv.0.0",
                "features.16.conv.1.0", "features.16.conv.2", "features.17.conv.0.0", "features.17.conv.1.0",
                "features.17.conv.2", "features.18.0",
            ])
    }

    @Test(arguments: [Architecture.resnet50, .mobilenetV2])
    func featuresAndEmbeddingsHaveTheirSizes(_ architecture: Architecture) throws {
        let network = EmbeddingNetwork(architecture, seed: 1)
        let images = randomImages(3, size: 40)
        let features = try network.features(images)
        let embeddings = try network.embeddings(images)
        #expect((features.rows, features.columns) == (3, architecture.featureCount))
        #expect((embeddings.rows, embeddings.columns) == (3, 128))
    }

    @Test func anImagesEmbeddingDoesNotDependOnItsBatch() throws {
        let network = EmbeddingNetwork(.mobilenetV2, seed: 1)
        let images = randomImages(5, size: 50)
        let together = try network.features(images)
        for index in 0..<5 {
            let alone = try network.features(images.entries(index..<index + 1))
            let same = alone.row(0).elementsEqual(together.row(index))
            #expect(same)
        }
        let pixels = images.array
        let count = pixels.count / 5
        let filled = try network.features(count: 5, height: 50, width: 50) { index, image in
            _ = image.update(fromContentsOf: pixels[index * count..<(index + 1) * count])
        }
        let same = filled == together
        #expect(same)
    }

    /// Four images a core go through the later stages in groups; one more, and any image alone, do not.
    @Test(arguments: Architecture.allCases, Precision.available)
    func groupsMakeTheSameFeatures(_ architecture: Architecture, _ precision: Precision) throws {
        let network = EmbeddingNetwork(architecture, seed: 1, precision: precision)
        let count = 4 * Threads.count + 1
        let images = randomImages(count, size: 150)
        let together = try network.features(images)
        #expect(Set(together.row(0)).count > 100)
        for index in [0, 3, count - 2, count - 1] {
            let alone = try network.features(images.entries(index..<index + 1))
            #expect(alone.row(0).elementsEqual(together.row(index)), "image \(index)")
        }
    }

    @Test func theFirstFailingImageIsReported() {
        struct Unreadable: Error, Equatable { let index: Int }
        let network = EmbeddingNetwork(.mobilenetV2, seed: 1)
        #expect(throws: Unreadable(index: 3)) {
            try network.features(count: 40, height: 32, width: 32) { index, _ in
                if index >= 3 { throw Unreadable(index: index) }
            }
        }
    }

    @Test func theSeedDecidesTheWeights() {
        let weights = EmbeddingNetwork(.mobilenetV2, seed: 1).checkpoint()
        #expect(differences(EmbeddingNetwork(.mobilenetV2, seed: 1).checkpoint(), weights) == [])
        let other = differences(EmbeddingNetwork(.mobilenetV2, seed: 2).checkpoint(), weights)
        #expect(other.count == 52 + 4)
    }

    #if arch(x86_64)
        @Test(arguments: [Architecture.resnet50, .mobilenetV2])
        func noConvolutionFallsToTheReferenceKernel(_ architecture: Architecture) throws {
            let network = EmbeddingNetwork(architecture, seed: 1)
            let tuning = FineTuning(network, FineTuning.Options())
            for kernel in try network.kernels(height: 218, width: 218) + tuning.kernels() {
                #expect(!kernel.hasPrefix("ref"))
            }
        }
    #endif
}

/// Images of normal numbers; image `i` has the stream (5, 1000, i).
func randomImages(_ count: Int, size: Int) -> Tensor {
    let images = Tensor([count, size, size, 3])
    for index in 0..<count { fillRandomImage(index, images.entries(index..<index + 1).values) }
    return images
}

func fillRandomImage(_ index: Int, _ image: UnsafeMutableBufferPointer<Float>) {
    let numbers = RandomNumbers(seed: 5, path: [1000, index])
    for position in image.indices { image[position] = Float(numbers.normal(at: UInt64(2 * position))) }
}
