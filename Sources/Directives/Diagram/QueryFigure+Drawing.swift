import Execution
import Pages

extension QueryFigure {
    private static let treeTop = 202.0
    private static let treeBottom = 352.0

    func diagram(_ result: StepResult) throws -> Diagram {
        var diagram = Diagram(
            width: Diagram.textWidth, height: 492, title: "Query \(query) on its way through the tree",
            alternative: """
                Query \(query), a face of \(identity), becomes \(columns) numbers; \(questions.count) questions lead it \
                down the tree to its own leaf. On the way back \(pruned) nodes are left out with all below them: \
                \(visitedLeaves) of \(leaves) leaves are visited and \(distances) of \(gallery) distances computed in \
                full. Of the nearest \(hits.count) faces \(hits.count(where: \.isSame)) show the same person.
                """)
        try drawQuery(result, into: &diagram)
        let places = nodePlaces
        drawTree(places, into: &diagram)
        try drawAnswer(places, result, into: &diagram)
        return diagram
    }

    private func drawQuery(_ result: StepResult, into diagram: inout Diagram) throws {
        diagram.text("Query \(query)", 0, 13, size: 14, isBold: true)
        let face = diagram.picture(
            try result.picture(.face(self.face), "The query, a face of \(identity)"), in: .init(2, 26, 88, 112),
            outline: .accent)
        diagram.text(
            Diagram.fitted("person \(identity)", width: 110, size: 12.5), 0, face.bottom + 18, size: 12.5, .muted)
        diagram.text("Its embedding: \(PipelineFigure.words(columns))", 124, 13, size: 14, isBold: true)
        let strip = Diagram.Frame(124, 28, 288, 20)
        diagram.arrow([.init(face.right + 8, strip.middle.y), .init(118, strip.middle.y)])
        diagram.strip(embedding, strip, limit: max(1e-9, embedding.lazy.filter(\.isFinite).map(abs).max() ?? 1))
        let asked = questions.prefix(5)
        diagram.text("What the nodes ask on the way down", 124, 78, isBold: true)
        for (number, question) in asked.enumerated() {
            let y = 98 + 17 * Double(number)
            let sign = question.goesRight ? "≥" : "<"
            diagram.text(
                """
                W\(Self.subscripted(question.direction))·q = \(Numeral.fixed(question.projection, digits: 3))  \(sign)  \
                θ = \(Numeral.fixed(question.theta, digits: 3))
                """.verbatim, 124, y, .ink)
            diagram.text(question.goesRight ? "right" : "left", 384, y, .first, isBold: true)
        }
        if questions.count > asked.count {
            diagram.text("and \(questions.count - asked.count) more", 124, 98 + 17 * 5, .muted)
        }
        let facts: [Phrase] = [
            "\(visitedLeaves) of \(leaves) leaves visited",
            pruned == 1 ? "1 node left out with all below" : "\(pruned) nodes left out with all below",
            "\(Numeral.count(distances)) of \(Numeral.count(gallery)) distances in full",
        ]
        diagram.text("What it cost", 446, 78, isBold: true)
        for (number, fact) in facts.enumerated() {
            diagram.text(Diagram.fitted(fact, width: 232, size: 12.5), 446, 98 + 17 * Double(number), .muted)
        }
    }

    /// Ends of the drawing at even distances, every other node in the middle above its two.
    private var nodePlaces: [Diagram.Point] {
        let ends = nodes.indices.filter { nodes[$0].left == nil }
        let pitch = 660 / Double(max(1, ends.count))
        let deepest = Double(max(1, nodes.map(\.depth).max() ?? 1))
        var places = nodes.map { node in
            Diagram.Point(
                0, Self.treeTop + 14 + (Self.treeBottom - Self.treeTop - 14) * Double(node.depth) / deepest)
        }
        for (number, end) in ends.enumerated() { places[end].x = 10 + pitch * (Double(number) + 0.5) }
        for index in nodes.indices.reversed() {
            guard let left = nodes[index].left, let right = nodes[index].right else { continue }
            places[index].x = (places[left].x + places[right].x) / 2
        }
        return places
    }

    private func drawTree(_ places: [Diagram.Point], into diagram: inout Diagram) {
        for isPath in [false, true] {
            for (index, node) in nodes.enumerated() {
                for child in [node.left, node.right].compactMap(\.self) where nodes[child].isOnPath == isPath {
                    let tone: Diagram.Tone = isPath ? .first : nodes[child].fate == "visited" ? .muted : .line
                    diagram.line([places[index], places[child]], .upright, tone, width: isPath ? 2.5 : 1)
                }
            }
        }
        for (index, node) in nodes.enumerated() {
            let isEnd = node.left == nil
            switch node.fate {
            case "visited":
                diagram.disc(places[index], isEnd ? 4.5 : 4, fill: node.isOnPath && isEnd ? .second : .first)
            case "pruned": diagram.disc(places[index], 4, fill: .paper, outline: .miss)
            default: diagram.disc(places[index], 2, fill: .line)
            }
        }
        drawLegend(into: &diagram)
        if isCut {
            diagram.text("deeper nodes are not drawn", 680, Self.treeTop + 4, size: 12.5, .muted, anchor: .end)
        }
    }

    private func drawLegend(into diagram: inout Diagram) {
        var x = 446.0
        for (fill, outline, words) in [
            (Diagram.Tone.first, Diagram.Tone?.none, "visited" as Phrase), (.second, nil, "own leaf"),
            (.paper, .miss, "left out"),
        ] {
            diagram.disc(.init(x + 5, 162), 4.5, fill: fill, outline: outline)
            diagram.text(words, x + 14, 166, size: 12.5, .muted)
            x += 26 + Diagram.width(of: words.text, size: 12.5)
        }
    }

    private func drawAnswer(_ places: [Diagram.Point], _ result: StepResult, into diagram: inout Diagram) throws {
        let pitch = 680 / Double(max(1, hits.count))
        for (number, hit) in hits.enumerated() {
            let middle = pitch * (Double(number) + 0.5)
            let tone: Diagram.Tone = hit.isSame ? .hit : .miss
            let leaf = places[hit.node]
            let frame = diagram.picture(
                try result.picture(.face(hit.face), "Face of \(hit.identity)"), in: .init(middle - 32, 392, 64, 78),
                outline: tone, isDashed: !hit.isSame)
            diagram.arrow([.init(leaf.x, leaf.y + 7), .init(middle, frame.y - 5)], .upright, .muted, width: 1)
            diagram.text(
                "\(hit.isSame ? "✓" : "✗") \(number + 1) · \(Numeral.fixed(hit.distance, digits: 3))".verbatim, middle,
                frame.bottom + 18, size: 12.5, tone, anchor: .middle)
        }
        if k > hits.count {
            diagram.text("the first \(hits.count) of \(k)", 680, 382, size: 12.5, .muted, anchor: .end)
        }
    }

    private static func subscripted(_ number: Int) -> String {
        String(
            String(number).unicodeScalars.compactMap {
                Unicode.Scalar($0.value - 48 + 0x2080).map(Character.init)
            })
    }
}
