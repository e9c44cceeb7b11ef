import Diagnostics
import Testing

@Suite struct HintTests {
    @Test func aNameIsLookedAtOnceAndCandidatesAreMadeOnce() {
        var made = 0
        func candidates() -> [String] {
            made += 1
            return ["epochs", "margin"]
        }
        let hints = Hints(candidates())
        #expect(made == 0)
        for _ in 0..<1000 { #expect(hints.hint(for: "epoch") == "; did you mean 'epochs'?") }
        #expect(hints.hint(for: "zzz") == "")
        #expect(made == 1)
    }

    @Test func soManyNamesAreLookedAt() {
        let hints = Hints((0..<1000).map { "name\($0)x" })
        let found = (0..<1000).filter { !hints.hint(for: "name\($0)").isEmpty }
        #expect(found == Array(0..<200))
        #expect(hints.hint(for: "name7") != "")
    }
}
