import Checkpoints
import Directives
import Files
import Networks
import Tensors
import TestSupport
import Testing

/// A network that was trained with embeddings of length 1 is none without that, and its file says so.
@Suite struct UnitLengthTests {
    private let images = Tensor([2, 32, 32, 3], (0..<2 * 32 * 32 * 3).map { Float($0 % 17) / 17 })

    private func lengths(_ network: EmbeddingNetwork) throws -> [Float] {
        let embeddings = try network.embeddings(images)
        return (0..<2).map { embeddings.row($0).reduce(0) { $0 + $1 * $1 }.squareRoot() }
    }

    @Test func theFileSaysIt() throws {
        let folder = TemporaryFolder()
        let trained = EmbeddingNetwork(.mobilenetV2, seed: 3, normalizes: true)
        let path = folder.path + "/w.safetensors"
        try Files.write(trained.checkpoint().safetensors(), to: path)
        let (network, checkpoint) = try EmbeddingNetwork.loaded(.mobilenetV2, from: path)
        #expect(checkpoint == trained.checkpoint() && checkpoint.holdsUnitLength)
        #expect(try network.embeddings(images) == trained.embeddings(images))
        for length in try lengths(network) { #expect(abs(length - 1) < 1e-5) }
    }

    /// As those of former versions, and of others.
    @Test(arguments: [[:], ["format": "pt"], ["likeness.embedding": "else"]]) func othersStayAsTheyAre(
        metadata: [String: String]
    ) throws {
        let folder = TemporaryFolder()
        let trained = EmbeddingNetwork(.mobilenetV2, seed: 3)
        let path = folder.path + "/w.safetensors"
        let file = Checkpoint(tensors: trained.checkpoint().tensors, metadata: metadata)
        try Files.write(file.safetensors(), to: path)
        let (network, checkpoint) = try EmbeddingNetwork.loaded(.mobilenetV2, from: path)
        #expect(checkpoint.metadata == metadata && !checkpoint.holdsUnitLength)
        #expect(try network.embeddings(images) == trained.embeddings(images))
    }
}
