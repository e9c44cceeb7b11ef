import Checkpoints
import Networks

/// Every tensor of a network: its shape, whether training might change it, and how far it moved.
struct WeightChanges: Codable, Sendable {
    struct Entry: Codable, Sendable {
        var name: String
        var shape: [Int]
        var isTrained: Bool
        /// A mean or variance that normalisation gathers in training, where it moved.
        var isStatistic: Bool?
        /// ‖after − before‖ / ‖before‖ over all elements; of a tensor of zeros the length of its change. nil for counters.
        var moved: Double?

        /// `trained`, `follows` or `frozen`.
        var state: String { isTrained ? "trained" : isStatistic == true ? "follows" : "frozen" }
    }

    var entries: [Entry]

    /// `trained` names what the optimiser moves; running statistics follow on their own.
    init(before: Checkpoint, after: Checkpoint, trained: Set<String>) {
        let earlier = Dictionary(uniqueKeysWithValues: before.tensors.map { ($0.name, $0) })
        entries = after.tensors.filter { $0.element == .float32 }.map { tensor in
            let moved = earlier[tensor.name].map { $0.relativeChange(to: tensor) }
            let isStatistic = tensor.name.hasSuffix(".running_mean") || tensor.name.hasSuffix(".running_var")
            return Entry(
                name: tensor.name, shape: tensor.shape, isTrained: trained.contains(tensor.name),
                isStatistic: isStatistic && moved.map { $0 > 0 } ?? false ? true : nil, moved: moved)
        }
    }
}
