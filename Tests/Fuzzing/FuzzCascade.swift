/// Reads the bytes as a cascade; whatever is read must be within the bounds that evaluation relies on.
@_cdecl("LLVMFuzzerTestOneInput")
func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = Array(UnsafeBufferPointer(start: start, count: count))
    guard let cascade = try? Cascade(xml: bytes, name: "fuzz") else { return 0 }
    for stage in cascade.stages {
        precondition(stage.treeCount > 0 && stage.firstTree + stage.treeCount <= cascade.trees.count)
    }
    for tree in cascade.trees {
        precondition(tree.firstNode + tree.nodeCount <= cascade.nodes.count)
        precondition(tree.firstLeaf + tree.nodeCount < cascade.leaves.count)
        for node in cascade.nodes[tree.firstNode..<tree.firstNode + tree.nodeCount] {
            precondition(cascade.features.indices.contains(node.feature))
            for way in [node.left, node.right] { precondition(way < tree.nodeCount && -way <= tree.nodeCount) }
        }
    }
    for feature in cascade.features {
        precondition((1...3).contains(feature.parts.count))
        for part in feature.parts {
            let r = part.rectangle
            let isInside =
                feature.isTilted
                ? r.x - r.height >= 0 && r.x + r.width <= cascade.width && r.y + r.width + r.height <= cascade.height
                : r.x + r.width <= cascade.width && r.y + r.height <= cascade.height
            precondition(r.x >= 0 && r.y >= 0 && r.width > 0 && r.height > 0 && isInside)
        }
    }
    return 0
}
