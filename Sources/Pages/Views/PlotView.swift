import Drawing
import Imaging
import Markup

extension FigureWriter {
    /// A plot as pictures for both colour schemes, one a panel, with the data as a table behind them.
    mutating func plot(_ plot: Plot, name: String) -> HTML {
        guard !plot.panels.isEmpty else { return .empty }
        let isSingle = plot.panels.count == 1
        let panels = plot.panels.enumerated().map { index, panel in
            let text = isSingle ? plot.alternative : PlotSummary.text(of: panel, words: words)
            return HTML.group([panelPicture(plot, index, alternative: text), "\n"])
        }
        let attributes: Attributes = [
            "class": "plot panels-\(PlotDrawing.columns(panels: plot.panels.count))", "role": isSingle ? nil : "group",
            "aria-label": isSingle ? nil : plot.alternative,
        ]
        return .group([
            .block("div", attributes, .group(panels)),
            TableView.data(PlotSummary.table(of: plot), name: name, words: words),
        ])
    }

    private mutating func panelPicture(_ plot: Plot, _ index: Int, alternative: String) -> HTML {
        let (width, height) = PlotDrawing.size(panels: plot.panels.count)
        func draw(_ palette: Palette, _ width: Int) -> Image {
            PlotDrawing(plot, palette: palette).image(ofPanel: index, width: width, height: height)
        }
        var sources = [(media: Self.darkScreen, image: draw(.dark, width))]
        // A wide panel would shrink on a phone until its labels cannot be read: it is drawn once more, narrow.
        if width > 500 {
            sources.insert((Self.darkAndNarrow, draw(.dark, 400)), at: 0)
            sources.append((Self.narrow, draw(.light, 400)))
        }
        return drawing(sources, draw(.light, width), alternative: alternative)
    }
}

/// A plot in words and as a table.
enum PlotSummary {
    /// `Loss: ResNet-50 from 0.39 to 0.10, lowest 0.09 at 8`.
    static func text(of panel: Plot.Panel, words: Words) -> String {
        let series = panel.series.compactMap { series -> String? in
            let points = series.points.filter(\.isDrawable)
            guard let first = points.first, let last = points.last,
                let lowest = points.min(by: { $0.y < $1.y })
            else { return nil }
            var text = series.name.isEmpty ? "" : series.name + " "
            if points.count == 1 { return text + Numeral.brief(first.y) + range(of: series) }
            text += "\(words.from) \(Numeral.brief(first.y)) \(words.to) \(Numeral.brief(last.y))"
            if lowest.x != last.x, lowest.x != first.x {
                text += ", \(words.lowest) \(Numeral.brief(lowest.y)) (\(Numeral.data(lowest.x)))"
            }
            return text + range(of: series)
        }
        return "\(panel.title): " + series.joined(separator: "; ")
    }

    /// ` (5 % 0.21, 95 % 1.1)`: the widest band at the line's end.
    private static func range(of series: Plot.Series) -> String {
        guard let band = series.bands.first, let last = series.points.lastIndex(where: \.isDrawable) else { return "" }
        return
            " (\(band.lowLabel) \(Numeral.brief(band.low[last])), \(band.highLabel) \(Numeral.brief(band.high[last])))"
    }

    /// One row an x value, one column a series, and one each end of a band around it; gaps where a series has no point.
    static func table(of plot: Plot) -> Table {
        let xs = Set(plot.panels.flatMap { $0.series.flatMap { $0.points.map(\.x) } }.filter(\.isFinite)).sorted()
        var columns = [Table.Column(plot.xLabel.verbatim)]
        var rows = xs.map { [number($0)] }
        for panel in plot.panels {
            for series in panel.series {
                let title = series.name.isEmpty ? panel.yLabel : series.name
                func add(_ title: String, _ column: [Double]) {
                    columns.append(
                        Table.Column(title.verbatim, group: plot.panels.count > 1 ? panel.title.verbatim : nil))
                    var values: [Double: Double] = [:]
                    for (point, value) in zip(series.points, column) where point.x.isFinite { values[point.x] = value }
                    for (index, x) in xs.enumerated() { rows[index].append(values[x].map(number) ?? .missing) }
                }
                for band in series.bands { add("\(title), \(band.lowLabel)", band.low) }
                add(title, series.points.map(\.y))
                for band in series.bands.reversed() { add("\(title), \(band.highLabel)", band.high) }
            }
        }
        return Table(columns: columns, rows: rows)
    }

    private static func number(_ value: Double) -> Table.Cell {
        guard value.isFinite else { return .missing }
        if value == value.rounded(), abs(value) < 1e15 { return .count(Int(value)) }
        let size = abs(value)
        return .number(value, digits: size >= 1000 ? 0 : size >= 10 ? 2 : size >= 0.001 ? 4 : 7)
    }
}
