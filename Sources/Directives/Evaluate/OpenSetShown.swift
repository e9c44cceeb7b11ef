import Foundation
import Pages
import Retrieval

extension OpenSetResult {
    /// How the threshold came about, and what it promises.
    var note: String {
        let known = calibration
        var text = String(
            format:
                "Open set: beyond the threshold %.3f the answer is nobody. For its calibration %@ people, who ask %@ times and ",
            threshold, Numeral.count(known.expected.people), Numeral.count(known.queries))
        text += "are not tested, meet strangers only, "
        if abs(known.strangers / known.testedStrangers - 1) < 0.05 {
            text += "in galleries of the test's size: "
        } else {
            text +=
                "in galleries that show them \(Numeral.count(Int(known.strangers.rounded()))) other faces where the test "
            text += "shows \(Numeral.count(Int(known.testedStrangers.rounded()))), which their share is corrected for: "
        }
        text += String(
            format: "at most %.0f %% are to be taken for somebody, and %.1f %% (%.1f to %.1f) to be expected. ",
            100 * known.target, 100 * known.expected.mean, 100 * known.expected.low, 100 * known.expected.high)
        return text + "Tested with each test person in turn as one without a face in the gallery."
    }

    /// Both errors over the threshold.
    var plot: Plot? {
        guard !errors.isEmpty else { return nil }
        func series(_ name: String, _ error: (OpenSet.Errors) -> Double) -> Plot.Series {
            Plot.Series(name: name, points: errors.map { Plot.Point(x: $0.threshold, y: 100 * error($0)) })
        }
        let chosen = String(format: "%.3f", threshold)
        return Plot(
            xLabel: "threshold (distance)",
            panels: [
                Plot.Panel(
                    title: "Open set: both errors (%); calibrated is \(chosen)", yLabel: "%",
                    series: [
                        series("known person missed") { $0.missed }, series("unknown person accepted") { $0.accepted },
                    ],
                    references: [
                        .init(
                            label: String(format: "%.0f %% may be accepted", 100 * calibration.target),
                            y: 100 * calibration.target)
                    ])
            ],
            alternative: String(
                format:
                    "Errors over the threshold: at the calibrated %@, %.1f %% of known people are missed and %.1f %% of unknown ones accepted",
                chosen, 100 * (1 - outcome.identified.mean), 100 * outcome.falselyAccepted.mean))
    }
}
