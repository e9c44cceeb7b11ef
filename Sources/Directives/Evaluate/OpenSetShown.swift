import Foundation
import Pages
import Retrieval

extension OpenSetResult {
    /// How the threshold came about, and what it promises.
    var note: Phrase {
        let known = calibration
        let galleries: Phrase =
            abs(known.strangers / known.testedStrangers - 1) < 0.05
            ? "in galleries of the test's size"
            : """
            in galleries that show them \(Numeral.count(Int(known.strangers.rounded()))) other faces where the test \
            shows \(Numeral.count(Int(known.testedStrangers.rounded()))), which their share is corrected for
            """
        let (low, high) = (percent(known.expected.low), percent(known.expected.high))
        return """
            Open set: beyond the threshold \(Numeral.fixed(threshold, digits: 3)) the answer is nobody. For its calibration \
            \(Numeral.count(known.expected.people)) people, who ask \(Numeral.count(known.queries)) times and are not tested, meet \
            strangers only, \(galleries): at most \(Numeral.fixed(100 * known.target, digits: 0)) % are to be taken for somebody, and \
            \(percent(known.expected.mean)) % (\(low) to \(high)) to be expected. Tested with each test person in turn as one without \
            a face in the gallery.
            """
    }

    private func percent(_ share: Double) -> String { Numeral.fixed(100 * share, digits: 1) }

    /// Both errors over the threshold; of several runs the first's, since each has distances of its own.
    func plot(of runs: [Run]) -> Plot? {
        guard !errors.isEmpty else { return nil }
        func series(_ name: Phrase, _ error: (OpenSet.Errors) -> Double) -> Plot.Series {
            Plot.Series(name: name, points: errors.map { Plot.Point(x: $0.threshold, y: 100 * error($0)) })
        }
        let chosen = Numeral.fixed(threshold, digits: 3)
        let title: Phrase = "Open set: both errors (%); calibrated is \(chosen)"
        return Plot(
            xLabel: "threshold (distance)",
            panels: [
                Plot.Panel(
                    title: runs.inWords.map { "\(title), in the first of \($0)" } ?? title, yLabel: "%",
                    series: [
                        series("known person missed") { $0.missed }, series("unknown person accepted") { $0.accepted },
                    ],
                    references: [
                        .init(
                            label: "\(Numeral.fixed(100 * calibration.target, digits: 0)) % may be accepted",
                            y: 100 * calibration.target)
                    ])
            ],
            alternative: """
                Errors over the threshold: at the calibrated \(chosen), \(percent(1 - outcome.identified.mean)) % of known people \
                are missed and \(percent(outcome.falselyAccepted.mean)) % of unknown ones accepted
                """)
    }
}
