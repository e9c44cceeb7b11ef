import Imaging
import Markup

/// Writes pictures, and what directives show, as HTML; collects the files that the markup names.
///
/// Nothing here depends on a page, a number or a caption, so that what was written once can be kept.
struct FigureWriter {
    let words: Words
    var images = ImageFiles()
    /// Paths of the pictures that were written, for the weight of a page.
    var used: Set<String> = []

    init(words: Words) { self.words = words }

    /// An exhibit's parts below its caption, with the pictures that they show.
    mutating func markup(of exhibit: Exhibit) -> ExhibitMarkup {
        let others = used
        used = []
        defer { used.formUnion(others) }
        let html = HTML.group(exhibit.parts.map { part($0, of: exhibit) })
        return ExhibitMarkup(
            pieces: html.pieces, pictures: images.files.filter { used.contains($0.path) }, isWide: exhibit.isWide)
    }

    /// Takes in what was written earlier.
    mutating func add(_ markup: ExhibitMarkup) {
        for picture in markup.pictures { images.add(picture) }
        used.formUnion(markup.pictures.map(\.path))
    }
}
