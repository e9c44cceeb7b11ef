import Execution
import Files
import Foundation
import Testing

private let faces = WorkUnit("faces", usualSeconds: 0.01, probe: { 0.03 })
private let vectors = WorkUnit("vectors", usualSeconds: 0.001)
private let learning = WorkUnit(
    "learning", usualSeconds: 0.1, scaling: Scaling(serialShare: 0, mostCores: 8), probe: { 0.5 })

private func work(_ parts: (Double, WorkUnit)...) -> Workload {
    var work = Workload()
    for (amount, unit) in parts { work.add(amount, unit) }
    return work
}

private func run(
    _ seconds: Double, _ work: Workload?, finished: Double = 0, processor: String = "this", cores: Int = 2
) throws -> StepResult.Environment {
    let kept = String(decoding: try canonicalJSON(work?.amounts), as: UTF8.self)
    let text =
        #"{"finished":\#(finished),"seconds":\#(seconds),"processor":"\#(processor)","cores":\#(cores),"version":"","work":\#(kept)}"#
    return try JSONDecoder().decode(StepResult.Environment.self, from: Data(text.utf8))
}

private func rates(_ runs: StepResult.Environment...) -> Rates {
    Rates(runs, units: [faces, vectors, learning], processor: "this", cores: 2)
}

@Suite struct RatesTests {
    @Test func withoutRunsTheyAreTheUsualOnes() throws {
        #expect(rates()[faces].seconds == 0.01)
        #expect(rates()[faces].ground == .usual)
        // Usual figures are of two cores.
        #expect(abs(Rates(cores: 8)[faces].seconds - 0.0025) < 1e-12)
        #expect(abs(Rates(cores: 64)[learning].seconds - 0.025) < 1e-12)
    }

    @Test func runsHereTellHowLongAUnitTakes() throws {
        let known = try rates(
            run(20, work((1000, faces)), finished: 7), run(50, work((2000, faces)), finished: 5),
            run(1, work((10, faces)), processor: "another"), run(1, work((10, faces)), cores: 4), run(1, nil))
        #expect(abs(known[faces].seconds - 70.0 / 3000) < 1e-12)
        #expect(known[faces].ground == .runs(last: 7))
        #expect(known[vectors].ground == .usual)
    }

    @Test func whatTakesMostOfAStepIsJudgedByIt() throws {
        // 10 + 1 usual seconds took 22.
        let known = try rates(run(22, work((1000, faces), (1000, vectors))))
        #expect(abs(known[faces].seconds - 0.02) < 1e-12)
        #expect(known[vectors].seconds == 0.001)
    }

    @Test func runsWithWorkThatNobodyKnowsSayNothing() throws {
        let other = WorkUnit("something of another version", usualSeconds: 1)
        #expect(try rates(run(22, work((1000, faces), (1, other))))[faces].ground == .usual)
    }

    @Test func whatNeverRanIsTriedTheQuickestFirst() throws {
        var known = rates()
        var clock = [0.0, 0, 2, 2].makeIterator()
        let took = known.probe(work((1000, learning), (1000, faces)), within: 1, now: { clock.next() ?? 2 })
        #expect(took == 2)
        #expect(known[faces].seconds == 0.03 && known[faces].ground == .probe)
        // There was no more time: what can be tried is as much slower than usual as what was tried.
        #expect(abs(known[learning].seconds - 0.3) < 1e-12 && known[learning].ground == .usual)
        #expect(known[vectors].seconds == 0.001)
    }

    @Test func nothingIsTriedThatRanOrIsSmall() throws {
        var known = try rates(run(20, work((1000, faces))))
        #expect(known.probe(work((1000, faces), (1, learning)), within: 1, now: { 0 }) == 0)
        #expect(known[faces].seconds == 0.02 && known[learning].ground == .usual)
    }

