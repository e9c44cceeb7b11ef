import Checkpoints
import Testing

@Suite struct DamageTests {
    /// One small file per container.
    static let files: [[UInt8]] = {
        let pieces = [
            ReadingTests.plain,
            Piece(name: "b", key: "1", storage: "HalfStorage", count: 4, shape: [2, 2], strides: [1, 2]),
        ]
        let first = bytes(ReadingTests.numbers)
        let second: [UInt8] = [1, 2, 3, 4, 5, 6, 7, 8]
        var large = Zip.checkpoint(pickle: stateDict(pieces), storages: [("0", first), ("1", second)])
        let zip = large.bytes
        large.zip64 = true
        return [
            zip, large.bytes,
            legacyStream(pickle: stateDict(pieces, legacy: true), storages: [("0", 6, first), ("1", 4, second)]),
            TarTests.checkpoint.tar.bytes,
            Checkpoint(tensors: [
                StoredTensor(name: "a", shape: [2, 3], floats: ReadingTests.numbers),
                StoredTensor(name: "b", shape: [2, 2], element: .float16, bytes: second),
            ]).safetensors(),
        ]
    }()

    @Test(arguments: files.indices) func refusesAFileThatBreaksOffAnywhere(index: Int) throws {
        let file = Self.files[index]
        #expect(try Checkpoint(decoding: file, name: "w").tensors.count == 2)
        for count in file.indices where refusal(Array(file[..<count])) == nil {
            Issue.record("cut after \(count) of \(file.count) bytes, it was read")
        }
    }

    @Test(arguments: files.indices) func survivesEveryFlippedByte(index: Int) {
        var random = SplitMix(state: UInt64(index))
        for _ in 0..<2_000 {
            var file = Self.files[index]
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                file[Int.random(in: file.indices, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            _ = refusal(file)  // read or refused, never trapped
        }
    }
}

/// A small generator with a fixed stream. Source: Steele, Lea and Flood 2014.
struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ z >> 30) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ z >> 27) &* 0x94D0_49BB_1331_11EB
        return z ^ z >> 31
    }
}
