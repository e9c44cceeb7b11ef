import Chapters
import Diagnostics
import Execution
import Testing

@Suite struct PlanTests {
    private func problems(_ directives: String...) throws -> [Diagnostic] {
        let workshop = try Workshop()
        try workshop.write(directives.joined(separator: "\n```\n\n```make\n"))
        do throws(Problems) {
            _ = try workshop.plan()
            return []
        } catch {
            return error.diagnostics
        }
    }

    @Test func ordersStepsByWhatTheyUse() throws {
        let workshop = try Workshop()
        try workshop.write("id: c\nof: b", "id: a", "id: b\nof: a")
        #expect(try workshop.plan().steps.map(\.id) == ["a", "b", "c"])
        #expect(try workshop.plan().reaching(["b"]).map(\.id) == ["a", "b"])
    }

    @Test func listsEveryProblemAtOnceWithItsPlace() throws {
        let found = try problems(
            "id: a\ncuont: 2", "id: b\ncount: ten", "id: b2\nof: x", "id: c", "id: c", "id: d\nof: d")
        let codes = Set(found.map(\.code))
        #expect(codes.isSuperset(of: ["unknown-option", "unknown-id", "duplicate-id", "cycle"]), "\(codes)")
        #expect(found.count == 5)
        #expect(found.allSatisfy { $0.range != nil })
        let unknown = try #require(found.first { $0.code == "unknown-option" })
        #expect(unknown.message == "make 'a' has no option 'cuont'; did you mean 'count'?")
        #expect(unknown.range?.start == Position(line: 5, column: 1))
    }

    @Test func aCycleNamesItsWay() throws {
        let found = try problems("id: a\nof: b", "id: b\nof: c", "id: c\nof: a")
        #expect(found.map(\.message) == ["these directives use each other in a circle: a → b → c → a"])
    }

    @Test func aLongChainIsNoProblem() throws {
        let workshop = try Workshop()
        let chain = (0..<3000).map { "id: s\($0)" + ($0 < 2999 ? "\nof: s\($0 + 1)" : "") }
        try workshop.write(chain.joined(separator: "\n```\n\n```make\n"))
        #expect(try workshop.plan().steps.first?.id == "s2999")
    }

    @Test(arguments: [("maek", "unknown-directive"), ("make nope", "directive-argument")])
    func aFenceThatNearlyNamesADirectiveIsAMistake(info: String, code: String) throws {
        let workshop = try Workshop()
        try workshop.write("id: a\n```\n\n```\(info)\nid: b")
        let error = #expect(throws: Problems.self) { try workshop.plan() }
        #expect(error?.diagnostics.map(\.code) == [code])
    }

    @Test(arguments: [
        (
            "<div>\n```make\nid: b\n```\n</div>", "error",
            "this 'make' is no directive: it is taken for a part of the HTML of line 7"
        ),
        ("<!--\n```make\nid: b\n```\n-->", "warning", "it stands in the comment that begins in line 7 and is not run"),
        ("<pre>\n```make\nid: b\n```\n</pre>", "warning", "it stands in the HTML of line 7"),
        ("    ```make\n    id: b", "error", "four blanks or more make a line code"),
    ])
    func aDirectiveThatMarkdownTakesForSomethingElseIsNamed(text: String, severity: String, message: String) throws {
        let workshop = try Workshop()
        try workshop.write("id: a\n```\n\n\(text)\n\n```make\nid: z")
        let loaded = Book.load(contentsOf: workshop.folder + "/chapters")
        let problems = Plan.load(loaded.book, directives: [Make.self], data: "data").diagnostics
        #expect(problems.map(\.code) == ["buried-directive"])
        #expect(problems.first?.severity.rawValue == severity)
        #expect(problems.first?.message.contains(message) == true, "\(problems)")
        #expect([7, 8].contains(problems.first?.range?.start.line))
    }

    @Test func otherCodeInHTMLIsNobodysBusiness() throws {
        let workshop = try Workshop()
        try workshop.write("id: a\n```\n\n<div>\n```swift\nlet x = 1\n```\n</div>\n\n```make\nid: z")
        #expect(try workshop.plan().steps.map(\.id) == ["a", "z"])
    }

    @Test func whatUsesARefusedDirectiveIsNotBlamed() throws {
        let codes = try problems("id: a\ncount: [", "id: b\nof: a").map(\.code)
        #expect(codes == ["yaml-syntax"])
    }

    @Test func thousandsOfMistakesAreToldOneByOne() throws {
        let unknown = try problems(
            "id: a0\nof: x\n```\n\n```make\n"
                + (1..<3000).map { "id: a\($0)\nof: x\($0 % 2)" }
                .joined(separator: "\n```\n\n```make\n"))
        #expect(unknown.count == 3000)
        let same = try problems((0..<3000).map { _ in "id: a" }.joined(separator: "\n```\n\n```make\n"))
        #expect(same.count == 2999)
    }

    @Test func otherFencesStayCode() throws {
        let workshop = try Workshop()
        try workshop.write("id: a\n```\n\n```swift\nlet id = 1")
        #expect(try workshop.plan().steps.map(\.id) == ["a"])
    }
}
