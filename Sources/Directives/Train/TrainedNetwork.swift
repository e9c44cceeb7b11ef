import Checkpoints
import Diagnostics
import Execution
import Faces
import Networks

/// A network that a training of the book left in the store, for other programs.
package struct TrainedNetwork {
    /// Where it is not what the chapters ask for now: how it differs.
    package let remark: String?
    private let network: EmbeddingNetwork
    private let id: String

    /// - Parameter run: of several seeds or splits, from 1.
    /// - Throws: `NoTrainedNetwork`, or `StoreError`.
    package init(_ id: String, run: Int = 1, of plan: Plan, in store: Store) throws {
        let trainings = plan.steps.filter { $0.directive == Train.self }
        guard let step = trainings.first(where: { $0.id == id }) else {
            let ids = trainings.map(\.id)
            let hint = suggestion(for: id, among: ids)
            throw NoTrainedNetwork(
                "no training has the id '\(id)'"
                    + (ids.isEmpty
                        ? ": the chapters have no 'train'"
                        : hint.isEmpty ? "; there are \(ids.joined(separator: ", "))" : hint))
        }
        let runs = Train.runs(step.options).count
        guard (1...runs).contains(run) else {
            throw NoTrainedNetwork(
                runs == 1 ? "'\(id)' has one run" : "'\(id)' has \(runs) runs; name one of 1 to \(runs)")
        }
        let status = try store.status(of: plan.reaching([id])).first { $0.step.id == id }
        guard let status, let result = status.last else {
            throw NoTrainedNetwork("training '\(id)' is not computed yet; 'likeness build --only \(id)' computes it")
        }
        remark =
            status.kind == .fresh
            ? nil : "this is an earlier result of '\(id)' (\(status.reasons.joined(separator: "; ")))"
        let history = try result[Train.history(run - 1)]
        network = EmbeddingNetwork(history.architecture, seed: 0, normalizes: history.normalizes)
        try network.load(try result[Train.trained(run - 1)])
        self.id = id
    }

    /// A safetensors file: the backbone under torchvision's names, the head as `head.0` and `head.2`.
    package func safetensors() -> [UInt8] {
        var checkpoint = network.checkpoint()
        checkpoint.metadata.merge(facts) { own, _ in own }
        return checkpoint.safetensors()
    }

    /// An ONNX file, from normalised images to embeddings.
    package func onnx() -> [UInt8] {
        var metadata = network.checkpoint().metadata
        metadata.merge(facts) { own, _ in own }
        return network.onnx(size: FaceTransform.size, metadata: metadata).encoded()
    }

    /// What has to be done with a face before the network sees it.
    private var facts: [String: String] {
        func list(_ values: [Float]) -> String { values.map { "\($0)" }.joined(separator: ", ") }
        return [
            "likeness.network": network.architecture.rawValue,
            "likeness.training": id,
            "likeness.input": "the face that was cut out, as RGB",
            "likeness.size": "\(FaceTransform.size) x \(FaceTransform.size)",
            "likeness.resize": "bilinear with antialiasing, in 8 bits, as Pillow's resize with BILINEAR",
            "likeness.scale": "1/255",
            "likeness.mean": list(FaceTransform.mean),
            "likeness.deviation": list(FaceTransform.deviation),
        ]
    }
}

/// Why there is no network to export.
package struct NoTrainedNetwork: Error, CustomStringConvertible {
    package let description: String

    init(_ description: String) { self.description = description }
}
