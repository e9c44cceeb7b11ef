import Drawing
import Foundation

/// One panel on its canvas: title, grid, axes, data, labels.
struct PanelDrawing {
    private typealias Point = Canvas.Point

    private let canvas: Canvas
    private let palette: Palette
    private let panel: Plot.Panel
    private let title: DrawnTitle
    /// The baseline of what stands below the title.
    private let headline: Double
    private let xLabel: String
    private let colors: [String: Color]
    private let scale: PlotScale
    private let labels: [EndLabel]

    // The frame of the data.
    private let left: Double
    private let right: Double
    private let top: Double
    private let bottom: Double

    private static let small = 11.0
    /// Half the width of the shade behind a line of one point.
    private static let loneBarWidth = 26.0

    /// A line's name at its end, with its last value; or what a reference line means.
    private struct EndLabel {
        var text: String
        var color: Color
        var value: Double
    }

    /// What the names at the top are, row by row.
    private let legend: [[Plot.Series]]

    private static let legendLine = 17.0
    /// What a name takes beside its letters: the mark before it, and what keeps it off its neighbour.
    private static let legendMark = 20.0
    private static let legendGap = 36.0

    /// - Parameter titleHeight: what titles take more than one line.
    init(
        canvas: Canvas, palette: Palette, panel: Plot.Panel, title: DrawnTitle, titleHeight: Double, xLabel: String,
        xAxis: Plot.Axis, xValues: [Double], colors: [String: Color]
    ) {
        self.canvas = canvas
        self.palette = palette
        self.panel = panel
        self.title = title
        headline = 31 + titleHeight
        self.xLabel = xLabel
        self.colors = colors
        let width = Double(canvas.width)
        let height = Double(canvas.height)
        let scale = PlotScale(
            panel: panel, xAxis: xAxis, sharedX: xValues, xTarget: max(3, canvas.width / 36),
            yTarget: max(3, canvas.height / 60))
        self.scale = scale

        let ends = panel.series.filter { $0.style == .line }.compactMap { series -> EndLabel? in
            guard let last = series.points.last(where: { scale.shows($0) }) else { return nil }
            let value = Self.label(last.y, step: scale.y.ticks.step)
            let text = series.name.isEmpty ? value : series.name + "  " + value
            return EndLabel(text: text, color: colors[series.name] ?? palette.ink, value: last.y)
        }
        let references = panel.references.filter { scale.y.axis.shows($0.y) }
        labels = ends + references.map { EndLabel(text: $0.label, color: palette.muted, value: $0.y) }
        let tickWidth = scale.y.ticks.labels.map { canvas.measure($0, size: Self.small) }.max() ?? 0
        let labelWidth = labels.map { canvas.measure($0.text, size: Self.small) }.max() ?? 0
        left = 2 + tickWidth + 8
        // The names move into the legend when they would take more than a third of the panel.
        right = width - (labelWidth > width / 3 ? 12 : labelWidth > 0 ? labelWidth + 14 : 8)
        let isDirect = Self.hasDirectLabels(right, of: canvas)
        let named = panel.series.filter { !$0.name.isEmpty && ($0.style == .bars || !isDirect) }
        let isWanted = named.count > 1 || (named.count == 1 && panel.series.count > 1)
        legend = isWanted ? Self.legend(named, beside: panel.yLabel, on: canvas) : []
        let head = panel.yLabel.isEmpty && panel.title.isEmpty ? 14.0 : 53
        top = head + titleHeight + Self.legendLine * Double(max(0, legend.count - 1))
        bottom = height - 42
    }

    /// Names that stand at the top, in rows. All in the first one where they find room behind the axis' label; else that row is
    /// empty, and they stand below it.
    private static func legend(_ named: [Plot.Series], beside label: String, on canvas: Canvas) -> [[Plot.Series]] {
        let rooms = named.map { canvas.measure($0.name, size: small) + legendGap }
        let width = Double(canvas.width) - 4
        if rooms.reduce(0, +) <= width - canvas.measure(label, size: small) { return [named] }
        var rows: [[Plot.Series]] = [[]]
        var used = width
        for (series, room) in zip(named, rooms) {
            if used + room > width + legendGap - legendMark {
                rows.append([])
                used = 0
            }
            rows[rows.count - 1].append(series)
            used += room
        }
        return rows
    }

    mutating func draw() {
        drawHeader()
        drawGrid()
        canvas.clipped(x: left - 6, y: top - 8, width: right - left + 12, height: bottom - top + 16) { drawData() }
        drawReferences()
        drawLabels()
    }

    private func x(_ value: Double) -> Double { left + scale.x.share(of: value) * (right - left) }

    private func y(_ value: Double) -> Double { bottom - scale.y.share(of: value) * (bottom - top) }

