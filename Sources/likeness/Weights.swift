import ArgumentParser
import Checkpoints
import Files
import Foundation
import Networks

/// `likeness weights`: official checkpoints, what a file of weights holds, and trained networks for other programs.
struct Weights: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Lists, fetches, inspects and exports checkpoints.",
        subcommands: [WeightsList.self, WeightsFetch.self, WeightsInspect.self, WeightsExport.self])
}

/// `likeness weights list`.
struct WeightsList: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Prints the official checkpoints, one a line, and whether they are at hand.")

    @Option(help: "The folder of datasets and weights.")
    var data = "data"

    func run() throws {
        for official in OfficialWeights.all {
            let path = "\(data)/weights/\(official.fileName)"
            let state = Files.exists(path) ? "at hand" : "not fetched"
            try Console.results.print(
                fields: [official.architecture.rawValue, official.fileName, official.accuracy, state])
        }
    }
}

/// `likeness weights inspect FILE`.
struct WeightsInspect: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect",
        abstract: "Prints every tensor's name, shape and type, and which network the file fits; or why it is refused.")

    @Argument(help: "A .pth or .safetensors file.")
    var file: String

    func run() throws {
        do {
            let checkpoint = try Checkpoint(contentsOf: file)
            for tensor in checkpoint.tensors {
                let shape = tensor.shape.map(String.init).joined(separator: ", ")
                try Console.results.print(fields: [tensor.name, "[\(shape)]", tensor.element.rawValue])
            }
            let elements = checkpoint.tensors.reduce(0) { $0 + $1.shape.reduce(1, *) }
            Console.say("\(checkpoint.tensors.count) tensors, \(elements) elements")
            guard let architecture = Architecture.meant(by: checkpoint) else {
                let names = Architecture.allCases.map(\.displayName).joined(separator: ", ")
                return Console.say("fits none of \(names)")
            }
            try EmbeddingNetwork(architecture, seed: 0).load(checkpoint)
            Console.say(
                "fits \(architecture.displayName)"
                    + (checkpoint.holdsUnitLength ? ", trained with embeddings of length 1" : ""))
        } catch {
            throw Console.fail(error)
        }
    }
}
