import Drawing
import Imaging
import Pages
import Testing

struct ChartTests {
    private func page(_ part: Exhibit.Part) throws -> String {
        let exhibit = Exhibit(id: "x", numbering: .figure, caption: nil, parts: [part])
        return try Sample.site([.fence(Sample.fence("x", line: 3))], exhibits: [exhibit], directives: [3: "x"]).text()
    }

    private let bars = BarChart(
        title: "t", valueLabel: "share, %", bars: [.init("Young", 77.36), .init("Bald", 2.24), .init("None", .nan)],
        digits: 1, alternative: "Young is most frequent")
    private let map = HeatMap(
        title: "t", rows: ["A", "B"], columns: ["A", "C"], values: [[1, -0.5], [.nan, 0.25]], limit: 1, digits: 2,
        alternative: "A and C exclude each other")

    @Test func barsComeInBothSchemesWithWordsAndData() throws {
        let page = try page(.bars(bars))
        #expect(page.contains("prefers-color-scheme: dark"))
        #expect(page.contains("alt=\"Young is most frequent\""))
        #expect(page.contains("<th scope=\"row\">Young</th><td class=\"number\" data-value=\"77.36\">77.4</td>"))
    }

    @Test func heatMapsComeInBothSchemesWithWordsAndData() throws {
        let page = try page(.heatMap(map))
        #expect(page.contains("prefers-color-scheme: dark"))
        #expect(page.contains("alt=\"A and C exclude each other\""))
        #expect(
            page.contains(
                "<th scope=\"row\">B</th><td class=\"number\" data-value=\"\">–</td><td class=\"number\" data-value=\"0.25\">"
            ))
    }

    @Test func aLongTitleIsNotCut() throws {
        let title: Phrase =
            "Bao nhiêu phần trăm số ảnh có mỗi thuộc tính, và những cặp nào loại trừ nhau trong tập ảnh ấy"
        var (bars, map, plane) = (bars, map, plane)
        (bars.title, bars.valueLabel, map.title) = (title.text, title.text, title.text)
        plane.panels = plane.panels.map { panel in
            var panel = panel
            (panel.title, panel.xLabel) = (title.text, title.text)
            return panel
        }
        for part in [Exhibit.Part.bars(bars), .heatMap(map), .scatter(plane)] {
            let exhibit = Exhibit(id: "x", numbering: .figure, caption: nil, parts: [part])
            let site = try Sample.site(
                [.fence(Sample.fence("x", line: 3))], exhibits: [exhibit], directives: [3: "x"])
            for file in site.files where file.path.hasPrefix("images/") {
                let image = try Image(decoding: file.bytes, name: file.path)
                for y in 0..<100 {
                    let pixel = 3 * ((y + 1) * image.width - 1)
                    #expect(image.pixels[pixel..<pixel + 3].elementsEqual(image.pixels.prefix(3)), "\(y)")
                }
            }
        }
    }

    @Test func chartsWithoutDataLeaveNothing() throws {
        let noBars = BarChart(title: "", valueLabel: "", bars: [], digits: 0, alternative: "")
        let noCells = HeatMap(title: "", rows: [], columns: [], values: [], limit: 1, digits: 0, alternative: "")
        let noPoints = ScatterPlot(groups: [], groupLabel: "", memberLabel: "", panels: [], alternative: "")
        for part in [Exhibit.Part.bars(noBars), .heatMap(noCells), .scatter(noPoints)] {
            #expect(!(try page(part)).contains("<picture>"))
        }
    }

    /// One face of A at the origin, one of B to its right, one of C above it; then all of them elsewhere.
    private let plane = ScatterPlot(
        groups: ["A", "B", "C"], groupLabel: "person", memberLabel: "face",
        panels: [
            .init(
                title: "Before", xLabel: "x", yLabel: "y",
                points: [[.init(x: 0, y: 0)], [.init(x: 3, y: 0)], [.init(x: 0, y: 3)]]),
            .init(
                title: "After", xLabel: "x", yLabel: "y",
                points: [[.init(x: 0, y: 0)], [.init(x: 0.5, y: -9)], [.init(x: 1, y: 2)]]),
        ], alternative: "A, B and C form a corner")

    @Test func planesComeInBothSchemesWithWordsAndData() throws {
        let page = try page(.scatter(plane))
        #expect(page.contains("prefers-color-scheme: dark"))
        #expect(page.contains("(max-width: 480px)"))
        #expect(page.contains("alt=\"A, B and C form a corner\""))
        #expect(page.contains("exhibit figure wide"))
        let row = try #require(
            page.components(separatedBy: "<th scope=\"row\">B</th>").last?.components(separatedBy: "</tr>").first)
        let values = row.matches(of: /data-value="([^"]*)"/).compactMap { Double($0.1) }
        #expect(values == [1, 3, 0, 0.5, -9])
    }

    @Test func bothAxesOfAPlaneHaveOneScale() throws {
        for palette in [Palette.light, .dark] {
            let image = ScatterDrawing(plane, palette: palette).image(width: 960)
            // The first panel: its names stand below it.
            func place(_ group: Int) throws -> (x: Double, y: Double) {
                let color = palette.series(group)
                var (sum, count) = ((x: 0, y: 0), 0)
                for y in 0..<700 {
                    for x in 0..<932 {
                        let offset = 3 * (y * image.width + x)
                        let pixel = image.pixels[offset..<offset + 3]
                        guard pixel.elementsEqual([color.red, color.green, color.blue]) else { continue }
                        (sum, count) = ((sum.x + x, sum.y + y), count + 1)
                    }
                }
                try #require(count > 40)
                return (Double(sum.x) / Double(count), Double(sum.y) / Double(count))
            }
            let (a, b, c) = (try place(0), try place(1), try place(2))
            #expect(b.x - a.x > 200)
            #expect(abs((b.x - a.x) - (a.y - c.y)) < 3)
            #expect(abs(b.y - a.y) < 3 && abs(c.x - a.x) < 3)
        }
    }

    @Test func narrowPlanesStandOneBelowTheOther() {
        let (wide, narrow) = (
            ScatterDrawing(plane, palette: .light).image(width: 960),
            ScatterDrawing(plane, palette: .light).image(width: 400)
        )
        #expect(wide.height < wide.width / 2)
        #expect(narrow.height > narrow.width * 3 / 2)
    }

    @Test func marksDifferByShapeAlone() {
        let outlines = (0..<8).map { Mark($0).outline }
        #expect(Set(outlines).count == 8)
        for outline in outlines {
            let lengths = outline.map { ($0.x * $0.x + $0.y * $0.y).squareRoot() }
            #expect((lengths.max() ?? 0) < 1.4 && (lengths.max() ?? 0) > 0.9)
            #expect((lengths.min() ?? 0) > 0.4)
        }
    }

    @Test func unusualPlanesDrawWithoutTrouble() {
        for points in [
            [], [Plot.Point(x: 2, y: 2)], [.init(x: 0, y: 0), .init(x: 0, y: 0)],
            [.init(x: .nan, y: 1), .init(x: 1, y: .infinity)],
        ] {
            let plot = ScatterPlot(
                groups: Array(repeating: String(repeating: "long ", count: 20), count: 12), groupLabel: "person",
                memberLabel: "face",
                panels: [.init(title: "", xLabel: "", yLabel: "", points: Array(repeating: points, count: 12))],
                alternative: "")
            #expect(ScatterDrawing(plot, palette: .dark).image(width: 400).width == 800)
        }
    }
}
