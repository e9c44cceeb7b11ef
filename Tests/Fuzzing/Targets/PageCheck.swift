import Chapters
import Foundation
import Pages

/// A page compared with what its writers may write.
package struct PageCheck {
    private let file: Site.File
    private let document: ParsedPage
    private let titles: [Prose]

    /// - Parameter titles: what its window is called by, with a dot between them.
    package init(_ file: Site.File, titles: [Prose]) {
        self.file = file
        self.titles = titles
        document = ParsedPage(file.bytes)
    }

    /// One of several pages: its script lies beside it.
    func checkPage(of site: Site) throws {
        try checkMarkup(schemes: Vocabulary.schemes)
        for element in document.elements where ["script", "style"].contains(element.name) {
            let source = element.attributes["src"]
            try promise(
                element.name == "script" && element.text.isEmpty && source != nil
                    && site.files.contains { $0.path == source } && source.map(Self.isScript) == true,
                "\(file.path) holds a \(element.name) of its own")
        }
    }

    /// The report as one page: style and script as the site has them, the search index as plain JSON.
    func checkOnePage(of site: Site) throws {
        try checkMarkup(schemes: Vocabulary.schemes.union(["data"]))
        for element in document.elements where ["script", "style"].contains(element.name) {
            try promise(element.attributes["src"] == nil, "one page loads a script")
            let text = Self.trimmed(Array(element.text.utf8))
            let isOurs = site.files.contains {
                (element.name == "style" ? $0.path.hasPrefix("assets/style-") : Self.isScript($0.path))
                    && Self.trimmed($0.bytes).elementsEqual(text)
            }
            let isIndex = element.name == "script" && Self.isSearchIndex(text)
            try promise(isOurs || isIndex, "one page holds a \(element.name) of its own")
        }
        let kinds = document.elements.filter { $0.name == "script" }.count
        try promise(kinds == 2, "one page has \(kinds) scripts")
    }

    /// Whether a file is a script of pages.
    private static func isScript(_ path: String) -> Bool {
        path.hasPrefix("assets/report-") || path.hasPrefix("assets/query-")
    }

    /// Without the line feeds around it.
    private static func trimmed(_ bytes: [UInt8]) -> ArraySlice<UInt8> {
        let end = bytes.lastIndex { $0 != 0x0A } ?? -1
        return bytes[...end].drop { $0 == 0x0A }
    }

    private static func isSearchIndex(_ text: ArraySlice<UInt8>) -> Bool {
        let start = Array("window.likenessIndex = ".utf8)
        guard text.starts(with: start), text.last == UInt8(ascii: ";"), !text.contains(UInt8(ascii: "<")) else {
            return false
        }
        let json = Data(text.dropFirst(start.count).dropLast())
        return (try? JSONDecoder().decode([[String: String]].self, from: json)) != nil
    }

    /// Elements, attributes, addresses, ids and the title.
    package func checkMarkup(schemes: Set<String> = Vocabulary.schemes) throws {
        var ids: Set<String> = []
        for element in document.elements {
            guard let allowed = Vocabulary.attributes[element.space]?[element.name] else {
                throw BrokenPromise(description: "\(file.path) has an element <\(element.name)> (\(element.space))")
            }
            for (name, value) in element.attributes {
                try promise(
                    allowed.contains(name) || Vocabulary.everywhere.contains(name)
                        || element.name == "body" && name.hasPrefix("data-word-"),
                    "\(file.path) has an attribute \(name) on <\(element.name)>")
                switch name {
                case "id": try promise(ids.insert(value).inserted, "\(file.path) has two elements with the id \(value)")
                case "href", "src", "srcset":
                    let scheme = Self.scheme(of: value)
                    let isFine =
                        scheme.map {
                            schemes.contains($0) && ($0 != "data" || Self.isHarmless(value, on: element))
                        } ?? true
                    try promise(isFine, "\(file.path) has an address with the scheme \(scheme ?? "")")
                    try promise(
                        name == "href" && element.name == "a" || scheme.map { $0 == "data" } ?? !value.hasPrefix("//"),
                        "\(file.path) loads \(value) from elsewhere")
                case "style":
                    try promise(
                        value.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || " -:;".contains($0)) },
                        "\(file.path) has a style of its own: \(value)")
                default: break
                }
            }
        }
        let found = document.elements.filter { $0.name == "title" && $0.space == .html }
        try promise(found.count == 1, "\(file.path) has \(found.count) titles")
        // Formulas, values and references are worded by the writer.
        let words = titles.map { $0.inlines.compactMap { if case .text(let text) = $0 { text } else { nil } } }
        guard zip(words, titles).allSatisfy({ $0.count == $1.inlines.count }) else { return }
        let title = words.map { $0.joined() }.joined(separator: " · ")
        try promise(Self.plain(found[0].text) == Self.plain(title), "\(file.path) is called \(found[0].text)")
    }

    /// A data address of a picture, or of a file that is saved and never shown.
    private static func isHarmless(_ address: String, on element: ParsedPage.Element) -> Bool {
        ["data:image/png;base64,", "data:image/jpeg;base64,"].contains { address.hasPrefix($0) } && element.name != "a"
            || address.hasPrefix("data:application/octet-stream;base64,") && element.attributes["download"] != nil
    }

    /// The scheme that a browser finds: leading blanks and controls, tabs and line breaks anywhere do not count.
    private static func scheme(of address: String) -> String? {
        let scalars = address.unicodeScalars.drop { $0.value <= 0x20 }.filter { ![9, 10, 13].contains($0.value) }
        guard let colon = scalars.firstIndex(of: ":"), let first = scalars.first,
            first.isASCII && first.properties.isAlphabetic
        else { return nil }
        let name = scalars[..<colon]
        let isName = name.allSatisfy {
            $0.isASCII && ($0.properties.isAlphabetic || ("0"..."9").contains($0) || "+-.".unicodeScalars.contains($0))
        }
        return isName ? String(String.UnicodeScalarView(name)).lowercased() : nil
    }

    /// Without what a parser or a writer may fold, drop or add: blanks, controls, signs of direction.
    private static func plain(_ text: String) -> [Unicode.Scalar] {
        text.unicodeScalars.filter { scalar in
            switch scalar.value {
            case 0...0x20, 0x7F...0x9F, 0x202A...0x202E, 0x2066...0x2069, 0xFFFD: false
            default: !scalar.properties.isWhitespace
            }
        }
    }
}