    @Test func whatCannotBeTriedIsLeftOut() throws {
        struct Refused: Error {}
        let refusing = WorkUnit("refusing", usualSeconds: 1, probe: { throw Refused() })
        var known = Rates(cores: 2)
        #expect(known.probe(work((5, refusing)), within: 1, now: { 0 }) == 0)
        #expect(known[refusing].seconds == 1)
    }
}

@Suite struct ProjectionTests {
    private func projection(_ steps: Projection.Candidate..., with rates: Rates = rates()) -> Projection {
        Projection(steps, rates, processor: "this")
    }

    @Test func aStepTakesWhatItsWorkTakes() throws {
        let projection = projection(.init(title: "a", work: work((1000, faces), (1000, vectors)).estimated))
        #expect(projection.steps.map(\.seconds) == [11])
        #expect(projection.steps[0].ground == .usual && projection.steps[0].isEstimated)
    }

    @Test func itsOwnLastRunTellsMoreThanOthers() throws {
        let known = try rates(run(20, work((1000, faces))))
        let last = try run(90, work((1000, faces)), finished: 3)
        let twice = projection(.init(title: "a", work: work((2000, faces)), last: last), with: known)
        #expect(twice.steps.map(\.seconds) == [180])
        #expect(twice.steps[0].ground == .runs(last: 3))
        // One on another machine does not count, and neither does one that went on from another run.
        for last in [try run(90, work((1000, faces)), processor: "another"), try run(90, nil)] {
            #expect(
                projection(.init(title: "a", work: work((2000, faces)), last: last), with: known).steps.map(\.seconds)
                    == [40])
        }
    }

    @Test func lightStepsRunBesideHeavyOnes() throws {
        let whole = projection(
            .init(title: "a", work: work((1000, faces))),
            .init(title: "b", isHeavy: false, work: .once("b", seconds: 4)))
        #expect(whole.steps.map(\.seconds) == [10, 4])
        #expect(whole.seconds == 12)
        #expect(abs(whole.seconds(on: 16) - (10.0 / 8 + 4.0 / 16)) < 1e-9)
    }

    @Test func moreCoresHelpAsFarAsWorkCanBeDivided() throws {
        let trained = projection(.init(title: "a", work: work((100, learning))))
        #expect(trained.seconds == 10)
        #expect(abs(trained.seconds(on: 8) - 2.5) < 1e-12)
        #expect(abs(trained.seconds(on: 64) - 2.5) < 1e-12)
        #expect(projection(.init(title: "a", work: .once("a", seconds: 3))).seconds(on: 64) == 3)
        let half = Scaling(serialShare: 0.5)
        #expect(half.time(on: 4, of: 1) == 0.625 && half.time(on: 1, of: 4) == 1.6)
    }

    @Test func aResultKeepsItsWorkUnlessItWentOn() throws {
        let workshop = try Workshop()
        try workshop.write("id: a\ngrow: true\ncount: 2")
        let first = try workshop.build().results["a"]
        #expect(first?.environment.work == ["make, once": 1])
        try workshop.write("id: a\ngrow: true\ncount: 4")
        let longer = try workshop.build().results["a"]
        #expect(longer != nil && longer?.environment.work == nil)
    }

    @Test func dataThatWouldTakeLongToReadCountAsChanged() throws {
        let workshop = try Workshop()
        try Files.write(Array("photograph".utf8), to: workshop.folder + "/data/f")
        try workshop.write("id: a\nfile: f", "id: b\nof: a", "id: c")
        try workshop.build()
        try overwrite(workshop.folder + "/data/f", with: Array("photograpH".utf8))
        let steps = try workshop.plan().steps
        let short = try workshop.store.status(of: steps, readingAtMost: 9)
        #expect(short.map(\.kind) == [.stale, .stale, .fresh])
        #expect(short[0].reasons == ["new or touched files of its data, not read for this: 1"])
        #expect(short[0].key == nil)
        let whole = try workshop.store.status(of: steps, readingAtMost: 10)
        #expect(whole[0].reasons.first?.hasPrefix("data file: ") == true)
    }
}
