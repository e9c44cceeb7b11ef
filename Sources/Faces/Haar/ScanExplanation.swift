import Imaging

/// What a detector did with every window of one image. Some 16 bytes a window beside the shrunken images.
package struct ScanExplanation: Sendable {
    package let stageCount: Int
    /// Largest image first.
    package let layers: [Layer]
    /// The windows that passed every stage, in pixels of the image.
    package let windows: [Rectangle]
    package let faces: [Detection]

    /// What became of a window.
    package enum Verdict: Sendable, Hashable {
        /// Not looked at: the window to its left had failed the first stage.
        case skipped
        /// Not judged: its pixels hardly differ.
        case flat
        /// Failed a stage, counted from 0.
        case rejected(Int)
        case passed
    }

    /// One size of the image and the windows in it.
    package struct Layer: Sendable {
        /// Image pixels per layer pixel.
        package let scale: Float
        /// Layer pixels from one window to the next, in both directions.
        package let step: Int
        package let columns: Int
        package let rows: Int
        /// Row by row: `verdicts[row * columns + column]`.
        package let verdicts: [Verdict]
        /// The shrunken image, gray.
        package let image: Image
        /// The window's size in layer pixels.
        package let window: (width: Int, height: Int)

        /// Where a window lies, in pixels of the image.
        package func place(column: Int, row: Int) -> Rectangle {
            func scaled(_ value: Int) -> Int { PyramidLayer.rounded(Float(value) * scale) }
            return Rectangle(
                x: scaled(column * step), y: scaled(row * step), width: scaled(window.width),
                height: scaled(window.height))
        }

        var passed: [Rectangle] {
            verdicts.indices.filter { verdicts[$0] == .passed }.map { place(column: $0 % columns, row: $0 / columns) }
        }
    }
}

/// How many windows each stage rejects: sums over any number of images, in any order.
package struct StageTally: Sendable, Hashable, Codable {
    package private(set) var images = 0
    package private(set) var skipped = 0
    package private(set) var flat = 0
    /// By stage, from the first.
    package private(set) var rejected: [Int]
    package private(set) var passed = 0

    package init(stageCount: Int) { rejected = [Int](repeating: 0, count: stageCount) }

    package init(_ explanation: ScanExplanation) {
        self.init(stageCount: explanation.stageCount)
        startImage()
        for layer in explanation.layers { add(layer.verdicts[...]) }
    }

    /// Counts one more image, whose verdicts follow.
    mutating func startImage() { images += 1 }

    mutating func add(_ verdicts: ArraySlice<ScanExplanation.Verdict>) {
        for verdict in verdicts {
            switch verdict {
            case .skipped: skipped += 1
            case .flat: flat += 1
            case .rejected(let stage): rejected[stage] += 1
            case .passed: passed += 1
            }
        }
    }

    /// Windows of the pyramid, looked at or not.
    package var windows: Int { skipped + flat + judged }
    /// Windows that met the first stage.
    package var judged: Int { rejected.reduce(passed, +) }

    /// Windows that are left after each stage, from the first.
    package var left: [Int] {
        var rest = judged
        return rejected.map {
            rest -= $0
            return rest
        }
    }

    /// Adds another tally of the same cascade.
    package mutating func add(_ other: StageTally) {
        precondition(rejected.count == other.rejected.count, "tallies of one cascade are added")
        images += other.images
        skipped += other.skipped
        flat += other.flat
        passed += other.passed
        for stage in rejected.indices { rejected[stage] += other.rejected[stage] }
    }

    /// How many trees a judged window meets on average; nil when none was judged.
    package func meanTrees(_ cascade: Cascade) -> Double? {
        guard judged > 0 else { return nil }
        var reaching = judged
        var trees = 0
        for (stage, rejected) in rejected.enumerated() {
            trees += reaching * cascade.treeCount(ofStage: stage)
            reaching -= rejected
        }
        return Double(trees) / Double(judged)
    }
}

extension ScanExplanation.Verdict {
    /// How many stages a judged window passed.
    package func stagesPassed(of count: Int) -> Int? {
        switch self {
        case .skipped, .flat: nil
        case .rejected(let stage): stage
        case .passed: count
        }
    }
}
