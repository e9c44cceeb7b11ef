import Chapters
import Diagnostics
import Foundation
import Imaging
import Pages
import Testing

struct ExhibitTests {
    private func page(_ exhibit: Exhibit) throws -> String {
        try Sample.site([.fence(Sample.fence("x", line: 3))], exhibits: [exhibit], directives: [3: exhibit.id]).text()
    }

    @Test func everyImageHasItsSizeAndAlternativeText() throws {
        let gallery = Exhibit(
            id: "g", numbering: .figure, caption: nil,
            parts: [.gallery(Gallery(groups: [.init(items: [.init(picture: Sample.face(1), title: "t")])]))])
        for exhibit in [Sample.plot(), Sample.plot(panels: 3), Sample.grid(), gallery] {
            let images = try page(exhibit).components(separatedBy: "<img ").dropFirst()
            #expect(!images.isEmpty)
            for image in images {
                let tag = image.prefix { $0 != ">" }
                for name in ["src", "width", "height", "alt"] {
                    #expect(tag.firstMatch(of: try Regex("\(name)=\"[^\"]+\"")) != nil, "\(name): \(tag)")
                }
            }
        }
    }

    @Test func aTableGroupsColumnsAlignsNumbersAndKeepsPlainValues() throws {
        let page = try page(Sample.table())
        #expect(page.contains("<td colspan=\"1\"></td><th colspan=\"2\" scope=\"colgroup\">ResNet-50</th>"))
        #expect(page.contains("<td class=\"number\" data-value=\"80.191\">80.19 %</td>"))
        #expect(page.contains("<td class=\"number\" data-value=\"12056\">12,056</td>"))
        #expect(
            page.contains(
                "<tr class=\"summary\"><th scope=\"row\">k = 20</th><td class=\"number\" data-value=\"\">–</td>"))
        #expect(page.contains("<li>Without repetition.</li>"))
        #expect(page.contains("Scores with <code>k</code> <em>nearest</em>."))
    }

    @Test func aPlotComesInBothSchemesWithItsDataAsATable() throws {
        let page = try page(Sample.plot())
        #expect(page.contains("prefers-color-scheme: dark"))
        #expect(page.contains("alt=\"loss falls from 0.39 to 0.10\""))
        #expect(page.contains("<details class=\"folded data\">"))
        // x = 2: a gap in the first series, a value in the second.
        #expect(
            page.contains(
                "<td class=\"number\" data-value=\"2\">2</td><td class=\"number\" data-value=\"\">–</td><td class=\"number\" data-value=\"0.2\">"
            ))
    }

    @Test func panelsOfAPlotSayWhatEachShows() throws {
        let page = try page(Sample.plot(panels: 2))
        #expect(page.contains("role=\"group\" aria-label=\"loss falls from 0.39 to 0.10\""))
        #expect(page.contains("alt=\"Loss: ResNet-50 from 0.39 to 0.1; Best 0.2\""))
    }

    @Test func framesStandInOrderAndNeedNoScript() throws {
        let items = (0..<3).map { Gallery.Item(picture: Sample.face($0), title: "after stage \($0)") }
        let page = try page(
            Exhibit(id: "steps", numbering: .figure, caption: nil, parts: [.frames(Frames(items: items))]))
        let frames = try #require(page.range(of: "<div class=\"frames\">"))
        let places = (0..<3).compactMap {
            page.range(of: "after stage \($0)</span>", range: frames.upperBound..<page.endIndex)
        }
        #expect(places.count == 3)
        #expect(zip(places, places.dropFirst()).allSatisfy { $0.lowerBound < $1.lowerBound })
        #expect(!page[frames.upperBound...].contains("hidden"))
    }

    @Test func hitsAndMissesDifferByMarkAndWord() throws {
        let page = try page(Sample.grid())
        #expect(page.components(separatedBy: "class=\"hit same\"").count == 4)
        #expect(page.components(separatedBy: "class=\"hit other\"").count == 2)
        #expect(page.contains("aria-label=\"another person\" title=\"another person\">✗</span>"))
        #expect(page.contains(">39/40</span>") && page.contains(">0.143</span>") && page.contains("value=\"4\""))
        #expect(page.contains("class=\"misses-only\""))
    }

    @Test func marksAndProvenanceStandWithTheCaption() throws {
        let page = try page(Sample.grid())
        let caption = try #require(page.range(of: "<figcaption>"))
        let end = try #require(page.range(of: "</figcaption>"))
        let text = page[caption.upperBound..<end.lowerBound]
        #expect(text.contains("random weights") && text.contains("The network was never trained."))
        #expect(text.contains("<summary>computed 2026-01-23</summary>") && text.contains("<dt>seed</dt><dd>7</dd>"))
    }

    @Test func boxesAreDrawnOverTheirPicture() throws {
        let item = Gallery.Item(
            picture: Sample.face(1, width: 30, height: 20), title: "",
            boxes: [Rectangle(x: 1, y: 2, width: 3, height: 4)])
        let page = try page(
            Exhibit(
                id: "g", numbering: .figure, caption: nil, parts: [.gallery(Gallery(groups: [.init(items: [item])]))]))
        #expect(page.contains("viewBox=\"0 0 30 20\""))
        #expect(page.contains("<rect x=\"1\" y=\"2\" width=\"3\" height=\"4\"/>"))
    }

    @Test func aFailureIsShownInPlace() throws {
        let page = try page(
            Exhibit(id: "f", numbering: .figure, caption: "C", parts: [.failure("No weights <here>.")]))
        #expect(page.contains("class=\"failure\"") && page.contains("No weights &lt;here&gt;."))
        #expect(page.contains("Figure 1</a> C"))
    }

    @Test func aDirectiveWithoutResultIsShownAndReported() throws {
        let site = try Sample.site([.fence(Sample.fence("train", line: 3))], directives: [3: "tuned"])
        #expect(site.codes == ["missing-result"])
        #expect(site.text().contains("id=\"fig-tuned\""))
    }

    @Test func aFenceThatIsNoDirectiveStaysCode() throws {
        let site = try Sample.site([.fence(Sample.fence("train nope", line: 3, body: "epochs: 1\n"))])
        #expect(site.text().contains("<code class=\"language-train\">epochs: 1\n</code>"))
    }

    @Test func emptyExhibitsDoNotBreakThePage() throws {
        let parts: [Exhibit.Part] = [
            .table(Table(columns: [], rows: [])), .plot(Plot(xLabel: "", panels: [], alternative: "")),
            .plot(
                Plot(
                    xLabel: "x", panels: [.init(title: "t", yLabel: "", series: [.init(name: "n", points: [])])],
                    alternative: "a")),
            .retrieval(RetrievalGrid(rows: [])), .gallery(Gallery(groups: [.init(items: [])])), .note(""),
        ]
        #expect(try page(Exhibit(id: "e", numbering: .figure, caption: "", parts: parts)).contains("id=\"fig-e\""))
    }

    /// What to click is no news on paper.
    @Test func whatOnlyAScreenCanDoIsNotPrinted() throws {
        let explorer = TreeExplorer(
            points: [[0, 0], [1, 1]], nodes: [.init(w: nil, t: 0, theta: 0, left: nil, right: nil, points: [0, 1])],
            query: [0.5, 0.5])
        let exhibit = Exhibit(id: "x", numbering: .figure, caption: nil, parts: [.treeExplorer(explorer)])
        let site = try Sample.site(
            [.fence(Sample.fence("x", line: 3))], exhibits: [exhibit], directives: [3: "x"])
        #expect(site.text().contains(#"<p class="note on-screen">Click to move the query"#))
        let style = try #require(site.files.first { $0.path.hasPrefix("assets/style-") })
        let media = String(decoding: style.bytes, as: UTF8.self).components(separatedBy: "@media print")
        #expect(media[1].contains(".on-screen { display: none; }"))
    }
}
