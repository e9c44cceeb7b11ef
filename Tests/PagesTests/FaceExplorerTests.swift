import Assets
import Chapters
import Foundation
import Imaging
import Pages
import Testing

/// The place of the query interface: which pages have it, and what it brings along.
@Suite struct FaceExplorerTests {
    private static let vectors: [UInt8] = [1, 0, 0xFF, 0xFF, 2, 0, 0, 0x80]

    private func explorer(people: [String] = ["s1", "s2"]) throws -> Exhibit {
        let sheet = Image(width: 96, height: 48, channels: 3, pixels: [UInt8](repeating: 90, count: 96 * 48 * 3))
        let explorer = FaceExplorer(
            k: 9,
            sheet: .init(jpeg: try sheet.jpeg(quality: 80), width: 48, height: 48, columns: 2), people: people,
            attributes: ["Smiling"],
            faces: [
                .init(number: 4, person: 0, path: "s1/1.pgm", attributes: "8"),
                .init(number: 7, person: 1, path: "s2/</script>.pgm", attributes: nil),
            ],
            evaluations: [
                .init(id: "after", name: "MobileNet-V2", columns: 2, scale: 0.5, threshold: 1.5, vectors: Self.vectors)
            ],
            examples: RetrievalGrid(rows: [
                .init(
                    query: .init(picture: Sample.face(1), identity: "s1"),
                    hits: [
                        .init(
                            rank: 1, face: .init(picture: Sample.face(2), identity: "s2"), distance: 0.5,
                            isSamePerson: false)
                    ])
            ]))
        return Exhibit(id: "try", numbering: .figure, caption: nil, parts: [.faceExplorer(explorer)])
    }

    private func site(_ exhibit: Exhibit) throws -> Site {
        let first = Sample.chapter("index", [Sample.heading(1, "Start", "start")])
        let second = Sample.chapter("try-it", [.fence(Sample.fence("query", line: 3))])
        return try Site(
            Report(
                book: Sample.book([first, second]), exhibits: ["try": exhibit], directives: [Sample.range(3): "try"]))
    }

    @Test func theScriptIsOnPagesThatAskAndEveryPageKnowsWhere() throws {
        let site = try site(explorer())
        let script = try #require(site.files.first { $0.path.hasPrefix("assets/query-") })
        #expect(String(decoding: script.bytes, as: UTF8.self) == Assets.query)
        let (start, page) = (site.text(), site.text("try-it.html"))
        #expect(page.contains("<script src=\"\(script.path)\" defer></script>"))
        #expect(!start.contains(script.path) && !start.contains("data-word-ask-"))
        for text in [start, page] { #expect(text.contains(" data-query=\"try-it.html\"")) }
        // Faces are named by their content and loaded when they are wanted.
        let faces = try #require(site.files.first { $0.path.hasPrefix("assets/faces-") })
        #expect(page.contains("<a class=\"query-data\" href=\"\(faces.path)\"></a>"))
        #expect(faces.isNamedByContent)
        #expect(!page.contains("src=\"\(faces.path)\""))
        // Without a script there is an answer to look at.
        #expect(page.contains("class=\"query-fallback\"") && page.contains("class=\"hit other\""))
    }

    @Test func aBookThatAsksNothingHasNone() throws {
        let site = try site(Sample.table(id: "try"))
        #expect(!site.files.contains { $0.path.hasPrefix("assets/query-") || $0.path.hasPrefix("assets/faces-") })
        #expect(!site.text().contains("data-query") && !site.text("try-it.html").contains("data-query"))
    }

    @Test func facesAreWhatTheScriptReads() throws {
        let site = try site(explorer(people: ["s1", "\u{2028}</script><!--"]))
        let text = site.text(try #require(site.files.first { $0.path.hasPrefix("assets/faces-") }).path)
        #expect(!text.contains("</script") && !text.contains("<!--") && !text.contains("\u{2028}"))
        let opening = "document.currentScript.faces = "
        #expect(text.hasPrefix(opening) && text.hasSuffix("};\n"))
        let json = Data(text.dropFirst(opening.count).dropLast(2).utf8)
        let object = try #require(try JSONSerialization.jsonObject(with: json) as? [String: Any])
        let about = try #require(object["about"] as? [String: Any])
        #expect(about["numbers"] as? [Int] == [4, 7] && about["person"] as? [Int] == [0, 1])
        #expect(
            about["paths"] as? [String] == ["s1/1.pgm", "s2/</script>.pgm"] && about["bits"] as? [String] == ["8", ""])
        #expect((about["people"] as? [String])?.last == "\u{2028}</script><!--")
        let vectors = try #require((object["vectors"] as? [String])?.first)
        #expect(Data(base64Encoded: vectors).map(Array.init) == Self.vectors)
        let sheet = try #require((object["sheet"] as? String).flatMap { Data(base64Encoded: $0) })
        #expect(try Image(decoding: Array(sheet), name: "sheet").width == 96)
    }

    @Test func markupThatWasKeptAsksToo() throws {
        let first = try site(explorer())
        var kept = try explorer()
        kept.markup = first.markups["en"]?["try"]
        kept.parts = []
        let second = try site(kept)
        #expect(second.files == first.files && second.markups["en"]?.isEmpty == true)
    }

    @Test func onePageCarriesScriptAndFaces() throws {
        let page = try site(explorer()).inOneFile().text()
        #expect(page.contains("<script type=\"module\">\n\(Assets.query)</script>"))
        #expect(page.contains("<a class=\"query-data\" href=\"data:application/octet-stream;base64,"))
        #expect(page.contains(" data-query=\"#try-it--page.text\"") && page.contains(" data-word-ask-drop=\""))
    }

    /// A word that the script says is one of the page, and no word of the page is said by nobody.
    @Test func wordsOfTheScriptAreWordsOfThePage() throws {
        let page = try site(explorer()).text("try-it.html")
        let words = Set(
            page.matches(of: /data-word-ask-([a-z-]+)="[^"]/).map { match in
                match.1.split(separator: "-").map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
            })
        let said = Set(Assets.query.matches(of: /say\("(\w+)"[,)]/).map { String($0.1) })
        let stages = ["Decode", "Scale", "Find", "NearMisses", "Crop", "Embed", "Search"].map { "Stage" + $0 }
        #expect(words == said.union(stages).union(["Tree", "Flat"]))
    }
}
