import Files
import Foundation

/// What a browser may load and run for an answer of ours.
enum ContentPolicy {
    /// Of answers that are no pages.
    static let nothing = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"

    /// Of a page: scripts and styles of this server alone, and no script within the page.
    ///
    /// Where elements carry a size in their `style`, these very values are let in, by their digests: at most so many.
    static func page(_ html: [UInt8]) -> String {
        let hashes = styles(in: html).prefix(mostStyles).map { style in
            "'sha256-\(Data(Digest(of: style).bytes).base64EncodedString())'"
        }
        let attributes =
            hashes.isEmpty ? "'none'" : "'unsafe-hashes' " + hashes.joined(separator: " ")
        return "default-src 'none'; script-src 'self'; style-src 'self'; style-src-attr \(attributes); "
            + "img-src 'self' data: blob:; media-src 'self' blob:; font-src 'self'; connect-src 'self'; "
            + "frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
    }

    private static let mostStyles = 48

    /// The values of all `style` attributes, each once, in the order of the page.
    private static func styles(in html: [UInt8]) -> [[UInt8]] {
        let opening = Array(" style=\"".utf8)
        var found: [[UInt8]] = []
        var place = 0
        while place + opening.count < html.count {
            guard let blank = html[place...].firstIndex(of: opening[0]) else { break }
            place = blank + 1
            guard html[blank...].starts(with: opening) else { continue }
            let start = blank + opening.count
            guard let end = html[start...].firstIndex(of: UInt8(ascii: "\"")) else { break }
            let style = Array(html[start..<end])
            if !found.contains(style) { found.append(style) }
            place = end
        }
        return found
    }
}
