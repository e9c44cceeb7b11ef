import Drawing
import Imaging
import Markup

extension FigureWriter {
    /// Horizontal bars as pictures for both colour schemes, with the data as a table behind them.
    mutating func bars(_ chart: BarChart, name: String) -> String {
        guard !chart.bars.isEmpty else { return "" }
        let picture = schemes(alternative: chart.alternative, width: 680) { palette, width in
            BarChartDrawing(chart: chart, palette: palette).image(width: width)
        }
        let table = Table(
            columns: [.init(""), .init(chart.valueLabel)],
            rows: chart.bars.map { [.text($0.name), .number($0.value, digits: chart.digits)] })
        return chartMarkup(picture, table, name: name)
    }

    /// A matrix as coloured cells for both colour schemes, with the data as a table behind it.
    mutating func heatMap(_ map: HeatMap, name: String) -> String {
        guard !map.rows.isEmpty, !map.columns.isEmpty else { return "" }
        let picture = schemes(alternative: map.alternative, width: 680) { palette, width in
            HeatMapDrawing(map: map, palette: palette).image(width: width)
        }
        let table = Table(
            columns: [.init("")] + map.columns.map { .init($0) },
            rows: zip(map.rows, map.values).map { name, values in
                [.text(name)] + values.map { $0.isFinite ? .number($0, digits: map.digits) : .missing }
            })
        return chartMarkup(picture, table, name: name)
    }

    /// Planes of points in one picture for both colour schemes, with the data as a table behind them.
    mutating func scatter(_ plot: ScatterPlot, name: String) -> String {
        guard !plot.panels.isEmpty, !plot.groups.isEmpty else { return "" }
        let picture = schemes(alternative: plot.alternative, width: plot.panels.count > 1 ? 960 : 680) {
            palette, width in
            ScatterDrawing(plot, palette: palette).image(width: width)
        }
        return chartMarkup(picture, plot.table, name: name)
    }

    private func chartMarkup(_ picture: String, _ table: Table, name: String) -> String {
        """
        <div class="plot panels-1">
        \(zoomable(picture))
        </div>
        \(TableView.folded(table, title: words.data, name: name, words: words))
        """
    }

    /// One drawing for the light and the dark scheme and, since its labels would shrink on a phone, once more narrow.
    private mutating func schemes(alternative: String, width: Int, draw: (Palette, Int) -> Image) -> String {
        let narrow = 400
        func source(_ media: String, _ palette: Palette, _ width: Int) -> String {
            let image = draw(palette, width)
            return
                "<source media=\"\(media)\" srcset=\"\(file(image, .drawing))\" width=\"\(image.width / 2)\" height=\"\(image.height / 2)\">"
        }
        let whole = draw(.light, width)
        return "<picture>"
            + source("(max-width: 480px) and (prefers-color-scheme: dark)", .dark, narrow)
            + source("screen and (prefers-color-scheme: dark)", .dark, width)
            + source("(max-width: 480px)", .light, narrow)
            + "<img src=\"\(file(whole, .drawing))\" width=\"\(whole.width / 2)\" height=\"\(whole.height / 2)\" "
            + "alt=\"\(HTML.escape(alternative))\" loading=\"lazy\"></picture>"
    }
}
