import Drawing
import Imaging
import Markup

extension FigureWriter {
    /// The address of an image's file, noted as part of this page.
    mutating func file(_ image: Image, _ medium: Medium) -> String {
        let path = images.path(of: image, medium)
        used.insert(path)
        return path
    }

    /// An image with its size, its alternative text, and without haste.
    func img(_ path: String, _ picture: Picture, title: String? = nil, classes: String? = nil) -> HTML {
        .element(
            "img",
            [
                "class": classes, "src": path, "width": picture.image.width, "height": picture.image.height,
                "alt": picture.alternative, "title": title, "loading": "lazy",
            ])
    }

    /// A photograph that opens larger, with what is drawn over it.
    mutating func photograph(_ picture: Picture, overlay: HTML = .empty) -> HTML {
        let path = file(picture.image, .photograph)
        return zoomable(.group([img(path, picture), overlay]), path)
    }

    /// A link around an image that leads to its file; with the script it opens in place, larger.
    ///
    /// - Parameter size: of the file, where the image is a smaller one.
    func zoomable(
        _ image: HTML, _ path: String, size: (width: Int, height: Int)? = nil, classes: String? = nil
    ) -> HTML {
        .element(
            "a",
            [
                "class": classes.map { "zoom \($0)" } ?? "zoom", "href": path, "data-width": size?.width,
                "data-height": size?.height,
                "title": words.enlarge,
            ], image)
    }

    static let darkScreen = "screen and (prefers-color-scheme: dark)"
    static let narrow = "(max-width: 480px)"
    static let darkAndNarrow = narrow + " and (prefers-color-scheme: dark)"

    /// A drawing that opens larger, shown at half its pixels.
    ///
    /// - Parameter sources: what is shown in its place, the first whose condition holds.
    mutating func drawing(
        _ sources: [(media: String, image: Image)], _ image: Image, alternative: String, isLazy: Bool = false
    ) -> HTML {
        let others = sources.map { media, image in
            HTML.element(
                "source",
                [
                    "media": media, "srcset": file(image, .drawing), "width": image.width / 2,
                    "height": image.height / 2,
                ])
        }
        let path = file(image, .drawing)
        let img = HTML.element(
            "img",
            [
                "src": path, "width": image.width / 2, "height": image.height / 2, "alt": alternative,
                "loading": isLazy ? "lazy" : nil,
            ])
        return zoomable(.element("picture", .group(others), img), path)
    }
}
