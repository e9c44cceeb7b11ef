/// The leaves' coordinates sixteen vectors at a time, coordinate by coordinate: one step rules out sixteen vectors.
struct LeafBlocks: Sendable {
    /// Coordinates per vector; a block is that many steps.
    let depth: Int
    /// Per node, its first block; a leaf of n vectors has (n + 15) / 16.
    let firstBlock: [Int]
    let values: [SIMD16<Float>]

    /// Missing vectors of a last block lie infinitely far.
    init(_ coordinates: Coordinates, order: [Int], nodes: [KDTree.Node]) {
        let depth = coordinates.width * 16
        var firstBlock: [Int] = []
        var blocks = 0
        for node in nodes {
            firstBlock.append(blocks)
            if node.question == nil { blocks += (node.vectors.count + 15) / 16 }
        }
        var values = [SIMD16<Float>](repeating: SIMD16(repeating: .infinity), count: blocks * depth)
        coordinates.values.withUnsafeBytes { source in
            values.withUnsafeMutableBytes { target in
                let source = source.bindMemory(to: Float.self)
                let target = target.bindMemory(to: Float.self)
                for (node, first) in zip(nodes, firstBlock) where node.question == nil {
                    for (i, position) in node.vectors.enumerated() {
                        let block = (first + i >> 4) * depth * 16 + i & 15
                        for c in 0..<depth { target[block + c * 16] = source[order[position] * depth + c] }
                    }
                }
            }
        }
        self.depth = depth
        self.firstBlock = firstBlock
        self.values = values
    }
}
