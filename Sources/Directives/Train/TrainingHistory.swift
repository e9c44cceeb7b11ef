import Networks
import Pages

extension Train {
    /// What training left behind that is the same on every run.
    struct History: Codable {
        var architecture: Architecture
        /// The checkpoint's file name; nil for random weights.
        var weights: String?
        var margin: Double
        /// Triplets in one step.
        var batch: Int
        var triplets: Int
        /// Whether embeddings are scaled to length 1.
        var normalizes: Bool
        /// The epoch whose weights were kept, from 0; nil for the last one.
        var chosenEpoch: Int?
        var epochs: [Epoch]

        struct Epoch: Codable {
            var loss: Double
            /// Share of triplets that still violated the margin.
            var activeShare: Double
            var positiveDistance: Double
            var negativeDistance: Double
            /// How the distances are spread around those means: at `DistanceQuantiles.shares`.
            var positives: [Double]
            var negatives: [Double]
            /// Of people whom training did not see.
            var validationLoss: Double?

            init(_ record: FineTuning.EpochRecord) {
                loss = record.loss
                activeShare = record.activeShare
                positiveDistance = record.positiveDistance
                negativeDistance = record.negativeDistance
                positives = record.positives.values
                negatives = record.negatives.values
                validationLoss = record.validationLoss
            }

            /// Of the same epoch in several runs, at least one.
            init(mean runs: [Epoch]) {
                self = runs[0]
                func mean(_ value: (Epoch) -> Double) -> Double {
                    runs.reduce(0) { $0 + value($1) } / Double(runs.count)
                }
                func means(_ values: (Epoch) -> [Double]) -> [Double] {
                    values(self).indices.map { place in mean { values($0)[place] } }
                }
                loss = mean(\.loss)
                activeShare = mean(\.activeShare)
                positiveDistance = mean(\.positiveDistance)
                negativeDistance = mean(\.negativeDistance)
                positives = means(\.positives)
                negatives = means(\.negatives)
                let validated = runs.compactMap(\.validationLoss)
                validationLoss = validated.isEmpty ? nil : validated.reduce(0, +) / Double(validated.count)
            }
        }

        /// Embeddings that shrank to a point: the loss stays at the margin while both distances go to zero.
        var collapse: Phrase? {
            guard let last = epochs.last, abs(last.loss - margin) < 0.02 * margin, last.negativeDistance < 0.05 * margin
            else { return nil }
            return """
                The embeddings collapsed: every face lies at nearly the same point, so the loss stays at the margin. \
                A lower learning_rate or a larger batch usually helps.
                """
        }
    }
}

extension Train.History {
    /// Of several runs of one recipe: means of what each epoch left, over the runs that came to it.
    init(mean runs: [Self]) {
        precondition(!runs.isEmpty)
        self = runs[0]
        guard runs.count > 1 else { return }
        chosenEpoch = nil
        epochs = (0..<(runs.map(\.epochs.count).max() ?? 0)).map { epoch in
            Epoch(mean: runs.compactMap { $0.epochs.dropFirst(epoch).first })
        }
    }
}
