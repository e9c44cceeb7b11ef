import Drawing
import Faces
import Imaging

extension FaceSearches {
    /// Answers as a picture: a row for each evaluation, the face that was asked about and then those most like it.
    ///
    /// - Throws: what reading the gallery's photographs throws.
    package func picture(of answer: QueryAnswer, _ found: FoundFaces) throws -> Image {
        let asked = answer.face.map { found.faces[$0].image }
        let rows = try answer.answers.map { part in
            let faces = try search(part.evaluation).search.faces
            let places = Dictionary(
                faces.faces.enumerated().map { ($1.path, $0) }, uniquingKeysWith: { first, _ in first })
            return QueryPicture.Row(
                title: "\(part.evaluation): \(part.describer)" + (part.isNobody == true ? " — nobody here" : ""),
                asked: asked,
                tiles: try part.neighbours.prefix(QueryPicture.mostTiles).compactMap { neighbour in
                    guard let place = places[neighbour.path] else { return nil }
                    return QueryPicture.Tile(
                        image: try faces.image(of: place), identity: neighbour.identity, distance: neighbour.distance,
                        isSame: part.identity.map { $0 == neighbour.identity })
                })
        }
        return QueryPicture(rows: rows).image
    }
}

/// Faces side by side, with what is known of each below it.
struct QueryPicture {
    struct Tile {
        var image: Image
        var identity: String
        var distance: Double
        /// Whether it shows the photograph's person; nil where nobody knows who that is.
        var isSame: Bool?
    }

    struct Row {
        var title: String
        var asked: Image?
        var tiles: [Tile]
    }

    let rows: [Row]

    static let mostTiles = 200
    private static let perLine = 9
    private static let side = 100
    private static let gap = 10
    private static let text = 34
    private static let head = 26

    var image: Image {
        let lines = rows.map { max(1, ($0.tiles.count + Self.perLine - 1) / Self.perLine) }
        let (cell, line) = (Self.side + Self.gap, Self.side + Self.text + Self.gap)
        let columns = 1 + min(Self.perLine, rows.map(\.tiles.count).max() ?? 0)
        let width = Self.gap + columns * cell + Self.gap
        let height = Self.gap + lines.reduce(0) { $0 + Self.head + $1 * line }
        let palette = Palette.light
        // At most 8 rows of 23 lines: what a canvas holds at its plain density.
        let scale = max(width, height) * 2 <= 16_384 ? 2 : 1
        let canvas = Canvas(
            width: max(width, 360), height: min(max(height, 40), 16_384), scale: scale, background: palette.paper)
        var pictures: [(image: Image, x: Int, y: Int)] = []
        var top = Self.gap
        for (row, lines) in zip(rows, lines) {
            canvas.text(
                row.title, at: .init(Double(Self.gap), Double(top + 15)), size: 13, color: palette.ink, weight: .bold)
            top += Self.head
            if let asked = row.asked {
                pictures.append((asked, Self.gap, top))
                canvas.stroke(
                    x: Double(Self.gap) - 2, y: Double(top) - 2, width: Double(Self.side) + 4,
                    height: Double(Self.side) + 4, color: palette.accent, lineWidth: 2)
                canvas.text(
                    "asked", at: .init(Double(Self.gap), Double(top + Self.side + 14)), size: 11, color: palette.muted)
            }
            for (number, tile) in row.tiles.enumerated() {
                let x = Self.gap + (1 + number % Self.perLine) * cell + Self.gap
                let y = top + number / Self.perLine * line
                pictures.append((tile.image, x, y))
                draw(tile, rank: number + 1, x, y, canvas, palette)
            }
            top += lines * line
        }
        return pictures.reduce(into: canvas.image()) { whole, picture in
            whole.put(
                picture.image.rgb.resized(width: Self.side * scale, height: Self.side * scale),
                x: picture.x * scale, y: picture.y * scale)
        }
    }

    private func draw(_ tile: Tile, rank: Int, _ x: Int, _ y: Int, _ canvas: Canvas, _ palette: Palette) {
        if let isSame = tile.isSame {
            canvas.stroke(
                x: Double(x) - 2, y: Double(y) - 2, width: Double(Self.side) + 4, height: Double(Self.side) + 4,
                color: isSame ? palette.hit : palette.miss, lineWidth: 2, dash: isSame ? .solid : .dashed)
        }
        canvas.clipped(x: Double(x), y: Double(y + Self.side), width: Double(Self.side), height: Double(Self.text)) {
            let base = Double(y + Self.side)
            canvas.text(
                "\(rank) · \(rounded(tile.distance))", at: .init(Double(x), base + 14), size: 11, color: palette.ink)
            canvas.text(tile.identity, at: .init(Double(x), base + 28), size: 11, color: palette.muted)
        }
    }

    private func rounded(_ distance: Double) -> String {
        let thousandths = Int(min(distance * 1000, 1e15).rounded())
        let rest = String(thousandths % 1000)
        return "\(thousandths / 1000)." + String(repeating: "0", count: 3 - rest.count) + rest
    }
}

extension Image {
    /// Lays a picture of as many channels into this one; what would leave it is left out.
    fileprivate mutating func put(_ other: Image, x: Int, y: Int) {
        precondition(channels == other.channels)
        guard x < width, y < height else { return }
        let bytes = min(other.width, width - x) * channels
        for row in 0..<min(other.height, height - y) {
            let from = row * other.width * channels
            let to = ((y + row) * width + x) * channels
            pixels.replaceSubrange(to..<to + bytes, with: other.pixels[from..<from + bytes])
        }
    }
}
