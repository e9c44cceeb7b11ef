import Drawing
import Imaging

/// Draws the panels of a plot, one image a panel, so that a page can set them side by side or one below the other.
///
/// Lines carry markers; their ends are labelled directly with name and last value, their minimum with a ring; shades behind
/// them say where a share of the values lies. Values that are not numbers leave a gap. Colours follow the names of the
/// series over all panels.
package struct PlotDrawing {
    package var plot: Plot
    package var palette: Palette

    package init(_ plot: Plot, palette: Palette) {
        self.plot = plot
        self.palette = palette
    }

    /// How many of `count` panels stand side by side on a wide page: four are two rows of two.
    package static func columns(panels count: Int) -> Int { count == 4 ? 2 : min(max(count, 1), 3) }

    /// Size of a panel in page pixels when `count` panels stand side by side.
    package static func size(panels count: Int) -> (width: Int, height: Int) {
        switch columns(panels: count) {
        case 1: (680, 330)
        case 2: (470, 300)
        default: (310, 260)
        }
    }

    /// One panel at twice the page's density.
    package func image(ofPanel index: Int, width: Int, height: Int) -> Image {
        let canvas = Canvas(width: width, height: height, background: palette.paper)
        // Panels beside each other have their frames at one height.
        let titles = plot.panels.map { DrawnTitle($0.title, width: Double(width) - 4, on: canvas) }
        var drawing = PanelDrawing(
            canvas: canvas, palette: palette, panel: plot.panels[index], title: titles[index],
            titleHeight: titles.map(\.extraHeight).max() ?? 0, xLabel: plot.xLabel, xAxis: plot.xAxis,
            xValues: xValues, colors: colors)
        drawing.draw()
        return canvas.image()
    }

    private var xValues: [Double] {
        plot.panels.flatMap { $0.series.flatMap { $0.points.map(\.x) } }.filter(\.isFinite)
    }

    /// A series keeps its colour in every panel.
    private var colors: [String: Color] {
        var colors: [String: Color] = [:]
        for panel in plot.panels {
            for series in panel.series where colors[series.name] == nil {
                colors[series.name] = palette.series(colors.count)
            }
        }
        return colors
    }
}
