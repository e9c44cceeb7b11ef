import Chapters
import Diagnostics
import Foundation
import Imaging
import Pages
import Testing

/// What keeps a page whole whatever its text says: ids, scripts, directions.
struct PageSafetyTests {
    private func ids(_ page: String) -> [String] { page.matches(of: /<[^>]* id="([^"]+)"/).map { String($0.1) } }

    private func site(_ markdown: String, trust: Bool = false, title: String = "T", language: String = "en") throws
        -> Site
    {
        let (chapter, _) = Chapter.read(markdown, path: "chapters/01-a.md", slug: "index")
        let settings = Settings(title: Prose(stringLiteral: title), authors: [title], language: language, trust: trust)
        return try Site(
            Report(
                book: Book(settings: settings, chapters: [chapter]), exhibits: ["d": Sample.plot(id: "d")],
                directives: Dictionary(uniqueKeysWithValues: fences(chapter).map { ($0, "d") })))
    }

    private func fences(_ chapter: Chapter) -> [SourceRange] {
        var ranges: [SourceRange] = []
        chapter.forEachFence { ranges.append($0.range) }
        return ranges
    }

    @Test func headingsThatReadLikeThePagesOwnPartsKeepTheirPlaces() throws {
        let text = """
            # Text

            ## Contents

            A note.[^a] Another.[^b]

            ## Note 1

            ## Mention 1

            ## Fig d

            ## Eq x

            ## Page text

            $$ a $$ {#eq-x}

            ```train
            ```

            [^a]: One. [down](#note-1)

            [^b]: ## Contents
            """
        let site = try site(text)
        #expect(site.codes == [])
        let page = site.text()
        let ids = ids(page)
        #expect(Set(ids).count == ids.count, "\(ids)")
        for match in page.matches(of: /href="#([^"]+)"/) { #expect(ids.contains(String(match.1)), "\(match.1)") }
        #expect(page.contains("<h2 id=\"contents\">") && page.contains("<a href=\"#note-1\">down</a>"))
        #expect(page.contains("<aside class=\"margin-note\" id=\"note.1\""))
        // All of them again in one page.
        let whole = site.inOneFile().text()
        let all = self.ids(whole)
        #expect(Set(all).count == all.count)
        for match in whole.matches(of: /href="#([^"]+)"/) { #expect(all.contains(String(match.1)), "\(match.1)") }
    }

    @Test(arguments: ["fig-d", "tbl-d", "claim-d", "eq-x"])
    func aHeadingMayNotHaveTheNameOfAFigureOrAnEquation(_ label: String) throws {
        let site = try site("# A\n\n## B {#\(label)}\n\n$$ a $$ {#eq-x}\n\n```train\n```\n")
        #expect(site.codes == ["duplicate-label"])
        #expect(site.diagnostics.first?.range?.start.line == 3)
        let ids = ids(site.text())
        #expect(Set(ids).count == ids.count)
    }

    @Test func wordsOfTheTextEndNoScript() throws {
        let words = "<!-- <script> </script> ]]> <![CDATA[ \u{2028} \u{2029} & \" '"
        let site = try site("# A\n\n`\(words)`\n\n## `\(words)`\n\nText.\n", title: words)
        let index = try #require(site.files.first { $0.path.hasPrefix("assets/search-") })
        let script = String(decoding: index.bytes, as: UTF8.self)
        for bad in ["<", ">", "&", "\u{2028}", "\u{2029}"] { #expect(!script.contains(bad), "\(bad)") }
        let page = site.inOneFile().text()
        let scripts = page.matches(of: /<script[^>]*>([\s\S]*?)<\/script>/)
        #expect(scripts.count == 2)
        for script in scripts { #expect(!script.1.contains("<!--") && !script.1.contains("<script")) }
        #expect(page.contains("window.likenessIndex = [{"))
        // What is searched for is what was written.
        let json = try #require(script.firstIndex(of: "[").map { script[$0...].dropLast(2) })
        let entries = try JSONDecoder().decode([[String: String]].self, from: Data(json.utf8))
        #expect(entries.contains { $0["section"]?.contains("<!-- <script> </script> ]]>") == true })
    }

    @Test func theProgramsOwnScriptAndStyleCanStandInAPage() throws {
        for file in try site("# A\n").files where file.path.hasPrefix("assets/") {
            let text = String(decoding: file.bytes, as: UTF8.self)
            for bad in ["<!--", "<script", "</script", "</style"] {
                #expect(!text.contains(bad), "\(file.path) \(bad)")
            }
        }
    }

    @Test func rawHTMLOfATrustedBookKeepsItsLinksInOneFile() throws {
        let html =
            "<p>say id=\"x\" <a href=#here>a</a> <a href='#here'>b</a> <b id=here>c</b><label for=\"here\">d</label></p>"
        let page = try site("# A\n\n\(html)\n\n`a=\" id=\"b`\n", trust: true).inOneFile().text()
        #expect(
            page.contains(
                "say id=\"x\" <a href=\"#index--here\">a</a> <a href='#index--here'>b</a> <b id=\"index--here\">"))
        #expect(page.contains("<label for=\"index--here\">"))
    }

    @Test func equalInputGivesEqualBytesInOneFile() throws {
        let text = "# A\n\nText.\n"
        #expect(try site(text).inOneFile().files == site(text).inOneFile().files)
    }

    @Test(arguments: [
        ("ar", true), ("he-IL", true), ("fa", true), ("ur", true), ("en", false), ("vi", false), ("az-Arab", true),
        ("zz", false),
    ])
    func aPageRunsAsItsLanguageDoes(_ language: String, _ isRight: Bool) throws {
        let page = try site("# A\n", language: language).text()
        #expect(page.contains("<html lang=\"\(language)\"\(isRight ? " dir=\"rtl\"" : "")>"))
    }

    @Test func namesThatRunTheOtherWayEndWithThemselves() throws {
        let title = "\u{5D0}\u{5D1}\u{202E}gnp"
        let (chapter, _) = Chapter.read("# \(title)\n\n## \(title)\n", path: "chapters/01-a.md", slug: "index")
        let second = Sample.chapter("more", [])
        let site = try Site(
            Report(
                book: Book(
                    settings: Settings(title: Prose(stringLiteral: title), authors: [title]),
                    chapters: [chapter, second]),
                exhibits: [:],
                directives: [:]))
        for name in ["index.html", "more.html"] {
            let page = site.text(name)
            // The frame's own words stand in elements of their own; names are isolated wherever they appear.
            let body = page.drop { $0 != "\n" }
            for place in body.ranges(of: title) {
                let before = body[..<place.lowerBound].suffix(200)
                #expect(
                    before.contains("dir=\"auto\"") || before.contains("<bdi>") || before.contains("class=\"number\""),
                    "\(before)")
            }
            #expect(page.contains("<html lang=\"en\">"))
        }
        #expect(site.text("more.html").contains("<title>More · \u{2068}\u{5D0}\u{5D1}gnp\u{2069}</title>"))
    }
}
