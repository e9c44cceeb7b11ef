import Foundation
import Imaging
import Markup

extension FigureWriter {
    /// A diagram as a vector drawing in a box of its own, which scrolls where the page is narrower.
    mutating func diagram(_ diagram: Diagram) -> HTML {
        let items = diagram.items.map { item($0) }
        let attributes: Attributes = [
            "viewBox": "0 0 \(Self.short(diagram.width)) \(Self.short(diagram.height))",
            "width": Self.short(diagram.width), "height": Self.short(diagram.height), "role": "img",
            "aria-label": diagram.title,
        ]
        return .line(
            "div",
            [
                "class": diagram.width > Diagram.textWidth ? "diagram large" : "diagram", "role": "group",
                "aria-label": diagram.title, "tabindex": 0,
            ],
            .block("svg", attributes, .line("desc", .text(diagram.alternative)), .group(items)))
    }

    private mutating func item(_ item: Diagram.Item) -> HTML {
        switch item {
        case .box(let box):
            Self.rectangle(box.frame, Self.classes(box.fill, box.outline, box.isDashed), rounded: 4)
        case .patch(let patch):
            Self.rectangle(
                patch.frame, Self.classes(patch.fill, patch.outline, patch.isDashed), opacity: patch.opacity,
                lineWidth: patch.outline == nil ? nil : patch.lineWidth)
        case .label(let label): Self.label(label)
        case .line(let line): Self.line(line)
        case .disc(let disc):
            .line(
                "circle",
                [
                    "class": Self.classes(disc.fill, disc.outline, disc.isDashed), "cx": Self.short(disc.center.x),
                    "cy": Self.short(disc.center.y), "r": Self.short(disc.radius),
                    "opacity": disc.opacity < 1 ? Self.short(disc.opacity) : nil,
                ])
        case .picture(let placed):
            .line(
                "image",
                [
                    "xlink:href": file(Self.reduced(placed), .photograph), "x": Self.short(placed.frame.x),
                    "y": Self.short(placed.frame.y), "width": Self.short(placed.frame.width),
                    "height": Self.short(placed.frame.height),
                ])
        case .strip(let strip): Self.strip(strip)
        }
    }

    /// A picture with no more pixels than a dense screen shows of it.
    private static func reduced(_ placed: Diagram.PlacedPicture) -> Image {
        let image = placed.picture.image
        let width = Int((2 * placed.frame.width).rounded(.up))
        guard width > 0, width < image.width else { return image }
        return image.resized(width: width, height: max(1, image.height * width / image.width))
    }

    private static func classes(_ fill: Diagram.Tone?, _ outline: Diagram.Tone?, _ isDashed: Bool) -> String {
        [fill.map { "f-\($0)" } ?? "f-none", outline.map { "s-\($0)" }, isDashed ? "dashed" : nil]
            .compactMap(\.self).joined(separator: " ")
    }

    private static func rectangle(
        _ frame: Diagram.Frame, _ classes: String, rounded: Double? = nil, opacity: Double = 1, lineWidth: Double? = nil
    ) -> HTML {
        .line(
            "rect",
            [
                "class": classes, "x": short(frame.x), "y": short(frame.y), "width": short(max(0, frame.width)),
                "height": short(max(0, frame.height)), "rx": rounded.map(short),
                "opacity": opacity < 1 ? short(opacity) : nil, "stroke-width": lineWidth.map(short),
            ])
    }

    private static func label(_ label: Diagram.Label) -> HTML {
        let classes = ["f-\(label.tone)", label.isBold ? "bold" : nil, label.hasHalo ? "halo" : nil]
        return .line(
            "text",
            [
                "class": classes.compactMap(\.self).joined(separator: " "), "x": short(label.at.x),
                "y": short(label.at.y), "font-size": short(label.size),
                "text-anchor": label.anchor == .start ? nil : label.anchor.rawValue,
            ], .text(label.text))
    }

    private static func line(_ line: Diagram.Line) -> HTML {
        var path = "M\(pair(line.points[0]))"
        for (from, to) in zip(line.points, line.points.dropFirst()) {
            switch line.course {
            case .straight: path += "L\(pair(to))"
            case .upright where from.x != to.x:
                let y = (from.y + to.y) / 2
                path += "C\(pair(.init(from.x, y))) \(pair(.init(to.x, y))) \(pair(to))"
            case .level where from.y != to.y:
                let x = (from.x + to.x) / 2
                path += "C\(pair(.init(x, from.y))) \(pair(.init(x, to.y))) \(pair(to))"
            case .upright, .level: path += "L\(pair(to))"
            }
        }
        let shaft = HTML.line(
            "path",
            [
                "class": classes(nil, line.tone, line.isDashed), "d": path,
                "stroke-width": short(line.width),
            ])
        return line.hasHead ? .group([shaft, head(of: line)]) : shaft
    }

    /// A small triangle whose tip is the line's end.
    private static func head(of line: Diagram.Line) -> HTML {
        let (tip, before) = (line.points[line.points.count - 1], line.points[line.points.count - 2])
        var (dx, dy) = (tip.x - before.x, tip.y - before.y)
        switch line.course {
        case .upright: (dx, dy) = (0, dy)
        case .level: (dx, dy) = (dx, 0)
        case .straight: break
        }
        let length = max(1e-9, (dx * dx + dy * dy).squareRoot())
        (dx, dy) = (dx / length, dy / length)
        let size = 5.0 + line.width
        func corner(_ side: Double) -> String {
            pair(.init(tip.x - size * dx - side * size * 0.45 * dy, tip.y - size * dy + side * size * 0.45 * dx))
        }
        return .line("polygon", ["class": "f-\(line.tone)", "points": "\(pair(tip)) \(corner(1)) \(corner(-1))"])
    }

    /// Cells of like colour in one path, so that a hundred of them are a few lines of the page.
    private static func strip(_ strip: Diagram.Strip) -> HTML {
        let steps = 7
        let width = strip.frame.width / Double(max(1, strip.values.count))
        var paths: [[String]] = Array(repeating: [], count: 2 * steps)
        for (place, value) in strip.values.enumerated() where value.isFinite && strip.limit > 0 {
            let level = Int((min(1, abs(value) / strip.limit) * Float(steps)).rounded())
            guard level > 0 else { continue }
            paths[(value < 0 ? steps : 0) + level - 1].append(
                "M\(short(strip.frame.x + width * Double(place))) \(short(strip.frame.y))h\(short(width))"
                    + "v\(short(strip.frame.height))h-\(short(width))z")
        }
        let cells = paths.enumerated().filter { !$0.element.isEmpty }.map { index, cells in
            HTML.line(
                "path",
                [
                    "class": index < steps ? "f-first" : "f-second", "d": cells.joined(),
                    "opacity": short(Double(index % steps + 1) / Double(steps)),
                ])
        }
        return .group([rectangle(strip.frame, "f-surface"), .group(cells), rectangle(strip.frame, "f-none s-line")])
    }

    private static func pair(_ point: Diagram.Point) -> String { "\(short(point.x)) \(short(point.y))" }

    /// Two digits after the point where they are needed.
    private static func short(_ value: Double) -> String {
        guard value.isFinite else { return "0" }
        let text = String(format: "%.2f", value)
        guard let point = text.firstIndex(of: ".") else { return text }
        let digits = text[text.index(after: point)...]
        if digits == "00" { return text[..<point] == "-0" ? "0" : String(text[..<point]) }
        return digits.hasSuffix("0") ? String(text.dropLast()) : text
    }
}
