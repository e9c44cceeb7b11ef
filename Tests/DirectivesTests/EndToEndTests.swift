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

/// The whole line on a handful of real photographs: chapters → plan → results → pages.
@Suite(.serialized, .enabled(if: Files.exists(orl), "data/orl is missing; `make setup` fetches it"))
struct EndToEndTests {
    @Test func aBookBecomesAReport() throws {
        let project = try Project()
        let first = try project.build()
        #expect(first.executed == ["faces", "tuned", "pixels", "before", "after", "grid"])
        let page = first.page

        // Accounts: every file once.
        #expect(page.contains("images found"))
        #expect(page.contains("− image cut short"))
        #expect(page.contains("− not an image"))
        #expect(page.contains("− empty file"))
        #expect(first.values("faces")["found"] == .count(33))
        #expect(page.contains("id=\"fig-tuned\""))
        #expect(page.contains("id=\"tbl-after\""))
        #expect(page.contains("random weights"))
        #expect(page.contains("This dataset has no attributes"))
        #expect(page.contains("<math"))
        #expect(!page.contains("\\frac"))
        #expect(page.contains("alt=\"Triplet loss"))
        // Prose quotes results, and references are numbered.
        #expect(page.contains(#"Of <span class="value" data-source="faces.found">33</span> photographs"#))
        #expect(
            page.range(of: #"<a [^>]*href="[^"]*#fig-tuned"[^>]*>Figure 1</a>"#, options: .regularExpression) != nil)
        for picture in first.pictures { #expect(Files.exists(project.output + "/" + picture), "\(picture)") }
        #expect(first.pictures.count > 20)

        // What was promised of every result before it was there is true of it.
        let promises = promises(of: project.plan([:]))
        for (id, exhibit) in first.exhibits {
            let promise = try #require(promises[id])
            #expect(promise.numbering == exhibit.numbering, "\(id)")
            for (name, value) in exhibit.values {
                #expect(promise.allows(name), "\(id).\(name)")
                if case .text = value {
                    #expect(promise.texts.contains(name))
                } else {
                    #expect(!promise.texts.contains(name))
                }
            }
        }

        // Unchanged: nothing runs, and the pages have the same bytes.
        let second = try project.build()
        #expect(second.executed == [])
        #expect(second.page == page)

        // One train's epochs: that train, its evaluation, its grid.
        let third = try project.build(set: ["epochs": "2"])
        #expect(third.executed == ["tuned", "after", "grid"])

        // More ranks than the gallery holds: a diagnostic with both numbers, at the value.
        let refused = try project.run(only: "pixels", set: ["depth": "1000"])
        let failure = try #require(refused.failures.first)
        #expect(failure.code == "k-too-large")
        #expect(failure.message.contains("k is 1000, but the gallery of 'faces' holds only"))
        #expect(failure.range?.start.line == 25)
    }
}

private let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().path
private let orl = root + "/data/orl"

/// A small project in a folder of its own: six people of ORL with five photographs each, and three broken files.
private final class Project {
    let folder = NSTemporaryDirectory() + "likeness-" + UUID().uuidString
    var output: String { folder + "/output" }

    init() throws {
        for person in 1...6 {
            for number in 1...5 {
                let bytes = try Files.read("\(orl)/s\(person)/\(number).pgm")
                try Files.write(bytes, to: "\(folder)/data/six/s\(person)/\(number).pgm", syncsFolder: false)
            }
        }
        let jpeg = try Image(contentsOf: orl + "/s7/1.pgm").jpeg(quality: 90)
        try Files.write(Array(jpeg.prefix(jpeg.count / 2)), to: folder + "/data/six/s1/truncated.jpg")
        try Files.write(Array("not an image".utf8), to: folder + "/data/six/s1/text.jpg")
        try Files.write([], to: folder + "/data/six/s1/empty.png")
        try Files.write(Array(Self.settings.utf8), to: folder + "/chapters/report.yml")
        try Files.write(Array(Self.chapter.utf8), to: folder + "/chapters/01-all.md")
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    private static let settings = """
        title: A small book
        parameters:
          epochs: 1
          depth: 4
        """

    private static let chapter = #"""
        # All

        Of `=faces.found` photographs, see @fig-tuned and $\frac{1}{2}$.

        ```preprocess
        id: faces
        dataset: six
        test: 0.34
        ```

        ```train
        id: tuned
        data: faces
        model: mobilenet_v2
        unfreeze: 1
        epochs: ${epochs}
        batch: 8
        ```

        ```evaluate
        id: pixels
        data: faces
        model: pixels
        k:
          - 1
          - 2
          - ${depth}
        ```

        ```evaluate
        id: before
        data: faces
        model: mobilenet_v2
        k: [1, 2]
        ```

        ```evaluate
        id: after
        data: faces
        train: tuned
        against: before
        k: [1, 2]
        ```

        ```query-grid
        id: grid
        evaluate: after
        queries: 2
        ranks: 3
        ```
        """#

    struct Built {
        var executed: [String]
        var page: String
        var exhibits: [String: Exhibit]

        func values(_ id: String) -> [String: Quotable] { exhibits[id]?.values ?? [:] }

        /// The addresses of the page's pictures.
        var pictures: [String] {
            page.split(separator: "\"").map(String.init).filter { $0.hasPrefix("images/") && !$0.contains(" ") }
        }
    }

    private func project(_ set: [String: String]) -> Directives.Project {
        Directives.Project(
            chapters: folder + "/chapters", data: folder + "/data", output: output, state: folder + "/state",
            assignments: set.map { (name: $0.key, value: $0.value) })
    }

    func plan(_ set: [String: String]) -> Plan {
        let checked = CheckedBook(project(set))
        #expect(checked.diagnostics.isEmpty)
        return checked.plan
    }

    /// Runs the steps up to one without rendering.
    func run(only id: String, set: [String: String] = [:]) throws -> Results {
        var build = Build(project(set), interruption: Interruption(), listener: Listener())
        (build.only, build.keepsGoing) = (id, true)
        return try build.run().results
    }

    /// Runs, renders and publishes.
    func build(set: [String: String] = [:]) throws -> Built {
        let listener = Listener()
        let outcome = try Build(project(set), interruption: Interruption(), listener: listener).run()
        #expect(listener.problems.isEmpty, "\(listener.problems)")
        let page = String(decoding: try Files.read(output + "/index.html"), as: UTF8.self)
        return Built(executed: listener.executed, page: page, exhibits: outcome.exhibits)
    }
}

/// Notes what runs and what is wrong.
private final class Listener: BuildListener {
    private let ids = Mutex<[String]>([])
    private let found = Mutex<[Diagnostic]>([])

    var executed: [String] { ids.withLock { $0 } }

    var problems: [Diagnostic] { found.withLock { $0 } }

    func problems(_ diagnostics: [Diagnostic], sources: [String: String]) {
        found.withLock { $0 += diagnostics }
    }

    func remark(_ line: String) {}

    func event(_ event: BuildEvent) {
        guard case .started(let position) = event else { return }
        ids.withLock { $0.append(String(position.title.split(separator: " ")[1])) }
    }

    func stepsEnded() {}
}
