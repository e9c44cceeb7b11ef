/// An array for the inner loops: its length is fixed, its address does not move, access is not checked.
final class FixedArray<Element: BitwiseCopyable> {
    let base: UnsafeMutablePointer<Element>
    let count: Int

    init(repeating value: Element, count: Int) {
        self.count = count
        base = .allocate(capacity: max(1, count))
        base.initialize(repeating: value, count: count)
    }

    init(_ elements: [Element]) {
        count = elements.count
        base = .allocate(capacity: max(1, count))
        elements.withUnsafeBufferPointer { source in
            if let first = source.baseAddress { base.initialize(from: first, count: count) }
        }
    }

    deinit { base.deallocate() }
}

/// A program's arrays as the inner loops read them, with the corners' offsets for both layouts of one image's sums.
final class WindowTables {
    /// By step, 1 and 2: twelve offsets a node.
    let offsets: [FixedArray<Int32>]
    let weights: FixedArray<Float>
    let thresholds: FixedArray<Float>
    let nextLeft: FixedArray<Int32>
    let nextRight: FixedArray<Int32>
    let leafLeft: FixedArray<Float>
    let leafRight: FixedArray<Float>
    let stageThresholds: FixedArray<Double>
    let stageTrees: FixedArray<Int>
    let treeNodes: FixedArray<Int>
    /// Room for the values of the largest tree's nodes, for each of the windows that are judged together.
    let nodeValues: FixedArray<Float>

    init(_ program: WindowProgram, _ layouts: [IntegralImages.Layout]) {
        offsets = layouts.map { FixedArray(program.offsets($0)) }
        weights = FixedArray(program.weights)
        thresholds = FixedArray(program.thresholds)
        nextLeft = FixedArray(program.nextLeft)
        nextRight = FixedArray(program.nextRight)
        leafLeft = FixedArray(program.leafLeft)
        leafRight = FixedArray(program.leafRight)
        stageThresholds = FixedArray(program.stageThresholds)
        stageTrees = FixedArray(program.stageTrees)
        treeNodes = FixedArray(program.treeNodes)
        let largest = zip(program.treeNodes, program.treeNodes.dropFirst()).map { $1 - $0 }.max() ?? 0
        nodeValues = FixedArray(repeating: 0, count: largest * WindowKernel.together)
    }
}
