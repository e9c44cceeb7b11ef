import Chapters
import Execution
import Files
import Foundation
import Testing

@Suite struct ExecutorTests {
    @Test func anUnchangedBuildExecutesNothing() throws {
        let workshop = try Workshop()
        try workshop.write("id: a", "id: b\nof: a")
        #expect(try workshop.build().ran == ["a", "b"])
        #expect(try workshop.build().ran == [])
        #expect(try workshop.build(rerun: ["b"]).ran == ["b"])
    }

    @Test func aChangedOptionRerunsWhatDependsOnIt() throws {
        let workshop = try Workshop()
        try workshop.write("id: a", "id: b\nof: a", "id: c")
        try workshop.build()
        try workshop.write("id: a\ncount: 2", "id: b\nof: a", "id: c")
        #expect(try workshop.build().ran == ["a", "b"])
        try workshop.write("id: a", "id: b\nof: a", "id: c")
        #expect(try workshop.build().ran == [])
    }

    @Test func proseCaptionsAndSizesRerunNothing() throws {
        let workshop = try Workshop()
        try workshop.write("id: a")
        try workshop.build()
        try workshop.write("id: a\ncaption: Another one\nsize: 7")
        #expect(try workshop.build().ran == [])
    }

    @Test func equalStepsShareOneResult() throws {
        let workshop = try Workshop()
        try workshop.write("id: a", "id: b")
        #expect(try workshop.build().ran == ["a"])
        #expect(try workshop.build().results["b"] != nil)
    }

    @Test func equalOutputStopsPropagation() throws {
        let workshop = try Workshop()
        try workshop.write("id: a\nparity: true\ncount: 2", "id: b\nof: a")
        try workshop.build()
        try workshop.write("id: a\nparity: true\ncount: 4", "id: b\nof: a")
        #expect(try workshop.build().ran == ["a"])
    }

    @Test func changedDataRerun() throws {
        let workshop = try Workshop()
        try Files.write(Array("x".utf8), to: workshop.folder + "/data/f")
        try workshop.write("id: a\nfile: f", "id: b")
        try workshop.build()
        try Files.write(Array("y".utf8), to: workshop.folder + "/data/f")
        #expect(try workshop.build().ran == ["a"])
    }

    @Test func aFailurePointsAtItsOptionAndIsNeverServed() throws {
        let workshop = try Workshop()
        try workshop.write("id: a\nfail: true", "id: b\nof: a", "id: c\ntext: c")
        let first = try workshop.build(keepGoing: true)
        #expect(first.ran == ["a", "c"])
        let failure = try #require(first.results.failures.first)
        #expect(failure.message == "told to fail")
        #expect(failure.range?.start.line == 5)
        #expect(try workshop.build(keepGoing: true).ran == ["a"])
        #expect(try workshop.build().ran == ["a"])
        try workshop.write("id: a", "id: b\nof: a", "id: c\ntext: c")
        #expect(try workshop.build().ran == ["a", "b"])
    }

    @Test func replaysWarningsOnACacheHit() throws {
        let workshop = try Workshop()
        try workshop.write("id: a\ncount: 10")
        #expect(try workshop.build().results["a"]?.warnings == ["a large count"])
        let again = try workshop.build()
        #expect(again.ran == [])
        #expect(again.results["a"]?.warnings == ["a large count"])
    }

    @Test func marksTravelToWhatUsesAResult() throws {
        let workshop = try Workshop()
        try workshop.write("id: a\ntext: r", "id: b\nof: a", "id: c\nof: b")
        #expect(try workshop.build().results["c"]?.marks.map(\.label) == ["random"])
    }

    @Test(arguments: ["flip", "truncate", "empty", "remove"])
    func aDamagedObjectIsAReportedMiss(damage: String) throws {
        let workshop = try Workshop()
        try workshop.write("id: a\ntext: hello", "id: b\nof: a")
        let first = try workshop.build().results
        let blob = try #require(first["a"]?.artifacts["text"])
        let path = "\(workshop.store.folder)/objects/\(blob.digest.hex.prefix(2))/\(blob.digest.hex)"
        switch damage {
        case "flip": try Data("hellO".utf8).write(to: URL(fileURLWithPath: path))
        case "truncate": try Data("hel".utf8).write(to: URL(fileURLWithPath: path))
        case "empty": try Data().write(to: URL(fileURLWithPath: path))
        default: try FileManager.default.removeItem(atPath: path)
        }
        let second = try workshop.build()
        #expect(second.ran == ["a"])
        #expect(try second.results["a"]?.bytes("text") == Array("hello".utf8))
        #expect(try workshop.build().ran == [])
    }

