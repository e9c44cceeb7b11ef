import Imaging

/// Turns the elements of a cascade file into a ``Cascade``, checking every count and index on the way.
struct CascadeReader {
    let name: String

    /// What stays of a stage's threshold: sums that differ by rounding alone still pass.
    private static let thresholdSlack: Float = 1e-5
    private static let largestWindow = 1024
    /// Nodes of one tree; stock cascades have a handful.
    private static let mostNodes = 1024

    func cascade(_ root: XMLElement) throws(CascadeError) -> Cascade {
        guard root.name == "opencv_storage", let cascade = root.children.first else {
            throw refusal(root, "this is no cascade file; its root is not 'opencv_storage'")
        }
        guard cascade.child("stages")?.children.first?.child("trees") == nil, cascade.child("stageType") != nil else {
            throw refusal(cascade, "this is a cascade in the old format; use one with 'stageType' and 'featureType'")
        }
        try require(cascade, "stageType", "BOOST")
        try require(cascade, "featureType", "HAAR")
        let width = try integer(cascade, "width", in: 3...Self.largestWindow)
        let height = try integer(cascade, "height", in: 3...Self.largestWindow)

        let featureList = try child(cascade, "features")
        var features: [Cascade.Feature] = []
        features.reserveCapacity(featureList.children.count)
        for element in featureList.children {
            features.append(try feature(element, width: width, height: height))
        }
        guard !features.isEmpty else { throw refusal(featureList, "there are no features") }

        var forest = Forest()
        let stageList = try child(cascade, "stages")
        for element in stageList.children { try addStage(element, to: &forest, featureCount: features.count) }
        guard !forest.stages.isEmpty else { throw refusal(stageList, "there are no stages") }
        if cascade.child("stageNum") != nil {
            let said = try integer(cascade, "stageNum", in: 0...Int(Int32.max))
            guard said == forest.stages.count else {
                throw refusal(stageList, "\(forest.stages.count) stages where 'stageNum' says \(said)")
            }
        }
        return Cascade(
            width: width, height: height, stages: forest.stages, trees: forest.trees, nodes: forest.nodes,
            leaves: forest.leaves, features: features)
    }

    private struct Forest {
        var stages: [Cascade.Stage] = []
        var trees: [Cascade.Tree] = []
        var nodes: [Cascade.Node] = []
        var leaves: [Float] = []
    }

    private func addStage(_ stage: XMLElement, to forest: inout Forest, featureCount: Int) throws(CascadeError) {
        let threshold = try numbers(child(stage, "stageThreshold"), count: 1)[0]
        let list = try child(stage, "weakClassifiers")
        guard !list.children.isEmpty else { throw refusal(list, "a stage without trees") }
        if stage.child("maxWeakCount") != nil {
            let said = try integer(stage, "maxWeakCount", in: 0...Int(Int32.max))
            guard said == list.children.count else {
                throw refusal(list, "\(list.children.count) trees where 'maxWeakCount' says \(said)")
            }
        }
        forest.stages.append(
            Cascade.Stage(
                firstTree: forest.trees.count, treeCount: list.children.count,
                threshold: threshold - Self.thresholdSlack))
        for tree in list.children { try addTree(tree, to: &forest, featureCount: featureCount) }
    }

    private func addTree(_ tree: XMLElement, to forest: inout Forest, featureCount: Int) throws(CascadeError) {
        let nodesElement = try child(tree, "internalNodes")
        let values = words(nodesElement)
        guard !values.isEmpty, values.count % 4 == 0 else {
            throw refusal(nodesElement, "\(values.count) numbers where each node has left, right, feature, threshold")
        }
        let count = values.count / 4
        guard count <= Self.mostNodes else {
            throw refusal(nodesElement, "a tree of \(count) nodes; at most \(Self.mostNodes) are read")
        }
        var nodes: [Cascade.Node] = []
        for i in 0..<count {
            let left = try integer(values[4 * i], nodesElement, "left child", in: -count...(count - 1))
            let right = try integer(values[4 * i + 1], nodesElement, "right child", in: -count...(count - 1))
            let feature = try integer(values[4 * i + 2], nodesElement, "feature", in: 0...(featureCount - 1))
            let threshold = try number(values[4 * i + 3], nodesElement)
            nodes.append(Cascade.Node(feature: feature, threshold: threshold, left: left, right: right))
        }
        var seen = [Bool](repeating: false, count: count)
        var waiting = [0]
        while let i = waiting.popLast() {
            guard !seen[i] else { throw refusal(nodesElement, "node \(i) is reached twice: the tree has a cycle") }
            seen[i] = true
            for next in [nodes[i].left, nodes[i].right] where next > 0 { waiting.append(next) }
        }
        forest.trees.append(
            Cascade.Tree(firstNode: forest.nodes.count, nodeCount: count, firstLeaf: forest.leaves.count))
        forest.nodes += nodes
        forest.leaves += try numbers(child(tree, "leafValues"), count: count + 1)
    }

