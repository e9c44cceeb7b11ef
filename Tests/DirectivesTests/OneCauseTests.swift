import Chapters
import Diagnostics
import Directives
import Execution
import Pages
import TestSupport
import Testing

/// What is missing outside the text is told once, with what to do about it.
@Suite struct OneCauseTests {
    @Test func aMissingCelebAIsOneErrorThatSaysWhereItIsToBeHad() throws {
        let fences = (1...10).map { "```dataset\nid: d\($0)\ndataset: celeba\n```\n\n" }.joined()
        let folder = try TemporaryFolder(["01.md": "# A\n\n" + fences])
        let book = Book.load(contentsOf: folder.path).book
        let problems = #expect(throws: Problems.self) { try Plan(book, directives: allDirectives, data: "nowhere") }
        #expect(problems?.diagnostics.map(\.code) == ["missing-dataset"])
        let error = try #require(problems?.diagnostics.first)
        #expect(error.range?.start.line == 5)
        #expect(error.notes.contains { $0.message.contains("https://mmlab.ie.cuhk.edu.hk/projects/CelebA.html") })
        #expect(
            error.notes.contains {
                $0.message.contains("img_align_celeba.zip") && $0.message.contains("identity_CelebA.txt")
            })
        #expect(error.notes.last?.message.contains("01.md:10:10") == true)
        #expect(error.notes.count == 3)
    }

    /// A mistake has its own place each time, though its words are the same.
    @Test func anAuthorsMistakesAreToldAtEachPlace() throws {
        let fences = (1...3).map { "```triplets\nid: t\($0)\ndata: nobody\n```\n\n" }.joined()
        let folder = try TemporaryFolder(["01.md": fences])
        let book = Book.load(contentsOf: folder.path).book
        let problems = #expect(throws: Problems.self) { try Plan(book, directives: allDirectives, data: "nowhere") }
        #expect(problems?.diagnostics.map(\.code) == ["unknown-id", "unknown-id", "unknown-id"])
    }
}
