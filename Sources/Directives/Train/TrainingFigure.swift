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
        let unit = isLong ? "minutes" : "seconds"
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
                    references: mean(of: epochs.map(\.loss), "%.3f")),
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
                    references: mean(of: times, "%.1f")),
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
    private func mean(of values: [Double], _ format: String) -> [Plot.Reference] {
        guard values.count > 1 else { return [] }
        let mean = values.reduce(0, +) / Double(values.count)
        return [.init(label: "mean " + String(format: format, mean), y: mean)]
    }

    /// The validation loss as a line of its own, where there is one.
    private var validationSeries: [Plot.Series] {
        let points = epochs.enumerated().compactMap { index, epoch in
            epoch.validationLoss.map { Plot.Point(x: Double(index + 1), y: $0) }
        }
        return points.isEmpty ? [] : [.init(name: "validation", points: points)]
    }

    /// The median as a line, the other quantiles in pairs as shades behind it.
    private func spread(_ name: String, _ quantiles: [[Double]]) -> Plot.Series {
        let shares = DistanceQuantiles.shares
        let bands = (0..<shares.count / 2).map { place in
            let other = shares.count - 1 - place
            return Plot.Band(
                lowLabel: String(format: "%.0f %%", 100 * shares[place]),
                highLabel: String(format: "%.0f %%", 100 * shares[other]),
                low: quantiles.map { $0[place] }, high: quantiles.map { $0[other] })
        }
        return Plot.Series(name: name, points: points(quantiles.map { $0[shares.count / 2] }), bands: bands)
    }

    /// What the plot says, from the data.
    var sentence: String {
        guard let first = epochs.first, let last = epochs.last else { return "no epoch was run" }
        let lowest = epochs.indices.min { epochs[$0].loss < epochs[$1].loss } ?? 0
        var parts = [String(format: "Triplet loss of %@: %.4f in epoch 1", architecture.displayName, first.loss)]
        if epochs.count > 1 {
            parts[0] += String(format: ", %.4f in epoch %d, lowest in epoch %d", last.loss, epochs.count, lowest + 1)
        }
        parts.append(String(format: "%.1f %% of the triplets active at the end", 100 * last.activeShare))
        parts.append(
            String(
                format: "half of the positives within %.3f of their anchor, half of the negatives within %.3f",
                median(last.positives), median(last.negatives)))
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
