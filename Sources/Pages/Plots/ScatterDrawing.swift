import Drawing
import Imaging

/// Draws planes of points side by side, or one below the other where there is little room, and below them who is who.
///
/// Both axes of a plane have one scale, so that distances can be compared in every direction.
package struct ScatterDrawing {
    package var plot: ScatterPlot
    package var palette: Palette

    package init(_ plot: ScatterPlot, palette: Palette) {
        self.plot = plot
        self.palette = palette
    }

    private static let size = 11.0
    private static let gap = 28
    private static let header = 26.0
    private static let footer = 40.0
    private static let rowHeight = 20.0
    /// Narrower panels stand one below the other.
    private static let least = 300

    /// All panels in one picture, at twice the page's density.
    package func image(width: Int) -> Image {
        let count = plot.panels.count
        let beside = (width - Self.gap * (count - 1)) / max(count, 1)
        let isRow = beside >= Self.least
        let panelWidth = isRow ? beside : width
        let ruler = Canvas(width: 1, height: 1, background: palette.paper)
        let titles = plot.panels.map { DrawnTitle($0.title, width: Double(panelWidth) - 4, on: ruler) }
        let header = Self.header + (titles.map(\.extraHeight).max() ?? 0)
        let panelHeight = panelWidth * 4 / 5 + Int(header - Self.header)
        let panelsHeight = isRow ? panelHeight : (panelHeight + Self.gap) * count - Self.gap
        let places = legend(width: Double(width), measure: { ruler.measure($0, size: Self.size) })
        let rows = (places.map(\.row).max() ?? 0) + 1
        let canvas = Canvas(
            width: width, height: panelsHeight + 14 + Int(Self.rowHeight) * rows, background: palette.paper)
        for (index, panel) in plot.panels.enumerated() {
            let step = isRow ? (panelWidth + Self.gap, 0) : (0, panelHeight + Self.gap)
            draw(
                panel, titles[index], header: header, on: canvas, x: Double(step.0 * index),
                y: Double(step.1 * index), width: Double(panelWidth), height: Double(panelHeight))
        }
        canvas.text(
            plot.groupLabel, at: .init(2, Double(panelsHeight + 14) + Self.rowHeight / 2 + 4), size: Self.size,
            color: palette.muted)
        for (group, place) in places.enumerated() {
            let y = Double(panelsHeight + 14) + Self.rowHeight * (Double(place.row) + 0.5)
            mark(group, at: .init(place.x + 8, y), on: canvas)
            canvas.text(place.name, at: .init(place.x + 18, y + 4), size: Self.size, color: palette.ink)
        }
        return canvas.image()
    }

    /// Where every group's name stands: in rows, behind the word for groups.
    private func legend(width: Double, measure: (String) -> Double) -> [(name: String, x: Double, row: Int)] {
        let start = measure(plot.groupLabel) + 14
        var (x, row) = (start, 0)
        return plot.groups.map { name in
            let short = name.count > 28 ? name.prefix(27) + "…" : name
            let room = measure(short) + 36
            if x > start, x + room > width { (x, row) = (start, row + 1) }
            defer { x += room }
            return (short, x, row)
        }
    }

    private func mark(_ group: Int, at point: Canvas.Point, on canvas: Canvas) {
        // Past eight groups the marks come again, in other colours.
        Mark(group).draw(
            on: canvas, at: point, size: 4.8, color: palette.series((group + group / 8) % palette.series.count),
            paper: palette.paper)
    }

    private func draw(
        _ panel: ScatterPlot.Panel, _ title: DrawnTitle, header: Double, on canvas: Canvas, x: Double, y: Double,
        width: Double, height: Double
    ) {
        title.draw(x: x + 2, y: y + 14, on: canvas, color: palette.ink)
        let points = panel.points.map { $0.filter(\.isDrawable) }
        let xs = points.flatMap { $0.map(\.x) }
        let ys = points.flatMap { $0.map(\.y) }
        let (left, right) = (x + 52, x + width - 6)
        let (top, bottom) = (y + header, y + height - Self.footer)
        let plane = Plane(xs: xs, ys: ys, width: right - left, height: bottom - top)
        func place(_ point: Plot.Point) -> Canvas.Point {
            .init(left + (point.x - plane.left) * plane.scale, bottom - (point.y - plane.bottom) * plane.scale)
        }
        for (value, label) in zip(plane.xTicks.values, plane.xTicks.labels) {
            let at = place(.init(x: value, y: plane.bottom))
            canvas.line(from: .init(at.x, top), to: .init(at.x, bottom), color: palette.grid)
            canvas.text(label, at: .init(at.x, bottom + 16), size: Self.size, color: palette.muted, anchor: .middle)
        }
        for (value, label) in zip(plane.yTicks.values, plane.yTicks.labels) {
            let at = place(.init(x: plane.left, y: value))
            canvas.line(from: .init(left, at.y), to: .init(right, at.y), color: palette.grid)
            canvas.text(label, at: .init(left - 7, at.y + 4), size: Self.size, color: palette.muted, anchor: .end)
        }
        canvas.stroke(x: left, y: top, width: right - left, height: bottom - top, color: palette.line)
        canvas.text(
            panel.xLabel, at: .init((left + right) / 2, bottom + 33), size: Self.size, color: palette.muted,
            anchor: .middle, room: right - left)
        let half = canvas.measure(panel.yLabel, size: Self.size) / 2
        canvas.upright(
            panel.yLabel, at: .init(x + 11, (top + bottom) / 2 + half), size: Self.size, color: palette.muted)
        for (group, members) in points.enumerated() {
            for member in members { mark(group, at: place(member), on: canvas) }
        }
    }
}

/// The part of the plane that a panel shows: all points and some room around them.
private struct Plane {
    var left: Double
    var bottom: Double
    /// Page pixels per unit, along both axes.
    var scale: Double
    var xTicks: Ticks
    var yTicks: Ticks

    init(xs: [Double], ys: [Double], width: Double, height: Double) {
        let (minX, maxX) = (xs.min() ?? 0, xs.max() ?? 1)
        let (minY, maxY) = (ys.min() ?? 0, ys.max() ?? 1)
        let margin = 14.0
        let room = (max(width - 2 * margin, 1), max(height - 2 * margin, 1))
        let wanted = max((maxX - minX) / room.0, (maxY - minY) / room.1)
        // Points that are all one get a plane of their size, or of 1.
        let unit = wanted > 0 ? wanted : max(abs(maxX), abs(maxY), 1) / room.0
        scale = 1 / unit
        left = (minX + maxX) / 2 - width * unit / 2
        bottom = (minY + maxY) / 2 - height * unit / 2
        // The shorter side decides the step, which is the other's too.
        yTicks = .inside(bottom...(bottom + height * unit), target: max(2, Int(height / 60)), whole: false)
        let steps = (width * unit / (yTicks.step ?? unit)).rounded(.up)
        xTicks = .inside(left...(left + width * unit), target: Int(max(2, min(steps, 50))), whole: false)
    }
}