    private static func label(_ value: Double, step: Double?) -> String {
        guard let step else { return Numeral.brief(value) }
        guard step < 10 else { return Numeral.fixed(value, digits: 0, grouped: true) }
        // Two decimals more than the axis shows, in all labels alike.
        let digits = step >= 1 ? 1 : min(12, Int((-log10(step) - 1e-9).rounded(.up)) + 2)
        return value == value.rounded() ? Numeral.data(value) : Numeral.fixed(value, digits: digits)
    }

    // MARK: Frame

    private func drawHeader() {
        let width = Double(canvas.width)
        title.draw(on: canvas, color: palette.ink)
        canvas.text(panel.yLabel, at: Point(2, headline), size: Self.small, color: palette.muted, room: width - 4)
        drawLegend()
        let middle = (left + right) / 2
        canvas.text(
            xLabel, at: Point(middle, Double(canvas.height) - 7), size: Self.small, color: palette.muted,
            anchor: .middle, room: 2 * min(middle, width - middle) - 4)
    }

    /// Names at the top right for what has no direct label: bars, and lines whose names are too long.
    private func drawLegend() {
        for (row, names) in legend.enumerated() {
            let base = headline + Self.legendLine * Double(row)
            var end = Double(canvas.width) - 4
            for series in names.reversed() {
                let color = colors[series.name] ?? palette.ink
                let room = Double(canvas.width) - 4 - Self.legendMark
                canvas.text(
                    series.name, at: Point(end, base), size: Self.small, color: color, anchor: .end, room: room)
                end -= min(canvas.measure(series.name, size: Self.small), room) + 6
                if series.style == .bars {
                    canvas.fill(x: end - 10, y: base - 9, width: 10, height: 10, color: color)
                } else {
                    canvas.line(
                        from: Point(end - 14, base - 4), to: Point(end, base - 4), color: color, lineWidth: 2)
                }
                end -= 30
            }
        }
    }

    private var hasDirectLabels: Bool { Self.hasDirectLabels(right, of: canvas) }

    private static func hasDirectLabels(_ right: Double, of canvas: Canvas) -> Bool {
        right < Double(canvas.width) - 13
    }

    private func drawGrid() {
        for (value, label) in zip(scale.y.ticks.values, scale.y.ticks.labels) {
            let position = aligned(y(value))
            let isBase = value == scale.y.ticks.values.first
            canvas.line(
                from: Point(left, position), to: Point(right, position), color: isBase ? palette.line : palette.grid)
            canvas.text(
                label, at: Point(left - 8, position + 4), size: Self.small, color: palette.muted, anchor: .end)
        }
        var free = -Double.infinity
        for (value, label) in zip(scale.x.ticks.values, scale.x.ticks.labels) {
            let position = aligned(x(value))
            canvas.line(from: Point(position, bottom), to: Point(position, bottom + 4), color: palette.line)
            let half = canvas.measure(label, size: Self.small) / 2
            guard position - half > free else { continue }
            canvas.text(
                label, at: Point(position, bottom + 17), size: Self.small, color: palette.muted, anchor: .middle)
            free = position + half + 6
        }
    }

    private func aligned(_ value: Double) -> Double { value.rounded(.down) + 0.5 }

    // MARK: Data

    private func drawData() {
        let bars = panel.series.filter { $0.style == .bars }
        for (index, series) in bars.enumerated() { drawBars(series, index: index, of: bars.count) }
        for series in panel.series where series.style == .line { drawBands(series) }
        for series in panel.series where series.style == .line { drawLine(series) }
    }

    /// Shades between two values at every point; the outermost with an edge, which shows where those of two lines overlap.
    private func drawBands(_ series: Plot.Series) {
        let color = colors[series.name] ?? palette.ink
        for (index, band) in series.bands.enumerated() {
            let places = series.points.indices.filter { place in
                scale.shows(series.points[place]) && scale.y.axis.shows(band.low[place])
                    && scale.y.axis.shows(band.high[place])
            }
            // Runs of neighbours: a gap in the line is one in its shade.
            let starts = places.indices.filter { $0 == 0 || places[$0] != places[$0 - 1] + 1 }
            for (start, end) in zip(starts, starts.dropFirst() + [places.count]) {
                let run = places[start..<end]
                let shift = shift(of: series)
                var low = run.map { Point(x(series.points[$0].x) + shift, y(band.low[$0])) }
                var high = run.map { Point(x(series.points[$0].x) + shift, y(band.high[$0])) }
                if run.count == 1 {
                    // One point has no width of its own.
                    low = [-Self.loneBarWidth, Self.loneBarWidth].map { Point(low[0].x + $0, low[0].y) }
                    high = [-Self.loneBarWidth, Self.loneBarWidth].map { Point(high[0].x + $0, high[0].y) }
                }
                canvas.fill(low + high.reversed(), color: color, opacity: 0.16)
                guard index == 0 else { continue }
                for edge in [low, high] { canvas.path(edge, color: color.mixed(with: palette.paper, 0.5)) }
            }
        }
    }

