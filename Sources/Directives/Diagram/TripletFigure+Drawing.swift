import Execution
import Foundation
import Pages

extension TripletFigure {
    func diagram(_ result: StepResult) throws -> Diagram {
        func numbers(_ distances: Distances) -> Phrase {
            "\(fixed(distances.positive)) to the positive and \(fixed(distances.negative)) to the negative"
        }
        var diagram = Diagram(
            width: Diagram.textWidth, height: 424, title: "A triplet before and after training",
            alternative: """
                Anchor, positive and negative in the plane, at their true distances. Before training it is \
                \(numbers(before)) from the anchor, a loss of \(fixed(loss(before))); after it \(numbers(after)), a loss of \
                \(fixed(loss(after))). The ring around the anchor is as wide as the margin α asks for.
                """)
        // One scale for both, so that what moved can be seen.
        let largest = [before, after].map { max(reach($0), $0.negative, $0.positive) }.max() ?? 1
        let scale = 118 / max(1e-9, largest)
        for (number, (distances, title)) in [(before, "Before training" as Phrase), (after, "After training")]
            .enumerated()
        {
            let left = 350 * Double(number)
            diagram.text(title, left, 13, size: 14, isBold: true)
            try draw(distances, at: .init(left + 165, 164), scale, result, into: &diagram)
            drawNumbers(distances, left, into: &diagram)
        }
        diagram.line([.init(340, 4), .init(340, 420)], .straight, .line)
        return diagram
    }

    private func draw(
        _ distances: Distances, at anchor: Diagram.Point, _ scale: Double, _ result: StepResult,
        into diagram: inout Diagram
    ) throws {
        // The ring that the margin asks for: inside it a negative costs.
        diagram.disc(anchor, scale * reach(distances), fill: .second, opacity: 0.13)
        diagram.disc(anchor, scale * distances.positive, fill: .paper)
        diagram.disc(anchor, scale * distances.positive, fill: .first, outline: .first, opacity: 0.22, isDashed: true)
        diagram.disc(anchor, scale * reach(distances), outline: .second, isDashed: true)
        drawMargin(distances, anchor, scale, into: &diagram)
        let (positive, negative) = places(of: distances, around: anchor, scale)
        diagram.line([anchor, positive], .straight, .first, width: 2)
        diagram.line([anchor, negative], .straight, .second, width: 2)
        if loss(distances) > 0 {
            push(positive, anchor, towards: true, .first, into: &diagram)
            push(negative, anchor, towards: false, .second, into: &diagram)
        }
        let roles = [("anchor" as Phrase, Diagram.Tone.ink), ("positive", .first), ("negative", .second)]
        for (number, (place, side)) in zip([anchor, positive, negative], Self.sides(of: anchor)).enumerated() {
            let (role, tone) = roles[number]
            diagram.line([place, side], .straight, .line, width: 1)
            diagram.disc(place, 4.5, fill: tone)
            let frame = diagram.picture(
                try result.picture(.face(faces[number]), "The \(role), a face of \(identities[number])"),
                in: .init(side.x - 23, side.y - 29, 46, 58), outline: tone)
            diagram.text(role, side.x, frame.bottom + 17, size: 12.5, tone, isBold: true, anchor: .middle)
        }
    }

    /// α across the ring, below the points and beside the line to the anchor's picture.
    private func drawMargin(
        _ distances: Distances, _ anchor: Diagram.Point, _ scale: Double, into diagram: inout Diagram
    ) {
        let angle = Double.pi / 5
        func at(_ distance: Double) -> Diagram.Point {
            .init(anchor.x + scale * distance * cos(angle), anchor.y + scale * distance * sin(angle))
        }
        let (inner, outer) = (at(distances.positive), at(reach(distances)))
        diagram.line([inner, outer], .straight, .second, width: 2)
        diagram.text("α".verbatim, (inner.x + outer.x) / 2 + 5, (inner.y + outer.y) / 2 - 5, .second, isBold: true)
    }

    /// The anchor in the middle, the positive to its right, the negative where its two distances put it.
    private func places(
        of distances: Distances, around anchor: Diagram.Point, _ scale: Double
    ) -> (Diagram.Point, Diagram.Point) {
        let (p, n, other) = (distances.positive, distances.negative, distances.others)
        // The law of cosines; rounding may leave the range by a little.
        let cosine = p > 0 && n > 0 ? max(-1, min(1, (p * p + n * n - other * other) / (2 * p * n))) : 1
        let angle = acos(cosine)
        // Turned so that both lie above, as far from each other as they are.
        let start = -Double.pi / 2 + angle / 2
        func at(_ distance: Double, _ angle: Double) -> Diagram.Point {
            .init(anchor.x + scale * distance * cos(angle), anchor.y + scale * distance * sin(angle))
        }
        return (at(p, start), at(n, start - angle))
    }

    /// Where the pictures stand: away from the points, at the corners of the panel and below the ring.
    private static func sides(of anchor: Diagram.Point) -> [Diagram.Point] {
        [.init(anchor.x, anchor.y + 168), .init(anchor.x + 131, 58), .init(anchor.x - 131, 58)]
    }

    /// A short arrow: the way in which the loss moves a face.
    private func push(
        _ face: Diagram.Point, _ anchor: Diagram.Point, towards: Bool, _ tone: Diagram.Tone,
        into diagram: inout Diagram
    ) {
        let (dx, dy) = (face.x - anchor.x, face.y - anchor.y)
        let length = max(1e-9, (dx * dx + dy * dy).squareRoot())
        let (ux, uy) = (dx / length, dy / length)
        let step = towards ? -min(26, length * 0.7) : 26
        let (from, to) = (towards ? -6.0 : 6.0, step)
        diagram.arrow(
            [.init(face.x + from * ux, face.y + from * uy), .init(face.x + to * ux, face.y + to * uy)], .straight,
            tone, width: 3)
    }

    private func drawNumbers(_ distances: Distances, _ left: Double, into diagram: inout Diagram) {
        let square = isSquared ? "²" : ""
        let (p, n) = (distances.positive, distances.negative)
        let lines: [(Phrase, Diagram.Tone)] = [
            ("d(a, p)\(square) = \(fixed(isSquared ? p * p : p))".verbatim, .first),
            ("d(a, n)\(square) = \(fixed(isSquared ? n * n : n))".verbatim, .second),
        ]
        for (number, (text, tone)) in lines.enumerated() {
            diagram.text(text, left, 324 + 18 * Double(number), tone, isBold: true)
        }
        diagram.text("α = \(fixed(margin))".verbatim, left, 360, .muted)
        diagram.text(
            """
            loss = max(\(fixed(isSquared ? p * p : p)) − \(fixed(isSquared ? n * n : n)) + \(fixed(margin)), 0) = \
            \(fixed(loss(distances)))
            """, left, 410)
    }

    private func fixed(_ value: Double) -> String { Numeral.fixed(value, digits: 2) }
}
