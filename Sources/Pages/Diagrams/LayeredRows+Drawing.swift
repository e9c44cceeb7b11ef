extension LayeredRows {
    /// Between the rows, for arrows to bend in.
    private static let bend = 18.0

    func drawing(width: Double, title: Phrase, alternative: Phrase) -> Diagram {
        var tops: [Double] = []
        var y = 1.0
        for row in rows {
            tops.append(y)
            y += (row.map(\.height).max() ?? 0) + Self.bend
        }
        var diagram = Diagram(width: width, height: y - Self.bend + 1, title: title, alternative: alternative)
        for (index, edge) in graph.edges.enumerated() { draw(edge, index, tops, into: &diagram) }
        for (row, top) in zip(rows, tops) {
            let height = row.map(\.height).max() ?? 0
            for slot in row { draw(slot, top, height, into: &diagram) }
        }
        return diagram
    }

    private func draw(_ slot: Slot, _ top: Double, _ height: Double, into diagram: inout Diagram) {
        switch slot.content {
        case .lane: break
        case .words(let edge):
            for (number, words) in graph.edges[edge].words.enumerated() {
                diagram.text(
                    words.verbatim, slot.x, top + (height - slot.height) / 2 + 12 + 16 * Double(number),
                    size: LayeredGraph.lineSize, .muted, anchor: .middle, hasHalo: true)
            }
        case .node(let index):
            let node = graph.nodes[index]
            let frame = Diagram.Frame(slot.x - slot.width / 2, top, slot.width, slot.height)
            switch node.style {
            case .source: diagram.box(frame, outline: .muted, isDashed: true)
            case .step: diagram.box(frame, fill: .surface, outline: .accent)
            case .group: diagram.box(frame, outline: .line)
            }
            var y = top + 22
            if !node.title.isEmpty {
                diagram.text(
                    node.title.verbatim, slot.x, y, size: LayeredGraph.titleSize, isBold: true, anchor: .middle)
                y += 18
            }
            for line in node.lines {
                diagram.text(line.verbatim, slot.x, y, size: LayeredGraph.lineSize, .muted, anchor: .middle)
                y += 16
            }
        }
    }

    /// Bends between rows, straight past them.
    private func draw(_ edge: LayeredGraph.Edge, _ index: Int, _ tops: [Double], into diagram: inout Diagram) {
        guard let from = place(of: edge.from), let to = place(of: edge.to), from.row < to.row else { return }
        var points = [Diagram.Point(port(of: index, at: from, isStart: true), tops[from.row] + from.slot.height)]
        for row in from.row + 1..<to.row {
            guard let slot = rows[row].first(where: { passes($0, index) }) else { continue }
            let height = rows[row].map(\.height).max() ?? 0
            switch slot.content {
            case .words: points.append(.init(slot.x, tops[row] + height / 2))
            // Past nodes, and nowhere else, an arrow has to stay in its lane.
            case .lane where row % 2 == 0:
                points += [.init(slot.x, tops[row] - 4), .init(slot.x, tops[row] + height + 4)]
            case .lane, .node: break
            }
        }
        points.append(.init(port(of: index, at: to, isStart: false), tops[to.row]))
        diagram.arrow(points, .upright, .muted, width: graph.nodes[edge.to].style == .group ? 0.8 : 1.5)
    }

    private func passes(_ slot: Slot, _ edge: Int) -> Bool {
        switch slot.content {
        case .words(let own), .lane(let own): own == edge
        case .node: false
        }
    }

    private func place(of node: Int) -> (row: Int, slot: Slot)? {
        for (row, slots) in rows.enumerated() {
            for slot in slots {
                if case .node(node) = slot.content { return (row, slot) }
            }
        }
        return nil
    }

    /// Where an arrow leaves or reaches a node: arrows side by side, in the order of what they come from or go to.
    private func port(of index: Int, at place: (row: Int, slot: Slot), isStart: Bool) -> Double {
        let node = isStart ? graph.edges[index].from : graph.edges[index].to
        let other = place.row + (isStart ? 1 : -1)
        guard rows.indices.contains(other) else { return place.slot.x }
        let edges = graph.edges.indices.filter {
            (isStart ? graph.edges[$0].from : graph.edges[$0].to) == node
        }
        let near = edges.compactMap { edge in rows[other].first { passes($0, edge) }.map { (edge, $0.x) } }
            .sorted { ($0.1, $0.0) < ($1.1, $1.0) }
        guard let number = near.firstIndex(where: { $0.0 == index }) else { return place.slot.x }
        return Self.apart(near.map(\.1), around: place.slot)[number]
    }

    /// Places along a node's edge, each as near to where its arrow comes from or goes to as the others let it.
    private static func apart(_ wishes: [Double], around slot: Slot) -> [Double] {
        let (left, right) = (slot.x - slot.width / 2 + 16, slot.x + slot.width / 2 - 16)
        let room = min(22, (right - left) / Double(max(1, wishes.count - 1)))
        var places = wishes.map { min(max($0, left), right) }
        for number in places.indices.dropFirst() { places[number] = max(places[number], places[number - 1] + room) }
        var limit = right
        for number in places.indices.reversed() {
            places[number] = min(places[number], limit)
            limit = places[number] - room
        }
        return places
    }
}
