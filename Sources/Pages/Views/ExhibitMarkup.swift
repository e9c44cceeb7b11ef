import Markup

/// What a directive shows as it stands in the page, below its caption: the same on every page and under every number.
package struct ExhibitMarkup: Sendable {
    /// Written, but for the addresses of pictures.
    package var pieces: Pieces
    /// The files that the markup names: pictures, and faces that can be asked about.
    package var files: [Site.File]
    /// Whether it steps out over the margin column.
    package var isWide: Bool
    /// Whether a reader can ask it for faces.
    package var isAsked: Bool
    /// What it shows, for programs.
    package var tables: [DataTable]

    package typealias Pieces = [HTML.Piece]

    package init(
        pieces: Pieces, files: [Site.File], isWide: Bool, isAsked: Bool = false, tables: [DataTable] = []
    ) {
        self.pieces = pieces
        self.files = files
        self.isWide = isWide
        self.isAsked = isAsked
        self.tables = tables
    }
}
