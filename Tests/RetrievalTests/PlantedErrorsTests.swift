import Retrieval
import Testing

@Suite struct PlantedErrorsTests {
    /// Ten are tested, three are planted, and the list of four holds two of them.
    private let errors = PlantedErrors([2, 5, 9], among: 10, suspects: [5, 0, 9, 1])

    @Test func aListIsHeldAgainstWhatWasPlanted() {
        #expect(errors.tested == 10 && errors.planted == 3 && errors.list == [true, false, true, false])
        let found = (0...5).map { errors.found(in: $0) }
        #expect(found == [0, 1, 1, 2, 2, 2])
        #expect(errors.recall(at: 4) == 2.0 / 3 && errors.precision(at: 4) == 0.5)
        #expect(errors.recall(at: 1) == 1.0 / 3 && errors.precision(at: 1) == 1)
    }

    @Test func chanceStandsBesideIt() {
        #expect(errors.recallByChance(at: 4) == 0.4 && errors.precisionByChance == 0.3)
        // Of 210 ways to take four of ten, 63 hold two of the three and 7 all.
        #expect(abs(errors.p(at: 4) - 70.0 / 210) < 1e-12)
        #expect(abs(errors.p(at: 1) - 0.3) < 1e-12)
    }

    @Test func whatIsNotThereHasNoShare() {
        let flawless = PlantedErrors([], among: 4, suspects: [1])
        #expect(flawless.recall(at: 1) == nil && flawless.precision(at: 1) == 0 && flawless.precisionByChance == 0)
        #expect(flawless.p(at: 1) == 1)
        let unsuspicious = PlantedErrors([1], among: 4, suspects: [])
        #expect(unsuspicious.recall(at: 0) == 0 && unsuspicious.precision(at: 0) == nil)
        #expect(PlantedErrors([], among: 0, suspects: []).precisionByChance == nil)
    }
}
