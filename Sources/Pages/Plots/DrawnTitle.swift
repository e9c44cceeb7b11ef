import Drawing

/// A drawing's title at its top left, in as many lines as it takes: what ran over the edge would be cut.
struct DrawnTitle {
    let lines: [String]
    /// Smaller where a word alone is wider than the drawing.
    private let size: Double

    private static let fullSize = 13.0
    private static let lineHeight = 16.0

    init(_ text: String, width: Double, on canvas: Canvas) {
        func measure(_ line: String) -> Double { canvas.measure(line, size: Self.fullSize, weight: .bold) }
        var lines: [String] = []
        for word in text.split(separator: " ", omittingEmptySubsequences: false) {
            if let last = lines.last, measure(last + " " + word) <= width {
                lines[lines.count - 1] = last + " " + word
            } else {
                lines.append(String(word))
            }
        }
        self.lines = lines
        size = Self.fullSize * min(1, width / max(1, lines.map(measure).max() ?? 1))
    }

    /// What it takes more than a title of one line.
    var extraHeight: Double { Self.lineHeight * Double(lines.count - 1) }

    func draw(x: Double = 2, y: Double = 14, on canvas: Canvas, color: Color) {
        for (number, line) in lines.enumerated() {
            canvas.text(
                line, at: .init(x, y + Self.lineHeight * Double(number)), size: size, color: color, weight: .bold)
        }
    }
}
