import Directives
import Execution
import Files
import Foundation
import Pages
import Synchronization
import TestSupport
import Testing

/// The explanation of a cascade, and preprocessing that is stopped, on real photographs.
@Suite(.enabled(if: Files.exists(Repository.orl), "data/orl is missing; `make setup` fetches it"))
struct HaarTests {
    private static let explained = """
        id: h
        dataset: people
        image: s1/3.pgm
        scale_factor: 1.2
        images: 10
        """

    @Test func showsEveryPartOfTheExplanation() throws {
        let folder = try project("haar", Self.explained)
        let exhibit = try #require(try folder.build().exhibits["h"])
        let frames = exhibit.parts.compactMap { if case .frames(let frames) = $0 { frames } else { nil } }
        #expect(frames.map(\.items.count) == [26])
        let galleries = exhibit.parts.count { if case .gallery = $0 { true } else { false } }
        #expect(galleries == 4)
        let plots = exhibit.parts.compactMap { if case .plot(let plot) = $0 { plot } else { nil } }
        #expect(plots.first?.panels.count == 2)
        #expect(plots.first?.panels[0].series[0].points.count == 25)
        #expect(exhibit.values["faces"] == .count(1))
        #expect(exhibit.values["stages"] == .count(25))
        guard case .count(let windows) = exhibit.values["windows"], case .count(let judged) = exhibit.values["judged"]
        else {
            Issue.record("the counts of windows are missing")
            return
        }
        #expect(windows > judged && judged > 1000)
    }

    @Test func whatIsShownIsNoPartOfTheResult() throws {
        let folder = try project("haar", Self.explained)
        #expect(try folder.build().exhibits["h"]?.parts.count == 6)
        try folder.write(chapter: fence("haar", Self.explained + "\nshow: [map]"))
        let second = try folder.build()
        #expect(second.executed == [] && second.exhibits["h"]?.parts.count == 1)
    }

    @Test(arguments: [
        ("image: s1/99.pgm", "missing-image"), ("image: ../orl/s1/1.pgm", "image-outside"),
        ("cascade: haarcascade_nothing", "missing-cascade"),
    ])
    func saysWhatIsNotThere(line: String, code: String) throws {
        let folder = try project("haar", "id: h\ndataset: people\n" + line)
        let problems = CheckedBook(folder.project()).diagnostics
        #expect(problems.map(\.code) == [code])
        #expect(problems.first?.range?.start.line == 6)
    }

    @Test func aStageThatTheCascadeDoesNotHaveIsRefusedAtItsOption() throws {
        let folder = try project("haar", "id: h\ndataset: people\nimages: 1\nstages: [1, 26]")
        let failure = try #require(CheckedBook(folder.project()).diagnostics.first)
        #expect(failure.code == "no-such-stage")
        #expect(failure.range?.start.line == 7)
    }

    @Test func anInterruptedPreprocessContinuesToTheSameResult() throws {
        let body = "id: p\ndataset: people\nscale_factor: 1.3\nmin_neighbors: 2\nretry: 0"
        let expected = try #require(try project("preprocess", body).build().results["p"])

        let folder = try project("preprocess", body)
        let interruption = Interruption()
        #expect(throws: Interrupted.self) {
            try folder.attempt(interruption: interruption) { event in
                if case .progress(_, let moment) = event, moment.done >= 64 { interruption.request(signal: 15) }
            }
        }
        #expect(Files.isFolder(folder.project().store.folder + "/scratch"))
        let positions = Mutex<[Int]>([])
        let resumed = try #require(
            try folder.attempt { event in
                if case .progress(_, let moment) = event { positions.withLock { $0.append(moment.done) } }
            }.built.results["p"])
        // Stopped when 64 were done, so the journal holds at least those.
        #expect(positions.withLock { $0.first ?? 0 } >= 64)
        #expect(resumed.output == expected.output)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.project().store.folder + "/scratch").isEmpty)
    }

    @Test func rejectedPhotographsAreShownWithTheReason() throws {
        // So many neighbours are nowhere, except for a few photographs.
        let folder = try project("preprocess", "id: p\ndataset: people\nmin_neighbors: 12")
        let exhibit = try #require(try folder.build().exhibits["p"])
        let titles = exhibit.parts.flatMap { part -> [String] in
            if case .gallery(let gallery) = part { gallery.groups.compactMap(\.title) } else { [] }
        }
        #expect(titles.contains { $0 == "Left out: no face found" }, "\(titles)")
    }

    /// A chapter of one directive, and the photographs of ten people.
    private func project(_ kind: String, _ body: String) throws -> SmallProject {
        let project = try SmallProject(chapter: fence(kind, body), hasPortraits: false)
        try project.addORL(people: 10, photographs: 10, as: "people")
        return project
    }

    private func fence(_ kind: String, _ body: String) -> String { "# One\n\n```\(kind)\n\(body)\n```\n" }
}
