import Drawing
import Imaging

/// Draws a search tree: the root on top, leaves below, what a query visited filled and what it left out hollow.
struct TreeDrawing {
    let tree: TreeDiagram
    let palette: Palette

    /// Deeper nodes would overlap: there a subtree is drawn as one leaf.
    private static let deepest = 7

    func image(width: Int, height: Int) -> Image {
        let canvas = Canvas(width: width, height: height, background: palette.paper)
        guard !tree.nodes.isEmpty else { return canvas.image() }
        let depth = max(1, min(Self.deepest, tree.nodes.map(\.depth).max() ?? 1))
        let margin = 34.0
        let step = (Double(height) - 92) / Double(depth)
        var places = [Int: Canvas.Point]()
        let leaves = drawnLeaves(below: 0)
        let gap = (Double(width) - 2 * margin) / Double(max(1, leaves.count))
        for (index, leaf) in leaves.enumerated() {
            places[leaf] = .init(margin + gap * (Double(index) + 0.5), 30 + step * Double(tree.nodes[leaf].depth))
        }
        place(0, step, &places)
        // In order, so that the same tree has the same bytes.
        let drawn = places.sorted { $0.key < $1.key }
        for (node, point) in drawn {
            guard let children = drawnChildren(of: node) else { continue }
            for child in [children.left, children.right] {
                guard let end = places[child] else { continue }
                let visited = tree.nodes[child].fate == .visited
                canvas.line(
                    from: point, to: end, color: visited ? palette.series(0) : palette.line,
                    lineWidth: visited ? 1.8 : 1)
            }
        }
        for (node, point) in drawn { draw(node, at: point, gap: gap, canvas) }
        legend(canvas, y: Double(height) - 14)
        return canvas.image()
    }

    private func drawnChildren(of node: Int) -> (left: Int, right: Int)? {
        guard tree.nodes[node].depth < Self.deepest, let left = tree.nodes[node].left,
            let right = tree.nodes[node].right
        else { return nil }
        return (left, right)
    }

    private func drawnLeaves(below node: Int) -> [Int] {
        guard let children = drawnChildren(of: node) else { return [node] }
        return drawnLeaves(below: children.left) + drawnLeaves(below: children.right)
    }

    /// A parent stands between its children. At most `deepest` levels of recursion.
    private func place(_ node: Int, _ step: Double, _ places: inout [Int: Canvas.Point]) {
        guard let children = drawnChildren(of: node) else { return }
        place(children.left, step, &places)
        place(children.right, step, &places)
        guard let left = places[children.left], let right = places[children.right] else { return }
        places[node] = .init((left.x + right.x) / 2, 30 + step * Double(tree.nodes[node].depth))
    }

    private func draw(_ node: Int, at point: Canvas.Point, gap: Double, _ canvas: Canvas) {
        let value = tree.nodes[node]
        let isLeaf = drawnChildren(of: node) == nil
        let radius = isLeaf ? max(2, min(7, gap * 0.36)) : 5.0
        let fill = value.fate == .visited ? palette.series(0) : palette.paper
        let outline = value.fate == .visited ? palette.series(0) : value.fate == .pruned ? palette.miss : palette.muted
        canvas.disc(at: point, radius: radius, fill: fill, outline: outline, lineWidth: 1.4)
        if node == tree.home {
            canvas.disc(at: point, radius: max(2, radius - 2.5), fill: palette.series(1), outline: nil)
        }
        if !isLeaf, value.depth <= 2, let direction = value.direction {
            canvas.text(
                "W" + subscripted(direction) + ", t = " + Numeral.fixed(value.t, digits: 3),
                at: .init(point.x, point.y - 11), size: 11, color: palette.ink, anchor: .middle, halo: palette.paper)
        }
        if isLeaf, gap >= 20 {
            canvas.text(
                String(value.count), at: .init(point.x, point.y + radius + 13), size: 10, color: palette.muted,
                anchor: .middle)
        }
    }

    private func subscripted(_ number: Int) -> String {
        String(
            String(number).unicodeScalars.compactMap { scalar in
                Unicode.Scalar(scalar.value - 48 + 0x2080).map(Character.init)
            })
    }

    private func legend(_ canvas: Canvas, y: Double) {
        var x = 34.0
        func entry(_ phrase: Phrase, fill: Color, outline: Color) {
            let text = phrase.text
            canvas.disc(at: .init(x, y - 4), radius: 5, fill: fill, outline: outline, lineWidth: 1.4)
            canvas.text(text, at: .init(x + 10, y), size: 11.5, color: palette.muted)
            x += 30 + canvas.measure(text, size: 11.5)
        }
        entry("visited", fill: palette.series(0), outline: palette.series(0))
        entry("left out", fill: palette.paper, outline: palette.miss)
        entry("below a node left out", fill: palette.paper, outline: palette.muted)
        entry("the query's own leaf", fill: palette.series(1), outline: palette.series(0))
    }
}
