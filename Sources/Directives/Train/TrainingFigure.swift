import Foundation
import Networks
import Pages

/// How a training went, drawn: the slides' figure 16, and behind it what the loss is made of.
extension Train.History {
    /// - Parameters:
    ///   - seconds: of every epoch.
    ///   - runs: whose mean this is, for the bands around it.
    func plot(seconds: [Double], of runs: [Self]) -> Plot {
        // Long epochs in minutes, as the slides have them.
        let isLong = (seconds.max() ?? 0) >= 120
        let times = isLong ? seconds.map { $0 / 60 } : seconds
        let unit: Phrase = isLong ? "minutes" : "seconds"
        return Plot(
            xLabel: "epoch",
            panels: [
                .init(
                    title: "Triplet loss", yLabel: "mean over an epoch's triplets",
                    series: [
                        .init(
                            name: "loss", points: points(epochs.map(\.loss)), bands: band(runs, \.loss),
                            showsStart: true)
                    ]
                        + validationSeries,
                    references: mean(of: epochs.map(\.loss), 3)),
                .init(
                    title: "Active triplets", yLabel: "% of all triplets",
                    series: [
                        .init(
                            name: "active", points: points(epochs.map { 100 * $0.activeShare }),
                            bands: band(runs) { 100 * $0.activeShare }, showsStart: true)
                    ]),
                .init(
                    title: "Distances from the anchor", yLabel: "median, quartiles, and 5 to 95 % of all",
                    series: [spread("positive", epochs.map(\.positives)), spread("negative", epochs.map(\.negatives))]),
                .init(
                    title: "Time per epoch", yLabel: unit,
                    series: [.init(name: unit, style: .bars, points: points(times))],
                    references: mean(of: times, 1)),
            ],
            alternative: sentence)
    }

    /// From the lowest to the highest of several runs.
    func band(_ runs: [Self], _ value: (Epoch) -> Double) -> [Plot.Band] {
        guard runs.count > 1 else { return [] }
        let each = epochs.indices.map { epoch in
            runs.compactMap { $0.epochs.dropFirst(epoch).first.map(value) }
        }
        return [
            Plot.Band(
                lowLabel: "lowest run", highLabel: "highest run", low: each.map { $0.min() ?? 0 },
                high: each.map { $0.max() ?? 0 })
        ]
    }

    /// One number of every epoch.
    func points(of value: (Epoch) -> Double) -> [Plot.Point] { points(epochs.map(value)) }

    private func points(_ values: [Double]) -> [Plot.Point] {
        values.enumerated().map { Plot.Point(x: Double($0.offset + 1), y: $0.element) }
    }

    /// A dashed line, where there is more than one value.
    private func mean(of values: [Double], _ digits: Int) -> [Plot.Reference] {
        guard values.count > 1 else { return [] }
        let mean = values.reduce(0, +) / Double(values.count)
        return [.init(label: "mean \(Numeral.fixed(mean, digits: digits))", y: mean)]
    }

    /// The validation loss as a line of its own, where there is one.
    private var validationSeries: [Plot.Series] {
        let points = epochs.enumerated().compactMap { index, epoch in
            epoch.validationLoss.map { Plot.Point(x: Double(index + 1), y: $0) }
        }
        return points.isEmpty ? [] : [.init(name: "validation", points: points)]
    }

    /// The median as a line, the other quantiles in pairs as shades behind it.
    private func spread(_ name: Phrase, _ quantiles: [[Double]]) -> Plot.Series {
        let shares = DistanceQuantiles.shares
        let bands = (0..<shares.count / 2).map { place in
            let other = shares.count - 1 - place
            return Plot.Band(
                lowLabel: "\(Numeral.fixed(100 * shares[place], digits: 0)) %".verbatim,
                highLabel: "\(Numeral.fixed(100 * shares[other], digits: 0)) %".verbatim,
                low: quantiles.map { $0[place] }, high: quantiles.map { $0[other] })
        }
        return Plot.Series(name: name, points: points(quantiles.map { $0[shares.count / 2] }), bands: bands)
    }

    /// What the plot says, from the data.
    var sentence: Phrase {
        guard let first = epochs.first, let last = epochs.last else { return "no epoch was run" }
        let lowest = epochs.indices.min { epochs[$0].loss < epochs[$1].loss } ?? 0
        func loss(_ value: Double) -> String { Numeral.fixed(value, digits: 4) }
        let start: Phrase = "Triplet loss of \(architecture.displayName): \(loss(first.loss)) in epoch 1"
        var parts: [Phrase] = [
            epochs.count > 1
                ? "\(start), \(loss(last.loss)) in epoch \(epochs.count), lowest in epoch \(lowest + 1)" : start
        ]
        parts.append("\(Numeral.fixed(100 * last.activeShare, digits: 1)) % of the triplets active at the end")
        parts.append(
            """
            half of the positives within \(Numeral.fixed(median(last.positives), digits: 3)) of their anchor, half of the negatives \
            within \(Numeral.fixed(median(last.negatives), digits: 3))
            """)
        return parts.joined(separator: "; ")
    }

    /// For prose and claims.
    var values: [String: Quotable] {
        guard let first = epochs.first, let last = epochs.last else { return [:] }
        return [
            "loss.first": .number(first.loss), "loss.last": .number(last.loss),
            "active.first": .number(first.activeShare), "active.last": .number(last.activeShare),
            "positive.first": .number(median(first.positives)), "positive.last": .number(median(last.positives)),
            "negative.first": .number(median(first.negatives)), "negative.last": .number(median(last.negatives)),
        ]
    }

    private func median(_ quantiles: [Double]) -> Double { quantiles[quantiles.count / 2] }
}
