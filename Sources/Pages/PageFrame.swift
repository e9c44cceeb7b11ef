import Chapters
import Markup

/// What stands around a chapter's text: head, chapter rail, section contents, title block, links to its neighbours.
struct PageFrame {
    let book: Book
    let numbering: Numbering
    let plain: PlainText
    let language: String
    let facts: [String]
    let assets: (style: String, script: String, search: String)
    var titles = Titles()

    /// What the author says above the first page, as HTML.
    struct Titles {
        var title = ""
        var subtitle = ""
        var authors: [String] = []
        var date: String?
    }

    private var words: Words { Words.of(language) }

    func page(at index: Int, body: String) -> String {
        let chapter = book.chapters[index]
        let title = HTML.escape(plain.of(book.settings.title))
        let isFirst = index == 0
        let names = (isFirst ? [] : [chapter.title]) + [book.settings.title]
        let pageTitle = names.map { HTML.escape(Direction.isolated(plain.of($0))) }.joined(separator: " · ")
        let sections = self.sections(of: chapter)
        let home = HTML.escape(book.chapters[0].page)
        return """
            <!DOCTYPE html>
            <html lang="\(HTML.escape(language))"\(Direction.of(language).attribute)>
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="generator" content="Likeness">
            <meta name="color-scheme" content="light dark">
            <title>\(pageTitle)</title>
            <link rel="stylesheet" href="\(assets.style)">
            <script src="\(assets.script)" defer></script>
            </head>
            <body data-search="\(assets.search)"\(scriptWords)>
            <a class="skip" href="#\(PageID.text)">\(HTML.escape(words.skip))</a>
            <header class="bar"><a href="\(home)" dir="auto">\(title)</a>\
            <a href="#\(PageID.contents)">\(HTML.escape(words.contents))</a></header>
            <div class="page">
            <main id="\(PageID.text)">
            \(isFirst ? titleBlock : "")\(body)\(neighbours(of: index))</main>
            <div class="side" id="\(PageID.contents)">
            <nav class="chapters" aria-label="\(HTML.escape(words.chapters))">
            <p class="report"><a href="\(home)" dir="auto">\(title)</a></p>
            \(chapterList(current: index))</nav>
            \(sections)</div>
            </div>
            </body>
            </html>

            """
    }

    /// The few words that the script shows.
    private var scriptWords: String {
        let pairs = [
            ("search", words.search), ("hint", words.searchHint), ("nothing", words.noResults), ("csv", words.copyCSV),
            ("copied", words.copied), ("close", words.close), ("keys", words.keys),
            ("frame", words.frame), ("back", words.frameBack), ("on", words.frameOn),
        ]
        return pairs.map { " data-word-\($0.0)=\"\(HTML.escape($0.1))\"" }.joined()
    }

    private var titleBlock: String {
        let settings = book.settings
        var out = "<header class=\"title-block\">\n<h1 dir=\"auto\">\(titles.title)</h1>\n"
        if !titles.subtitle.isEmpty { out += "<p class=\"subtitle\" dir=\"auto\">\(titles.subtitle)</p>\n" }
        if !titles.authors.isEmpty {
            let names = titles.authors.map { "<span dir=\"auto\">\($0)</span>" }.joined(separator: " ")
            out += "<p class=\"authors\">\(names)</p>\n"
        }
        var lines: [String] = []
        if let date = titles.date { lines.append("<span dir=\"auto\">\(date)</span>") }
        if let profile = settings.profile {
            let attribute = settings.reduced ? " class=\"reduced\"" : ""
            lines.append("<span\(attribute)>\(HTML.escape(words.profile)): \(HTML.escape(profile))</span>")
        }
        if !lines.isEmpty { out += "<p class=\"imprint\">\(lines.joined(separator: " "))</p>\n" }
        if !facts.isEmpty {
            out += "<ul class=\"facts\">\(facts.map { "<li dir=\"auto\">\(Caption.html($0))</li>" }.joined())</ul>\n"
        }
        return out + "</header>\n"
    }

    private func chapterList(current: Int) -> String {
        var out = "<ol>\n"
        for (index, chapter) in book.chapters.enumerated() {
            let here = index == current ? " aria-current=\"page\"" : ""
            out += """
                <li><a href="\(HTML.escape(chapter.page))"\(here)><span class="number">\(index + 1)</span> \
                <bdi>\(HTML.escape(plain.of(chapter.title)))</bdi></a></li>

                """
        }
        return out + "</ol>\n"
    }

    private func sections(of chapter: Chapter) -> String {
        var entries = ""
        for case .heading(let level, let text, let id, _) in chapter.blocks where level == 2 || level == 3 {
            entries += """
                <li class="level-\(level)"><a href="#\(HTML.escape(id))" dir="auto">\(HTML.escape(plain.of(text)))</a></li>

                """
        }
        guard !entries.isEmpty else { return "" }
        let title = HTML.escape(words.onThisPage)
        return "<nav class=\"sections\" aria-label=\"\(title)\">\n<p>\(title)</p>\n<ol>\n\(entries)</ol>\n</nav>\n"
    }

    private func neighbours(of index: Int) -> String {
        func link(_ chapter: Chapter, _ relation: String, _ word: String) -> String {
            """
            <a rel="\(relation)" href="\(HTML.escape(chapter.page))"><span>\(HTML.escape(word))</span> \
            <bdi>\(HTML.escape(plain.of(chapter.title)))</bdi></a>

            """
        }
        var out = ""
        if index > 0 { out += link(book.chapters[index - 1], "prev", words.previous) }
        if index + 1 < book.chapters.count { out += link(book.chapters[index + 1], "next", words.next) }
        return out.isEmpty ? "" : "<nav class=\"neighbours\">\n\(out)</nav>\n"
    }
}
