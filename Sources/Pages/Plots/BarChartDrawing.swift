import Drawing
import Imaging

/// Draws horizontal bars: names at the left, values at the bars' ends.
struct BarChartDrawing {
    var chart: BarChart
    var palette: Palette

    private static let size = 11.0
    private static let rowHeight = 19
    /// More would make a picture that no page can show; the table behind it has them all.
    private static let most = 200

    private var bars: ArraySlice<BarChart.Bar> { chart.bars.prefix(Self.most) }

    func image(width: Int) -> Image {
        // Its lines are counted before the canvas, whose height follows from them, can be made.
        let title = DrawnTitle(
            chart.title, width: Double(width) - 4, on: Canvas(width: 1, height: 1, background: palette.paper))
        let header = 44 + Int(title.extraHeight)
        let canvas = Canvas(
            width: width, height: header + Self.rowHeight * bars.count + 6, background: palette.paper)
        title.draw(on: canvas, color: palette.ink)
        canvas.text(
            chart.valueLabel, at: .init(2, Double(header) - 13), size: Self.size, color: palette.muted,
            room: Double(width) - 4)

        let labels = bars.map { Numeral.fixed($0.value, digits: chart.digits, grouped: abs($0.value) >= 10000) }
        let widest = { (texts: [String]) in texts.map { canvas.measure($0, size: Self.size) }.max() ?? 0 }
        let left = min(widest(bars.map(\.name)), Double(width) / 2) + 12
        let right = Double(width) - widest(labels) - 10
        let values = bars.map(\.value).filter(\.isFinite)
        let low = min(0, values.min() ?? 0)
        let high = max(0, values.max() ?? 0)
        let span = high > low ? high - low : 1
        func x(_ value: Double) -> Double { left + (value - low) / span * max(right - left, 1) }

        for (row, (bar, label)) in zip(bars, labels).enumerated() {
            let top = Double(header + row * Self.rowHeight)
            let baseline = top + 13
            canvas.text(
                bar.name, at: .init(left - 8, baseline), size: Self.size, color: palette.ink, anchor: .end,
                room: left - 10)
            guard bar.value.isFinite else { continue }
            let ends = [x(0), x(bar.value)].sorted()
            canvas.fill(
                x: ends[0], y: top + 3, width: max(ends[1] - ends[0], 0.5), height: Double(Self.rowHeight - 6),
                color: palette.series(0))
            canvas.text(label, at: .init(ends[1] + 6, baseline), size: Self.size, color: palette.muted)
        }
        canvas.line(
            from: .init(x(0), Double(header)), to: .init(x(0), Double(header + Self.rowHeight * bars.count)),
            color: palette.line)
        return canvas.image()
    }
}