    private func feature(_ element: XMLElement, width: Int, height: Int) throws(CascadeError) -> Cascade.Feature {
        var isTilted = false
        if element.child("tilted") != nil { isTilted = try integer(element, "tilted", in: 0...1) == 1 }
        let list = try child(element, "rects")
        guard (1...3).contains(list.children.count) else {
            throw refusal(list, "\(list.children.count) rectangles where a feature has 1 to 3")
        }
        var parts: [(rectangle: Rectangle, weight: Float)] = []
        for part in list.children {
            let values = words(part)
            guard values.count == 5 else {
                throw refusal(part, "\(values.count) numbers where a rectangle has x, y, width, height, weight")
            }
            let x = try integer(values[0], part, "x", in: 0...width)
            let y = try integer(values[1], part, "y", in: 0...height)
            let w = try integer(values[2], part, "width", in: 1...width)
            let h = try integer(values[3], part, "height", in: 1...height)
            let isInside =
                isTilted ? x >= h && x + w <= width && y + w + h <= height : x + w <= width && y + h <= height
            guard isInside else { throw refusal(part, "the rectangle leaves the window of \(width)×\(height)") }
            parts.append((Rectangle(x: x, y: y, width: w, height: h), try number(values[4], part)))
        }
        return Cascade.Feature(parts: parts, isTilted: isTilted)
    }
}

/// Values inside elements.
extension CascadeReader {
    private func child(_ element: XMLElement, _ wanted: String) throws(CascadeError) -> XMLElement {
        guard let found = element.child(wanted) else { throw refusal(element, "'\(element.name)' has no '\(wanted)'") }
        return found
    }

    private func words(_ element: XMLElement) -> [ArraySlice<UInt8>] {
        element.text.split { $0 == 0x20 || $0 == 0x0A || $0 == 0x0D || $0 == 0x09 }
    }

    private func require(_ element: XMLElement, _ key: String, _ value: String) throws(CascadeError) {
        let found = try child(element, key)
        let text = words(found)
        guard text.count == 1, text[0].elementsEqual(value.utf8) else {
            throw refusal(found, "only cascades with '\(key)' \(value) are read")
        }
    }

    private func integer(_ element: XMLElement, _ key: String, in range: ClosedRange<Int>) throws(CascadeError) -> Int {
        let found = try child(element, key)
        let text = words(found)
        guard text.count == 1 else { throw refusal(found, "one whole number is expected in '\(key)'") }
        return try integer(text[0], found, key, in: range)
    }

    private func integer(
        _ text: ArraySlice<UInt8>, _ element: XMLElement, _ what: String, in range: ClosedRange<Int>
    ) throws(CascadeError) -> Int {
        let string = String(decoding: text.prefix(32), as: UTF8.self)
        guard let value = Int(string), range.contains(value) else {
            throw refusal(
                element, "\(what) '\(string)' is not a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return value
    }

    private func numbers(_ element: XMLElement, count: Int) throws(CascadeError) -> [Float] {
        let text = words(element)
        guard text.count == count else {
            throw refusal(element, "\(text.count) numbers in '\(element.name)' where \(count) are expected")
        }
        var values: [Float] = []
        for word in text { values.append(try number(word, element)) }
        return values
    }

    /// Decimal numbers, read in double precision and rounded to single, as the cascades' reference reader does.
    private func number(_ text: ArraySlice<UInt8>, _ element: XMLElement) throws(CascadeError) -> Float {
        let string = String(decoding: text.prefix(64), as: UTF8.self)
        let isDecimal = text.count <= 64 && text.allSatisfy { (0x30...0x39).contains($0) || "+-.eE".utf8.contains($0) }
        guard isDecimal, let value = Double(string), Float(value).isFinite else {
            throw refusal(element, "'\(string)' is not a number")
        }
        return Float(value)
    }

    private func refusal(_ element: XMLElement, _ problem: String) -> CascadeError {
        CascadeError(name: name, line: element.line, problem: problem)
    }
}
