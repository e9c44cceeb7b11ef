import Drawing
import Foundation
import Imaging
import Markup

extension FigureWriter {
    /// A tree as pictures for both colour schemes.
    mutating func tree(_ diagram: TreeDiagram) -> HTML {
        func draw(_ palette: Palette) -> Image {
            TreeDrawing(tree: diagram, palette: palette).image(width: 960, height: 420)
        }
        let drawing = drawing(
            [(Self.darkScreen, draw(.dark))], draw(.light), alternative: diagram.alternative, isLazy: true)
        return .line("div", ["class": "plot tree"], drawing)
    }

    /// Points and cells as a vector drawing; the page's script lets the reader move the query through it.
    func explorer(_ explorer: TreeExplorer) -> HTML {
        let map = PlaneMap(explorer)
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        let nodes = (try? encoder.encode(explorer.nodes)).map { String(decoding: $0, as: UTF8.self) } ?? "[]"
        let points = explorer.points.map { "[\(PlaneMap.short($0[0])),\(PlaneMap.short($0[1]))]" }.joined(
            separator: ",")
        let data = """
            {"nodes":\(nodes),"points":[\(points)],"query":[\(explorer.query[0]),\(explorer.query[1])],\
            "scale":\(map.scale),"x":\(map.x),"y":\(map.y)}
            """
        let cells = map.cells(of: explorer).map { cell in
            let corners = cell.corners.map { "\(PlaneMap.short($0.0)),\(PlaneMap.short($0.1))" }.joined(separator: " ")
            return HTML.line("polygon", ["data-node": cell.node, "points": corners])
        }
        let circles = explorer.points.map { point in
            let (x, y) = map.place(point)
            return HTML.element("circle", ["cx": PlaneMap.short(x), "cy": PlaneMap.short(y), "r": "2.4"])
        }
        let (x, y) = map.place(explorer.query)
        let attributes: Attributes = [
            "viewBox": "0 0 \(PlaneMap.width) \(PlaneMap.height)", "role": "img", "tabindex": 0,
            "aria-label": words.treeExplorer,
        ]
        return .line(
            "div",
            [
                "class": "tree-explorer", "data-tree": data, "data-said": words.treeSearch, "data-left": words.left,
                "data-right": words.right,
            ], "\n",
            .block(
                "svg", attributes, .group(cells), .group(circles), "\n",
                .element("circle", ["class": "reach", "cx": "\(x)", "cy": "\(y)", "r": 0]),
                .line("path", ["class": "asker", "transform": "translate(\(x) \(y))", "d": "M-7 0H7M0 -7V7"])),
            .element("p", ["class": "note on-screen"], .text(words.treeExplorer)))
    }
}

/// From the plane of a tree to a drawing's pixels.
private struct PlaneMap {
    static let width = 640.0
    static let height = 440.0
    let scale: Double
    let x: Double
    let y: Double

    init(_ explorer: TreeExplorer) {
        let xs = explorer.points.map { $0[0] }
        let ys = explorer.points.map { $0[1] }
        let (left, right) = (xs.min() ?? 0, xs.max() ?? 1)
        let (bottom, top) = (ys.min() ?? 0, ys.max() ?? 1)
        scale = min((Self.width - 32) / max(1e-9, right - left), (Self.height - 32) / max(1e-9, top - bottom))
        x = Self.width / 2 - scale * (left + right) / 2
        y = Self.height / 2 + scale * (bottom + top) / 2
    }

    func place(_ point: [Double]) -> (Double, Double) { (x + scale * point[0], y - scale * point[1]) }

    static func short(_ value: Double) -> String {
        value == value.rounded()
            ? String(Int(value)) : String(format: abs(value) < 10 ? "%.3f" : "%.1f", value)
    }

    /// The leaves' cells: the whole picture cut by the questions above each.
    func cells(of explorer: TreeExplorer) -> [(node: Int, corners: [(Double, Double)])] {
        var cells: [(node: Int, corners: [(Double, Double)])] = []
        var pending: [(node: Int, corners: [(Double, Double)])] = [
            (0, [(0, 0), (Self.width, 0), (Self.width, Self.height), (0, Self.height)])
        ]
        while let (index, corners) = pending.popLast() {
            let node = explorer.nodes[index]
            guard let w = node.w, let left = node.left, let right = node.right else {
                cells.append((index, corners))
                continue
            }
            func side(_ corner: (Double, Double)) -> Double {
                w[0] * (corner.0 - x) / scale + w[1] * (y - corner.1) / scale - node.theta
            }
            pending.append((left, Self.clip(corners) { -side($0) }))
            pending.append((right, Self.clip(corners, side)))
        }
        return cells
    }

    /// The part of a convex polygon where `side` is not negative. Source: Sutherland and Hodgman 1974.
    private static func clip(
        _ corners: [(Double, Double)], _ side: ((Double, Double)) -> Double
    ) -> [(Double, Double)] {
        var kept: [(Double, Double)] = []
        for (index, corner) in corners.enumerated() {
            let before = corners[(index + corners.count - 1) % corners.count]
            let (a, b) = (side(before), side(corner))
            if (a < 0) != (b < 0) {
                let share = a / (a - b)
                kept.append((before.0 + share * (corner.0 - before.0), before.1 + share * (corner.1 - before.1)))
            }
            if b >= 0 { kept.append(corner) }
        }
        return kept
    }
}
