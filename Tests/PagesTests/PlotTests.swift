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

    private func banded(_ medians: [Double], widens: Double = 0, showsStart: Bool = false) -> Plot {
        Plot(
            xLabel: "epoch",
            panels: [
                .init(
                    title: "Distances", yLabel: "",
                    series: [
                        .init(
                            name: "s",
                            points: medians.enumerated().map { .init(x: Double($0.offset + 1), y: $0.element) },
                            bands: [
                                .init(
                                    lowLabel: "5 %", highLabel: "95 %", low: medians.map { $0 / 4 },
                                    high: medians.map { 2 * $0 + widens }),
                                .init(
                                    lowLabel: "25 %", highLabel: "75 %", low: medians.map { $0 / 2 },
                                    high: medians.map { 1.5 * $0 }),
                            ], showsStart: showsStart)
                    ])
            ], alternative: "a")
    }

    /// Pixels that are nearly of a colour: paper below one or two shades.
    private func shade(_ color: Color, in image: Image) -> Int {
        stride(from: 0, to: image.pixels.count, by: 3).count {
            abs(Int(image.pixels[$0]) - Int(color.red)) < 3 && abs(Int(image.pixels[$0 + 1]) - Int(color.green)) < 3
                && abs(Int(image.pixels[$0 + 2]) - Int(color.blue)) < 3
        }
    }

    /// A line's band takes its share of the panel: outside the quartiles one shade, between them two.
    @Test func bandsShadeWhereValuesLie() {
        for palette in [Palette.light, .dark] {
            let once = palette.paper.mixed(with: palette.series(0), 0.16)
            let twice = once.mixed(with: palette.series(0), 0.16)
            let plain = draw(plot((1...4).map { .init(x: Double($0), y: 4) }), palette)
            #expect(shade(once, in: plain) < 100 && shade(twice, in: plain) < 100)
            let image = draw(banded([4, 4, 4, 4]), palette)
            // Of 1…8 the quartiles take 2…6; the median's line lies in them.
            let (outer, inner) = (Double(shade(once, in: image)), Double(shade(twice, in: image)))
            #expect(outer > 10_000)
            #expect(abs(inner / outer - 4.0 / 3) < 0.15, "\(inner) and \(outer)")
            // One epoch alone has a shade too.
            let single = draw(banded([4]), palette)
            #expect(shade(once, in: single) > 1000)
        }
    }

    /// One over the other, the shades of a single epoch would mix.
    @Test func theShadesOfOneEpochStandBesideEachOther() {
        var plot = banded([4])
        plot.panels[0].series.append(plot.panels[0].series[0])
        plot.panels[0].series[1].name = "other"
        let image = draw(plot)
        let shades = (0..<2).map { shade(Palette.light.paper.mixed(with: Palette.light.series($0), 0.16), in: image) }
        #expect(shades[0] > 1000)
        #expect(abs(shades[0] - shades[1]) < shades[0] / 10)
    }

    @Test func theAxisReachesToTheBandsEnds() {
        let once = Palette.light.paper.mixed(with: Palette.light.series(0), 0.16)
        // The median alone would end at 4; a band up to 40 would not fit.
        let image = draw(banded([4, 4, 4], widens: 32))
        #expect(shade(once, in: image) > 20_000)
        let top = (0..<image.height).first { y in
            (0..<image.width).contains { x in
                let offset = 3 * (y * image.width + x)
                return abs(Int(image.pixels[offset]) - Int(once.red)) < 3
                    && abs(Int(image.pixels[offset + 1]) - Int(once.green)) < 3
                    && abs(Int(image.pixels[offset + 2]) - Int(once.blue)) < 3
            }
        }
        // At the frame, 53 pixels of the page below the top; what reaches over it is cut 8 above.
        #expect(abs((top ?? 0) - 2 * 53) < 4)
    }

    @Test func aBandIsInTheTableAndInTheWords() throws {
        let exhibit = Exhibit(id: "x", numbering: .figure, caption: nil, parts: [.plot(banded([1, 2]))])
        let both = Exhibit(
            id: "x", numbering: .figure, caption: nil,
            parts: [.plot(Plot(xLabel: "epoch", panels: banded([1, 2]).panels + banded([3]).panels, alternative: "a"))])
        func page(_ exhibit: Exhibit) throws -> String {
            try Sample.site([.fence(Sample.fence("x", line: 3))], exhibits: [exhibit], directives: [3: "x"]).text()
        }
        let text = try page(exhibit)
        let titles = ["s, 5 %", "s, 25 %", "s", "s, 75 %", "s, 95 %"]
        let places = try titles.map { title in try #require(text.range(of: ">\(title)<")).lowerBound }
        #expect(places == places.sorted())
        let values = text.matches(of: /data-value="([^"]*)"/).map { String($0.1) }
        #expect(values.compactMap(Double.init) == [1, 0.25, 0.5, 1, 1.5, 2, 2, 0.5, 1, 2, 3, 4])
        #expect(try page(both).contains("alt=\"Distances: s from 1 to 2 (5 % 0.5, 95 % 4)\""))
        #expect(try page(both).contains("alt=\"Distances: s 3 (5 % 0.75, 95 % 6)\""))
    }

    @Test func aLinesBeginningIsLabelledWhereItIsAskedFor() {
        let (without, with) = (draw(banded([4, 3, 2])), draw(banded([4, 3, 2], showsStart: true)))
        let color = Palette.light.series(0)
        #expect(count(color, in: with) > count(color, in: without))
    }

    /// Nothing runs over the edge, in whatever language and however long the words.
    @Test(arguments: [
        "Khoảng cách giữa ảnh của cùng một người và của những người khác nhau trong 2 cách chia tập",
        "Triplettverlustfunktionsmittelwertberechnungsverfahren",
    ])
    func aLongTitleIsNotCut(_ title: String) {
        var long = plot([.init(x: 1, y: 2), .init(x: 2, y: 1)])
        let short = draw(long)
        long.panels[0].title = title
        long.panels[0].yLabel = title
        long.xLabel = title
        let image = draw(long)
        #expect(image.pixels != short.pixels)
        for y in 0..<image.height {
            for x in [0, 1, image.width - 2, image.width - 1] {
                let pixel = 3 * (y * image.width + x)
                #expect(image.pixels[pixel..<pixel + 3].elementsEqual(image.pixels.prefix(3)), "\(x), \(y)")
            }
        }
    }

    @Test func fourPanelsAreTwoRowsOfTwo() {
        #expect((1...6).map(PlotDrawing.columns(panels:)) == [1, 2, 3, 2, 3, 3])
    }
}
