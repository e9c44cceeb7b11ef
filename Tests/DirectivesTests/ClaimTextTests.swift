import Directives
import Testing

@Suite struct ClaimTextTests {
    @Test func readsTwoTermsAndARelation() throws {
        let claim = try #require(ClaimText("after.top10.accuracy >= before.top10.accuracy"))
        #expect(claim.left == .value(id: "after", path: "top10.accuracy"))
        #expect(claim.relation == .greaterOrEqual)
        #expect(claim.ids == ["after", "before"])
        #expect(try #require(ClaimText("tuned.loss < 40%")).right == .number(0.4))
        #expect(try #require(ClaimText("a.x != a.y")).ids == ["a"])
        #expect(try #require(ClaimText("-0.5 == a.x")).relation == .equal)
    }

    @Test(arguments: [
        "", "a.x", "a.x >", "a.x > b.y > c.z", "a.x => 3", "1 < 2", "a > 3", "a. > 3", ".x > 3", "a.x > nan", "a.x>3",
        "a.x < inf",
    ])
    func refusesEverythingElse(text: String) { #expect(ClaimText(text) == nil) }

    @Test func relationsAreWhatTheySay() {
        for relation in ClaimText.Relation.allCases {
            let (less, equal, greater) = (relation.holds(1, 2), relation.holds(2, 2), relation.holds(3, 2))
            switch relation {
            case .less: #expect(less && !equal && !greater)
            case .lessOrEqual: #expect(less && equal && !greater)
            case .greater: #expect(!less && !equal && greater)
            case .greaterOrEqual: #expect(!less && equal && greater)
            case .equal: #expect(!less && equal && !greater)
            case .unequal: #expect(less && !equal && greater)
            }
        }
    }
}
