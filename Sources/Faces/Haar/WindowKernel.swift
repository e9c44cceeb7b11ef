/// The inner loops: windows against stages, over memory whose bounds were settled when it was taken.
///
/// A feature is Σ weight · rectangle sum, times the window's 1/(area · σ), in single precision and in the order of the
/// file; a stage adds its trees' leaves in double precision. Both as the reference does, to the last bit: eight
/// neighbouring windows at once, or one alone, give the same answer.
struct WindowKernel {
    typealias Lanes = SIMD8<Float>
    static let lanes = Lanes.scalarCount

    private let sums: UnsafePointer<Int32>
    private let squares: UnsafePointer<UInt32>
    private let offsets: UnsafePointer<Int32>
    private let weights: UnsafePointer<Float>
    private let thresholds: UnsafePointer<Float>
    private let nextLeft: UnsafePointer<Int32>
    private let nextRight: UnsafePointer<Int32>
    private let leafLeft: UnsafePointer<Float>
    private let leafRight: UnsafePointer<Float>
    private let stageThresholds: UnsafePointer<Double>
    private let stageTrees: UnsafePointer<Int>
    private let treeNodes: UnsafePointer<Int>
    private let nodeValues: UnsafeMutablePointer<Lanes>
    private let stageCount: Int
    private let isStumps: Bool
    /// Corners of the rectangle that contrast is measured in: the window without its outermost pixels.
    private let inner: (Int, Int, Int, Int)
    private let area: Double

    /// Borrows the memory of `tables` and `integrals`, which must outlive the kernel.
    init(
        _ program: WindowProgram, _ layout: IntegralImages.Layout, _ tables: WindowTables, _ integrals: IntegralImages
    ) {
        sums = UnsafeRawPointer(integrals.sums.base).assumingMemoryBound(to: Int32.self)
        squares = UnsafePointer(integrals.squares.base)
        offsets = UnsafePointer(tables.offsets[layout.step - 1].base)
        weights = UnsafePointer(tables.weights.base)
        thresholds = UnsafePointer(tables.thresholds.base)
        nextLeft = UnsafePointer(tables.nextLeft.base)
        nextRight = UnsafePointer(tables.nextRight.base)
        leafLeft = UnsafePointer(tables.leafLeft.base)
        leafRight = UnsafePointer(tables.leafRight.base)
        stageThresholds = UnsafePointer(tables.stageThresholds.base)
        stageTrees = UnsafePointer(tables.stageTrees.base)
        treeNodes = UnsafePointer(tables.treeNodes.base)
        nodeValues = tables.nodeValues.base
        stageCount = program.stageThresholds.count
        isStumps = program.isStumps
        let (right, bottom) = (program.width - 1, program.height - 1)
        inner = (
            layout.offset(x: 1, y: 1), layout.offset(x: right, y: 1),
            layout.offset(x: 1, y: bottom), layout.offset(x: right, y: bottom)
        )
        area = Double((program.width - 2) * (program.height - 2))
    }

    /// Calls `found` with each window of a row that passes every stage, counted from the row's first.
    ///
    /// `base` is the first window's place in the sums. A window that fails the first stage hides the one to its right;
    /// a window without contrast does not. Blocks are judged together until two of their windows are left.
    func scanRow(_ base: Int, count: Int, found: (Int) -> Void) {
        var isHidden = false
        var first = 0
        while first < count {
            let window = base &+ first
            let (factors, contrast) = factors(window)
            let passed = contrast == 0 ? 0 : passing(0, sums + window, factors)
            var alive: UInt8 = 0
            for lane in 0..<min(Self.lanes, count &- first) {
                let bit: UInt8 = 1 << UInt8(truncatingIfNeeded: lane)
                if isHidden {
                    isHidden = false
                } else if contrast & bit != 0 {
                    if passed & bit != 0 { alive |= bit } else { isHidden = true }
                }
            }
            var stage = 1
            while stage < stageCount, alive.nonzeroBitCount > 2 {
                alive &= passing(stage, sums + window, factors)
                stage &+= 1
            }
            while alive != 0 {
                let lane = alive.trailingZeroBitCount
                alive &= alive &- 1
                if passes(from: stage, sums + (window &+ lane), factors[lane]) { found(first &+ lane) }
            }
            first &+= Self.lanes
        }
    }
}

/// The same scan, telling of every window.
extension WindowKernel {
    /// The verdict on each window of a row, one after the other and by the rules of ``scanRow(_:count:found:)``.
    func verdicts(_ base: Int, count: Int) -> [ScanExplanation.Verdict] {
        var isHidden = false
        return (0..<count).map { column in
            if isHidden {
                isHidden = false
                return .skipped
            }
            let (factors, contrast) = factors(base &+ column)
            guard contrast & 1 != 0 else { return .flat }
            let stage = firstFailure(from: 0, sums + (base &+ column), factors[0])
            isHidden = stage == 0
            return stage == stageCount ? .passed : .rejected(stage)
        }
    }
}

/// Eight windows, next to each other in memory.
extension WindowKernel {
    @inline(__always)
    private func load<T: FixedWidthInteger & SIMDScalar>(_ at: UnsafePointer<T>) -> SIMD8<T> {
        UnsafeRawPointer(at).loadUnaligned(as: SIMD8<T>.self)
    }

