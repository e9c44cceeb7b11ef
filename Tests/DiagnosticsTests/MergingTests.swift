import Diagnostics
import Testing

@Suite struct MergingTests {
    private func range(_ path: String, _ line: Int) -> SourceRange {
        SourceRange(path: path, start: Position(line: line, column: 10), end: Position(line: line, column: 16))
    }

    @Test func oneCauseIsToldOnceWithItsOtherPlaces() {
        let told = merged([
            .error("missing", "a is not there", at: range("b.md", 3), notes: [.init("get it")]),
            .error("missing", "b is not there", at: range("b.md", 4)),
            .error("missing", "a is not there", at: range("b.md", 9), notes: [.init("get it")]),
            .error("missing", "a is not there", at: range("a.md", 7), notes: [.init("get it")]),
            .warning("missing", "a is not there", at: range("c.md", 1)),
        ])
        #expect(
            told == [
                .error(
                    "missing", "a is not there", at: range("a.md", 7),
                    notes: [.init("get it"), .init("the same stands at b.md:3:10, b.md:9:10")]),
                .error("missing", "b is not there", at: range("b.md", 4)),
                .warning("missing", "a is not there", at: range("c.md", 1)),
            ])
    }

    @Test func manyPlacesAreCounted() {
        let told = merged((1...100).map { .error("missing", "a", at: range("a.md", $0)) })
        #expect(told.count == 1)
        #expect(told[0].notes[0].message.hasSuffix("a.md:21:10, and 79 more"))
    }
}
