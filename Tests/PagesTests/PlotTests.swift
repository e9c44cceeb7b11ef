import Drawing
import Imaging
import Pages
import Testing

struct PlotTests {
    private func plot(_ points: [Plot.Point], style: Plot.Series.Style = .line) -> Plot {
        Plot(
            xLabel: "x",
            panels: [.init(title: "t", yLabel: "y", series: [.init(name: "s", style: style, points: points)])],
            alternative: "a")
    }

    private func draw(_ plot: Plot, _ palette: Palette = .light) -> Image {
        PlotDrawing(plot, palette: palette).image(ofPanel: 0, width: 300, height: 200)
    }

    private func count(_ color: Color, in image: Image) -> Int {
        stride(from: 0, to: image.pixels.count, by: 3).count {
            image.pixels[$0] == color.red && image.pixels[$0 + 1] == color.green && image.pixels[$0 + 2] == color.blue
        }
    }

    @Test func panelsAreDrawnAtTwiceThePagesDensityInBothSchemes() {
        let values = (0..<9).map { Plot.Point(x: Double($0), y: Double($0 * $0)) }
        for palette in [Palette.light, .dark] {
            let image = draw(plot(values), palette)
            #expect(image.width == 600 && image.height == 400 && image.channels == 3)
            #expect(count(palette.series(0), in: image) > 200)
            #expect(count(palette.paper, in: image) > 100_000)
        }
    }

    @Test(
        arguments: [
            [], [(1, 2)], [(1, 3), (2, 3), (3, 3)], [(1, 0), (2, 0)], [(1, .nan), (2, 1), (3, .infinity), (4, 2)],
            [(0, -5), (1, 5)], [(1, 1e300), (2, -1e300)], [(5, 1e-12), (6, 2e-12)], [(.nan, 1)],
        ] as [[(Double, Double)]])
    func unusualDataDrawsWithoutTrouble(_ points: [(Double, Double)]) {
        for style in [Plot.Series.Style.line, .bars] {
            let image = draw(plot(points.map { Plot.Point(x: $0.0, y: $0.1) }, style: style))
            #expect(image.width == 600)
        }
    }

    @Test func aGapIsLeftWhereAValueIsMissing() {
        let whole = draw(plot((0..<5).map { .init(x: Double($0), y: 1) }))
        let broken = draw(plot((0..<5).map { .init(x: Double($0), y: $0 == 2 ? .nan : 1) }))
        #expect(count(Palette.light.series(0), in: broken) < count(Palette.light.series(0), in: whole))
    }

    @Test func aSeriesKeepsItsColourInEveryPanel() {
        let points = [Plot.Point(x: 0, y: 1), .init(x: 1, y: 2)]
        let both = Plot(
            xLabel: "",
            panels: [
                .init(
                    title: "", yLabel: "", series: [.init(name: "a", points: points), .init(name: "b", points: points)]),
                .init(title: "", yLabel: "", series: [.init(name: "b", style: .bars, points: points)]),
            ], alternative: "")
        let second = PlotDrawing(both, palette: .light).image(ofPanel: 1, width: 300, height: 200)
        #expect(count(Palette.light.series(1), in: second) > 1000)
        #expect(count(Palette.light.series(0), in: second) == 0)
    }

    @Test func aWholePlotPutsItsPanelsSideBySide() {
        let plot = Sample.plot(panels: 3)
        guard case .plot(let value)? = plot.parts.first else { return }
        let image = PlotDrawing(value, palette: .light).image()
        #expect(image.width == 3 * 310 * 2 && image.height == 260 * 2)
    }
}
