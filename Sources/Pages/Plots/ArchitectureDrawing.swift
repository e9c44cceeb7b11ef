import Drawing
import Imaging

/// Draws a network from top to bottom: a row per stage, a box per block, an arc where its input is added.
///
/// What learns is filled; what is frozen is an outline. A legend says so, so that colour is not needed to tell.
struct ArchitectureDrawing {
    let diagram: ArchitectureDiagram
    let palette: Palette

    static let width = 680
    private static let rowHeight = 46.0
    private static let boxLeft = 128.0
    private static let top = 34.0

    static func height(of diagram: ArchitectureDiagram) -> Int { Int(top + rowHeight * Double(diagram.rows.count)) + 8 }

    func image() -> Image {
        let canvas = Canvas(width: Self.width, height: Self.height(of: diagram), background: palette.paper)
        legend(canvas)
        for (index, row) in diagram.rows.enumerated() {
            let y = Self.top + Self.rowHeight * Double(index)
            if index > 0 {
                canvas.line(
                    from: .init(0, y), to: .init(Double(Self.width), y), color: palette.grid)
            }
            draw(row, on: canvas, at: y)
        }
        return canvas.image()
    }

    private func draw(_ row: ArchitectureDiagram.Row, on canvas: Canvas, at y: Double) {
        canvas.text(row.name, at: .init(4, y + 20), size: 12, color: palette.ink, weight: .bold)
        canvas.text(row.detail, at: .init(Self.boxLeft, y + 40), size: 10, color: palette.muted)
        let right = Double(Self.width) - 4
        canvas.text(row.output, at: .init(right, y + 20), size: 12, color: palette.ink, anchor: .end)
        if row.parameters > 0 {
            let parameters: Phrase = "\(Numeral.count(row.parameters)) parameters"
            canvas.text(
                parameters.text, at: .init(right, y + 36), size: 10,
                color: palette.muted, anchor: .end)
        }
        for (index, block) in row.blocks.enumerated() {
            let x = Self.boxLeft + 50 * Double(index)
            box(canvas, x: x, y: y + 13, share: block.trainedShare)
            if index + 1 < row.blocks.count {
                canvas.line(
                    from: .init(x + 36, y + 20), to: .init(x + 50, y + 20), color: palette.muted, lineWidth: 1)
            }
            if block.hasShortcut {
                canvas.path(
                    [.init(x - 5, y + 20), .init(x - 5, y + 7), .init(x + 41, y + 7), .init(x + 41, y + 20)],
                    color: palette.series(1), lineWidth: 1.5)
            }
        }
    }

    private func box(_ canvas: Canvas, x: Double, y: Double, share: Double) {
        canvas.fill(x: x, y: y, width: 36, height: 14, color: palette.surface)
        canvas.fill(x: x + 36 * (1 - share), y: y, width: 36 * share, height: 14, color: palette.series(0))
        canvas.stroke(x: x, y: y, width: 36, height: 14, color: share > 0 ? palette.series(0) : palette.muted)
    }

    private func legend(_ canvas: Canvas) {
        let (frozen, learns): (Phrase, Phrase) = ("frozen", "learns")
        let shortcut: Phrase = "input added to the output"
        var x = Self.boxLeft
        for (name, share) in [(frozen.text, 0.0), (learns.text, 1)] {
            box(canvas, x: x, y: 8, share: share)
            canvas.text(name, at: .init(x + 42, 19), size: 11, color: palette.muted)
            x += max(100, 42 + canvas.measure(name, size: 11) + 16)
        }
        canvas.path(
            [.init(x, 20), .init(x, 10), .init(x + 30, 10), .init(x + 30, 20)], color: palette.series(1), lineWidth: 1.5
        )
        canvas.text(shortcut.text, at: .init(x + 38, 19), size: 11, color: palette.muted)
    }
}
