import Diagnostics
import Directives
import Execution
import Files
import Foundation
import Pages
import Synchronization
import TestSupport
import Testing

/// A report that follows its chapters, data and results.
@Suite struct LiveReportTests {
    /// What a reader sees, and what the build tells.
    private final class Reader: LiveReader, BuildListener {
        struct State {
            var page = ""
            var shown = 0
            var problems: [Diagnostic] = []
            var progress: LiveProgress?
            var started: [String] = []
        }

        private let state = Mutex(State())

        var now: State { state.withLock { $0 } }

        func show(_ site: Site) {
            let page = site.files.first { $0.path == "index.html" }.map { String(decoding: $0.bytes, as: UTF8.self) }
            state.withLock {
                $0.page = page ?? ""
                $0.shown += 1
            }
        }

        func tell(_ problems: [Diagnostic], sources: [String: String]) { state.withLock { $0.problems = problems } }
        func progress(_ progress: LiveProgress) { state.withLock { $0.progress = progress } }
        func problems(_ diagnostics: [Diagnostic], sources: [String: String]) {}
        func remark(_ line: String) {}
        func published(_ page: String, missing: Int, of count: Int, secondsLeft: Int) {}
        func stepsEnded() {}

        func event(_ event: BuildEvent) {
            guard case .started(let position) = event else { return }
            state.withLock { $0.started.append(position.title) }
        }

        /// Waits for a state; the bound is for one that never comes.
        func comes(_ sourceLocation: SourceLocation = #_sourceLocation, _ isSo: (State) -> Bool) -> Bool {
            let limit = Date().addingTimeInterval(240)
            while !isSo(now), Date() < limit { usleep(2000) }
            return isSo(now)
        }
    }

    private func following(_ project: SmallProject, _ body: (Reader) throws -> Void) throws {
        let reader = Reader()
        let report = LiveReport(project.project(), listener: reader, reader: reader)
        let work = WorkerThreads(1) { report.run() }
        defer {
            report.stop()
            work.join()
        }
        try body(reader)
    }

    private func isWhole(_ state: Reader.State) -> Bool {
        state.progress?.isOver == true && !state.page.isEmpty && !state.page.contains("class=\"pending")
    }

    @Test func pagesFillAndTheWholeReportIsThatOfABuild() throws {
        let (live, built) = (try SmallProject(), try SmallProject())
        try following(live) { reader in
            #expect(reader.comes { isWhole($0) })
            #expect(reader.now.problems.isEmpty, "\(reader.now.problems)")
            let output = live.project().output
            #expect(reader.comes { _ in Site.isWhole(in: output) })
            #expect(live.place.read("output/index.html") == reader.now.page)
            // Later reports are held against it.
            #expect(PublishedReports(live.project()).names.count == 1)
        }
        // Times apart, which a build of its own has too.
        _ = try built.build()
        #expect(try live.place.names("output/images") == built.place.names("output/images"))
        // Nothing is left for a build.
        #expect(try live.build().executed.isEmpty)
    }

    @Test func aSentenceIsSeenWithoutAnyStepAndAMistakeLeavesThePage() throws {
        let project = try SmallProject()
        _ = try project.build()
        try following(project) { reader in
            #expect(reader.comes { isWhole($0) })
            try project.write(chapter: SmallProject.chapter + "\nA new sentence.\n")
            #expect(reader.comes { $0.page.contains("A new sentence.") })

            let shown = reader.now.shown
            try project.write(chapter: SmallProject.chapter + "\n```evaluate\nid: x\ndta: faces\n```\n")
            #expect(reader.comes { $0.problems.contains { $0.code == "unknown-option" } })
            #expect(reader.now.shown == shown && reader.now.page.contains("A new sentence."))

            try project.write(chapter: SmallProject.chapter + "\nA new sentence.\n")
            #expect(reader.comes { $0.problems.isEmpty })
            #expect(reader.now.started.isEmpty)
        }
    }

    @Test func aChangedOptionShowsWhatIsOutOfDateAndWhy() throws {
        let project = try SmallProject()
        _ = try project.build()
        let pages = Mutex<[String]>([])
        try following(project) { reader in
            #expect(reader.comes { isWhole($0) })
            try project.write(chapter: SmallProject.chapter.replacing("test: 0.4", with: "test: 0.5"))
            #expect(
                reader.comes { state in
                    pages.withLock { if $0.last != state.page { $0.append(state.page) } }
                    return state.started.contains("query-grid grid") && isWhole(state)
                })
            #expect(reader.now.started == ["preprocess faces", "evaluate pixels", "query-grid grid"])
            // What became of the numbers is remembered, and told.
            let published = PublishedReports(project.project())
            #expect(reader.comes { _ in published.names.count == 2 })
            #expect(reader.comes { _ in project.place.read("output/changes.html")?.contains("faces") == true })
        }
        let outdated = pages.withLock { $0.filter { $0.contains("class=\"outdated\"") } }
        #expect(outdated.contains { $0.contains("option test: 0.4 → 0.5") })
    }

    @Test func resultsOfAnotherBuildAndNewDataAreSeen() throws {
        let project = try SmallProject()
        _ = try project.build()
        try following(project) { reader in
            #expect(reader.comes { isWhole($0) })
            let shown = reader.now.shown
            var build = Build(project.project(), interruption: Interruption(), listener: reader)
            build.rerun = ["pixels"]
            _ = try build.run()
            #expect(reader.comes { isWhole($0) && $0.shown > shown })

            let name = "data/small/img_align_celeba/000001.jpg"
            let other = try #require(project.place.bytes("data/small/img_align_celeba/000002.jpg"))
            try project.place.put(other, name)
            #expect(reader.comes { $0.started.contains("preprocess faces") && isWhole($0) })
        }
    }

    @Test func aFailedStepIsAProblemAndTheRestIsShown() throws {
        let project = try SmallProject(
            chapter: SmallProject.chapter.replacing("ranks: 2", with: "ranks: 5"))
        try following(project) { reader in
            #expect(reader.comes { $0.problems.contains { $0.code == "too-many-ranks" } })
            #expect(reader.comes { $0.progress?.isOver == true })
            try project.write(chapter: SmallProject.chapter)
            #expect(reader.comes { $0.problems.isEmpty && isWhole($0) })
        }
    }
}

/// When bursts of changes are looked at.
@Suite struct AgendaTests {
    private func ms(_ count: UInt64) -> UInt64 { count * 1_000_000 }

    @Test func aBurstIsOneChangeAndALongOneIsNotWaitedForForEver() {
        var agenda = Agenda()
        for time in stride(from: UInt64(0), through: 10, by: 5) { agenda.note(.text, now: ms(time)) }
        #expect(agenda.take(now: ms(20)).isEmpty && agenda.next == ms(25))
        #expect(agenda.take(now: ms(25)) == [.text] && agenda.next == nil)
        for time in stride(from: UInt64(100), through: 210, by: 10) {
            agenda.note(.text, now: ms(time))
            #expect(agenda.take(now: ms(time)).isEmpty)
        }
        #expect(agenda.next == ms(220))
    }

    @Test func kindsWaitForThemselves() {
        var agenda = Agenda()
        agenda.note(.data, now: 0)
        agenda.note(.text, now: 0)
        #expect(agenda.take(now: ms(100)) == [.text])
        agenda.drop(.data)
        #expect(agenda.next == nil)
    }
}
