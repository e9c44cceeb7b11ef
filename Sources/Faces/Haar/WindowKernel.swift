import CWindows

/// The inner loops: windows against stages, over memory whose bounds were settled when it was taken.
///
/// A feature is Σ weight · rectangle sum, times the window's 1/(area · σ), in single precision and in the order of the
/// file; a stage adds its trees' leaves in double precision. Both as the reference does, to the last bit: eight
/// neighbouring windows at once (`CWindows`), or one alone (`verdicts`), give the same answer.
struct WindowKernel {
    /// How many windows are judged at once.
    static let together = 8

    private let windows: cascade_windows

    /// Borrows the memory of `tables` and `integrals`, which must outlive the kernel.
    init(
        _ program: WindowProgram, _ layout: IntegralImages.Layout, _ tables: WindowTables, _ integrals: IntegralImages
    ) {
        let (right, bottom) = (program.width - 1, program.height - 1)
        // Corners of the rectangle that contrast is measured in: the window without its outermost pixels.
        let inner = (
            layout.offset(x: 1, y: 1), layout.offset(x: right, y: 1),
            layout.offset(x: 1, y: bottom), layout.offset(x: right, y: bottom)
        )
        windows = cascade_windows(
            sums: UnsafeRawPointer(integrals.sums.base).assumingMemoryBound(to: Int32.self),
            squares: integrals.squares.base, offsets: tables.offsets[layout.step - 1].base,
            weights: tables.weights.base, thresholds: tables.thresholds.base, next_left: tables.nextLeft.base,
            next_right: tables.nextRight.base, leaf_left: tables.leafLeft.base, leaf_right: tables.leafRight.base,
            stage_thresholds: tables.stageThresholds.base, stage_trees: tables.stageTrees.base,
            tree_nodes: tables.treeNodes.base, stage_count: program.stageThresholds.count,
            has_stumps_only: program.isStumps ? 1 : 0, node_values: tables.nodeValues.base, inner: inner,
            area: Double((program.width - 2) * (program.height - 2)))
    }

    /// Calls `found` with each window of a row that passes every stage, counted from the row's first.
    ///
    /// `base` is the first window's place in the sums. A window that fails the first stage hides the one to its right;
    /// a window without contrast does not.
    func scanRow(_ base: Int, count: Int, found: (Int) -> Void) {
        var isHidden: Int32 = 0
        withUnsafePointer(to: windows) { windows in
            for first in stride(from: 0, to: count, by: Self.together) {
                var passing = cascade_passing(
                    windows, base + first, UInt32(min(Self.together, count - first)), &isHidden)
                while passing != 0 {
                    found(first + passing.trailingZeroBitCount)
                    passing &= passing - 1
                }
            }
        }
    }
}

/// The same scan, one window after the other, telling of each.
extension WindowKernel {
    /// The verdict on each window of a row, by the rules of ``scanRow(_:count:found:)``.
    func verdicts(_ base: Int, count: Int) -> [ScanExplanation.Verdict] {
        var isHidden = false
        return (0..<count).map { column in
            if isHidden {
                isHidden = false
                return .skipped
            }
            let factor = factor(base + column)
            guard windows.area * Double(factor) < 0.1 else { return .flat }
            let stage = firstFailure(windows.sums + (base + column), factor)
            isHidden = stage == 0
            return stage == windows.stage_count ? .passed : .rejected(stage)
        }
    }

    /// A window's 1/(area · σ): infinite where σ is 0, not a number where rounding made its square negative.
    private func factor(_ window: Int) -> Float {
        let (a, b, c, d) = windows.inner
        let (sums, squares) = (windows.sums + window, windows.squares + window)
        let sum = Double(sums[a] &- sums[b] &- sums[c] &+ sums[d])
        let square = Double(squares[a] &- squares[b] &- squares[c] &+ squares[d])
        return Float(1 / (windows.area * square - sum * sum).squareRoot())
    }

    /// The first stage that a window fails; their number when it passes all.
    private func firstFailure(_ at: UnsafePointer<Int32>, _ factor: Float) -> Int {
        for stage in 0..<windows.stage_count {
            var sum = 0.0
            for tree in windows.stage_trees[stage]..<windows.stage_trees[stage + 1] {
                sum += Double(leaf(tree, at, factor))
            }
            if sum < windows.stage_thresholds[stage] { return stage }
        }
        return windows.stage_count
    }

    /// The leaf that a window ends in.
    private func leaf(_ tree: Int, _ at: UnsafePointer<Int32>, _ factor: Float) -> Float {
        let root = windows.tree_nodes[tree]
        var node = root
        while true {
            let isLeft = feature(node, at, factor) < windows.thresholds[node]
            let next = isLeft ? windows.next_left[node] : windows.next_right[node]
            if next == 0 { return isLeft ? windows.leaf_left[node] : windows.leaf_right[node] }
            node = root + Int(next)
        }
    }

    private func feature(_ node: Int, _ at: UnsafePointer<Int32>, _ factor: Float) -> Float {
        let corner = windows.offsets + node * WindowProgram.corners
        let weight = windows.weights + node * WindowProgram.weightStride
        var value: Float = weight[0] * rectangle(at, corner) + weight[1] * rectangle(at, corner + 4)
        if weight[2] != 0 { value += weight[2] * rectangle(at, corner + 8) }
        return value * factor
    }

    private func rectangle(_ at: UnsafePointer<Int32>, _ corner: UnsafePointer<Int32>) -> Float {
        Float(at[Int(corner[0])] &- at[Int(corner[1])] &- at[Int(corner[2])] &+ at[Int(corner[3])])
    }
}
