import Execution
import Faces
import Imaging
import Networks
import Tensors

// What steps have to do, in units of which several kinds of directives need the same.

extension WorkUnit {
    /// A face from its file through a whole network.
    static func embedding(_ architecture: Architecture, _ precision: Precision) -> WorkUnit {
        WorkUnit(
            "faces through \(architecture.rawValue), \(precision.rawValue)",
            usualSeconds: 1 / UsualRate(architecture, precision).embedding,
            probe: { try embeddingSeconds(architecture, precision) })
    }

    /// A face that all layers of a network learn from; where some learn, it is that share of one.
    static func learning(_ architecture: Architecture, _ precision: Precision) -> WorkUnit {
        let rate = UsualRate(architecture, precision)
        let share = architecture.trainedShare(UsualRate.unfreezing, size: FaceTransform.size)
        return WorkUnit(
            "faces learned from by \(architecture.rawValue), \(precision.rawValue)",
            usualSeconds: (1 / rate.training - (1 - share) / rate.embedding) / share,
            scaling: Scaling(serialShare: learningSerialShare, mostCores: BatchSplit.pieceCount),
            probe: { try learningSeconds(architecture, precision, share) })
    }

    /// Of a training step on one core, what no other core can take over, about: the loss, the optimiser, the sums of
    /// gradients.
    private static let learningSerialShare = 0.05

    /// A face from its file as few pixels.
    static let pixels = WorkUnit("faces as pixels", usualSeconds: 1 / 2000.0)

    /// A query held against a face of the gallery, by all searches and measures of an evaluation.
    static let comparison = WorkUnit("comparisons", usualSeconds: 1e-7)

    /// A photograph in which a dataset's faces are looked for.
    static func photograph(
        of folder: String, _ detection: Preprocess.Detection, named name: String
    ) -> WorkUnit {
        WorkUnit(
            "photographs of \(name)", usualSeconds: 0.006, probe: { try detectionSeconds(in: folder, detection) })
    }
}

// MARK: Trying for a moment

/// Seconds that one takes: of so many, or of so many more that they take long enough to tell.
private func secondsOfOne(of count: Int, _ work: (Int) throws -> Void) rethrows -> Double {
    var count = count
    while true {
        let start = now()
        try work(count)
        let seconds = now() - start
        if seconds > 0.1 || count > 10_000 { return seconds / Double(count) }
        count *= 4
    }
}

private let noise: @Sendable (Int, UnsafeMutableBufferPointer<Float>) -> Void = { number, image in
    var bits = UInt32(truncatingIfNeeded: number) &* 2_654_435_761 | 1
    for index in image.indices {
        bits = bits &* 1_664_525 &+ 1_013_904_223
        image[index] = Float(bits >> 8) / Float(1 << 23) - 1
    }
}

/// From memory; a file's reading and decoding adds a ninth (Benchmarks/README.md).
private func embeddingSeconds(_ architecture: Architecture, _ precision: Precision) throws -> Double {
    let network = EmbeddingNetwork(architecture, seed: 0, precision: precision)
    func pass(_ count: Int) throws {
        _ = try network.features(
            count: count, height: FaceTransform.size, width: FaceTransform.size, fill: { noise($0, $1) })
    }
    try pass(Threads.count)  // compiles
    return try secondsOfOne(of: Threads.count, pass) / 0.9
}

/// What of a step is behind the frozen layers, whose part is kept from the first epoch on.
private func learningSeconds(_ architecture: Architecture, _ precision: Precision, _ share: Double) throws -> Double {
    var options = FineTuning.Options()
    options.unfreeze = UsualRate.unfreezing
    options.augmenting = .none
    options.tripletsPerBatch = BatchSplit.pieceCount
    let training = FineTuning(EmbeddingNetwork(architecture, seed: 0, precision: precision), options)
    // Three pictures, so that the first epoch is soon over.
    let triplets = (0..<BatchSplit.pieceCount).map { _ in Triplet(anchor: 0, positive: 1, negative: 2) }
    func epoch() throws {
        _ = try training.trainEpoch(TrainingSet(triplets: triplets)) { sample, _, image in noise(sample, image) }
    }
    try epoch()
    let start = now()
    try epoch()
    return (now() - start) / Double(3 * BatchSplit.pieceCount) / share
}

/// Some of the dataset's photographs, read and searched.
private func detectionSeconds(in folder: String, _ detection: Preprocess.Detection) throws -> Double {
    let dataset = try Dataset(contentsOf: folder)
    let (source, finder) = (try dataset.source(), try detection.finder())
    return try secondsOfOne(of: 2 * Threads.count) { count in
        let chosen = spread(dataset.photographs, count)
        let tried = concurrentMap((0..<count).map { chosen[$0 % chosen.count] }) { photograph in
            Result { finder.detection.find(in: try source.image(of: photograph)) }
        }
        // One that cannot be read costs little, here as there.
        if tried.allSatisfy({ (try? $0.get()) == nil }) { _ = try tried[0].get() }
    }
}

/// Images a second from files on two cores of a processor that multiplies bf16.
private struct UsualRate {
    let embedding: Double
    /// Whole steps, of which `unfreezing` learns.
    let training: Double

    static let unfreezing = Unfreezing.layers(10)

    init(_ architecture: Architecture, _ precision: Precision) {
        switch (architecture, precision) {
        case (.resnet18, .f32): (embedding, training) = (55, 45)
        case (.resnet18, .bf16): (embedding, training) = (150, 90)
        case (.resnet34, .f32): (embedding, training) = (28, 22)
        case (.resnet34, .bf16): (embedding, training) = (75, 45)
        case (.resnet50, .f32): (embedding, training) = (22, 18)
        case (.resnet50, .bf16): (embedding, training) = (60, 35)
        case (.resnet101, .f32): (embedding, training) = (12, 10)
        case (.resnet101, .bf16): (embedding, training) = (33, 20)
        case (.resnet152, .f32): (embedding, training) = (8, 6.5)
        case (.resnet152, .bf16): (embedding, training) = (22, 13)
        case (.mobilenetV2, .f32): (embedding, training) = (200, 150)
        case (.mobilenetV2, .bf16): (embedding, training) = (320, 200)
        }
    }
}
