/// Fixed memory for the inner loops: the elements of an array at an address that does not move.
final class Memory<Element: BitwiseCopyable> {
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
    let offsets: [Memory<Int32>]
    let weights: Memory<Float>
    let thresholds: Memory<Float>
    let nextLeft: Memory<Int32>
    let nextRight: Memory<Int32>
    let leafLeft: Memory<Float>
    let leafRight: Memory<Float>
    let stageThresholds: Memory<Double>
    let stageTrees: Memory<Int>
    let treeNodes: Memory<Int>
    /// Room for the values of the largest tree's nodes, for each lane.
    let nodeValues: Memory<WindowKernel.Lanes>

    init(_ program: WindowProgram, _ layouts: [IntegralImages.Layout]) {
        offsets = layouts.map { Memory(program.offsets($0)) }
        weights = Memory(program.weights)
        thresholds = Memory(program.thresholds)
        nextLeft = Memory(program.nextLeft)
        nextRight = Memory(program.nextRight)
        leafLeft = Memory(program.leafLeft)
        leafRight = Memory(program.leafRight)
        stageThresholds = Memory(program.stageThresholds)
        stageTrees = Memory(program.stageTrees)
        treeNodes = Memory(program.treeNodes)
        let largest = zip(program.treeNodes, program.treeNodes.dropFirst()).map { $1 - $0 }.max() ?? 0
        nodeValues = Memory(repeating: WindowKernel.Lanes(), count: largest)
    }
}
