import Checkpoints
import Tensors

extension FineTuning {
    /// Everything that continuing needs: weights, running statistics, the optimiser's means, and the position.
    package func state() -> Checkpoint {
        var tensors = network.checkpoint().tensors
        for parameter in optimizer.parameters {
            tensors.append(StoredTensor(name: "optimizer.mean.\(parameter.name)", tensor: parameter.mean))
            tensors.append(StoredTensor(name: "optimizer.square.\(parameter.name)", tensor: parameter.square))
        }
        tensors.append(StoredTensor(name: "optimizer.steps", integer: optimizer.stepCount))
        tensors.append(StoredTensor(name: "position.step", integer: position.step))
        tensors.append(StoredTensor(name: "position.totals", doubles: position.totals.numbers, width: 5))
        tensors.append(
            StoredTensor(name: "position.positives", doubles: position.totals.positives.numbers, width: 2))
        tensors.append(
            StoredTensor(name: "position.negatives", doubles: position.totals.negatives.numbers, width: 2))
        tensors.append(
            StoredTensor(
                name: "position.records", doubles: position.records.flatMap(\.numbers), width: EpochRecord.width))
        return Checkpoint(tensors: tensors)
    }

    /// Continues where `state()` was taken, with the same architecture and the same trained layers.
    ///
    /// On an error nothing has changed.
    package func restore(_ state: Checkpoint) throws(WeightsError) {
        var stored: [String: StoredTensor] = [:]
        var weights: [StoredTensor] = []
        for tensor in state.tensors {
            if tensor.name.hasPrefix("optimizer.") || tensor.name.hasPrefix("position.") {
                stored[tensor.name] = tensor
            } else {
                weights.append(tensor)
            }
        }
        var problems = WeightsError(architecture: network.architecture)
        var moves: [(StoredTensor, Tensor)] = []
        for parameter in optimizer.parameters {
            for (name, tensor) in [
                ("optimizer.mean.\(parameter.name)", parameter.mean),
                ("optimizer.square.\(parameter.name)", parameter.square),
            ] {
                guard let found = stored.removeValue(forKey: name) else {
                    problems.missing.append(name)
                    continue
                }
                if found.shape == tensor.shape, found.element == .float32 {
                    moves.append((found, tensor))
                } else {
                    problems.misshapen.append(
                        .init(name: name, expected: tensor.shape, found: found.shape, element: found.element))
                }
            }
        }
        func take<Value>(_ name: String, _ read: (StoredTensor) -> Value?) -> Value? {
            let value = stored.removeValue(forKey: name).flatMap(read)
            if value == nil { problems.missing.append(name) }
            return value
        }
        let steps = take("optimizer.steps") { $0.count }
        let step = take("position.step") { $0.count }
        let totals = take("position.totals") { $0.doubles.flatMap(EpochTotals.init) }
        let positives = take("position.positives") { $0.doubles.flatMap(DistanceCounts.init) }
        let negatives = take("position.negatives") { $0.doubles.flatMap(DistanceCounts.init) }
        let records = take("position.records") { $0.doubles(width: EpochRecord.width).flatMap(EpochRecord.list) }
        problems.unexpected = stored.keys.sorted()
        guard problems.isEmpty, let steps, let step, var totals, let positives, let negatives, let records else {
            throw problems
        }
        (totals.positives, totals.negatives) = (positives, negatives)
        try network.load(Checkpoint(tensors: weights))
        for (from, to) in moves { from.write(to: to) }
        optimizer.stepCount = steps
        position = Position(records: records, step: step, totals: totals)
        forgetFolded()
    }
}

extension Checkpoint {
    /// What `FineTuning.state` returned, as safetensors.
    package init(trainingState bytes: [UInt8], name: String) throws(CheckpointError) {
        try self.init(decoding: bytes, name: name, records: ["position.records"])
    }

    /// Without the tensors that `other` holds with the same bytes. O(bytes).
    package func without(_ other: Checkpoint) -> Checkpoint {
        let known = Dictionary(other.tensors.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        return Checkpoint(tensors: tensors.filter { known[$0.name] != $0 })
    }

    /// With the tensors of `other` whose names are missing here: undoes `without`.
    package func completed(by other: Checkpoint) -> Checkpoint {
        let names = Set(tensors.map(\.name))
        return Checkpoint(tensors: tensors + other.tensors.filter { !names.contains($0.name) })
    }
}

extension StoredTensor {
    /// An int64 scalar that counts something.
    fileprivate var count: Int? { integer.flatMap { (0...1 << 53).contains($0) ? $0 : nil } }
}

extension EpochTotals {
    /// Without the counts of distances.
    fileprivate var numbers: [Double] {
        [Double(count), loss, positiveDistance, negativeDistance, Double(activeCount)]
    }

    fileprivate init?(_ numbers: [Double]) {
        guard numbers.count == 5, let count = Int(exactly: numbers[0]), let active = Int(exactly: numbers[4]) else {
            return nil
        }
        self.init(
            count: count, loss: numbers[1], positiveDistance: numbers[2], negativeDistance: numbers[3],
            activeCount: active)
    }
}

extension FineTuning.EpochRecord {
    /// Six numbers and two times the quantiles.
    fileprivate static let width = 6 + 2 * DistanceQuantiles.shares.count

    /// Without the epoch, which is the row; no validation is a NaN.
    fileprivate var numbers: [Double] {
        [loss, activeShare, positiveDistance, negativeDistance, validationLoss ?? .nan, seconds] + positives.values
            + negatives.values
    }

    fileprivate static func list(_ numbers: [Double]) -> [Self]? {
        var records: [Self] = []
        for start in stride(from: 0, to: numbers.count, by: width) {
            let row = Array(numbers[start..<start + width])
            guard row.enumerated().allSatisfy({ $0.offset == 4 || $0.element.isFinite }),
                let positives = DistanceQuantiles(row[6..<(width + 6) / 2]),
                let negatives = DistanceQuantiles(row[((width + 6) / 2)...])
            else { return nil }
            records.append(
                Self(
                    epoch: records.count, loss: row[0], activeShare: row[1], positiveDistance: row[2],
                    negativeDistance: row[3], positives: positives, negatives: negatives,
                    validationLoss: row[4].isNaN ? nil : row[4], seconds: row[5]))
        }
        return records
    }
}
