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

    @Test func aPercentageMayHaveABlank() throws {
        #expect(try #require(ClaimText("a.x >= 94 %")).right == .number(0.94))
        #expect(ClaimText("a.x % > 3") == nil)
    }

    /// A mean is a sum of rounded numbers; a reader sees 0.94 on both sides.
    @Test(
        arguments: [(0.9399999999999998, 0.94), (0.94 - 0.9399999999999998, 0), (3e6 + 1e-9, 3e6), (0.1 + 0.2, 0.3)]
            as [(Double, Double)])
    func roundingIsNoDifference(_ a: Double, _ b: Double) {
        for relation in ClaimText.Relation.allCases {
            let holdsForEqual = relation.holds(1, 1)
            #expect(relation.holds(a, b) == holdsForEqual && relation.holds(b, a) == holdsForEqual, "\(relation)")
        }
    }

    @Test(
        arguments: [(0.940001, 0.94), (1_000_000_000_001, 1_000_000_000_000), (1e-6, 0), (1, 0.9999999)]
            as [(Double, Double)])
    func whatDiffersDiffers(_ more: Double, _ less: Double) {
        #expect(ClaimText.Relation.greater.holds(more, less) && ClaimText.Relation.unequal.holds(more, less))
        #expect(!ClaimText.Relation.lessOrEqual.holds(more, less) && !ClaimText.Relation.equal.holds(more, less))
    }

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
