import Markup

/// What a directive shows as it stands in the page, below its caption: the same on every page and under every number.
package struct ExhibitMarkup: Sendable {
    /// Written, but for the addresses of pictures.
    package var pieces: Pieces
    /// The picture files that the markup names.
    package var pictures: [Site.File]
    /// Whether it steps out over the margin column.
    package var isWide: Bool

    package typealias Pieces = [HTML.Piece]

    package init(pieces: Pieces, pictures: [Site.File], isWide: Bool) {
        self.pieces = pieces
        self.pictures = pictures
        self.isWide = isWide
    }
}
