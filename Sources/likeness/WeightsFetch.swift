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

    @Option(
        help: ArgumentHelp(
            "The file's whole SHA-256, where you have it from somebody you trust; needed for places without https.",
            valueName: "digest"))
    var sha256: String?

    @Flag(help: "The later, more accurate recipe's weights, where there are two.")
    var second = false

    func run() async throws {
        let official = OfficialWeights.all.filter { $0.architecture == model }[second ? 1 : 0]
        let path = "\(data)/weights/\(official.fileName)"
        let line = ProgressLine()
        do {
            guard
                let address = URL(
                    string: from.hasSuffix("/") ? from + official.fileName : "\(from)/\(official.fileName)"),
                let scheme = address.scheme, ["https", "http"].contains(scheme)
            else { throw Refusal("\(from): is not a web address; give one that begins with https://") }
            let expected = try expectation(of: official)
            if Files.exists(path), try official.isGenuine(Digest(contentsOf: path)) {
                return Console.say("\(path): already there")
            }
            var download = Download(address: address, path: path, expecting: expected)
            download.byteLimit = OfficialWeights.byteLimit
            try await download.run { done, total in
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

    private func expectation(of official: OfficialWeights) throws -> Download.Expectation {
        guard let sha256 else { return .beginning(official.digestPrefix) }
        guard let digest = Digest(hex: sha256.lowercased()) else {
            throw Refusal("--sha256 is '\(sha256)', not 64 hexadecimal digits")
        }
        guard official.isGenuine(digest) else {
            throw Refusal(
                "--sha256 begins with \(digest.short), but that of \(official.fileName) with \(official.digestPrefix)")
        }
        return .whole(digest)
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

    /// The largest of them has 103 MB.
    static let byteLimit = 256 << 20

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
