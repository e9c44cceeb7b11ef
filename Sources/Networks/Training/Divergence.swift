/// A training whose loss, weights or statistics ceased to be finite numbers: where, and what was noticed.
///
/// It ends at that very step, so that the states kept before it are sound and nothing made of NaN is ever stored.
package struct Divergence: Error, Sendable, Equatable, CustomStringConvertible {
    /// From 1.
    package let epoch: Int
    /// From 1.
    package let step: Int
    /// `the loss is not a finite number`.
    package let sign: String
    /// Whether anything had been learnt; if not, no step size helps.
    package let isFirst: Bool

    package var description: String {
        let advice = isFirst ? "start from other weights: nothing had been learnt yet" : "lower learning_rate"
        return "diverged in epoch \(epoch), step \(step); \(advice) (\(sign))"
    }
}

extension TripletLoss.Result {
    var isFinite: Bool { loss.isFinite && positiveDistance.isFinite && negativeDistance.isFinite }
}

extension NetworkWeights {
    /// The first layer from that one on whose weights no network would load: ReLU6 hides what becomes of them.
    func overflowingLayer(from first: Int) -> String? { layers[first...].first(where: \.overflows)?.layer.name }

    /// The first running statistic that is not finite.
    var unsoundStatistic: String? {
        for layer in layers {
            if !layer.runningMean.isFinite { return "\(layer.layer.normalization).running_mean" }
            if !layer.runningVariance.isFinite { return "\(layer.layer.normalization).running_var" }
        }
        return nil
    }
}
