import Foundation
import Markup

extension Site {
    /// The whole report as one page that carries everything it shows: style, script, search index, pictures, files.
    ///
    /// Chapters follow each other; what was an address of another page becomes one of a place in this page, and ids are
    /// prefixed with their chapter's page, so that equal headings of two chapters stay apart.
    package func inOneFile() -> Site {
        var site = self
        let pages = files.filter { !$0.path.contains("/") }
        guard let first = pages.last else { return self }
        let page = OnePage(pages: pages.map(\.path), assets: files.filter { $0.path.contains("/") })
        let chapters = ([first] + pages.dropLast()).map { page.chapter($0) }
        let bytes = Array(page.text(frame: first, chapters: chapters.joined()).utf8)
        site.files = [File(path: first.path, bytes: bytes)]
        return site
    }
}

/// Pages of a site put together. It knows the markup that `PageFrame` and `PageWriter` write.
private struct OnePage {
    let pages: Set<String>
    let files: [Site.File]
    let assets: [String: Site.File]

    init(pages: [String], assets: [Site.File]) {
        self.pages = Set(pages)
        files = assets
        self.assets = Dictionary(assets.map { ($0.path, $0) }, uniquingKeysWith: { first, _ in first })
    }

    private static let types = ["png": "image/png", "jpg": "image/jpeg"]
    private static let main = "<main id=\"\(PageID.text)\">"

    /// A chapter's text between its `main` tags, as a section.
    func chapter(_ file: Site.File) -> String {
        guard case (_, var body, _)? = Self.parts(of: file) else { return "" }
        if let neighbours = body.range(of: "<nav class=\"neighbours\">", options: [.backwards, .literal]) {
            body = String(body[..<neighbours.lowerBound])
        }
        let section = attributes(of: body, on: file.path)
        return "<section class=\"chapter\" id=\"\(anchor(file.path, PageID.text))\">\n\(section)</section>\n"
    }

    /// The first page's frame around all chapters.
    func text(frame: Site.File, chapters: String) -> String {
        guard case (let before, _, var after)? = Self.parts(of: frame) else {
            return String(decoding: frame.bytes, as: UTF8.self)
        }
        // The first chapter's sections are not the page's.
        if let nav = after.range(of: "<nav class=\"sections\"", options: .literal),
            let close = after.range(of: "</nav>", options: .literal, range: nav.upperBound..<after.endIndex)
        {
            after.removeSubrange(nav.lowerBound..<close.upperBound)
        }
        return embedded(attributes(of: before, on: frame.path, isFrame: true)) + "\n" + chapters
            + attributes(of: after, on: frame.path, isFrame: true)
    }

    /// A page up to the start of its text, the text, and the rest.
    private static func parts(of file: Site.File) -> (before: String, body: String, after: String)? {
        let text = String(decoding: file.bytes, as: UTF8.self)
        guard let start = text.range(of: main, options: .literal),
            let end = text.range(of: "</main>", options: [.backwards, .literal]), start.upperBound <= end.lowerBound
        else { return nil }
        return (
            String(text[..<start.upperBound]), String(text[start.upperBound..<end.lowerBound]),
            String(text[end.lowerBound...])
        )
    }

    /// The head with style, script and search index in place of links to them.
    private func embedded(_ head: String) -> String {
        var head = head
        func put(_ new: String, for old: String) {
            if let place = head.range(of: old, options: .literal) { head.replaceSubrange(place, with: new) }
        }
        for file in files where file.path.hasPrefix("assets/") {
            let text = String(decoding: file.bytes, as: UTF8.self)
            put("<style>\n\(text)</style>", for: "<link rel=\"stylesheet\" href=\"\(file.path)\">")
            // A deferred script must stand in a file; a module is deferred wherever it stands.
            put("<script type=\"module\">\n\(text)</script>", for: "<script src=\"\(file.path)\" defer></script>")
            let search = " data-search=\"\(file.path)\""
            if head.contains(search) {
                put("", for: search)
                put("<script>\n\(searchable(text))</script>\n</head>", for: "</head>")
            }
        }
        return head
    }

    /// The search index with addresses in this page.
    private func searchable(_ script: String) -> String {
        guard let start = script.utf8.firstIndex(of: UInt8(ascii: "[")),
            let end = script.utf8.lastIndex(of: UInt8(ascii: "]")),
            var entries = try? JSONDecoder().decode([[String: String]].self, from: Data(script[start...end].utf8))
        else { return script }
        for index in entries.indices {
            entries[index]["anchor"] = anchor(entries[index]["page"] ?? "", entries[index]["anchor"] ?? PageID.text)
            entries[index]["page"] = ""
        }
        return ScriptText.json(entries).map { "window.likenessIndex = \($0);\n" } ?? script
    }

    /// No page's name has a full stop before its ending or two hyphens in a row, so that equal ids come from equal places.
    private func anchor(_ page: String, _ id: String) -> String {
        "\(String(decoding: page.utf8.prefix { $0 != UInt8(ascii: ".") }, as: UTF8.self))--\(id)"
    }

    /// Rewrites what names a file or a place.
    private func attributes(of markup: String, on page: String, isFrame: Bool = false) -> String {
        TagRewriter.rewrite(markup) { name, value in
            switch name {
            case "href": address(value, on: page, isFrame: isFrame)
            case "src", "srcset": data(value).map { .init(value: $0) }
            case "id", "for", "aria-labelledby", "aria-describedby", "aria-controls", "headers", "list":
                isFrame
                    ? nil
                    : .init(value: value.split(separator: " ").map { anchor(page, String($0)) }.joined(separator: " "))
            default: nil
            }
        }
    }

    /// An address as seen from the one page; one of a picture's file leads nowhere, since the picture is in the page.
    private func address(_ address: String, on page: String, isFrame: Bool) -> TagRewriter.Change? {
        if let file = assets[address] {
            // The head's own are put in whole.
            if address.hasPrefix("images/") { return .init(value: "#") }
            guard !isFrame else { return nil }
            let name = HTML.escape(String(decoding: address.utf8.dropFirst("assets/".utf8.count), as: UTF8.self))
            let data = Data(file.bytes).base64EncodedString()
            return .init(value: "data:application/octet-stream;base64,\(data)", others: " download=\"\(name)\"")
        }
        let parts = address.utf8.split(separator: UInt8(ascii: "#"), maxSplits: 1, omittingEmptySubsequences: false)
        guard let path = parts.first.map({ String(decoding: $0, as: UTF8.self) }) else { return nil }
        let place = parts.count > 1 ? String(decoding: parts[1], as: UTF8.self) : ""
        if path.isEmpty {
            return isFrame || place.isEmpty ? nil : .init(value: "#" + anchor(page, place))
        }
        guard pages.contains(path) else { return nil }
        return .init(value: "#" + anchor(path, place.isEmpty ? PageID.text : place))
    }

    /// A picture as its own address.
    private func data(_ path: String) -> String? {
        guard let file = assets[path], let dot = path.lastIndex(of: "."),
            let type = Self.types[String(path[path.index(after: dot)...])]
        else { return nil }
        return "data:\(type);base64,\(Data(file.bytes).base64EncodedString())"
    }
}
