import Chapters
import Diagnostics
import Directives
import Execution
import Files
import Foundation
import Imaging
import Pages
import Synchronization
import Testing

private let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().path
private let orl = root + "/data/orl"

/// The explanation of a cascade, and preprocessing that is stopped, on real photographs.
@Suite(.enabled(if: Files.exists(orl), "data/orl is missing; `make setup` fetches it"))
struct HaarTests {
    private static let explained = """
        id: h
        dataset: people
        image: s1/3.pgm
        scale_factor: 1.2
        images: 10
        """

    @Test func showsEveryPartOfTheExplanation() throws {
        let folder = try Chapter("haar", Self.explained)
        let results = try folder.run()
        #expect(results.failures.isEmpty, "\(results.failures)")
        let exhibit = try #require(try folder.exhibits(results)["h"])
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
        let folder = try Chapter("haar", Self.explained)
        #expect(try folder.exhibits(try folder.run())["h"]?.parts.count == 6)
        try folder.write("haar", Self.explained + "\nshow: [map]")
        let second = try folder.run()
        guard case .done(_, let executed) = second.states["h"] else {
            Issue.record("\(second.failures)")
            return
        }
        #expect(!executed)
        #expect(try folder.exhibits(second)["h"]?.parts.count == 1)
    }

    @Test(arguments: [
        ("image: s1/99.pgm", "missing-image"), ("image: ../orl/s1/1.pgm", "image-outside"),
        ("cascade: haarcascade_nothing", "missing-cascade"),
    ])
    func saysWhatIsNotThere(line: String, code: String) throws {
        let folder = try Chapter("haar", "id: h\ndataset: people\n" + line)
        let error = #expect(throws: Problems.self) { try folder.plan() }
        #expect(error?.diagnostics.map(\.code) == [code])
        #expect(error?.diagnostics.first?.range?.start.line == 6)
    }

    @Test func aStageThatTheCascadeDoesNotHaveIsRefusedAtItsOption() throws {
        let folder = try Chapter("haar", "id: h\ndataset: people\nimages: 1\nstages: [1, 26]")
        let failure = try #require(try folder.run().failures.first)
        #expect(failure.code == "no-such-stage")
        #expect(failure.range?.start.line == 7)
    }

    @Test func anInterruptedPreprocessContinuesToTheSameResult() throws {
        let body = "id: p\ndataset: people\nscale_factor: 1.3\nmin_neighbors: 2\nretry: 0"
        let expected = try #require(try Chapter("preprocess", body).run()["p"])

        let folder = try Chapter("preprocess", body)
        let interruption = Interruption()
        #expect(throws: Interrupted.self) {
            try folder.run(interruption: interruption) { done in if done >= 64 { interruption.request(signal: 15) } }
        }
        #expect(Files.isFolder(folder.store.folder + "/scratch"))
        let positions = Mutex<[Int]>([])
        let resumed = try #require(try folder.run { done in positions.withLock { $0.append(done) } }["p"])
        // Stopped when 64 were done, so the journal holds at least those.
        #expect(positions.withLock { $0.first ?? 0 } >= 64)
        #expect(resumed.output == expected.output)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.store.folder + "/scratch").isEmpty)
    }

    @Test func rejectedPhotographsAreShownWithTheReason() throws {
        // So many neighbours are nowhere, except for a few photographs.
        let folder = try Chapter("preprocess", "id: p\ndataset: people\nmin_neighbors: 12")
        let results = try folder.run()
        let exhibit = try #require(try folder.exhibits(results)["p"])
        let titles = exhibit.parts.flatMap { part -> [String] in
            if case .gallery(let gallery) = part { gallery.groups.compactMap(\.title) } else { [] }
        }
        #expect(titles.contains { $0 == "Left out: no face found" }, "\(titles)")
    }
}

/// A folder with one chapter of one directive, a store, and the photographs of ten people.
private final class Chapter {
    let folder = NSTemporaryDirectory() + "likeness-" + UUID().uuidString
    var store: Store { Store(folder: folder + "/store") }

    init(_ kind: String, _ body: String) throws {
        for person in 1...10 {
            for number in 1...10 {
                let bytes = try Files.read("\(orl)/s\(person)/\(number).pgm")
                try Files.write(bytes, to: "\(folder)/data/people/s\(person)/\(number).pgm", syncsFolder: false)
            }
        }
        try write(kind, body)
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    func write(_ kind: String, _ body: String) throws {
        try Files.write(Array("# One\n\n```\(kind)\n\(body)\n```\n".utf8), to: folder + "/chapters/01-one.md")
    }

    func plan() throws -> Plan {
        let loaded = Book.load(contentsOf: folder + "/chapters")
        #expect(loaded.diagnostics.isEmpty, "\(loaded.diagnostics)")
        return try Plan(loaded.book, directives: allDirectives, data: folder + "/data")
    }

    func run(
        interruption: Interruption = Interruption(), progress: @escaping @Sendable (Int) -> Void = { _ in }
    ) throws -> Results {
        let executor = Executor(store: store, interruption: interruption) { event in
            if case .progress(_, let moment) = event { progress(moment.done) }
        }
        return try executor.run(try plan().steps)
    }

    func exhibits(_ results: Results) throws -> [String: Exhibit] {
        try Report(Book(settings: Settings(title: "One"), chapters: []), try plan(), results, store: store).exhibits
    }
}
