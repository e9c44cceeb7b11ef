import Checkpoints
import Tensors

extension FineTuning {
    /// Everything that continuing needs: weights, running statistics, the optimiser's means and position.
    package func state() -> Checkpoint {
        var tensors = network.checkpoint().tensors
        for parameter in optimizer.parameters {
            tensors.append(StoredTensor(name: "adam.mean.\(parameter.name)", tensor: parameter.mean))
            tensors.append(StoredTensor(name: "adam.square.\(parameter.name)", tensor: parameter.square))
        }
        tensors.append(StoredTensor(name: "adam.steps", integer: optimizer.stepCount))
        tensors.append(StoredTensor(name: "epochs", integer: epochsDone))
        return Checkpoint(tensors: tensors)
    }

    /// Continues where `state()` was taken, with the same architecture and the same trained layers.
    package func restore(_ state: Checkpoint) throws(WeightsError) {
        var stored: [String: StoredTensor] = [:]
        var weights: [StoredTensor] = []
        for tensor in state.tensors {
            if tensor.name.hasPrefix("adam.") || tensor.name == "epochs" {
                stored[tensor.name] = tensor
            } else {
                weights.append(tensor)
            }
        }
        var problems = WeightsError(architecture: network.architecture)
        var moves: [(StoredTensor, Tensor)] = []
        for parameter in optimizer.parameters {
            for (name, tensor) in [
                ("adam.mean.\(parameter.name)", parameter.mean), ("adam.square.\(parameter.name)", parameter.square),
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
        let steps = stored.removeValue(forKey: "adam.steps")?.integer
        let epochs = stored.removeValue(forKey: "epochs")?.integer
        if steps == nil { problems.missing.append("adam.steps") }
        if epochs == nil { problems.missing.append("epochs") }
        problems.unexpected = stored.keys.sorted()
        guard problems.isEmpty, let steps, let epochs else { throw problems }
        try network.load(Checkpoint(tensors: weights))
        for (from, to) in moves { from.write(to: to) }
        optimizer.stepCount = steps
        resume(after: epochs)
    }
}
