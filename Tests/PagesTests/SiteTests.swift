import Chapters
import Diagnostics
import Foundation
import Imaging
import Pages
import Testing

struct SiteTests {
    private func everything() throws -> Site {
        let exhibits = [Sample.table(), Sample.plot(panels: 2), Sample.grid()]
        return try Sample.site(
            [Sample.heading(1, "Start", "start"), .paragraph([.text("khuôn mặt </script>")])]
                + [3, 5, 9].map { .fence(Sample.fence("x", line: $0)) },
            exhibits: exhibits, directives: [3: "scores", 5: "loss", 9: "grid"])
    }

    @Test func equalInputGivesEqualBytes() throws {
        #expect(try everything().files == everything().files)
    }

    @Test func markupThatWasKeptStandsInPagesAsFreshMarkupDoes() throws {
        let fresh = [Sample.table(), Sample.plot(panels: 2), Sample.grid()]
        func site(_ exhibits: [Exhibit]) throws -> Site {
            try Sample.site(
                [3, 5, 9].map { .fence(Sample.fence("x", line: $0)) }, exhibits: exhibits,
                directives: [3: "scores", 5: "loss", 9: "grid"])
        }
        let first = try site(fresh)
        let kept = try fresh.map { exhibit in
            var exhibit = exhibit
            let markup = try #require(first.markups["en"]?[exhibit.id])
            // As the cache keeps it.
            let entry = KeptExhibit(numbering: .figure, values: [:], facts: [], source: nil, markup: markup)
            exhibit.markup = try #require(KeptExhibit(entry.bytes) { path in markup.files.first { $0.path == path } })
                .markup
            exhibit.parts = []
            return exhibit
        }
        let second = try site(kept)
        #expect(second.markups["en"]?.isEmpty == true)
        #expect(second.files == first.files)
        #expect(second.inOneFile().files == first.inOneFile().files)
        #expect(!second.inOneFile().text().contains("\"images/"))
    }

    @Test func nothingIsLoadedFromElsewhere() throws {
        for file in try everything().files where !file.path.hasPrefix("images/") {
            let text = String(decoding: file.bytes, as: UTF8.self)
            #expect(!text.contains("http:") && !text.contains("https:") && !text.contains("src=\"//"), "\(file.path)")
            #expect(!text.contains("@import") && !text.contains("url("), "\(file.path)")
        }
    }

    @Test func everyAddressInAPageIsAFileOfTheSite() throws {
        let site = try everything()
        let names = Set(site.files.map(\.path))
        for match in site.text().matches(of: /(?:src|srcset|href|data-search)="([^"#]+)[^"]*"/) {
            #expect(names.contains(String(match.output.1)), "\(match.output.1)")
        }
    }

    @Test func theFirstPageIsWrittenLast() throws {
        let book = Sample.book([Sample.chapter("index", []), Sample.chapter("models", [])])
        let site = try Site(Report(book: book, exhibits: [:], directives: [:]))
        #expect(site.files.map(\.path).suffix(2) == ["models.html", "index.html"])
        #expect(site.text("models.html").contains("rel=\"prev\" href=\"index.html\""))
    }

    @Test func equalPicturesAreStoredOnce() throws {
        let items = (0..<5).map { _ in Gallery.Item(picture: Sample.face(1), title: "") }
        let gallery = Exhibit(
            id: "g", numbering: .figure, caption: nil, parts: [.gallery(Gallery(groups: [.init(items: items)]))])
        let site = try Sample.site([.fence(Sample.fence("x", line: 3))], exhibits: [gallery], directives: [3: "g"])
        #expect(site.files.count { $0.path.hasPrefix("images/") } == 1)
    }

    @Test func theTitleBlockSaysWhatTheReportIsMadeOf() throws {
        let settings = Settings(
            title: "T & U", subtitle: "S", authors: ["A", "B"], date: "today", profile: "quick", reduced: true)
        let site = try Site(
            Report(
                book: Book(settings: settings, chapters: [Sample.chapter("index", [])]), exhibits: [:], directives: [:],
                facts: ["400 images"]))
        let page = site.text()
        for text in [
            "<h1 dir=\"auto\">T &amp; U</h1>", "S</p>", "<span dir=\"auto\">A</span> <span dir=\"auto\">B</span>",
            "today", "quick", "<li dir=\"auto\">400 images</li>",
        ] {
            #expect(page.contains(text), "\(text)")
        }
    }

