import Drawing
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
        #expect(page.contains("<th scope=\"row\">B</th><td class=\"number\" data-value=\"\">–</td><td class=\"number\" data-value=\"0.25\">"))
    }

    @Test func chartsWithoutDataLeaveNothing() throws {
        let noBars = BarChart(title: "", valueLabel: "", bars: [], digits: 0, alternative: "")
        let noCells = HeatMap(title: "", rows: [], columns: [], values: [], limit: 1, digits: 0, alternative: "")
        for part in [Exhibit.Part.bars(noBars), .heatMap(noCells)] { #expect(!(try page(part)).contains("<picture>")) }
    }
}
