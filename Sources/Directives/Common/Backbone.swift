import Checkpoints
import Execution
import Files
import Foundation
import Networks
import Tensors

/// Where a backbone's weights come from: a checkpoint below `data/weights`, or the seed alone.
enum BackboneWeights: Sendable {
    case file(path: String)
    case random

    /// The options' wish, resolved against what is on disk.
    ///
    /// `imagenet` takes `data/weights/<model>-….pth` or `.safetensors`, the first by name; without one the weights are random.
    static func find(_ source: WeightSource, for architecture: Architecture, data: String) -> BackboneWeights {
        guard source == .imagenet else { return .random }
        let folder = data + "/weights"
        let names = ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
        let match = names.first { name in
            name.hasPrefix(architecture.rawValue + "-") && (name.hasSuffix(".pth") || name.hasSuffix(".safetensors"))
        }
        return match.map { .file(path: "\(folder)/\($0)") } ?? .random
    }

    /// What of it belongs to a step's key.
    var data: [(name: String, path: String)] {
        guard case .file(let path) = self else { return [] }
        return [("weights", path)]
    }

    var fileName: String? {
        guard case .file(let path) = self else { return nil }
        return (path as NSString).lastPathComponent
    }

    var facts: [(name: String, value: String)] {
        guard case .random = self else { return [] }
        return [("backbone", "random weights")]
    }

    /// The mark that every result made with random weights carries.
    func marks(_ architecture: Architecture) -> [ResultMark] {
        guard case .random = self else { return [] }
        return [
            ResultMark(
                label: "random weights",
                explanation: """
                    \(architecture.displayName)'s ImageNet weights were not at hand, so its backbone started from random \
                    numbers. These figures say nothing about a pretrained \(architecture.displayName).
                    """)
        ]
    }

    /// A network with these weights and an untrained head from `seed`.
    func network(
        _ architecture: Architecture, seed: UInt64, precision: Precision = .f32, normalizes: Bool = false
    ) throws -> EmbeddingNetwork {
        let network = EmbeddingNetwork(architecture, seed: seed, precision: precision, normalizes: normalizes)
        if case .file(let path) = self { try network.load(contentsOf: path) }
        return network
    }
}

extension EmbeddingNetwork {
    /// Takes over the weights of a checkpoint file.
    ///
    /// - Returns: the file's tensors.
    /// - Throws: an error that names the path: the file cannot be read, or its tensors do not fit.
    @discardableResult
    package func load(contentsOf path: String) throws -> Checkpoint {
        let checkpoint = try Checkpoint(contentsOf: path)
        do throws(WeightsError) {
            try load(checkpoint)
        } catch {
            throw UnfitCheckpoint(path: path, reason: error)
        }
        return checkpoint
    }
}

/// A checkpoint that could be read but belongs to another network.
struct UnfitCheckpoint: Error, CustomStringConvertible {
    let path: String
    let reason: WeightsError

    var description: String { "\(path.printable): \(reason)" }
}

/// The option `weights` of `train` and `evaluate`.
enum WeightSource: String, CaseIterable, Sendable { case imagenet, random }
