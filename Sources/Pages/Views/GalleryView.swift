import Imaging
import Markup

extension FigureWriter {
    /// Pictures in groups, each with a line below; boxes are drawn over them as vectors, so that they stay sharp.
    mutating func gallery(_ gallery: Gallery) -> HTML {
        .block("div", ["class": "gallery"], .group(gallery.groups.filter { !$0.items.isEmpty }.map { group($0) }))
    }

    /// Successive pictures; the script puts them behind each other with a slider, without it they stand side by side.
    mutating func frames(_ frames: Frames) -> HTML {
        guard !frames.items.isEmpty else { return .empty }
        return .block("div", ["class": "frames"], .group(frames.items.map { item($0) }))
    }

    private mutating func group(_ group: Gallery.Group) -> HTML {
        let cell = Self.cell(group)
        // A triplet stays in one row even on a phone.
        let isRow = group.items.count <= 4 && cell <= 200
        return .block(
            "div", ["class": "group cell-\(cell) count-\(min(group.items.count, StyleSheet.mostCounted))"],
            group.title.map { .line("p", ["class": "group-title"], Caption.html($0)) } ?? .empty,
            .block("div", ["class": isRow ? "items few" : "items"], .group(group.items.map { item($0) })))
    }

    private mutating func item(_ item: Gallery.Item) -> HTML {
        let picture = photograph(item.picture, overlay: overlay(item.boxes, on: item.picture.image))
        let title = HTML.element("span", ["class": "title"], Caption.html(item.title))
        return .line("div", ["class": "item"], picture, item.title.isEmpty ? .empty : title)
    }

    private func overlay(_ boxes: [Rectangle], on image: Image) -> HTML {
        guard !boxes.isEmpty else { return .empty }
        let rectangles = boxes.map {
            HTML.element("rect", ["x": $0.x, "y": $0.y, "width": max(0, $0.width), "height": max(0, $0.height)])
        }
        let attributes: Attributes = [
            "class": "boxes", "viewBox": "0 0 \(image.width) \(image.height)", "preserveAspectRatio": "none",
            "aria-hidden": "true",
        ]
        return .element("svg", attributes, .group(rectangles))
    }

    /// A cell's width: the picture's own within what a page can show; few pictures may be larger than many.
    private static func cell(_ group: Gallery.Group) -> Int {
        let widest = group.items.map(\.picture.image.width).max() ?? 0
        let ceiling: Int
        switch group.items.count {
        case 1: ceiling = 680
        case 2: ceiling = 335
        case 3...4: ceiling = 200
        case 5...6: ceiling = 145  // six in one row
        default: ceiling = 140
        }
        let cells = StyleSheet.cells
        return min((max(cells.lowerBound, min(widest, ceiling)) + 4) / 5 * 5, cells.upperBound)
    }
}
