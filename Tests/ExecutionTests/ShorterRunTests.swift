import Execution
import Files
import Testing

@Suite struct ShorterRunTests {
    /// Builds `a` and tells what it yielded and what it went on from.
    private func build(_ workshop: Workshop, _ body: String, rerun: Set<String> = []) throws -> (String, from: String) {
        try workshop.write("id: a\ngrow: true\n" + body)
        let result = try #require(try workshop.build(rerun: rerun).results["a"])
        func text(_ name: String) throws -> String { String(decoding: try result.bytes(name), as: UTF8.self) }
        return (try text("text"), try text("earlier"))
    }

    @Test func aLongerRunGoesOnFromTheLongestShorterOne() throws {
        let workshop = try Workshop()
        #expect(try build(workshop, "count: 2") == ("aa", from: ""))
        #expect(try build(workshop, "count: 4") == ("aaaa", from: "aa"))
        #expect(try build(workshop, "count: 6") == ("aaaaaa", from: "aaaa"))
        #expect(try build(workshop, "count: 3") == ("aaa", from: "aa"))
    }

    @Test func otherOptionsAndDataBeginAnew() throws {
        let workshop = try Workshop()
        _ = try build(workshop, "count: 2")
        #expect(try build(workshop, "count: 3\ntext: b") == ("bbb", from: ""))
        try Files.write(Array("x".utf8), to: workshop.folder + "/data/f")
        #expect(try build(workshop, "count: 3\nfile: f") == ("aaax", from: ""))
    }

    @Test func aStepThatDoesNotGrowBeginsAnew() throws {
        let workshop = try Workshop()
        try workshop.write("id: a\ncount: 2")
        try workshop.build()
        try workshop.write("id: a\ncount: 3")
        let result = try #require(try workshop.build().results["a"])
        #expect(try result.bytes("earlier") == [])
    }

    @Test func whatIsAskedForAgainBeginsAnew() throws {
        let workshop = try Workshop()
        _ = try build(workshop, "count: 2")
        _ = try build(workshop, "count: 4")
        #expect(try build(workshop, "count: 4", rerun: ["a"]) == ("aaaa", from: ""))
    }
}
