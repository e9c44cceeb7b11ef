import Foundation
import Imaging
import Pages
import Testing

/// Drawings of boxes, arrows, pictures and labels, and graphs that are laid out in layers.
@Suite struct DiagramTests {
    private func site(_ diagram: Diagram) throws -> Site {
        let exhibit = Exhibit(id: "drawn", numbering: .figure, caption: nil, parts: [.diagram(diagram)])
        return try Sample.site(
            [.fence(Sample.fence("diagram", line: 3))], exhibits: [exhibit], directives: [3: "drawn"])
    }

    private func small(_ text: String = "a face") -> Diagram {
        var diagram = Diagram(width: 680, height: 120, title: "Two boxes", alternative: "One box leads to the other.")
        diagram.box(.init(1, 1, 90, 60))
        diagram.box(.init(140, 1, 90, 60), fill: .surface, outline: .accent)
        diagram.text(text.verbatim, 8, 40)
        diagram.arrow([.init(91, 30), .init(140, 30)], .level)
        diagram.strip([1, -1, 0, .nan, 0.5], .init(260, 10, 50, 20), limit: 1)
        diagram.picture(Sample.face(3), in: .init(400, 0, 60, 80), outline: .hit)
        return diagram
    }

    @Test func textStaysTextWhateverItIs() throws {
        let page = try site(small("</text><script>alert('&\"')</script>")).text()
        #expect(page.contains("&lt;/text&gt;&lt;script&gt;alert(&#39;&amp;&quot;&#39;)&lt;/script&gt;</text>"))
        #expect(!page.contains("<script>alert"))
    }

    @Test func itSaysWhatThereIsToSee() throws {
        let page = try site(small()).text()
        #expect(page.contains("role=\"img\" aria-label=\"Two boxes\""))
        #expect(page.contains("<desc>One box leads to the other.</desc>"))
        #expect(page.contains("viewBox=\"0 0 680 120\""))
        // What scrolls can be reached by keyboard.
        #expect(page.contains("<div class=\"diagram\" role=\"group\" aria-label=\"Two boxes\" tabindex=\"0\">"))
    }

    @Test func picturesAreFilesOfTheSite() throws {
        let site = try site(small())
        let file = try #require(site.files.first { $0.path.hasPrefix("images/") })
        #expect(file.path.hasSuffix(".jpg") && site.text().contains("xlink:href=\"\(file.path)\""))
        let page = site.inOneFile().text()
        #expect(page.contains("xlink:href=\"data:image/jpeg;base64,") && !page.contains(file.path))
    }

    /// Five cells, of which one is zero and one no number: what is left has the two colours, each in its strength.
    @Test func cellsOfAStripAreColouredBySignAndSize() throws {
        let page = try site(small()).text()
        #expect(page.matches(of: /<path class="f-first" d="M260 10h10v20h-10z" opacity="1"\/>/).count == 1)
        #expect(page.matches(of: /<path class="f-first" d="M300 10h10v20h-10z" opacity="0.57"\/>/).count == 1)
        #expect(page.matches(of: /<path class="f-second" d="M270 10h10v20h-10z" opacity="1"\/>/).count == 1)
    }

    @Test func aPictureKeepsItsShape() {
        var diagram = Diagram(width: 100, height: 100, title: "", alternative: "")
        let frame = diagram.picture(Sample.face(1, width: 20, height: 40), in: .init(10, 10, 60, 60))
        #expect(frame == .init(25, 10, 30, 60))
    }

    @Test func textThatIsTooLongEndsWithAnEllipsis() {
        #expect(Diagram.fitted("short", width: 200, size: 13) == "short")
        let fitted = Diagram.fitted(String(repeating: "long ", count: 5000).verbatim, width: 100, size: 13).text
        #expect(fitted.hasSuffix("…") && fitted.count > 5 && Diagram.width(of: fitted, size: 13) <= 100)
    }

    @Test func whatLiesInOnePlaceIsFound() {
        var diagram = small()
        #expect(diagram.overlappingBoxes.isEmpty && diagram.overlappingLabels.isEmpty && diagram.labelsOutside.isEmpty)
        diagram.box(.init(80, 50, 90, 60))
        diagram.text("another", 20, 42)
        diagram.text("beyond the edge", 660, 42)
        #expect(diagram.overlappingBoxes.count == 2)
        #expect(diagram.overlappingLabels.map(\.1) == ["another"] && diagram.labelsOutside == ["beyond the edge"])
    }
}

/// Graphs: layers, few crossings, and nothing in the place of something else.
@Suite struct LayeredGraphTests {
    private func graph(_ count: Int, _ edges: [(Int, Int, String)]) -> LayeredGraph {
        LayeredGraph(
            nodes: (0..<count).map { .init(title: "node \($0)", lines: ["of a graph"], style: .step) },
            edges: edges.map { .init(from: $0, to: $1, words: $2.isEmpty ? [] : [$2.verbatim]) })
    }

    private func expectSound(_ graph: LayeredGraph) {
        let diagram = graph.diagram(width: 680, title: "A graph", alternative: "")
        #expect(diagram.overlappingBoxes.isEmpty)
        #expect(diagram.overlappingLabels.isEmpty, "\(diagram.overlappingLabels)")
        #expect(diagram.labelsOutside.isEmpty, "\(diagram.labelsOutside)")
        for case .box(let box) in diagram.items { #expect(diagram.bounds.contains(box.frame)) }
        for case .line(let line) in diagram.items {
            #expect(zip(line.points, line.points.dropFirst()).allSatisfy { $0.y <= $1.y }, "arrows point down")
        }
    }

    @Test func whatDependsStandsLower() {
        let graph = graph(6, [(0, 1, "faces"), (1, 2, ""), (0, 2, "queries"), (3, 2, ""), (2, 4, "results")])
        // 3 is a source: just above what reads it. 5 hangs on nothing.
        #expect(graph.layers == [0, 1, 2, 1, 3, 3])
        expectSound(graph)
    }

    @Test func aCircleEnds() {
        let graph = graph(4, [(0, 1, ""), (1, 2, "a"), (2, 1, "b"), (2, 3, ""), (3, 3, "c")])
        #expect(graph.layers.allSatisfy { (0..<4).contains($0) })
        let diagram = graph.diagram(width: 300, title: "", alternative: "")
        #expect(diagram.overlappingBoxes.isEmpty && diagram.labelsOutside.isEmpty)
    }

    @Test func nothingIsDrawnOfNothing() {
        let diagram = graph(0, []).diagram(width: 300, title: "", alternative: "")
        #expect(diagram.items.isEmpty && diagram.height > 0)
    }

    /// More than a page is wide: the drawing grows, and nothing lies on anything else.
    @Test(arguments: [7, 12, 20, 60]) func manyNodesKeepApart(count: Int) {
        var edges: [(Int, Int, String)] = []
        // The same numbers on every machine: a linear congruence.
        var state = UInt64(count)
        func next(_ limit: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % limit
        }
        for node in 1..<count {
            for _ in 0...next(2) { edges.append((next(node), node, next(2) == 0 ? "" : "\(next(9000)) faces")) }
        }
        expectSound(graph(count, edges))
    }

    @Test func aSquareIsDrawnWithoutACrossing() {
        // In the given order both arrows would cross.
        let graph = graph(4, [(0, 3, ""), (1, 2, "")])
        let diagram = graph.diagram(width: 680, title: "", alternative: "")
        let lines = diagram.items.compactMap { if case .line(let line) = $0 { line.points } else { nil } }
        #expect((lines[0][0].x - lines[1][0].x) * (lines[0][1].x - lines[1][1].x) > 0)
    }
}
