import Files
import Glibc

/// The files of the report, and no byte from anywhere else.
///
/// Every part of a path is looked up in the folder before it, which is held open; no link is followed, and nothing
/// hidden is served. The folder is opened for each request: a build may put another one in its place.
package struct StaticFiles: Sendable {
    let folder: String

    package init(folder: String) { self.folder = folder }

    package func answer(_ request: Request) -> Response {
        guard let parts = request.path else { return .problem(400, "the address is none: its path cannot be read") }
        guard let file = open(parts.isEmpty ? ["index.html"] : parts) else {
            guard parts.isEmpty else {
                return .problem(404, "there is no such page or picture in the report; the first page is at /")
            }
            return .problem(404, "there is no report in \(folder) yet; 'likeness build' makes one")
        }
        let type = Self.type(of: parts.last ?? "index.html")
        let page = type.hasPrefix("text/html") ? LivePage.html(file.bytes(), tag: "") : nil
        return Self.response(type, tag: file.tag, page.map { .bytes($0) } ?? .file(file))
    }

    /// A file of the report with what goes with it; pages are told what they may load.
    static func response(_ type: String, tag: String, _ body: Response.Body) -> Response {
        var headers = [("Content-Type", type), ("ETag", tag), ("Cache-Control", "no-cache")]
        if type.hasPrefix("text/html"), case .bytes(let page) = body {
            headers.append(("Content-Security-Policy", ContentPolicy.page(page)))
        }
        return Response(200, headers: headers, body: body)
    }

    /// A regular file below the folder.
    private func open(_ parts: [String]) -> ServedFile? {
        var held = Glibc.open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        for (number, part) in parts.enumerated() {
            guard held >= 0 else { return nil }
            let folder = held
            defer { close(folder) }
            guard Self.isName(part) else { return nil }
            let isLast = number == parts.count - 1
            // What is no regular file might keep one waiting.
            held = openat(
                folder, part, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | (isLast ? O_NONBLOCK | O_NOCTTY : O_DIRECTORY))
        }
        return held < 0 ? nil : ServedFile(descriptor: held)
    }

    /// A name of one part, and none that is hidden: what is hidden is not for readers.
    private static func isName(_ part: String) -> Bool {
        !part.isEmpty && !part.hasPrefix(".") && part.utf8.count <= 255
            && !part.utf8.contains { $0 == 0 || $0 == UInt8(ascii: "/") }
    }

    private static let types = [
        "html": "text/html; charset=utf-8", "css": "text/css; charset=utf-8", "js": "text/javascript; charset=utf-8",
        "json": "application/json", "png": "image/png", "jpg": "image/jpeg", "jpeg": "image/jpeg", "gif": "image/gif",
        "svg": "image/svg+xml", "webp": "image/webp", "avif": "image/avif", "ico": "image/x-icon",
        "txt": "text/plain; charset=utf-8", "csv": "text/csv; charset=utf-8", "md": "text/plain; charset=utf-8",
        "pdf": "application/pdf", "mp4": "video/mp4", "webm": "video/webm", "woff2": "font/woff2",
    ]

    static func type(of name: String) -> String {
        let end = name.split(separator: ".", omittingEmptySubsequences: false).last.map { $0.lowercased() } ?? ""
        return types[end] ?? "application/octet-stream"
    }
}