    @Test func theSearchIndexHoldsTheTextOfEverySectionAndCannotEndItsScript() throws {
        let site = try everything()
        let index = try #require(site.files.first { $0.path.hasPrefix("assets/search-") })
        let text = String(decoding: index.bytes, as: UTF8.self)
        #expect(text.contains("khuôn mặt") && text.contains("Scores with k nearest."))
        #expect(!text.contains("</script>"))
    }

    @Test func theStyleSheetTakesItsColoursFromThePalette() throws {
        let style = try #require(try everything().files.first { $0.path.hasSuffix(".css") })
        let text = String(decoding: style.bytes, as: UTF8.self)
        #expect(text.contains("--series-1: #0067a8;") && text.contains("--series-1: #62b4ee;"))
    }

    /// One gallery of pictures that no encoder makes small.
    private func noise(width: Int, height: Int, count: Int) throws -> Site {
        let items = (0..<count).map { number in
            let pixels = (0..<width * height).map { index in
                let mixed = (UInt64(index) &+ 1) &* 0x9E37_79B9_7F4A_7C15 ^ UInt64(number)
                return UInt8(truncatingIfNeeded: (mixed ^ mixed >> 29) &* 0xBF58_476D_1CE4_E5B9 >> 56)
            }
            return Gallery.Item(
                picture: Picture(
                    image: Image(width: width, height: height, channels: 1, pixels: pixels), alternative: "noise"),
                title: "")
        }
        let gallery = Exhibit(
            id: "noise", numbering: .figure, caption: nil, parts: [.gallery(Gallery(groups: [.init(items: items)]))])
        return try Site(
            Report(
                book: Sample.book([Sample.chapter("index", [.fence(Sample.fence("x", line: 3))])]),
                exhibits: ["noise": gallery], directives: [Sample.range(3): "noise"]))
    }

    @Test func aPictureThatCannotBeEncodedIsAnError() {
        #expect(throws: ImageError.self) { try noise(width: 70_000, height: 1, count: 1) }
    }

    @Test func aPageOverItsBudgetIsReported() throws {
        #expect(try noise(width: 2000, height: 1500, count: 3).codes == ["heavy-page"])
    }
}

@Suite struct UnfinishedTests {
    private func page(_ pending: Pending, _ unfinished: Unfinished?) throws -> (page: String, files: [String]) {
        let exhibit = Exhibit(id: "loss", numbering: .figure, caption: nil, parts: [], pending: pending)
        let blocks: [Block] = [
            .paragraph([Sample.value("loss", "last"), Sample.reference(.figure, "loss")]),
            .fence(Sample.fence("train", line: 3)),
        ]
        let site = try Site(
            Report(
                book: Sample.book([Sample.chapter("start", blocks)]), exhibits: ["loss": exhibit],
                directives: [Sample.range(3): "loss"], unfinished: unfinished))
        #expect(site.diagnostics.isEmpty)
        return (String(decoding: try #require(site.files.last).bytes, as: UTF8.self), site.files.map(\.path))
    }

    private let some = Unfinished(done: 2, total: 9, time: "12:30", hasStopped: false, revision: "1")

    @Test(arguments: [
        (Pending.running(part: "epoch 2/3", percent: 61, secondsLeft: 200), "epoch 2/3 · 61 % · about 3 min left"),
        (.running(part: "", percent: nil, secondsLeft: 41), "about 45 s left"),
        (.waiting(for: ["faces", "tuned"]), "Waits for faces, tuned"), (.queued, "Comes later"),
    ])
    func aResultToComeSaysWhenInItsPlace(pending: Pending, text: String) throws {
        let (page, files) = try page(pending, some)
        #expect(page.contains(text))
        #expect(page.contains(">…</span>") && page.contains("Figure\u{A0}1"))
        #expect(page.contains("12:30") && page.contains("2/9"))
        let mark = try #require(files.first { $0.hasPrefix("assets/state-") })
        #expect(page.contains("data-unfinished=\"\(mark)\""))
    }

    @Test func aWholeReportHasNoMark() throws {
        let (page, files) = try page(.queued, nil)
        #expect(!page.contains("data-unfinished") && !page.contains("<progress"))
        #expect(!files.contains { $0.hasPrefix("assets/state-") })
    }
}
