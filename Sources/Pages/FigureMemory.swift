import Files

/// A figure as it stands in the page: its markup and the picture files that the markup names.
package struct RenderedFigure: Sendable {
    package var html: String
    package var pictures: [Site.File]

    package init(html: String, pictures: [Site.File]) {
        self.html = html
        self.pictures = pictures
    }
}

/// Figures that an earlier build drew, by the digest of all that they were made from.
///
/// Rendering asks it before it draws, and tells it what it has drawn; a memory that knows nothing costs time, no more.
package struct FigureMemory {
    package var figure: (Digest) -> RenderedFigure?
    package var remember: (Digest, RenderedFigure) -> Void

    package init(figure: @escaping (Digest) -> RenderedFigure?, remember: @escaping (Digest, RenderedFigure) -> Void) {
        self.figure = figure
        self.remember = remember
    }

    /// Remembers nothing.
    package static var none: FigureMemory { FigureMemory(figure: { _ in nil }, remember: { _, _ in }) }
}
