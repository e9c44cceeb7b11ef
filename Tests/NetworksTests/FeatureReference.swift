/// Pooled features of two images in torchvision; written by Fixtures/features.py.
struct FeatureReference: Sendable {
    /// Of all parameters with the classifier.
    let parameters: Int
    /// The largest of both images.
    let largest: Float
    /// The first of each image.
    let first: [[Float]]
    /// Means over all of each image's.
    let means: [Float]

    static let resnet18 = FeatureReference(
        parameters: 11_689_512, largest: 1.81255,
        first: [
            [0.2694129, 0, 0.09385873, 0.6738185, 0.2000741, 0.3566034],
            [0.323777, 0.01979479, 0.3067457, 0.8655665, 0.09021401, 0.4550306],
        ], means: [0.265416, 0.2951447])

    static let resnet34 = FeatureReference(
        parameters: 21_797_672, largest: 53.15697,
        first: [
            [26.95644, 22.61488, 8.891533, 24.40438, 21.56883, 8.5952],
            [27.19151, 25.15102, 10.70269, 24.29476, 24.73899, 10.55575],
        ], means: [12.30357, 12.61304])

    static let resnet50 = FeatureReference(
        parameters: 25_557_032, largest: 1.34885,
        first: [
            [0.1145307, 0.309218, 0.04319843, 0.08065747, 0.1421657, 0.2818125],
            [0.03568703, 0.3966147, 0.1519181, 0.1006049, 0.08374444, 0.1130631],
        ], means: [0.1735526, 0.1380817])

    static let resnet101 = FeatureReference(
        parameters: 44_549_160, largest: 4397.77,
        first: [
            [0, 1022.352, 551.8853, 343.5744, 221.7087, 206.6124],
            [0, 954.7928, 498.8046, 287.5868, 193.8684, 170.5215],
        ], means: [770.31, 704.6193])

    static let resnet152 = FeatureReference(
        parameters: 60_192_808, largest: 6.984718e+07,
        first: [
            [8_035_708, 1.365804e+07, 4_636_620, 1_567_592, 1.885061e+07, 2.34288e+07],
            [7_372_753, 1.242534e+07, 4_197_220, 1_478_592, 1.70921e+07, 2.124778e+07],
        ], means: [9_399_031, 8_554_058])

    static let mobilenetV2 = FeatureReference(
        parameters: 3_504_872, largest: 6,
        first: [
            [0.7738758, 0.3124576, 0.6664958, 0, 0, 0.4518865],
            [0.7070301, 0.4906386, 0.7532651, 0, 0.3330486, 0.3726884],
        ], means: [1.158452, 1.117756])

}
