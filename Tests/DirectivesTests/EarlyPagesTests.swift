import Directives
import Execution
import Files
import Foundation
import Pages
import Synchronization
import TestSupport
import Testing

/// Pages that are published while results arrive.
@Suite struct EarlyPagesTests {
    /// What stands in the output when the first step has begun, and an unfinished report has been published.
    private final class FirstState: Sendable {
        private let project: SmallProject
        private let state = Mutex<String?>(nil)

        init(_ project: SmallProject) { self.project = project }

        var page: String { state.withLock { $0 ?? "" } }

        /// Keeps the first step from going on until its page is there.
        func event(_ event: BuildEvent) {
            guard case .started = event, state.withLock({ $0 }) == nil else { return }
            let limit = Date().addingTimeInterval(300)
            var page = project.place.read("output/index.html")
            while page == nil, Date() < limit {
                usleep(500)
                page = project.place.read("output/index.html")
            }
            state.withLock { $0 = page ?? "nothing was published" }
        }
    }

    /// The files of an output folder, by name.
    private func files(_ folder: String) throws -> [String: [UInt8]] {
        try FileManager.default.subpathsOfDirectory(atPath: folder).reduce(into: [:]) { files, name in
            if Files.kind(of: folder + "/" + name) == .file { files[name] = try Files.read(folder + "/" + name) }
        }
    }

    @Test func whatIsMissingSaysSoInItsPlaceAndTheLastStateIsThatOfOnePublication() throws {
        let project = try SmallProject()
        let first = FirstState(project)
        let (_, problems) = try project.attempt(early: true) { first.event($0) }
        #expect(problems.isEmpty)
        let early = first.page
        #expect(early.contains(#"class="pending running""#), "\(early.prefix(3000))")
        #expect(early.contains("Waits for faces"))
        #expect(early.contains("Waits for pixels"))
        #expect(early.contains("data-unfinished=\"assets/state-"))
        // Numbers and captions are there, values are not.
        #expect(early.contains(">Table 1</a>") && early.contains(">…</span> photographs"), "\(early)")

        let output = project.project().output
        #expect(Site.isWhole(in: output) && !Site.isUnfinished(in: output))
        let whole = try files(output)
        try FileManager.default.removeItem(atPath: output)
        // All results are there now: nothing is published before the whole.
        let again = FirstState(project)
        _ = try project.attempt(early: true) { again.event($0) }
        #expect(again.page.isEmpty)
        let once = try files(output)
        #expect(whole.keys.sorted() == once.keys.sorted())
        for (name, bytes) in once where whole[name] != bytes { Issue.record("\(name) differs") }
    }

    @Test func aWholeReportIsReplacedByAWholeOneOnly() throws {
        let project = try SmallProject()
        _ = try project.build()
        try project.write(chapter: SmallProject.chapter.replacing("test: 0.4", with: "test: 0.5"))
        let states = Mutex<[Bool]>([])
        let output = project.project().output
        _ = try project.attempt(early: true) { _ in states.withLock { $0.append(Site.isWhole(in: output)) } }
        #expect(states.withLock { $0.count > 4 && $0.allSatisfy(\.self) })
        #expect(Site.isWhole(in: output))
    }

    @Test func aBuildThatStopsLeavesPagesThatSaySoAndTheNextOneEndsThem() throws {
        let project = try SmallProject()
        let first = FirstState(project)
        let interruption = Interruption()
        #expect(throws: Interrupted.self) {
            try project.attempt(early: true, interruption: interruption) { event in
                first.event(event)
                interruption.request(signal: 15)
            }
        }
        let page = try #require(project.place.read("output/index.html"))
        #expect(page.contains("has stopped") && !page.contains("pending running"))
        _ = try project.build()
        #expect(Site.isWhole(in: project.project().output))
    }

    @Test func aBuildThatFailsAtItsEndShowsEverythingAndSaysThatItStopped() throws {
        let project = try SmallProject(
            chapter: SmallProject.chapter + "\n```claim\nid: wrong\nthat: faces.found < 3\n```\n")
        let first = FirstState(project)
        #expect(throws: BuildFailed.self) {
            try project.attempt(early: true, strict: true) { first.event($0) }
        }
        #expect(first.page.contains("pending running"))
        let page = try #require(project.place.read("output/index.html"))
        #expect(page.contains("has stopped: 5/5") && page.contains("✗ does not hold:"))
        #expect(!page.contains("pending"), "every result is there")
        #expect(Site.isUnfinished(in: project.project().output))
    }

    @Test func aFailedStepIsNoResult() throws {
        let project = try SmallProject(
            chapter: SmallProject.chapter + "\n```evaluate\nid: deep\ndata: faces\nmodel: pixels\nk: [500]\n```\n")
        let first = FirstState(project)
        #expect(throws: BuildFailed.self) {
            try project.attempt(early: true, keepsGoing: false) { first.event($0) }
        }
        let page = try #require(project.place.read("output/index.html"))
        #expect(page.contains("has stopped: 4/5") && page.contains("This result is missing"))
    }
}
