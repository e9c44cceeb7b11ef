import Drawing
import Imaging

/// Draws a matrix as coloured cells, row names at the left, column names upright above, the scale below.
struct HeatMapDrawing {
    var map: HeatMap
    var palette: Palette

    private static let size = 10.0
    private static let most = 120
    private static let header = 26.0
    private static let footer = 40

    private var rows: ArraySlice<String> { map.rows.prefix(Self.most) }
    private var columns: ArraySlice<String> { map.columns.prefix(Self.most) }

    func image(width: Int) -> Image {
        // Names are measured before the canvas, whose height follows from them, can be made.
        let ruler = Canvas(width: 1, height: 1, background: palette.paper)
        let widest = { (texts: ArraySlice<String>) in texts.map { ruler.measure($0, size: Self.size) }.max() ?? 0 }
        let left = min(widest(rows), Double(width) * 0.4) + 8
        let title = DrawnTitle(map.title, width: Double(width) - 4, on: ruler)
        let top = Self.header + title.extraHeight + widest(columns) + 8
        let cell = min(max((Double(width) - left - 4) / Double(max(columns.count, 1)), 2), 34)
        let height = Int((top + cell * Double(rows.count)).rounded(.up)) + Self.footer
        let canvas = Canvas(width: width, height: height, background: palette.paper)

        title.draw(on: canvas, color: palette.ink)
        // Names that would touch are left out, evenly; the table has them all.
        let every = max(1, Int((Self.size / cell).rounded(.up)))
        for (column, name) in columns.enumerated() where column % every == 0 {
            let x = left + cell * (Double(column) + 0.5) + Self.size * 0.36
            canvas.upright(name, at: .init(x, top - 5), size: Self.size, color: palette.ink)
        }
        for (row, name) in rows.enumerated() {
            let y = top + cell * Double(row)
            if row % every == 0 {
                canvas.text(
                    name, at: .init(left - 6, y + cell / 2 + Self.size * 0.36), size: Self.size, color: palette.ink,
                    anchor: .end, room: left - 8)
            }
            for column in columns.indices where map.values[row][column].isFinite {
                canvas.fill(
                    x: left + cell * Double(column) + 0.5, y: y + 0.5, width: cell - 1, height: cell - 1,
                    color: color(map.values[row][column]))
            }
        }
        drawScale(canvas, left: left, y: top + cell * Double(rows.count) + 12)
        return canvas.image()
    }

    private func color(_ value: Double) -> Color {
        let share = min(abs(value) / map.limit, 1)
        return palette.grid.mixed(with: palette.series(value < 0 ? 1 : 0), share)
    }

    private func drawScale(_ canvas: Canvas, left: Double, y: Double) {
        let steps = 41
        let width = 4.0
        for step in 0..<steps {
            let value = (Double(step) / Double(steps - 1) * 2 - 1) * map.limit
            canvas.fill(x: left + Double(step) * width, y: y, width: width, height: 8, color: color(value))
        }
        for (value, place) in [(-map.limit, 0.0), (0, 0.5), (map.limit, 1)] {
            canvas.text(
                Numeral.fixed(value, digits: map.digits), at: .init(left + place * Double(steps) * width, y + 21),
                size: Self.size, color: palette.muted, anchor: place == 0 ? .start : place == 1 ? .end : .middle)
        }
    }
}
