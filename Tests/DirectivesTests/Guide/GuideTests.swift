import Chapters
import Directives
import Execution
import Foundation
import Pages
import TestSupport
import Testing

/// docs/writing-a-directive.md: its code is a file that is compiled here, and its chapter is built with it.
@Suite struct GuideTests {
    private static let guide = "docs/writing-a-directive.md"

    /// What the guide's fences hold that begin with these marks and a language, one after the other.
    private func blocks(_ marks: String, _ language: String) throws -> [String] {
        try Repository.read(Self.guide).components(separatedBy: "\n\(marks)\(language)\n").dropFirst().map {
            $0.components(separatedBy: "\n\(marks)\n")[0]
        }
    }

    /// Lines without what sets them apart.
    private func lines(_ text: String) -> [String] {
        text.split(separator: "\n").map { String($0.trimmingPrefix { $0 == " " }) }
    }

    @Test func theGuideQuotesTheWholeDirective() throws {
        let source = try Repository.read("Tests/DirectivesTests/Guide/PhotographSizes.swift")
        // Among the directives nobody imports them.
        let expected = lines(source).filter { $0 != "import Directives" }
        #expect(try lines(blocks("```", "swift").joined(separator: "\n")) == expected)
    }

    @Test func theDirectiveRunsAndIsShown() throws {
        let chapter = try #require(try blocks("````", "markdown").first)
        let project = try SmallProject(chapter: chapter.replacing("dataset: portraits", with: "dataset: small"))
        let place = project.project()
        let book = Book.load(contentsOf: place.chapters).book
        let directives = allDirectives + [PhotographSizes.self]
        let (plan, problems) = Plan.load(book, directives: directives, data: place.data)
        #expect(problems.isEmpty, "\(problems)")
        func report() throws -> Report {
            let executor = Executor(store: place.store, interruption: Interruption()) { _ in }
            return try Report(book, plan, executor.run(plan.steps), store: place.store)
        }
        let made = try report()
        try expectPromisesKept(plan, made.exhibits)
        // Drawn portraits are as large as CelebA's photographs.
        #expect(
            made.exhibits["sizes"]?.values == [
                "photographs": .count(24), "small": .count(24), "smallest": .count(178), "median": .count(178),
                "largest": .count(178),
            ])
        let page = try Site(made).files.first { $0.path == "index.html" }
        let text = String(decoding: try #require(page).bytes, as: UTF8.self)
        #expect(text.contains("median") && text.contains("shorter side, pixels"))
        #expect(text.contains(">178</span>"))
    }
}
