/// The inner loops: windows against stages, over buffers whose bounds were settled when they were made.
///
/// A feature is Σ weight · rectangle sum, times the window's 1/σ, in single precision and in the order of the file;
/// a stage adds its trees' leaves in double precision. Both as the reference does, to the last bit.
struct WindowKernel {
    static let lanes = 8
    /// Outcomes of the first stage. `flat`: too little contrast to be looked at.
    static let failed: UInt8 = 0
    static let passed: UInt8 = 1
    static let flat: UInt8 = 2

    typealias Lanes = SIMD8<Float>

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
    private let stageCount: Int
    private let isStumps: Bool
    /// The rectangle that contrast is measured in: the window without its outermost pixels.
    private let inner: (Int, Int, Int, Int)
    private let area: Double
}

extension WindowKernel {
    /// 1/(area · σ) of a window, nil when σ ≤ 10 of 255.
    @inline(__always)
    private func factor(_ window: Int) -> Float? {
        let sum =
            sums[window &+ inner.0] &- sums[window &+ inner.1] &- sums[window &+ inner.2]
            &+ sums[window &+ inner.3]
        let square =
            squares[window &+ inner.0] &- squares[window &+ inner.1] &- squares[window &+ inner.2]
            &+ squares[window &+ inner.3]
        let variance = area * Double(square) - Double(sum) * Double(sum)
        guard variance > 0 else { return nil }
        let factor = Float(1 / variance.squareRoot())
        return area * Double(factor) < 0.1 ? factor : nil
    }

    @inline(__always)
    private func rectangle(_ at: UnsafePointer<Int32>, _ corner: UnsafePointer<Int32>) -> Float {
        let sum = at[Int(corner[0])] &- at[Int(corner[1])] &- at[Int(corner[2])] &+ at[Int(corner[3])]
        return Float(sum)
    }

    @inline(__always)
    private func feature(_ node: Int, _ at: UnsafePointer<Int32>, _ factor: Float) -> Float {
        let corner = offsets + (node &* WindowProgram.corners)
        let weight = weights + (node &* WindowProgram.weightStride)
        var value = weight[0] * rectangle(at, corner) + weight[1] * rectangle(at, corner + 4)
        if weight[2] != 0 { value += weight[2] * rectangle(at, corner + 8) }
        return value * factor
    }

    @inline(__always)
    private func passes(_ stage: Int, _ at: UnsafePointer<Int32>, _ factor: Float) -> Bool {
        var sum = 0.0
        if isStumps {
            for node in stageTrees[stage]..<stageTrees[stage &+ 1] {
                let isLeft = feature(node, at, factor) < thresholds[node]
                sum += Double(isLeft ? leafLeft[node] : leafRight[node])
            }
        } else {
            for tree in stageTrees[stage]..<stageTrees[stage &+ 1] {
                let root = treeNodes[tree]
                var node = root
                while true {
                    let isLeft = feature(node, at, factor) < thresholds[node]
                    let next = isLeft ? nextLeft[node] : nextRight[node]
                    if next == 0 {
                        sum += Double(isLeft ? leafLeft[node] : leafRight[node])
                        break
                    }
                    node = root &+ Int(next)
                }
            }
        }
        return sum >= stageThresholds[stage]
    }

    /// Whether a window that passed the first stage passes all others.
    func passesRest(_ window: Int, _ factor: Float) -> Bool {
        let at = sums + window
        for stage in 1..<max(1, stageCount) where !passes(stage, at, factor) { return false }
        return true
    }

    /// Judges a row of windows, `base ..< base + count` in the buffer of sums, by contrast and the first stage.
    func firstStage(_ base: Int, _ count: Int, _ states: inout [UInt8], _ factors: inout [Float]) {
        for i in 0..<count {
            if let factor = factor(base &+ i) {
                factors[i] = factor
                states[i] = passes(0, sums + (base &+ i), factor) ? Self.passed : Self.failed
            } else {
                states[i] = Self.flat
            }
        }
    }
}

extension WindowKernel {
    /// Lends a kernel for the sums in `integrals`.
    static func with(
        _ program: WindowProgram, _ layout: IntegralImages.Layout, _ offsets: [Int32], _ integrals: IntegralImages,
        _ body: (WindowKernel) -> Void
    ) {
        func pointers<T>(_ array: [T], _ body: (UnsafePointer<T>) -> Void) {
            array.withUnsafeBufferPointer { buffer in
                if let base = buffer.baseAddress { body(base) }
            }
        }
        let (right, bottom) = (program.width - 1, program.height - 1)
        let inner = (
            layout.offset(x: 1, y: 1), layout.offset(x: right, y: 1),
            layout.offset(x: 1, y: bottom), layout.offset(x: right, y: bottom)
        )
        integrals.sums.withUnsafeBytes { sums in
            pointers(integrals.squares) { squares in
                pointers(offsets) { offsets in
                    pointers(program.weights) { weights in
                        pointers(program.thresholds) { thresholds in
                            pointers(program.nextLeft) { nextLeft in
                                pointers(program.nextRight) { nextRight in
                                    pointers(program.leafLeft) { leafLeft in
                                        pointers(program.leafRight) { leafRight in
                                            pointers(program.stageThresholds) { stageThresholds in
                                                pointers(program.stageTrees) { stageTrees in
                                                    pointers(program.treeNodes) { treeNodes in
                                                        guard let sums = sums.bindMemory(to: Int32.self).baseAddress
                                                        else { return }
                                                        body(
                                                            WindowKernel(
                                                                sums: sums, squares: squares, offsets: offsets,
                                                                weights: weights, thresholds: thresholds,
                                                                nextLeft: nextLeft, nextRight: nextRight,
                                                                leafLeft: leafLeft, leafRight: leafRight,
                                                                stageThresholds: stageThresholds,
                                                                stageTrees: stageTrees, treeNodes: treeNodes,
                                                                stageCount: program.stageThresholds.count,
                                                                isStumps: program.isStumps, inner: inner,
                                                                area: Double((program.width - 2) * (program.height - 2))
                                                            ))
                                                    }
                                                }
                                            }
                                        }
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}
