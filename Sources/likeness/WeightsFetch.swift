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

    @Argument(help: "The network: \(Architecture.names).")
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
        let line = ProgressLine()
        do {
            let known = OfficialWeights.all.filter { $0.architecture == model }
            guard known.indices.contains(second ? 1 : 0) else {
                throw Refusal("there is only one checkpoint of \(model.displayName); leave --second out")
            }
            let official = known[second ? 1 : 0]
            let path = "\(data)/weights/\(official.fileName)"
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

    /// The largest of them has 242 MB.
    static let byteLimit = 256 << 20

    static let address = "https://download.pytorch.org/models"

    static let all = [
        OfficialWeights(
            architecture: .resnet18, fileName: "resnet18-f37072fd.pth", digestPrefix: "f37072fd", accuracy: "69.758 %"),
        OfficialWeights(
            architecture: .resnet34, fileName: "resnet34-b627a593.pth", digestPrefix: "b627a593", accuracy: "73.314 %"),
        OfficialWeights(
            architecture: .resnet50, fileName: "resnet50-0676ba61.pth", digestPrefix: "0676ba61", accuracy: "76.130 %"),
        OfficialWeights(
            architecture: .resnet50, fileName: "resnet50-11ad3fa6.pth", digestPrefix: "11ad3fa6", accuracy: "80.858 %"),
        OfficialWeights(
            architecture: .resnet101, fileName: "resnet101-63fe2227.pth", digestPrefix: "63fe2227",
            accuracy: "77.374 %"),
        OfficialWeights(
            architecture: .resnet101, fileName: "resnet101-cd907fc2.pth", digestPrefix: "cd907fc2",
            accuracy: "81.886 %"),
        OfficialWeights(
            architecture: .resnet152, fileName: "resnet152-394f9c45.pth", digestPrefix: "394f9c45",
            accuracy: "78.312 %"),
        OfficialWeights(
            architecture: .resnet152, fileName: "resnet152-f82ba261.pth", digestPrefix: "f82ba261",
            accuracy: "82.284 %"),
        OfficialWeights(
            architecture: .mobilenetV2, fileName: "mobilenet_v2-b0353104.pth", digestPrefix: "b0353104",
            accuracy: "71.878 %"),
        OfficialWeights(
            architecture: .mobilenetV2, fileName: "mobilenet_v2-7ebf99e0.pth", digestPrefix: "7ebf99e0",
            accuracy: "72.154 %"),
    ]

    func isGenuine(_ digest: Digest) -> Bool { digest.hex.hasPrefix(digestPrefix) }
}
