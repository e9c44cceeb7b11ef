import Files
import Foundation

extension Site {
    /// The whole report as one page that carries everything it shows: style, script, search index and pictures.
    ///
    /// Chapters follow each other; what was an address of another page becomes one of a place in this page, and ids are
    /// prefixed with their chapter's page, so that equal headings of two chapters stay apart.
    package func inOneFile() -> Site {
        var site = self
        let pages = files.filter { !$0.path.contains("/") }
        guard let first = pages.last else { return self }
        let page = OnePage(assets: files.filter { $0.path.contains("/") })
        let chapters = ([first] + pages.dropLast()).map { page.chapter($0) }
        let bytes = Array(page.text(frame: first, chapters: chapters.joined()).utf8)
        site.files = [File(path: first.path, bytes: bytes)]
        return site
    }
}

/// Pages of a site put together. It knows the markup that `PageFrame` and `PageWriter` write, and no other.
private struct OnePage {
    let assets: [String: Site.File]

    init(assets: [Site.File]) {
        self.assets = Dictionary(assets.map { ($0.path, $0) }, uniquingKeysWith: { first, _ in first })
    }

    private static let types = ["png": "image/png", "jpg": "image/jpeg"]

    /// A chapter's text between its `main` tags, as a section.
    func chapter(_ file: Site.File) -> String {
        let text = String(decoding: file.bytes, as: UTF8.self)
        guard let start = text.range(of: "<main id=\"text\">"), let end = text.range(of: "</main>", options: .backwards) else {
            return ""
        }
        var body = String(text[start.upperBound..<end.lowerBound])
        if let neighbours = body.range(of: "<nav class=\"neighbours\">", options: .backwards) {
            body = String(body[..<neighbours.lowerBound])
        }
        let section = attributes(of: body, on: file.path)
        return "<section class=\"chapter\" id=\"\(anchor(file.path, "text"))\">\n\(section)</section>\n"
    }

    /// The first page's frame around all chapters.
    func text(frame: Site.File, chapters: String) -> String {
        let text = String(decoding: frame.bytes, as: UTF8.self)
        guard let start = text.range(of: "<main id=\"text\">"), let end = text.range(of: "</main>", options: .backwards) else {
            return text
        }
        var after = String(text[end.lowerBound...])
        // The first chapter's sections are not the page's.
        if let nav = after.range(of: "<nav class=\"sections\""), let close = after.range(of: "</nav>", range: nav.upperBound..<after.endIndex) {
            after.removeSubrange(nav.lowerBound..<close.upperBound)
        }
        return attributes(of: embedded(String(text[..<start.upperBound])), on: frame.path, isFrame: true) + "\n" + chapters
            + attributes(of: after, on: frame.path, isFrame: true)
    }

    /// The head with style, script and search index in place of links to them.
    private func embedded(_ head: String) -> String {
        var head = head
        for (path, file) in assets {
            let text = String(decoding: file.bytes, as: UTF8.self)
            if path.hasSuffix(".css") {
                head = head.replacingOccurrences(
                    of: "<link rel=\"stylesheet\" href=\"\(path)\">", with: "<style>\n\(text)</style>")
            } else if path.hasPrefix("assets/report-") {
                // A deferred script must stand in a file; a module is deferred wherever it stands.
                head = head.replacingOccurrences(
                    of: "<script src=\"\(path)\" defer></script>", with: "<script type=\"module\">\n\(text)</script>")
            } else if path.hasPrefix("assets/search-") {
                head = head.replacingOccurrences(of: "</head>", with: "<script>\n\(searchable(text))</script>\n</head>")
                head = head.replacingOccurrences(of: " data-search=\"\(path)\"", with: "")
            }
        }
        return head
    }

    /// The search index with addresses in this page.
    private func searchable(_ script: String) -> String {
        guard let start = script.firstIndex(of: "["), let end = script.lastIndex(of: "]"),
            var entries = try? JSONDecoder().decode([[String: String]].self, from: Data(script[start...end].utf8))
        else { return script }
        for index in entries.indices {
            entries[index]["anchor"] = anchor(entries[index]["page"] ?? "", entries[index]["anchor"] ?? "text")
            entries[index]["page"] = ""
        }
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys  // and slashes escaped, so that no text ends the script
        guard let json = try? encoder.encode(entries) else { return script }
        return "window.likenessIndex = \(String(decoding: json, as: UTF8.self));\n"
    }

    private func anchor(_ page: String, _ id: String) -> String { "\(page.prefix { $0 != "." })--\(id)" }

    /// Rewrites what names a file or a place: `id`, `href`, `src`, `srcset`.
    private func attributes(of text: String, on page: String, isFrame: Bool = false) -> String {
        let bytes = Array(text.utf8)
        let quote = UInt8(ascii: "\"")
        var out: [UInt8] = []
        out.reserveCapacity(bytes.count)
        var position = 0
        while let open = bytes[position...].firstIndex(of: quote) {
            out += bytes[position...open]
            position = open + 1
            // Texts have their quotes escaped; those in scripts follow no `=`.
            guard open > 0, bytes[open - 1] == UInt8(ascii: "=") else { continue }
            guard let close = bytes[position...].firstIndex(of: quote) else { break }
            let name = bytes[..<open].suffix(8)
            let value = String(decoding: bytes[position..<close], as: UTF8.self)
            if ends(name, with: Array(" href=".utf8)) {
                out += Array(address(value, on: page, isFrame: isFrame).utf8)
            } else if ends(name, with: Array(" src=".utf8)) || ends(name, with: Array(" srcset=".utf8)) {
                out += Array((data(value) ?? value).utf8)
            } else if ends(name, with: Array(" id=".utf8)), !isFrame {
                out += Array(anchor(page, value).utf8)
            } else {
                out += bytes[position..<close]
            }
            out.append(quote)
            position = close + 1
        }
        return String(decoding: out + bytes[position...], as: UTF8.self)
    }

    private func ends(_ name: ArraySlice<UInt8>, with suffix: [UInt8]) -> Bool { name.suffix(suffix.count).elementsEqual(suffix) }

    /// An address as seen from the one page; one of a picture's file leads nowhere, since the picture is in the page.
    private func address(_ address: String, on page: String, isFrame: Bool) -> String {
        if assets[address] != nil { return "#" }
        if address.hasPrefix("#") { return isFrame ? address : "#" + anchor(page, String(address.dropFirst())) }
        let parts = address.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts[0].hasSuffix(".html"), !parts[0].contains("/"), !parts[0].contains(":") else { return address }
        return "#" + anchor(String(parts[0]), parts.count > 1 ? String(parts[1]) : "text")
    }

    /// A picture as its own address.
    private func data(_ path: String) -> String? {
        guard let file = assets[path], let dot = path.lastIndex(of: "."),
            let type = Self.types[String(path[path.index(after: dot)...])]
        else { return nil }
        return "data:\(type);base64,\(Data(file.bytes).base64EncodedString())"
    }
}
