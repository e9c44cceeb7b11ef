import Faces
import Imaging

extension FuzzTarget {
    /// Detection checks no index, so that whatever is read must be within its bounds; a small picture is searched too.
    static let cascade = FuzzTarget(name: "cascade", longest: 8192) { bytes, _ in
        guard let cascade = try? Cascade(xml: bytes, name: "cascade") else { return }
        for stage in cascade.stages {
            try promise(stage.treeCount > 0 && stage.firstTree + stage.treeCount <= cascade.trees.count, "a stage's trees")
        }
        for tree in cascade.trees {
            try promise(tree.firstNode + tree.nodeCount <= cascade.nodes.count, "a tree's nodes")
            try promise(tree.firstLeaf + tree.nodeCount < cascade.leaves.count, "a tree's leaves")
            for node in cascade.nodes[tree.firstNode..<tree.firstNode + tree.nodeCount] {
                try promise(cascade.features.indices.contains(node.feature), "feature \(node.feature)")
                for way in [node.left, node.right] {
                    try promise(way < tree.nodeCount && -way <= tree.nodeCount, "a node's way \(way)")
                }
            }
        }
        for feature in cascade.features {
            try promise((1...3).contains(feature.parts.count), "a feature of \(feature.parts.count) parts")
            for part in feature.parts {
                let r = part.rectangle
                let isInside =
                    feature.isTilted
                    ? r.x - r.height >= 0 && r.x + r.width <= cascade.width && r.y + r.width + r.height <= cascade.height
                    : r.x + r.width <= cascade.width && r.y + r.height <= cascade.height
                try promise(r.x >= 0 && r.y >= 0 && r.width > 0 && r.height > 0 && isInside, "the rectangle \(r)")
            }
        }
        guard cascade.width <= 32, cascade.height <= 32, cascade.nodes.count <= 64 else { return }
        for box in FaceDetector(cascade: cascade, scaleFactor: 1.5, minNeighbors: 0).detect(in: noise) {
            let isInside = box.x >= 0 && box.y >= 0 && box.x + box.width <= 40 && box.y + box.height <= 36
            try promise(isInside && box.width > 0 && box.height > 0, "a face outside the picture: \(box)")
        }
    }

    private static let noise = Image(
        width: 40, height: 36, channels: 1, pixels: (0..<40 * 36).map { UInt8(truncatingIfNeeded: $0 &* 167 ^ $0 >> 3) })
}
