import Chapters
import Diagnostics
import Foundation
import Pages
import Testing

/// References that are nearly right, marked values, and pages whose cost grows with their length alone.
@Suite struct NearTests {
    private func problems(_ text: Inline..., numbering: Exhibit.Numbering = .table) -> [Diagnostic] {
        Site.problems(
            in: Sample.book([
                Sample.chapter("index", [.fence(Sample.fence("x", line: 3)), .paragraph(text)])
            ]), directives: [Sample.range(3): "scores"], promises: ["scores": Promise(numbering: numbering, values: [])]
        )
    }

    private func near(_ written: String, _ kind: CrossReference.Kind, _ target: String) -> Inline {
        .reference(CrossReference(kind: kind, target: target, range: Sample.range(7), written: written))
    }

    @Test func whatIsNearlyAReferenceIsToldWhereSomethingHasTheName() {
        let found = problems(near("@Fig-scores", .figure, "scores"), near("@figure-skating", .figure, "skating"))
        #expect(found.map(\.message) == ["'@Fig-scores' stays as it is written; did you mean @tbl-scores?"])
        #expect(found.first?.severity == .warning)
    }

    @Test func aClaimCanBeReferredTo() throws {
        #expect(problems(Sample.reference(.claim, "scores"), numbering: .claim).isEmpty)
        #expect(
            problems(Sample.reference(.figure, "scores"), numbering: .claim).map(\.message) == [
                "'scores' is a claim; write @claim-scores"
            ])
    }

    @Test func referencesInLinksAndAlternativesAreChecked() {
        let link = Inline.link(destination: "https://a.b", title: "", text: [Sample.reference(.figure, "nope")])
        #expect(problems(link).map(\.code) == ["unknown-reference"])
        let picture = Inline.image(source: "a.png", title: "", alternative: Prose([Sample.reference(.figure, "nope")]))
        #expect(problems(picture).map(\.code).contains("unknown-reference"))
    }

    @Test func aQuotedValueCarriesItsResultsMarks() throws {
        var exhibit = Sample.table()
        exhibit.values = ["map": .number(0.5)]
        exhibit.marks = [Exhibit.Mark(label: "random weights", explanation: "Made of \"noise\".")]
        let site = try Sample.site(
            [.fence(Sample.fence("x", line: 3)), .paragraph([Sample.value("scores", "map")])], exhibits: [exhibit],
            directives: [3: "scores"])
        let page = String(decoding: try #require(site.files.last).bytes, as: UTF8.self)
        #expect(page.contains("class=\"value marked\" data-source=\"scores.map\" title=\"random weights: Made of"))
        exhibit.marks = []
        let plain = try Sample.site(
            [.fence(Sample.fence("x", line: 3)), .paragraph([Sample.value("scores", "map")])], exhibits: [exhibit],
            directives: [3: "scores"])
        #expect(!String(decoding: try #require(plain.files.last).bytes, as: UTF8.self).contains("value marked"))
    }

    /// Ten times the headings of one name take some ten times the time, not a hundred; of the thread, not of the clock.
    @Test func equalLabelsCostNoMoreThanOthers() {
        func seconds(_ count: Int) -> Double {
            let heading = Sample.heading(2, "H", "sec-a")
            let book = Sample.book([Sample.chapter("index", Array(repeating: heading, count: count))])
            func now() -> Double {
                var time = timespec()
                clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
                return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
            }
            let start = now()
            _ = Site.problems(in: book, directives: [:], promises: [:])
            return now() - start
        }
        _ = seconds(100)
        // What disturbs a run makes it longer: the quickest of the long ones counts, and the slowest of the short ones.
        let (short, long) = ((0..<3).map { _ in seconds(400) }, (0..<3).map { _ in seconds(4000) })
        #expect((long.min() ?? 0) < 40 * max(short.max() ?? 0, 0.001))
    }

    @Test(arguments: [
        String(repeating: "\\frac{1}{", count: 3000) + "x" + String(repeating: "}", count: 3000),
        String(repeating: "{", count: 20_000) + String(repeating: "}", count: 20_000),
    ])
    func aFormulaThatIsTooDeepIsToldOnce(tex: String) {
        let found = Site.problems(
            in: Sample.book([Sample.chapter("index", [.math(Sample.math(tex), label: nil)])]), directives: [:],
            promises: [:])
        #expect(found.count == 1 && found[0].message.contains("nested too deeply"))
    }
}
