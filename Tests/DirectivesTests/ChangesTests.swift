import Directives
import Files
import Foundation
import Pages
import TestSupport
import Testing

/// What reports are held against each other, from the first to the last step.
@Suite(.serialized) struct ChangesTests {
    private func numbers(_ value: Int) -> [ResultNumbers] {
        let exhibit = Exhibit(
            id: "top", numbering: .table, caption: nil, parts: [],
            record: ResultRecord(
                kind: "x", engine: "version 1", key: "", output: "", options: [:], uses: [:], data: [:], finished: 0,
                seconds: 0, processor: "", cores: 1, version: "", warnings: []),
            values: ["n": .count(value)])
        return [ResultFile(exhibit)].compactMap(\.self).map { ResultNumbers($0) }
    }

    @Test func aBookRemembersWhatItPublished() throws {
        let project = try SmallProject(hasPortraits: false).project()
        let published = PublishedReports(project)
        let start = Date(timeIntervalSince1970: 1_769_177_106)
        #expect(published.names.isEmpty && published.last(before: numbers(1)) == nil)
        var asked = 0
        func commit() -> String? {
            asked += 1
            return "c\(asked)"
        }
        for (day, value) in [1, 1, 2, 3].enumerated() {
            let isNew = try published.add(
                numbers(value), at: start.addingTimeInterval(86400 * Double(day)), commit: commit())
            #expect(isNew == (day != 1))
        }
        #expect(published.names.count == 3 && asked == 3)
        #expect(published.last(before: numbers(3))?.results == numbers(2))
        #expect(published.last(before: numbers(4))?.results == numbers(3))
        #expect(published.last(ofCommits: ["c1", "c2"])?.results == numbers(2))
        #expect(try EarlierReport(since: "2026-01-24", in: project).numbers == numbers(1))
        #expect(try EarlierReport(since: "2026-01-25 14:05", in: project).numbers == numbers(2))
        let error = #expect(throws: EarlierReport.Missing.self) { try EarlierReport(since: "2026-01-22", in: project) }
        #expect(
            "\(error?.description ?? "")"
                == "no report was published here by 2026-01-22; the oldest is of 2026-01-23 14:05 UTC")
        #expect(throws: EarlierReport.Missing.self) { try EarlierReport(since: "--output=x", in: project) }
        // Within a second, and by a clock that was set back.
        for value in [5, 6] { #expect(try published.add(numbers(value), at: start, commit: nil)) }
        #expect(published.names.count == 5 && published.last(before: numbers(6))?.results == numbers(5))
        for name in published.names.suffix(2) {
            try FileManager.default.removeItem(atPath: "\(project.state)/published/\(name)")
        }
        // Damaged, or somebody else's.
        let folder = project.state + "/published/"
        try Files.write(Array("{".utf8), to: folder + published.names[2])
        try Files.write(Array("{".utf8), to: folder + "notes.json")
        #expect(published.last(before: numbers(4))?.results == numbers(2))
        // Half written by a build that was killed; a name that is not of our making stays.
        for name in ["2026-02-01T00-00-00Z.json.1-2.partial", "notes.json.1-2.partial"] {
            try Files.write(Array("{".utf8), to: folder + name.replacing(".partial", with: Files.unfinished))
        }
        for day in 10..<120 {
            _ = try published.add(numbers(day), at: start.addingTimeInterval(86400 * Double(day)), commit: nil)
        }
        #expect(published.names.count == 100 && Files.exists(folder + "notes.json"))
        let left = try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasSuffix(Files.unfinished) }
        #expect(left == ["notes.json.1-2" + Files.unfinished])
    }

    @Test func aBuildTellsWhatBecameOfItsNumbers() throws {
        let small = try SmallProject(settings: "title: A\nparameters:\n  test: 0.4\n")
        try small.write(chapter: SmallProject.chapter.replacing("test: 0.4", with: "test: ${test}"))
        _ = try small.build()
        #expect(small.place.read("output/results/pixels.json")?.contains(#""kind": "evaluate""#) == true)
        #expect(small.place.read("output/changes.html") == nil)
        let first = small.folder + "/first"
        try FileManager.default.copyItem(atPath: small.folder + "/output/results", toPath: first)

        let built = try small.build(set: ["test": "0.6"])
        #expect(built.executed.contains("faces"))
        let page = try #require(small.place.read("output/changes.html"))
        #expect(page.contains("<code>people</code>") && page.contains("uses &#39;faces&#39;, which changed"), "\(page)")
        #expect(built.page.contains(#"<a href="changes.html">Since the report of "#))
        let now = try ResultFiles(CheckedBook(small.project(["test": "0.6"])), small.project(["test": "0.6"]))
        let changes = Changes(
            from: try EarlierReport(in: first).numbers, to: now.files.map { ResultNumbers($0) }, since: "first")
        #expect(
            changes.results.first?.id == "faces" && changes.results.first?.reasons.map(\.text) == ["test: 0.4 → 0.6"])

        // The same numbers again: what differed stays to be read.
        try small.write(chapter: (small.place.read("chapters/01-all.md") ?? "") + "\nA sentence more.\n")
        #expect(try small.build(set: ["test": "0.6"]).page.contains(#"<a href="changes.html">"#))
        let current = try ResultFiles(CheckedBook(small.project()), small.project())
        #expect(Set(current.missing.keys).isSuperset(of: ["pixels", "grid"]) || current.missing.isEmpty)
    }
}
