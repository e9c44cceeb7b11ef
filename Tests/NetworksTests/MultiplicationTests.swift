import Networks
import Testing

@Suite struct MultiplicationTests {
    @Test func theTrainedShareIsThatOfTheBlocksInWhichSomethingLearns() {
        for architecture in Architecture.allCases {
            #expect(architecture.trainedShare(.layers(0), size: 218) == 0)
            #expect(architecture.trainedShare(.layers(architecture.layers.count), size: 218) == 1)
        }
        // At 224 × 224 ResNet-50 multiplies 4.09 · 10⁹ times, in layer 4 (7 × 7 behind its stride) 0.81 · 10⁹.
        let share = Architecture.resnet50.trainedShare(.layers(10), size: 224)
        #expect(abs(share - 0.198) < 0.005, "\(share)")
    }

    @Test func whatIsKeptOfAnImageIsTheFrozenBlocksOutput() {
        #expect(Architecture.resnet50.frozenBytes(.layers(10), size: 224) == 14 * 14 * 1024 * 4)
    }
}
