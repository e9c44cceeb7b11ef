import Diagnostics
import Directives
import Files
import Foundation
import Pages
import Synchronization

/// The pages of a live report, kept in memory, and what browsers hear of them.
///
/// `pages` tells the state of every page, `problems` what is wrong, `progress` what is computed.
package final class LivePages: LiveReader {
    package let feed = EventFeed()
    private let published: StaticFiles
    private let state = Mutex(State())

    private struct State {
        var files: [String: Held] = [:]
        /// Of the state before: a page that is not up to date yet still asks for them.
        var former: [String: Held] = [:]
    }

    private struct Held {
        /// Of the site's file; of a page without what the server adds.
        var bytes: [UInt8]
        var tag: String
    }

    /// - Parameter folder: of the published report, which answers before there is another one.
    package init(folder: String) { published = StaticFiles(folder: folder) }

    package func show(_ site: Site) {
        let known = state.withLock { $0.files }
        var files: [String: Held] = [:]
        for file in site.files {
            if Self.isPage(file.path) {
                let former = known[file.path]
                let tag = former?.bytes == file.bytes ? former?.tag : nil
                files[file.path] = Held(
                    bytes: file.bytes, tag: tag ?? String(file.digest.hex.prefix(16)))
            } else {
                // Named by their content.
                files[file.path] = Held(bytes: file.bytes, tag: file.path)
            }
        }
        state.withLock { ($0.files, $0.former) = (files, known) }
        send("pages", files.filter { Self.isPage($0.key) }.mapValues(\.tag))
    }

    package func tell(_ problems: [Diagnostic], sources: [String: String]) {
        let formatter = DiagnosticFormatter(sources: sources)
        send(
            "problems",
            sortedByPlace(problems).prefix(Self.mostProblems).map {
                Problem(severity: $0.severity.rawValue, text: formatter.format($0))
            })
    }

    package func progress(_ progress: LiveProgress) { send("progress", Progress(progress)) }

    private static let mostProblems = 200

    private struct Problem: Encodable {
        var severity: String
        /// As a terminal shows it.
        var text: String
    }

    private func send(_ name: String, _ value: some Encodable) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        guard let bytes = try? encoder.encode(value) else { return }
        feed.send(name, String(decoding: bytes, as: UTF8.self))
    }

    /// The latest state of a file of the report; what was published before, where there is none.
    func answer(_ request: Request) -> Response {
        guard let parts = request.path else { return .problem(400, "the address is none: its path cannot be read") }
        let path = parts.isEmpty ? "index.html" : parts.joined(separator: "/")
        // A page that was removed is gone at once; what a page still names is not.
        let (held, isEmpty) = state.withLock { state in
            (state.files[path] ?? (Self.isPage(path) ? nil : state.former[path]), state.files.isEmpty)
        }
        guard let held else {
            let other = isEmpty || !Self.isPage(path) ? published.answer(request) : Response(404)
            guard other.status == 404, Self.isPage(path) else { return other }
            let page = isEmpty ? LivePage.waiting : LivePage.missing
            var response = StaticFiles.response(
                StaticFiles.type(of: path), tag: isEmpty ? "\"waiting\"" : "\"missing\"", .bytes(Array(page.utf8)))
            if !isEmpty { response.status = 404 }
            return response
        }
        let bytes = Self.isPage(path) ? LivePage.html(held.bytes, tag: held.tag) : held.bytes
        return StaticFiles.response(StaticFiles.type(of: path), tag: "\"\(held.tag)\"", .bytes(bytes))
    }

    private static func isPage(_ path: String) -> Bool { path.hasSuffix(".html") }

    /// What browsers load and hear beside the report's own files.
    var routes: [Route] {
        func asset(_ path: String, _ type: String, _ bytes: [UInt8]) -> Route {
            Route(method: "GET", path: path) { _, _ in
                var response = Response(type: type, bytes)
                response.headers.append(("Cache-Control", "no-cache"))
                return response
            }
        }
        return [
            Route(method: "GET", path: "/api/events") { [feed] _, _ in Response(feed) },
            asset("/api/preview.js", "text/javascript; charset=utf-8", PackageResources.preview_js),
            asset("/api/preview.css", "text/css; charset=utf-8", PackageResources.preview_css),
        ]
    }
}

/// `LiveProgress` as browsers read it.
private struct Progress: Encodable {
    var running: [Step]
    var done: Int
    var total: Int
    var secondsLeft: Int?
    var awaited: String?
    var isOver: Bool

    struct Step: Encodable {
        var id: String
        var title: String
        var part: String
        var percent: Int?
        var rate: Double?
        var unit: String
        var secondsLeft: Int?
        var remark: String
        /// Means of so many values each.
        var curve: [Double]
        var width: Int
    }

    init(_ progress: LiveProgress) {
        running = progress.running.map {
            Step(
                id: $0.id, title: $0.title, part: $0.part, percent: $0.percent, rate: $0.rate, unit: $0.unit,
                secondsLeft: $0.secondsLeft, remark: $0.remark,
                curve: $0.curve.means.map { $0.isFinite ? ($0 * 1e5).rounded() / 1e5 : 0 }, width: $0.curve.width)
        }
        (done, total, secondsLeft) = (progress.done, progress.total, progress.secondsLeft)
        (awaited, isOver) = (progress.awaited, progress.isOver)
    }
}
