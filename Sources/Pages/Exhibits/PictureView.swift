import Imaging
import Markup

extension FigureWriter {
    /// The address of an image's file, noted as part of this page.
    mutating func file(_ image: Image, _ medium: Medium) -> String {
        let path = images.path(of: image, medium)
        used.insert(path)
        return HTML.escape(path)
    }

    /// An image with its size, its alternative text, and without haste.
    mutating func img(_ picture: Picture, _ medium: Medium, attributes: String = "") -> String {
        let path = file(picture.image, medium)
        return """
            <img src="\(path)" width="\(picture.image.width)" height="\(picture.image.height)" \
            alt="\(HTML.escape(picture.alternative))"\(attributes) loading="lazy">
            """
    }

    /// A link around an image that leads to its file; with the script it opens in place, larger.
    ///
    /// - Parameter whole: the picture's own file and size where the markup shows a smaller one.
    func zoomable(_ markup: String, whole: (path: String, width: Int, height: Int)? = nil) -> String {
        let source = whole.map { HTML.escape($0.path) } ?? markup.range(ofAttribute: "src") ?? ""
        let size = whole.map { " data-width=\"\($0.width)\" data-height=\"\($0.height)\"" } ?? ""
        return "<a class=\"zoom\" href=\"\(source)\"\(size) title=\"\(HTML.escape(words.enlarge))\">\(markup)</a>"
    }
}

extension String {
    /// The value of an attribute in markup that this module has written.
    fileprivate func range(ofAttribute name: String) -> String? {
        let wanted = Array(" \(name)=\"".utf8)
        let bytes = Array(utf8)
        guard bytes.count > wanted.count else { return nil }
        for start in 0..<(bytes.count - wanted.count) where bytes[start...].starts(with: wanted) {
            let value = bytes[(start + wanted.count)...].prefix { $0 != UInt8(ascii: "\"") }
            return String(decoding: value, as: UTF8.self)
        }
        return nil
    }
}
