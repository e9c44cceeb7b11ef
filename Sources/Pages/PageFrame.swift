import Chapters
import Markup

/// What stands around a chapter's text: head, chapter rail, section contents, title block, links to its neighbours.
struct PageFrame {
    let book: Book
    let plain: PlainText
    let language: String
    let facts: [String]
    let languages: Languages
    /// Of this language among them.
    let position: Int
    var titles = Titles()
    /// Of a report whose results are still to come; and a file that is there as long as this state is the latest.
    var unfinished: Unfinished?
    var mark: String?
    /// What differs from an earlier report, which has a page of its own.
    var changes: Changes?
    /// Pages on which a reader can ask for faces, in the order of the book.
    var asked: [String] = []

    /// Files of a site by what they are for: paths from a page.
    struct Assets {
        var style: String
        var script: String
        var search: String
        /// nil where nobody can be asked.
        var query: String?
    }

    /// What the author says above the first page.
    struct Titles {
        var title = HTML.empty
        var subtitle = HTML.empty
        var authors: [HTML] = []
        var date: HTML?
    }

    private var words: Words { Words.of(language) }

    /// A chapter's page in a site whose style sheet, script and search index are files.
    func page(at index: Int, text: HTML, assets: Assets) -> HTML {
        let query = asked.contains(book.chapters[index].page) ? assets.query : nil
        let chapter = book.chapters[index]
        return document(
            named: index == 0 ? nil : plain.of(chapter.title), current: index,
            head: head(assets, query: query, in: \.pages[index]), search: assets.search,
            languages: languageLinks(in: \.pages[index]),
            main: .group([
                unfinished.map { Self.notice($0, words) } ?? .empty, text, neighbours(of: index),
            ]),
            sections: sections(of: chapter)
        ) { $0 }
    }

    /// The page of what differs from an earlier report.
    func changesPage(_ text: HTML, assets: Assets) -> HTML {
        document(
            named: words.changes, current: nil, head: head(assets, query: nil, in: \.changesPage),
            search: assets.search, languages: languageLinks(in: \.changesPage), main: text, sections: .empty
        ) { $0 }
    }

    private func head(_ assets: Assets, query: String?, in page: (Languages.Language) -> String) -> HTML {
        .group([
            // Scripts that a trusted book brings stand in its pages.
            book.settings.trust
                ? .empty : .line("meta", ["http-equiv": "Content-Security-Policy", "content": Self.policy]),
            .line("link", ["rel": "stylesheet", "href": assets.style]),
            .line("script", ["src": assets.script, "defer": true]),
            query.map { .line("script", ["src": $0, "defer": true]) } ?? .empty,
            .group(others.map { .line("link", ["rel": "alternate", "hreflang": $0.tag, "href": page($0)]) }),
        ])
    }

    /// Scripts and styles are those beside the page, whether it is served or opened as a file; no element has any of its own.
    private static let policy =
        "default-src 'none'; script-src 'self' file:; style-src 'self' file:; style-src-attr 'none'; "
        + "img-src 'self' file: data: blob:; media-src 'self' file: blob:; font-src 'self' file:; "
        + "connect-src 'self'; base-uri 'none'; form-action 'self'"

    /// All chapters in one page, whose head brings along what it needs.
    ///
    /// - Parameter address: from the name of a chapter's page to its place in this one.
    func onePage(_ chapters: HTML, head: HTML, address: (String) -> String) -> HTML {
        document(
            named: nil, current: 0, head: head, search: nil, languages: languageLinks(in: \.pages[0]), main: chapters,
            sections: .empty, address: address)
    }

    /// - Parameters:
    ///   - name: of the page, where it is not the report's own.
    ///   - index: of the chapter; nil for a page that is none.
    private func document(
        named name: String?, current index: Int?, head: HTML, search: String?, languages: HTML, main: HTML,
        sections: HTML, address: (String) -> String
    ) -> HTML {
        let names = [name, plain.of(book.settings.title)].compactMap(\.self)
        let home = HTML.element(
            "a", ["href": address(book.chapters[0].page), "dir": "auto"], .text(plain.of(book.settings.title)))
        let bar = HTML.line(
            "header", ["class": "bar"], home, .element("a", ["href": "#" + PageID.contents], .text(words.contents)),
            languages)
        let chapters = HTML.block(
            "nav", ["class": "chapters", "aria-label": words.chapters], .line("p", ["class": "report"], home),
            languages, chapterList(current: index, address))
        let side = HTML.block("div", ["class": "side", "id": PageID.contents], chapters, sections)
        return .group([
            .raw("<!DOCTYPE html>\n"),
            .block(
                "html", ["lang": language, "dir": Direction.of(language).attribute],
                .block(
                    "head", .line("meta", ["charset": "utf-8"]),
                    .line("meta", ["name": "viewport", "content": "width=device-width, initial-scale=1"]),
                    .line("meta", ["name": "generator", "content": "Likeness"]),
                    .line("meta", ["name": "color-scheme", "content": "light dark"]),
                    .line("title", .text(names.map(Direction.isolated).joined(separator: " · "))),
                    head),
                .block(
                    "body",
                    ["data-search": search, "data-unfinished": mark, "data-query": asked.first.map(address)]
                        + scriptWords(asksHere: search == nil ? !asked.isEmpty : isAsked(at: index)),
                    .line("a", ["class": "skip", "href": "#" + PageID.text], .text(words.skip)), bar,
                    .block("div", ["class": "page"], .block("main", ["id": PageID.text], main), side))),
        ])
    }

