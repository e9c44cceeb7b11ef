/// What a directive shows as it stands in the page, below its caption: the same on every page and under every number.
package struct ExhibitMarkup: Sendable {
    package var html: String
    /// The picture files that the markup names.
    package var pictures: [Site.File]
    /// Whether it steps out over the margin column.
    package var isWide: Bool

    package init(html: String, pictures: [Site.File], isWide: Bool) {
        self.html = html
        self.pictures = pictures
        self.isWide = isWide
    }
}
