import Drawing
import Imaging
import Markup

extension FigureWriter {
    /// Horizontal bars as pictures for both colour schemes, with the data as a table behind them.
    mutating func bars(_ chart: BarChart, name: String) -> HTML {
        guard !chart.bars.isEmpty else { return .empty }
        let picture = schemes(alternative: chart.alternative, width: 680) { palette, width in
            BarChartDrawing(chart: chart, palette: palette).image(width: width)
        }
        return charted(picture, chart.table, name: name)
    }

    /// A matrix as coloured cells for both colour schemes, with the data as a table behind it.
    mutating func heatMap(_ map: HeatMap, name: String) -> HTML {
        guard !map.rows.isEmpty, !map.columns.isEmpty else { return .empty }
        let picture = schemes(alternative: map.alternative, width: 680) { palette, width in
            HeatMapDrawing(map: map, palette: palette).image(width: width)
        }
        return charted(picture, map.table, name: name)
    }

    /// Planes of points in one picture for both colour schemes, with the data as a table behind them.
    mutating func scatter(_ plot: ScatterPlot, name: String) -> HTML {
        guard !plot.panels.isEmpty, !plot.groups.isEmpty else { return .empty }
        let picture = schemes(alternative: plot.alternative, width: plot.panels.count > 1 ? 960 : 680) {
            palette, width in
            ScatterDrawing(plot, palette: palette).image(width: width)
        }
        return charted(picture, plot.table, name: name)
    }

    private func charted(_ picture: HTML, _ table: Table, name: String) -> HTML {
        .group([
            .block("div", ["class": "plot panels-1"], picture, "\n"),
            TableView.data(table, name: name, words: words),
        ])
    }

    /// One drawing for the light and the dark scheme and, since its labels would shrink on a phone, once more narrow.
    private mutating func schemes(alternative: String, width: Int, draw: (Palette, Int) -> Image) -> HTML {
        drawing(
            [
                (Self.darkAndNarrow, draw(.dark, 400)), (Self.darkScreen, draw(.dark, width)),
                (Self.narrow, draw(.light, 400)),
            ], draw(.light, width), alternative: alternative, isLazy: true)
    }
}
