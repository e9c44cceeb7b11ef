import ArgumentParser
import Diagnostics
import Files
import Foundation
import Networks

/// `likeness weights fetch MODEL`.
struct WeightsFetch: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fetch",
        abstract: "Fetches a network's official ImageNet checkpoint into data/weights; an interrupted one goes on.")

    @Argument(help: "The network: \(Architecture.allCases.map(\.rawValue).joined(separator: " or ")).")
    var model: Architecture

    @Option(help: "The folder of datasets and weights.")
    var data = "data"

    @Option(help: ArgumentHelp("Another place that carries the same files.", valueName: "address"))
    var from = OfficialWeights.address

    @Flag(help: "The later, more accurate recipe's weights, where there are two.")
    var second = false

    func run() async throws {
        let official = OfficialWeights.all.filter { $0.architecture == model }[second ? 1 : 0]
        let path = "\(data)/weights/\(official.fileName)"
        let line = ProgressLine()
        do {
            guard let address = URL(string: from.hasSuffix("/") ? from + official.fileName : "\(from)/\(official.fileName)"),
                let scheme = address.scheme, ["https", "http"].contains(scheme)
            else { throw Refusal("\(from): is not a web address; give one that begins with https://") }
            if Files.exists(path), try official.isGenuine(Digest(of: Files.read(path))) {
                return Console.say("\(path): already there")
            }
            let download = Download(address: address, path: path)
            try await download.run(accept: official.isGenuine) { done, total in
                let size = { (bytes: Int) in String(format: "%.1f", Double(bytes) / 1e6) }
                line.show("\(official.fileName)  \(size(done))\(total.map { "/" + size($0) } ?? "") MB")
            }
            line.clear()
            Console.say("\(path): fetched")
        } catch {
            line.clear()
            throw Console.fail(error)
        }
    }
}

/// A checkpoint that PyTorch's project publishes.
struct OfficialWeights {
    let architecture: Architecture
    let fileName: String
    /// First digits of the file's SHA-256, as its name carries them.
    let digestPrefix: String
    /// Top-1 on ImageNet.
    let accuracy: String

    static let address = "https://download.pytorch.org/models"

    static let all = [
        OfficialWeights(
            architecture: .resnet50, fileName: "resnet50-0676ba61.pth", digestPrefix: "0676ba61", accuracy: "76.130 %"),
        OfficialWeights(
            architecture: .resnet50, fileName: "resnet50-11ad3fa6.pth", digestPrefix: "11ad3fa6", accuracy: "80.858 %"),
        OfficialWeights(
            architecture: .mobilenetV2, fileName: "mobilenet_v2-b0353104.pth", digestPrefix: "b0353104",
            accuracy: "71.878 %"),
        OfficialWeights(
            architecture: .mobilenetV2, fileName: "mobilenet_v2-7ebf99e0.pth", digestPrefix: "7ebf99e0",
            accuracy: "72.154 %"),
    ]

    func isGenuine(_ digest: Digest) -> Bool { digest.hex.hasPrefix(digestPrefix) }
}
