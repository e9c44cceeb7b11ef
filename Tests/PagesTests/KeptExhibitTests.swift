import Markup
import Pages
import Testing

/// What a build keeps of an exhibit for the next one.
struct KeptExhibitTests {
    private func kept() throws -> KeptExhibit {
        let site = try Sample.site(
            [.fence(Sample.fence("x", line: 3)), .fence(Sample.fence("y", line: 5))],
            exhibits: [Sample.table(), Sample.plot()], directives: [3: "scores", 5: "loss"])
        let markups = try #require(site.markups["en"])
        var markup = try #require(markups["loss"])
        markup.tables += try #require(markups["scores"]).tables
        return KeptExhibit(
            numbering: .figure, values: ["a": .number(-.infinity), "b": .count(-3), "c": .text("ä")],
            facts: [.init("seed", "7")], source: "data", markup: markup)
    }

    @Test func itIsReadBackAsItWas() throws {
        let kept = try kept()
        let files = Dictionary(uniqueKeysWithValues: kept.markup.files.map { ($0.path, $0) })
        let read = try #require(KeptExhibit(kept.bytes) { files[$0] })
        #expect(read.numbering == kept.numbering && read.values == kept.values && read.source == kept.source)
        #expect(read.facts.map(\.name) == ["seed"] && read.facts.map(\.value) == ["7"])
        #expect(read.markup.pieces == kept.markup.pieces && read.markup.files == kept.markup.files)
        #expect(read.markup.tables == kept.markup.tables && read.markup.isWide == kept.markup.isWide)
        #expect(read.bytes == kept.bytes)
        // A picture of it is gone.
        #expect(KeptExhibit(kept.bytes) { _ in nil } == nil)
    }

    @Test func whatIsCutOrOfAnotherFormIsNone() throws {
        let kept = try kept()
        let files = Dictionary(uniqueKeysWithValues: kept.markup.files.map { ($0.path, $0) })
        for count in stride(from: 0, to: kept.bytes.count, by: 7) {
            #expect(KeptExhibit(Array(kept.bytes.prefix(count))) { files[$0] } == nil)
        }
        // Counts of more than there is.
        for place in 0..<min(200, kept.bytes.count) {
            var bytes = kept.bytes
            bytes[place] = 255
            _ = KeptExhibit(bytes) { files[$0] }
        }
    }
}
