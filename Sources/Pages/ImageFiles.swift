import Files
import Imaging

/// What a picture is, which decides how its bytes are best compressed.
package enum Medium: Sendable {
    case photograph
    /// A plot or a diagram: few colours and blends between them.
    case drawing
    /// A picture of the author's that is no photograph, which keeps every pixel.
    case picture
}

extension Site {
    /// The name of a picture's file, made from its bytes.
    static func picturePath(of bytes: [UInt8], _ fileExtension: String) -> String {
        "images/\(Digest(of: bytes).hex.prefix(16)).\(fileExtension)"
    }
}

/// The pictures of all pages, each distinct one encoded and stored once under the name of its content.
struct ImageFiles {
    private(set) var files: [Site.File] = []
    /// The first picture that could not be encoded.
    private(set) var failure: (any Error)?

    private var paths: [Content: String] = [:]
    private var names: Set<String> = []

    private struct Content: Hashable {
        var pixels: Digest
        var width: Int
        var channels: Int
        var medium: Medium
    }

    /// What a picture is looked up by. Drawings are large, and no two of them are alike.
    private static func content(of image: Image, _ medium: Medium) -> Content? {
        guard medium != .drawing else { return nil }
        return Content(pixels: Digest(of: image.pixels), width: image.width, channels: image.channels, medium: medium)
    }

    /// Puts a file there that was made elsewhere.
    mutating func add(_ file: Site.File) {
        if names.insert(file.path).inserted { files.append(file) }
    }

    /// The address of the picture's file, relative to the pages; empty when it could not be encoded.
    mutating func path(of image: Image, _ medium: Medium) -> String {
        let content = Self.content(of: image, medium)
        if let known = content.flatMap({ paths[$0] }) { return known }
        do {
            let (bytes, ending) =
                switch medium {
                case .photograph: (try image.jpeg(quality: 90), "jpg")
                case .drawing: (try image.indexedPNG() ?? image.png(), "png")
                case .picture: (try image.png(), "png")
                }
            let path = Site.picturePath(of: bytes, ending)
            if let content { paths[content] = path }
            add(Site.File(path: path, bytes: bytes))
            return path
        } catch {
            if failure == nil { failure = error }
            return ""
        }
    }
}
