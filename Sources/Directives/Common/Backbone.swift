import Checkpoints
import Diagnostics
import Execution
import Files
import Foundation
import Networks
import Tensors

/// Where a backbone's weights come from: a checkpoint below `data/weights`, or the seed alone.
enum BackboneWeights: Sendable {
    case file(path: String)
    /// `isWished`: asked for, not for want of a file.
    case random(isWished: Bool)

    /// The options' wish, resolved against what is on disk.
    ///
    /// `imagenet` takes `data/weights/<model>-….pth` or `.safetensors`, the first by name; without one the weights are random.
    static func find(_ source: WeightSource, for architecture: Architecture, data: String) -> BackboneWeights {
        guard source == .imagenet else { return .random(isWished: true) }
        let folder = data + "/weights"
        let match = names(in: folder).first { name in
            name.hasPrefix(architecture.rawValue + "-") && (name.hasSuffix(".pth") || name.hasSuffix(".safetensors"))
        }
        return match.map { .file(path: "\(folder)/\($0)") } ?? .random(isWished: false)
    }

    private static func names(in folder: String) -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
    }

    /// Warns of files that nearly have the name of a checkpoint while numbers are random for want of one.
    func report(_ architecture: Architecture, data: String, at range: SourceRange, in context: inout PlanningContext) {
        guard case .random(isWished: false) = self else { return }
        let folder = data + "/weights"
        func plain(_ name: String) -> String { name.lowercased().filter { $0.isLetter || $0.isNumber } }
        let near = Self.names(in: folder).filter { name in
            plain(name).hasPrefix(plain(architecture.rawValue)) && !name.hasPrefix(".") && !name.hasSuffix(".part")
        }
        guard !near.isEmpty else { return }
        let files = near.map { "\(folder)/\($0)".printable }.joined(separator: ", ")
        context.report(
            .warning(
                "unused-weights",
                "\(architecture.displayName) starts from random numbers: \(files) \(near.count == 1 ? "is" : "are") not named "
                    + "\(architecture.rawValue)-….pth or \(architecture.rawValue)-….safetensors; rename what is meant",
                at: range))
    }

    /// For the terminal: that figures are made with random numbers for want of a file.
    func remarks(_ architecture: Architecture) -> [String] {
        guard case .random(isWished: false) = self else { return [] }
        return ["\(architecture.displayName)'s weights are not at hand: its backbone starts from random numbers"]
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

    var isRandom: Bool {
        if case .random = self { true } else { false }
    }

    /// The mark that every result made with random weights carries; `training` says what was done for their sake.
    func marks(_ architecture: Architecture, training: String? = nil) -> [ResultMark] {
        guard case .random(let isWished) = self else { return [] }
        let reason = isWished ? "were not asked for" : "were not at hand"
        return [
            ResultMark(
                label: "random weights",
                explanation: """
                    \(architecture.displayName)'s ImageNet weights \(reason), so its backbone started from random \
                    numbers.\(training.map { " \($0)" } ?? "") These figures say nothing about a pretrained \
                    \(architecture.displayName).
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
    /// The network that a checkpoint file holds, with an untrained head where it holds none; embeddings are scaled to length
    /// 1 where the file says that they were in training.
    ///
    /// - Returns: also the file's tensors.
    /// - Throws: an error that names the path: the file cannot be read, or its tensors do not fit.
    package static func loaded(
        _ architecture: Architecture, from path: String, precision: Precision = .f32
    ) throws -> (network: EmbeddingNetwork, checkpoint: Checkpoint) {
        let checkpoint = try Checkpoint(contentsOf: path)
        let network = EmbeddingNetwork(
            architecture, seed: 0, precision: precision, normalizes: checkpoint.holdsUnitLength)
        do throws(WeightsError) {
            try network.load(checkpoint)
        } catch {
            throw UnfitCheckpoint(path: path, reason: error)
        }
        return (network, checkpoint)
    }

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
