import Drawing

/// A drawing of boxes, arrows, pictures and labels that a page carries as vectors: colours follow the scheme, text stays
/// text.
///
/// Lengths are pixels of the page; what comes later lies above what came before.
package struct Diagram: Sendable {
    /// A colour of the page.
    package enum Tone: String, Sendable, CaseIterable {
        case paper, surface, ink, muted, line, accent, hit, miss, caution, first, second, third, fourth
    }

    package struct Point: Sendable, Hashable {
        package var x: Double
        package var y: Double

        package init(_ x: Double, _ y: Double) { (self.x, self.y) = (x, y) }
    }

    package struct Frame: Sendable, Hashable {
        package var x: Double
        package var y: Double
        package var width: Double
        package var height: Double

        package init(_ x: Double, _ y: Double, _ width: Double, _ height: Double) {
            (self.x, self.y, self.width, self.height) = (x, y, width, height)
        }

        package var right: Double { x + width }
        package var bottom: Double { y + height }
        package var middle: Point { Point(x + width / 2, y + height / 2) }

        package func intersects(_ other: Frame) -> Bool {
            x < other.right && other.x < right && y < other.bottom && other.y < bottom
        }

        package func contains(_ other: Frame) -> Bool {
            x <= other.x && other.right <= right && y <= other.y && other.bottom <= bottom
        }
    }

    /// A thing of the drawing: nothing else lies in its place.
    package struct Box: Sendable {
        package var frame: Frame
        package var fill: Tone
        package var outline: Tone
        package var isDashed: Bool
    }

    package enum Anchor: String, Sendable { case start, middle, end }

    /// One line of text with its baseline through a point.
    package struct Label: Sendable {
        package var text: String
        package var at: Point
        package var size: Double
        package var tone: Tone
        package var isBold: Bool
        package var anchor: Anchor
        /// Whether the paper keeps lines that it crosses away from it.
        package var hasHalo: Bool

        /// What it covers, in the widest face that a page may be shown with.
        package var frame: Frame {
            let width = Diagram.width(of: text, size: size, isBold: isBold)
            let shift = anchor == .start ? 0 : anchor == .middle ? width / 2 : width
            return Frame(at.x - shift, at.y - size * 0.8, width, size)
        }
    }

    /// A way through points, straight or bent so that it leaves each of them upright.
    package struct Line: Sendable {
        package enum Course: Sendable { case straight, upright, level }

        package var points: [Point]
        package var course: Course
        package var tone: Tone
        package var width: Double
        package var isDashed: Bool
        package var hasHead: Bool
    }

    package struct Disc: Sendable {
        package var center: Point
        package var radius: Double
        package var fill: Tone?
        package var outline: Tone?
        package var opacity: Double
        package var isDashed: Bool
    }

    /// A rectangle that lies over or beside others: the outline of a picture, a colour of a strip.
    package struct Patch: Sendable {
        package var frame: Frame
        package var fill: Tone?
        package var outline: Tone?
        package var opacity: Double
        package var isDashed: Bool
        package var lineWidth: Double
    }

    package struct PlacedPicture: Sendable {
        package var picture: Picture
        package var frame: Frame
    }

    /// Numbers as coloured cells side by side: one colour above zero, another below, fuller with their size.
    package struct Strip: Sendable {
        package var values: [Float]
        /// The size at which a colour is full.
        package var limit: Float
        package var frame: Frame
    }

    package enum Item: Sendable {
        case box(Box)
        case label(Label)
        case line(Line)
        case disc(Disc)
        case patch(Patch)
        case picture(PlacedPicture)
        case strip(Strip)
    }

    package var width: Double
    package var height: Double
    package var items: [Item] = []
    /// A few words: what it is.
    package var title: String
    /// A sentence or two: what there is to be seen, with the numbers.
    package var alternative: String

    package init(width: Double, height: Double, title: Phrase, alternative: Phrase) {
        (self.width, self.height) = (width, height)
        (self.title, self.alternative) = (title.text, alternative.text)
    }

    package var bounds: Frame { Frame(0, 0, width, height) }

    /// The smallest text of a diagram: pages show one of the text's width at 600 pixels or more, where 12.5 become 11.
    package static let smallestText = 12.5
    /// Of the page's text: what is wider steps out, and is never shown smaller than it is drawn.
    package static let textWidth = 680.0

    /// The width of one line of text.
    package static func width(of text: String, size: Double, isBold: Bool = false) -> Double {
        Canvas(width: 1, height: 1, scale: 1, background: Palette.light.paper)
            .measure(text, size: size, weight: isBold ? .bold : .regular)
    }

    /// The text as far as it fits, with an ellipsis in the place of the rest.
    package static func fitted(_ phrase: Phrase, width: Double, size: Double, isBold: Bool = false) -> Phrase {
        let text = phrase.text
        guard Diagram.width(of: text, size: size, isBold: isBold) > width else { return phrase }
        // A page has few such texts, and a name may be as long as somebody likes.
        var (fits, fails) = (0, min(text.count, 1000))
        let letters = Array(text.prefix(fails))
        while fails - fits > 1 {
            let count = (fits + fails) / 2
            if Diagram.width(of: String(letters[..<count]) + "…", size: size, isBold: isBold) > width {
                fails = count
            } else {
                fits = count
            }
        }
        return Phrase(verbatim: String(letters[..<fits]) + "…")
    }
}