    /// 1/(area · σ) of each window, and a bit for each whose σ is over 10 of 255.
    @inline(__always)
    private func factors(_ window: Int) -> (Lanes, contrast: UInt8) {
        let at = sums + window
        let sum = load(at + inner.0) &- load(at + inner.1) &- load(at + inner.2) &+ load(at + inner.3)
        let squaresAt = squares + window
        let square =
            load(squaresAt + inner.0) &- load(squaresAt + inner.1) &- load(squaresAt + inner.2)
            &+ load(squaresAt + inner.3)
        let total = SIMD8<Double>(sum)
        let variance = area * SIMD8<Double>(square) - total * total
        let factors = Lanes(1 / variance.squareRoot())
        // Not a number where the variance is negative, infinite where it is 0: neither is below the limit.
        let contrast = area * SIMD8<Double>(factors)
        var bits: UInt8 = 0
        for lane in 0..<Self.lanes where contrast[lane] < 0.1 { bits |= 1 << UInt8(truncatingIfNeeded: lane) }
        return (factors, bits)
    }

    @inline(__always)
    private func rectangles(_ at: UnsafePointer<Int32>, _ corner: UnsafePointer<Int32>) -> Lanes {
        Lanes(
            load(at + Int(corner[0])) &- load(at + Int(corner[1])) &- load(at + Int(corner[2]))
                &+ load(at + Int(corner[3])))
    }

    @inline(__always)
    private func features(_ node: Int, _ at: UnsafePointer<Int32>, _ factors: Lanes) -> Lanes {
        let corner = offsets + (node &* WindowProgram.corners)
        let weight = weights + (node &* WindowProgram.weightStride)
        var value: Lanes = weight[0] * rectangles(at, corner) + weight[1] * rectangles(at, corner + 4)
        if weight[2] != 0 { value += weight[2] * rectangles(at, corner + 8) }
        return value * factors
    }

    /// A bit for each window that passes a stage.
    @inline(__always)
    private func passing(_ stage: Int, _ at: UnsafePointer<Int32>, _ factors: Lanes) -> UInt8 {
        var sum = SIMD8<Double>()
        if isStumps {
            for node in stageTrees[stage]..<stageTrees[stage &+ 1] {
                let isLeft = features(node, at, factors) .< thresholds[node]
                sum += SIMD8<Double>(Lanes(repeating: leafRight[node]).replacing(with: leafLeft[node], where: isLeft))
            }
        } else {
            for tree in stageTrees[stage]..<stageTrees[stage &+ 1] { sum += SIMD8<Double>(values(tree, at, factors)) }
        }
        var bits: UInt8 = 0
        let threshold = stageThresholds[stage]
        for lane in 0..<Self.lanes where sum[lane] >= threshold { bits |= 1 << UInt8(truncatingIfNeeded: lane) }
        return bits
    }

    /// The leaf that each window ends in: all nodes are evaluated, children before their parents.
    @inline(__always)
    private func values(_ tree: Int, _ at: UnsafePointer<Int32>, _ factors: Lanes) -> Lanes {
        let root = treeNodes[tree]
        var index = treeNodes[tree &+ 1] &- root
        while index > 0 {
            index &-= 1
            let node = root &+ index
            let isLeft = features(node, at, factors) .< thresholds[node]
            let (left, right) = (Int(nextLeft[node]), Int(nextRight[node]))
            let below = left == 0 ? Lanes(repeating: leafLeft[node]) : nodeValues[left]
            let above = right == 0 ? Lanes(repeating: leafRight[node]) : nodeValues[right]
            nodeValues[index] = above.replacing(with: below, where: isLeft)
        }
        return nodeValues[0]
    }
}

/// One window.
extension WindowKernel {
    @inline(__always)
    private func rectangle(_ at: UnsafePointer<Int32>, _ corner: UnsafePointer<Int32>) -> Float {
        Float(at[Int(corner[0])] &- at[Int(corner[1])] &- at[Int(corner[2])] &+ at[Int(corner[3])])
    }

    @inline(__always)
    private func feature(_ node: Int, _ at: UnsafePointer<Int32>, _ factor: Float) -> Float {
        let corner = offsets + (node &* WindowProgram.corners)
        let weight = weights + (node &* WindowProgram.weightStride)
        var value: Float = weight[0] * rectangle(at, corner) + weight[1] * rectangle(at, corner + 4)
        if weight[2] != 0 { value += weight[2] * rectangle(at, corner + 8) }
        return value * factor
    }

    /// Whether a window passes a stage and all that follow.
    @inline(__always)
    private func passes(from first: Int, _ at: UnsafePointer<Int32>, _ factor: Float) -> Bool {
        firstFailure(from: first, at, factor) == stageCount
    }

    /// The first stage that a window fails, from a stage on; their number when it passes all.
    private func firstFailure(from first: Int, _ at: UnsafePointer<Int32>, _ factor: Float) -> Int {
        var stage = first
        while stage < stageCount {
            var sum = 0.0
            if isStumps {
                for node in stageTrees[stage]..<stageTrees[stage &+ 1] {
                    let isLeft = feature(node, at, factor) < thresholds[node]
                    sum += Double(isLeft ? leafLeft[node] : leafRight[node])
                }
            } else {
                for tree in stageTrees[stage]..<stageTrees[stage &+ 1] { sum += Double(value(tree, at, factor)) }
            }
            if sum < stageThresholds[stage] { return stage }
            stage &+= 1
        }
        return stageCount
    }

    @inline(__always)
    private func value(_ tree: Int, _ at: UnsafePointer<Int32>, _ factor: Float) -> Float {
        let root = treeNodes[tree]
        var node = root
        while true {
            let isLeft = feature(node, at, factor) < thresholds[node]
            let next = isLeft ? nextLeft[node] : nextRight[node]
            if next == 0 { return isLeft ? leafLeft[node] : leafRight[node] }
            node = root &+ Int(next)
        }
    }
}
