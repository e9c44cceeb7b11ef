import Imaging

extension FigureWriter {
    /// Pictures in groups, each with a line below; boxes are drawn over them as vectors, so that they stay sharp.
    mutating func gallery(_ gallery: Gallery) -> String {
        var out = "<div class=\"gallery\">\n"
        for group in gallery.groups where !group.items.isEmpty {
            let cell = Self.cell(group)
            out += "<div class=\"group\" style=\"--cell: \(cell)px; --count: \(group.items.count)\">\n"
            if let title = group.title { out += "<p class=\"group-title\">\(Caption.html(title))</p>\n" }
            // A triplet stays in one row even on a phone.
            let isRow = group.items.count <= 4 && cell <= 200
            out += "<div class=\"items\(isRow ? " few" : "")\">\n"
            for item in group.items { out += self.item(item) }
            out += "</div>\n</div>\n"
        }
        return out + "</div>\n"
    }

    /// Successive pictures; the script puts them behind each other with a slider, without it they stand side by side.
    mutating func frames(_ frames: Frames) -> String {
        guard !frames.items.isEmpty else { return "" }
        var out = "<div class=\"frames\">\n"
        for item in frames.items { out += self.item(item) }
        return out + "</div>\n"
    }

    private mutating func item(_ item: Gallery.Item) -> String {
        let picture = img(item.picture, .photograph) + overlay(item.boxes, on: item.picture.image)
        let title = item.title.isEmpty ? "" : "<span class=\"title\">\(Caption.html(item.title))</span>"
        return "<div class=\"item\">\(zoomable(picture))\(title)</div>\n"
    }

    private func overlay(_ boxes: [Rectangle], on image: Image) -> String {
        guard !boxes.isEmpty else { return "" }
        let rectangles = boxes.map {
            "<rect x=\"\($0.x)\" y=\"\($0.y)\" width=\"\(max(0, $0.width))\" height=\"\(max(0, $0.height))\"/>"
        }
        return """
            <svg class="boxes" viewBox="0 0 \(image.width) \(image.height)" preserveAspectRatio="none" \
            aria-hidden="true">\(rectangles.joined())</svg>
            """
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
        return max(84, min(widest, ceiling))
    }
}
