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
        let found = try problems("id: a\ncuont: 2", "id: b\ncount: ten", "id: b2\nof: x", "id: c", "id: c", "id: d\nof: d")
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

    @Test func otherFencesStayCode() throws {
        let workshop = try Workshop()
        try workshop.write("id: a\n```\n\n```swift\nlet id = 1")
        #expect(try workshop.plan().steps.map(\.id) == ["a"])
    }
}