    private func drawBars(_ series: Plot.Series, index: Int, of count: Int) {
        let room = scale.xStep * (right - left) * 0.72
        let width = max(1, min(room / Double(count), 48))
        let start = -width * Double(count) / 2 + width * Double(index)
        let zero = bottom - scale.y.base * (bottom - top)
        for point in series.points where scale.shows(point) {
            let end = y(point.y)
            canvas.fill(
                x: x(point.x) + start + 0.5, y: min(zero, end), width: max(1, width - 1), height: abs(end - zero),
                color: colors[series.name] ?? palette.ink)
        }
    }

    /// Lines of one point stand beside each other when they have shades, which would hide one another.
    private func shift(of series: Plot.Series) -> Double {
        let others = panel.series.filter { !$0.bands.isEmpty }
        guard series.points.count == 1, let place = others.firstIndex(where: { $0.name == series.name }) else {
            return 0
        }
        return (Double(place) - Double(others.count - 1) / 2) * (2 * Self.loneBarWidth + 8)
    }

    private func drawLine(_ series: Plot.Series) {
        let color = colors[series.name] ?? palette.ink
        for run in series.points.split(whereSeparator: { !scale.shows($0) }) {
            let points = run.map { Point(x($0.x) + shift(of: series), y($0.y)) }
            canvas.path(points, color: color, lineWidth: 2)
            if points.count <= 40 {
                for point in points { canvas.disc(at: point, radius: 2.6, fill: color, outline: palette.paper) }
            } else if let only = points.last, points.count == 1 {
                canvas.disc(at: only, radius: 2.6, fill: color)
            }
        }
        guard let lowest = lowest(series) else { return }
        canvas.disc(
            at: Point(x(lowest.x), y(lowest.y)), radius: 4.2, fill: palette.paper, outline: color, lineWidth: 1.8)
    }

    /// The minimum, where it is worth a mark: not at an end of the line, not of a constant.
    private func lowest(_ series: Plot.Series) -> Plot.Point? {
        let points = series.points.filter { scale.shows($0) }
        guard points.count > 2, let lowest = points.min(by: { $0.y < $1.y }), let last = points.last,
            let first = points.first, lowest.x != last.x, lowest.x != first.x, lowest.y < first.y, lowest.y < last.y
        else { return nil }
        return lowest
    }

    private func drawReferences() {
        for reference in panel.references where scale.y.axis.shows(reference.y) {
            let position = aligned(y(reference.y))
            canvas.line(
                from: Point(left, position), to: Point(right, position), color: palette.muted, dash: .dashed)
            guard !hasDirectLabels else { continue }
            canvas.text(
                reference.label, at: Point(left + 6, position - 5), size: Self.small, color: palette.muted,
                halo: palette.paper, room: Double(canvas.width) - left - 8)
        }
    }

    private func drawLabels() {
        for series in panel.series where series.style == .line {
            guard let lowest = lowest(series) else { continue }
            let text = Self.label(lowest.y, step: scale.y.ticks.step)
            let point = Point(x(lowest.x), min(y(lowest.y) + 18, bottom - 4))
            canvas.text(
                text, at: point, size: Self.small, color: colors[series.name] ?? palette.ink, anchor: .middle,
                halo: palette.paper)
        }
        for series in panel.series where series.showsStart && series.points.count > 1 { drawStart(series) }
        guard hasDirectLabels else { return }
        let placed = Self.spread(labels.map { y($0.value) }, gap: 15, in: top...bottom)
        for (label, position) in zip(labels, placed) {
            canvas.text(label.text, at: Point(right + 9, position + 4), size: Self.small, color: label.color)
        }
    }

    /// The first value, on the side of the line's beginning that the line leaves free.
    private func drawStart(_ series: Plot.Series) {
        let shown = series.points.filter { scale.shows($0) }
        guard let first = shown.first, shown.count > 1 else { return }
        // Above a falling line, but no higher than the header allows; below a rising one.
        let baseline = shown[1].y <= first.y ? max(y(first.y) - 8, top - 5) : min(y(first.y) + 18, bottom - 4)
        canvas.text(
            Self.label(first.y, step: scale.y.ticks.step), at: Point(x(first.x) + 4, baseline),
            size: Self.small, color: colors[series.name] ?? palette.ink, halo: palette.paper)
    }

    /// Moves labels apart so that none covers another, each as near to its line as that allows.
    private static func spread(_ wanted: [Double], gap: Double, in range: ClosedRange<Double>) -> [Double] {
        let order = wanted.indices.sorted { (wanted[$0], $0) < (wanted[$1], $1) }
        var placed = wanted
        var limit = -Double.infinity
        for index in order {
            placed[index] = max(wanted[index], limit + gap)
            limit = placed[index]
        }
        var ceiling = range.upperBound + gap
        for index in order.reversed() {
            placed[index] = min(placed[index], ceiling - gap)
            ceiling = placed[index]
        }
        return placed
    }
}