    @Test func statusSaysWhatWouldRunAndWhy() throws {
        let workshop = try Workshop()
        try workshop.write("id: a\ncount: 2", "id: b\nof: a", "id: c")
        #expect(try workshop.store.status(of: workshop.plan().steps).map(\.kind) == [.missing, .missing, .missing])
        try workshop.build()
        try workshop.write("id: a\ncount: 3", "id: b\nof: a", "id: c")
        let status = try workshop.store.status(of: workshop.plan().steps)
        #expect(status.map(\.kind) == [.stale, .stale, .fresh])
        #expect(status[0].reasons == ["option count: 2 → 3"])
        #expect(status[1].reasons == ["'a' will run"])
    }

    @Test func aRequestToStopEndsTheBuild() throws {
        let workshop = try Workshop()
        try workshop.write("id: a")
        let interruption = Interruption()
        interruption.request(signal: 2)
        let executor = Executor(store: workshop.store, interruption: interruption) { _ in }
        #expect(throws: Interrupted.self) { try executor.run(try workshop.plan().steps) }
        #expect(try workshop.build().ran == ["a"])
    }
}

@Suite struct ScratchTests {
    private func scratch(_ workshop: Workshop) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: workshop.store.folder + "/scratch")
    }

    @Test func anInterruptedStepFindsWhatItLeft() throws {
        let workshop = try Workshop()
        try workshop.write("id: a\npause: true")
        #expect(throws: Interrupted.self) { try workshop.build() }
        #expect(try scratch(workshop).count == 1)
        #expect(try workshop.build().ran == ["a"])
        #expect(try scratch(workshop) == [])
        #expect(try workshop.build().ran == [])
    }

    @Test func anotherKeyHasAScratchOfItsOwn() throws {
        let workshop = try Workshop()
        try workshop.write("id: a\npause: true")
        #expect(throws: Interrupted.self) { try workshop.build() }
        try workshop.write("id: a\npause: true\ntext: b")
        #expect(throws: Interrupted.self) { try workshop.build() }
        #expect(try scratch(workshop).count == 2)
    }

    @Test func whatIsAskedForAgainBeginsAnew() throws {
        let workshop = try Workshop()
        try workshop.write("id: a\npause: true")
        #expect(throws: Interrupted.self) { try workshop.build() }
        #expect(throws: Interrupted.self) { try workshop.build(rerun: ["a"]) }
    }
}

@Suite struct KeyTests {
    @Test func noTwoListsOfComponentsShareAKey() {
        let lists: [[Key.Component]] = [
            [.init(.option, "ab", .text("c"))], [.init(.option, "a", .text("bc"))], [.init(.data, "ab", .text("c"))],
            [.init(.option, "a", .text("b")), .init(.option, "", .text("c"))], [],
            [.init(.option, "n", .option(.integer(3)))], [.init(.option, "n", .option(.text("3")))],
            [.init(.option, "n", .option(.number(3)))],
            [.init(.option, "n", .option(.list([.text("a, b")])))],
            [.init(.option, "n", .option(.list([.text("a"), .text("b")])))],
        ]
        #expect(Set(lists.map { Key($0).digest }).count == lists.count)
    }

    @Test(arguments: [
        Canonical.integer(-3), .number(0.1), .number(1e300), .boolean(true), .text(""), .text("int 5"),
        .text("é, ] [ 2"),
        .list([]), .list([.integer(1), .integer(20)]), .list([.text("a, text 1 b]"), .text("c")]),
        .list([.number(1), .boolean(false)]),
    ])
    func aManifestGivesTypedValuesBack(value: Canonical) throws {
        #expect(Canonical(keyText: value.keyText) == value)
        let component = Key.Component(.option, "n", .option(value))
        #expect(try JSONDecoder().decode(Key.Component.self, from: JSONEncoder().encode(component)) == component)
    }

    @Test(arguments: [
        "", "version 5", "random weights", "int", "int 05", "int five", "text 9 abc", "text -1 a", "number 1",
        "bool yes",
        "list 2 [int 1]", "list 99999999999 [", "list 1 [int 1", "list 1 [list 1 [list 1 [int 1]]]",
    ])
    func otherTextStaysText(text: String) {
        #expect(Canonical(keyText: text) == nil)
    }

    @Test func digestsMatchTheStandard() {
        let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        #expect(Digest(of: Array("abc".utf8)).hex == abc)
        #expect(Digest(hex: abc) != nil)
        #expect(Digest(hex: abc.uppercased()) == nil)
    }
}
