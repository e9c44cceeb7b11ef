import Diagnostics
import Directives
import Execution
import Files
import Foundation
import Preview
import TestSupport
import Testing

/// Pages of a live report as browsers get them, without a socket.
@Suite struct LivePagesTests {
    private struct Quiet: BuildListener {
        func problems(_ diagnostics: [Diagnostic], sources: [String: String]) {}
        func remark(_ line: String) {}
        func published(_ page: String, missing: Int, of count: Int, secondsLeft: Int) {}
        func event(_ event: BuildEvent) {}
        func stepsEnded() {}
    }

    private func project(_ small: SmallProject) -> Project {
        Project(
            chapters: small.folder + "/chapters", data: small.folder + "/data", output: small.folder + "/output",
            state: small.folder + "/state")
    }

    /// Waits for an answer; the bound is for one that never comes.
    private func comes(_ routes: Routes, _ target: String, _ isSo: (Response) -> Bool) throws -> Response {
        let limit = Date().addingTimeInterval(240)
        var answer = routes.answer(.own("GET", target))
        while !isSo(answer), Date() < limit {
            usleep(2000)
            answer = routes.answer(.own("GET", target))
        }
        try #require(isSo(answer), "\(answer.status) \(answer.text.prefix(400))")
        return answer
    }

    @Test func pagesComeFromMemoryWithWhatKeepsThemUpToDate() throws {
        let small = try SmallProject()
        let project = project(small)
        let pages = LivePages(folder: project.output)
        let routes = Routes(FaceSearches(project), pages, gate: Gate(port: ServedReport.port))
        // Before there is anything.
        let waiting = routes.answer(.own("GET", "/"))
        #expect(waiting.status == 200 && waiting.text.contains("class=\"likeness-waiting\""))
        #expect(waiting.text.contains("/api/preview.js"))
        #expect(routes.answer(.own("GET", "/images/none.jpg")).status == 404)

        let report = LiveReport(project, listener: Quiet(), reader: pages)
        let work = WorkerThreads(1) { report.run() }
        defer {
            report.stop()
            work.join()
        }
        let first = try comes(routes, "/") { $0.text.contains("photographs") && !$0.text.contains("class=\"pending") }
        let tag = try #require(first.value(of: "etag"))
        #expect(first.text.contains("<meta name=\"likeness-server\" content=\(tag)>"))
        #expect(first.value(of: "content-security-policy")?.contains("style-src-attr 'none'") == true)
        #expect(routes.answer(.own("GET", "/", headers: [("If-None-Match", tag)])).status == 304)
        // Whatever the page names is there.
        let named = first.text.split(separator: "\"").map(String.init).filter {
            $0.hasPrefix("images/") || $0.hasPrefix("assets/") || $0.hasPrefix("/api/preview")
        }
        #expect(named.count > 4)
        for name in named {
            let answer = routes.answer(.own("GET", name.hasPrefix("/") ? name : "/" + name))
            #expect(answer.status == 200 && !answer.bytes.isEmpty, "\(name)")
        }

        try small.write(chapter: SmallProject.chapter + "\nOne sentence more.\n")
        let second = try comes(routes, "/index.html") { $0.text.contains("One sentence more.") }
        #expect(second.value(of: "etag") != tag)
        // A page that has not heard of it finds what it names.
        for name in named { #expect(routes.answer(.own("GET", name.hasPrefix("/") ? name : "/" + name)).status == 200) }
    }

    @Test func aPageWhoseChapterIsRemovedIsGoneAtOnce() throws {
        let small = try SmallProject()
        try small.place.put("# Another\n\nMore to read.\n", "chapters/02-more.md")
        let project = project(small)
        let pages = LivePages(folder: project.output)
        let routes = Routes(FaceSearches(project), pages, gate: Gate(port: ServedReport.port))
        let report = LiveReport(project, listener: Quiet(), reader: pages)
        let work = WorkerThreads(1) { report.run() }
        defer {
            report.stop()
            work.join()
        }
        _ = try comes(routes, "/more.html") { $0.text.contains("More to read.") }
        try FileManager.default.removeItem(atPath: small.folder + "/chapters/02-more.md")
        let gone = try comes(routes, "/more.html") { $0.status == 404 }
        #expect(gone.text.contains("The report has no such page."))
    }

    @Test func whoListensHearsPagesProblemsAndProgress() throws {
        let small = try SmallProject()
        let project = project(small)
        let pages = LivePages(folder: project.output)
        let report = LiveReport(project, listener: Quiet(), reader: pages)
        let listener = pages.feed.subscribe {}
        let work = WorkerThreads(1) { report.run() }
        defer {
            report.stop()
            work.join()
        }
        var heard = ""
        func hears(_ text: String) -> Bool {
            let limit = Date().addingTimeInterval(240)
            var buffer = [UInt8](repeating: 0, count: 4096)
            while !heard.contains(text), Date() < limit {
                let count = buffer.withUnsafeMutableBytes { listener.read(into: $0) } ?? 0
                heard += String(decoding: buffer[..<count], as: UTF8.self)
                if count == 0 { usleep(2000) }
            }
            return heard.contains(text)
        }
        #expect(hears("event: pages\ndata: {\"index.html\":\""))
        #expect(hears("\"isOver\":true"))
        try small.write(chapter: SmallProject.chapter.replacing("test: 0.4", with: "tset: 0.4"))
        #expect(hears("did you mean 'test'?"))
        #expect(heard.contains("01-all.md:13:1: error:"), "\(heard.suffix(600))")
        #expect(heard.contains("13 | tset: 0.4\\n   | ^~~~"), "\(heard.suffix(600))")
    }
}
