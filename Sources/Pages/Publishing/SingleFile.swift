import Assets
import Chapters
import Foundation
import Markup

extension Site {
    /// The whole report as one page a language, which carries everything it shows: style, script, search index, pictures, files.
    ///
    /// Chapters follow each other; what was an address of another page becomes one of a place in this page, and ids are
    /// prefixed with their chapter's page, so that equal headings of two chapters stay apart.
    package func inOneFile() -> Site {
        var site = self
        site.files = editions.reversed().compactMap { edition in
            edition.frame.book.chapters.first.map { File(path: $0.page, bytes: OnePage(edition).html.bytes) }
        }
        return site
    }
}

/// The chapters of a site put together.
private struct OnePage {
    let edition: Edition
    let pages: Set<String>
    let assets: [String: Site.File]

    init(_ edition: Edition) {
        self.edition = edition
        pages = Set(edition.frame.book.chapters.map(\.page))
        assets = Dictionary(
            edition.assets.map { ($0.path, $0) },
            uniquingKeysWith: { first, _ in first })
    }

    private static let types = ["png": "image/png", "jpg": "image/jpeg"]

    var html: HTML {
        let chapters = zip(edition.frame.book.chapters, edition.texts).map { chapter, text in
            HTML.block(
                "section", ["class": "chapter", "id": anchor(chapter.page, PageID.text)],
                text.mapped { place($0, on: chapter.page) })
        }
        return edition.frame.onePage(.group(chapters), head: head) { "#" + anchor($0, PageID.text) }
    }

    /// Style, script and search index themselves.
    private var head: HTML {
        let index = edition.index.inOneFile(anchor)
        return .group([
            .line("style", .raw("\n" + StyleSheet.text)),
            // A deferred script must stand in a file; a module is deferred wherever it stands.
            .line("script", ["type": "module"], .raw("\n" + Assets.script)),
            .line("script", .raw("\n" + index.script)),
            edition.frame.asked.isEmpty ? .empty : .line("script", ["type": "module"], .raw("\n" + Assets.query)),
        ])
    }

    /// The same in every language. No chapter's name has a full stop or two hyphens in a row, so that equal ids come from equal
    /// places.
    private func anchor(_ page: String, _ id: String) -> String {
        "\(String(decoding: page.utf8.prefix { $0 != UInt8(ascii: ".") }, as: UTF8.self))--\(id)"
    }

    /// What an attribute that names a file or a place becomes.
    private func place(_ attribute: Attribute, on page: String) -> [Attribute] {
        guard let value = attribute.value else { return [attribute] }
        let new: String?
        switch attribute.name {
        case "href":
            if let file = assets[value], !value.hasPrefix("images/") { return handedOut(file) }
            // Numbers for programs and what differs from earlier ones are no part of the one page.
            if value.hasPrefix(ResultFile.folder + "/")
                || edition.frame.languages.all.contains(where: { $0.changesPage == value })
            {
                return [Attribute("hidden", nil as String?)]
            }
            new = address(value, on: page)
        case "src", "srcset", "xlink:href": new = data(value)
        default: new = value.split(separator: " ").map { anchor(page, String($0)) }.joined(separator: " ")
        }
        return [Attribute(attribute.name, new ?? value)]
    }

    /// A file as its own address, to be saved under its name.
    private func handedOut(_ file: Site.File) -> [Attribute] {
        let name = String(decoding: file.path.utf8.dropFirst("assets/".utf8.count), as: UTF8.self)
        let data = Data(file.bytes).base64EncodedString()
        return [Attribute("href", "data:application/octet-stream;base64,\(data)"), Attribute("download", name)]
    }

    /// An address as seen from the one page; one of a picture's file leads nowhere, since the picture is in the page.
    private func address(_ address: String, on page: String) -> String? {
        if assets[address] != nil { return "#" }
        let parts = address.utf8.split(separator: UInt8(ascii: "#"), maxSplits: 1, omittingEmptySubsequences: false)
        guard let path = parts.first.map({ String(decoding: $0, as: UTF8.self) }) else { return nil }
        let place = parts.count > 1 ? String(decoding: parts[1], as: UTF8.self) : ""
        if path.isEmpty { return place.isEmpty ? nil : "#" + anchor(page, place) }
        guard pages.contains(path) else { return nil }
        return "#" + anchor(path, place.isEmpty ? PageID.text : place)
    }

    /// A picture as its own address.
    private func data(_ path: String) -> String? {
        guard let file = assets[path], let dot = path.lastIndex(of: "."),
            let type = Self.types[String(path[path.index(after: dot)...])]
        else { return nil }
        return "data:\(type);base64,\(Data(file.bytes).base64EncodedString())"
    }
}
