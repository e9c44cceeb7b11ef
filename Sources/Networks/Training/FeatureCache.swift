import Tensors

/// What the frozen part made of samples that look the same again: computed once, kept in memory up to a limit.
///
/// Trainings of one backbone that freeze the same layers may share one, a training after the other.
package final class FeatureCache {
    struct Key: Hashable, Sendable {
        let sample: Int
        let appearance: FineTuning.Appearance
    }

    private let byteLimit: Int
    private var byteCount = 0
    private var known: [Key: Tensor] = [:]

    /// - Parameter byteLimit: what the features may take in memory.
    package init(byteLimit: Int = 1 << 30) { self.byteLimit = byteLimit }

    /// Writes the features of every key, a row each, and computes those that are not known yet.
    ///
    /// The result is the same bit for bit as without the cache, since an image's features do not depend on its batch.
    func fill(
        _ output: Tensor, _ keys: [Key], from frozen: FrozenStages,
        image: @Sendable (Key, UnsafeMutableBufferPointer<Float>) throws -> Void
    ) throws {
        precondition(output.shape[0] == keys.count)
        var missing: [Key] = []
        var places: [Key: Int] = [:]
        for key in keys where known[key] == nil && places[key] == nil {
            places[key] = missing.count
            missing.append(key)
        }
        let wanted = missing
        let made = Tensor([wanted.count] + output.shape.dropFirst())
        if !wanted.isEmpty { try frozen.forward(into: made) { try image(wanted[$0], $1) } }
        for (row, key) in keys.enumerated() {
            let target = output.entries(row..<row + 1)
            if let features = known[key] {
                target.copy(from: features)
            } else if let place = places[key] {
                target.copy(from: made.entries(place..<place + 1))
            }
        }
        for (place, key) in wanted.enumerated() {
            let features = made.entries(place..<place + 1)
            byteCount += 4 * features.count
            guard byteCount <= byteLimit else {
                byteCount -= 4 * features.count
                return
            }
            known[key] = Tensor(features.shape, features.values)
        }
    }
}