    /// The few words that the script shows, and those of the query interface where there is one.
    ///
    private func scriptWords(asksHere: Bool) -> Attributes {
        let pairs = [
            ("search", words.search), ("hint", words.searchHint), ("nothing", words.noResults), ("csv", words.copyCSV),
            ("copied", words.copied), ("close", words.close), ("keys", words.keys),
            ("frame", words.frame), ("back", words.frameBack), ("on", words.frameOn),
            ("ask", words.findSimilar),
        ]
        return Attributes(
            (pairs + (asksHere ? words.asking.script.map { ($0.name, $0.text) } : [])).map {
                Attribute("data-word-\($0.0)", $0.1)
            })
    }

    /// A chapter's text, the first one's below the title block.
    func text(at index: Int, body: HTML) -> HTML { index == 0 ? .group([titleBlock, body]) : body }

    private var titleBlock: HTML {
        let settings = book.settings
        func span(_ text: HTML) -> HTML { .element("span", ["dir": "auto"], text) }
        func unlessEmpty(_ nodes: [HTML], _ line: (HTML) -> HTML) -> HTML {
            nodes.isEmpty ? .empty : line(.joined(nodes, separator: " "))
        }
        let profile = settings.profile.map {
            HTML.element("span", ["class": settings.reduced ? "reduced" : nil], "\(words.profile): \($0)")
        }
        let facts = facts.map { HTML.element("li", ["dir": "auto"], Caption.html($0)) }
        return .block(
            "header", ["class": "title-block"], .line("h1", ["dir": "auto"], titles.title),
            titles.subtitle.isEmpty ? .empty : .line("p", ["class": "subtitle", "dir": "auto"], titles.subtitle),
            unlessEmpty(titles.authors.map(span)) { .line("p", ["class": "authors"], $0) },
            unlessEmpty([titles.date.map(span), profile].compactMap(\.self)) { .line("p", ["class": "imprint"], $0) },
            facts.isEmpty ? .empty : .line("ul", ["class": "facts"], .group(facts)),
            changes.map { changes in
                .line(
                    "p", ["class": "changed"],
                    .element("a", ["href": languages.all[position].changesPage], .text(changes.summary.text)))
            } ?? .empty)
    }

    private var others: [Languages.Language] {
        languages.all.enumerated().filter { $0.offset != position }.map(\.element)
    }

    /// The same chapter in the other languages; a script adds the reader's place.
    private func languageLinks(in page: (Languages.Language) -> String) -> HTML {
        guard !others.isEmpty else { return .empty }
        return .line(
            "p", ["class": "languages"],
            .joined(
                others.map {
                    .element("a", ["href": page($0), "hreflang": $0.tag, "lang": $0.tag], .text($0.name))
                }, separator: " "))
    }

    private func isAsked(at index: Int?) -> Bool { index.map { asked.contains(book.chapters[$0].page) } ?? false }

    private func chapterList(current: Int?, _ address: (String) -> String) -> HTML {
        let items = book.chapters.enumerated().map { index, chapter in
            HTML.line(
                "li",
                .element(
                    "a", ["href": address(chapter.page), "aria-current": index == current ? "page" : nil],
                    .element("span", ["class": "number"], "\(index + 1)"), " ", name(of: chapter)))
        }
        return .block("ol", .group(items))
    }

    private func name(of chapter: Chapter) -> HTML { .element("bdi", .text(plain.of(chapter.title))) }

    private func sections(of chapter: Chapter) -> HTML {
        var entries: [HTML] = []
        for case .heading(let level, let text, let id, _) in chapter.blocks where level == 2 || level == 3 {
            entries.append(
                .line(
                    "li", ["class": "level-\(level)"],
                    .element("a", ["href": "#" + id, "dir": "auto"], .text(plain.of(text)))))
        }
        guard !entries.isEmpty else { return .empty }
        return .block(
            "nav", ["class": "sections", "aria-label": words.onThisPage], .line("p", .text(words.onThisPage)),
            .block("ol", .group(entries)))
    }

    private func neighbours(of index: Int) -> HTML {
        func link(_ chapter: Chapter, _ relation: String, _ word: String) -> HTML {
            .line(
                "a", ["rel": relation, "href": chapter.page], .element("span", .text(word)), " ",
                name(of: chapter))
        }
        var links: [HTML] = []
        if index > 0 { links.append(link(book.chapters[index - 1], "prev", words.previous)) }
        if index + 1 < book.chapters.count { links.append(link(book.chapters[index + 1], "next", words.next)) }
        return links.isEmpty ? .empty : .block("nav", ["class": "neighbours"], .group(links))
    }
}
