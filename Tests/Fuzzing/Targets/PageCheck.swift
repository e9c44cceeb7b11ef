import Foundation
import Pages

/// A page compared with what its writers may write.
struct PageCheck {
    private let file: Site.File
    private let document: ParsedPage
    private let title: String

    init(_ file: Site.File, title: String) throws {
        self.file = file
        self.title = title
        document = ParsedPage(file.bytes)
    }

    /// One of several pages: its script lies beside it.
    func checkPage(of site: Site) throws {
        try checkMarkup(schemes: Vocabulary.schemes)
        for element in document.elements where ["script", "style"].contains(element.name) {
            let source = element.attributes["src"]
            try promise(
                element.name == "script" && element.text.isEmpty && source != nil
                    && site.files.contains { $0.path == source } && source?.hasPrefix("assets/") == true,
                "\(file.path) holds a \(element.name) of its own")
        }
    }

    /// The report as one page: style and script as the site has them, the search index as plain JSON.
    func checkOnePage(of site: Site) throws {
        try checkMarkup(schemes: Vocabulary.schemes.union(["data"]))
        for element in document.elements where ["script", "style"].contains(element.name) {
            try promise(element.attributes["src"] == nil, "one page loads a script")
            let text = element.text.trimmingCharacters(in: .newlines)
            let isOurs = site.files.contains {
                $0.path.hasPrefix(element.name == "style" ? "assets/style-" : "assets/report-")
                    && String(decoding: $0.bytes, as: UTF8.self).trimmingCharacters(in: .newlines) == text
            }
            try promise(
                isOurs || element.name == "script" && Self.isSearchIndex(text), "one page holds a \(element.name) of its own")
        }
        let kinds = document.elements.filter { $0.name == "script" }.count
        try promise(kinds == 2, "one page has \(kinds) scripts")
    }

    private static func isSearchIndex(_ text: String) -> Bool {
        let start = "window.likenessIndex = "
        guard text.hasPrefix(start), text.hasSuffix(";"), !text.utf8.contains(UInt8(ascii: "<")) else { return false }
        let json = Data(text.dropFirst(start.count).dropLast().utf8)
        return (try? JSONDecoder().decode([[String: String]].self, from: json)) != nil
    }

    private func checkMarkup(schemes: Set<String>) throws {
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
                    let isFine = scheme.map { schemes.contains($0) && ($0 != "data" || Self.isPicture(value)) } ?? true
                    try promise(isFine, "\(file.path) has an address with the scheme \(scheme ?? "")")
                    try promise(
                        name == "href" && element.name == "a" || scheme.map { $0 == "data" } ?? !value.hasPrefix("//"),
                        "\(file.path) loads \(value) from elsewhere")
                case "style":
                    try promise(value.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || " -:;".contains($0)) },
                        "\(file.path) has a style of its own: \(value)")
                default: break
                }
            }
        }
        let titles = document.elements.filter { $0.name == "title" && $0.space == .html }
        try promise(titles.count == 1, "\(file.path) has \(titles.count) titles")
        try promise(Self.plain(titles[0].text) == Self.plain(title), "\(file.path) is called \(titles[0].text)")
    }

    /// A data address of a picture.
    private static func isPicture(_ address: String) -> Bool {
        ["data:image/png;base64,", "data:image/jpeg;base64,"].contains { address.hasPrefix($0) }
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

    /// Without what a parser or a writer may fold or drop: blanks, controls.
    private static func plain(_ text: String) -> [Unicode.Scalar] {
        text.unicodeScalars.filter { !$0.properties.isWhitespace && $0.value > 0x20 && $0 != "\u{FFFD}" && !(0x7F...0x9F).contains($0.value) }
    }
}
