import Checkpoints
import Files
import Foundation
import Networks
import Tensors

// TrainingProbe FOLDER: a small training that keeps its state in FOLDER/states after every step, prints a line for each,
// and at the end writes FOLDER/weights.safetensors and FOLDER/history.txt. KilledTrainingTests kills it and starts it
// again.

guard CommandLine.arguments.count == 2 else {
    FileHandle.standardError.write(Data("usage: TrainingProbe FOLDER\n".utf8))
    exit(64)
}
let folder = CommandLine.arguments[1]
let size = 48

var options = FineTuning.Options()
(options.imageHeight, options.imageWidth) = (size, size)
(options.epochs, options.tripletsPerBatch, options.unfreeze) = (3, 2, .tensors(10))
let set = TrainingSet(
    triplets: (0..<6).map { Triplet(anchor: $0, positive: 6 + $0, negative: 12 + $0) },
    validation: [Triplet(anchor: 18, positive: 19, negative: 20), Triplet(anchor: 20, positive: 21, negative: 18)])

let network = EmbeddingNetwork(.mobilenetV2, seed: 5)
let run = try fineTune(
    network, set, options: options, checkpoints: TrainingCheckpoints(folder: folder + "/states", interval: 0),
    fill: { sample, appearance, image in
        var stream = [sample, 0, 0]
        if case .augmented(let epoch, let use) = appearance { stream = [sample, 1 + epoch, use] }
        let numbers = RandomNumbers(seed: 7, path: [stream[0], stream[1], stream[2]])
        for index in image.indices { image[index] = Float(numbers.normal(at: UInt64(2 * index))) }
    },
    progress: { moment in FileHandle.standardOutput.write(Data("\(moment.epoch) \(moment.batch)\n".utf8)) },
    warn: { FileHandle.standardError.write(Data("\($0)\n".utf8)) })
let history = run.epochs.map {
    "\($0.loss) \($0.activeShare) \($0.positiveDistance) \($0.negativeDistance) \($0.validationLoss ?? .nan) "
        + "\($0.positives.values) \($0.negatives.values)\n"
}
try Files.write(network.checkpoint().safetensors(), to: folder + "/weights.safetensors")
try Files.write(Array((history.joined() + "\(run.chosenEpoch ?? -1)\n").utf8), to: folder + "/history.txt")
