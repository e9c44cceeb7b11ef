import Checkpoints
import Testing

/// Small files that ask for much: what is done for a byte of the file is bounded.
@Suite struct BoundTests {
    private static func get(_ index: UInt8) -> [UInt8] { [0x68, index] }
    private static func put(_ index: UInt8) -> [UInt8] { [0x71, index] }

    /// A list of `pairs` recalled ones, and a mapping made of it again and again.
    private static func bomb(pairs: Int, calls: Int, _ call: [UInt8]) -> [UInt8] {
        let pair = Op.mark + Op.text("a") + Op.text("b") + Op.tuple + put(0)
        let list = Op.emptyList + Op.mark + Array(repeating: get(0), count: pairs).flatMap { $0 } + Op.appends
        let arguments = list + [0x85] + put(2)
        let name = Op.global("collections", "OrderedDict") + put(1)
        return Op.start + pair + arguments + name
            + Array(repeating: get(1) + get(2) + call, count: calls).flatMap { $0 }
            + Op.stop
    }

    @Test(arguments: [Op.reduce, [0x81]]) func aListCopiedOverAndOverEndsEarly(call: [UInt8]) {
        let pickle = Self.bomb(pairs: 500, calls: 400, call)
        for file in [RefusalTests.zip(pickle: pickle), legacyStream(pickle: pickle, storages: [])] {
            #expect(
                refusal(file)?.description
                    == "w.pth: its pickle goes beyond 4 objects a byte; store the tensors as safetensors")
        }
        let tar = Tar(members: [("storages", pickle), ("tensors", pickle), ("pickle", pickle)])
        #expect(refusal(tar.bytes)?.problem == "its pickle goes beyond 4 objects a byte")
    }

    @Test func aShapeRecalledOverAndOverEndsEarly() {
        let piece = Piece(name: "a", key: "0", count: 6, shape: [1], strides: [1])
        let storage = Op.group([
            Op.text("storage"), Op.global("torch", "FloatStorage"), Op.text("0"), Op.text("cpu"), Op.long(piece.count),
        ])
        let shape = Op.group(Array(repeating: Op.integer(1), count: 64))
        let arguments = Op.group([
            storage + Op.persistent, Op.long(0), shape + Self.put(0), Self.get(0), Op.no, Op.orderedDictionary,
        ])
        let setup = arguments + Self.put(1) + Op.global("torch._utils", "_rebuild_tensor_v2") + Self.put(2)
        let call = Self.get(2) + Self.get(1) + Op.reduce
        let pickle = Op.start + setup + Array(repeating: call, count: 200).flatMap { $0 } + Op.stop
        #expect(refusal(RefusalTests.zip(pickle: pickle))?.problem == "its pickle goes beyond 4 objects a byte")
    }

    @Test func everyValueInAContainerCounts() {
        // Three bytes for each: never more than four objects a byte, but a million objects before long.
        let append = Self.get(0) + [0x61]
        let lists =
            Op.start + Op.none + Self.put(0) + Op.emptyList + Array(repeating: append, count: 600_000).flatMap { $0 }
        #expect(refusal(RefusalTests.zip(pickle: lists + Op.stop))?.problem == "its pickle goes beyond 1000000 objects")
    }

    /// What honest files hold is far from the bounds.
    @Test func manyTensorsAndMappingsFromPairsAreRead() throws {
        let pieces = (0..<5_000).map { index in
            Piece(name: "layers.\(index).weight", key: "0", count: 6, shape: [1, 1, 1, 1], strides: [1, 1, 1, 1])
        }
        #expect(try Checkpoint(decoding: Self.zip(stateDict(pieces)), name: "w").tensors.count == 5_000)
        let tensors = pieces.prefix(2_000).map { Op.mark + $0.pickled(legacy: false) + Op.tuple }
        let list = Op.emptyList + Op.mark + tensors.flatMap { $0 } + Op.appends
        let pickle = Op.start + Op.global("collections", "OrderedDict") + list + [0x85] + Op.reduce + Op.stop
        #expect(try Checkpoint(decoding: Self.zip(pickle), name: "w").tensors.count == 2_000)
    }

    private static func zip(_ pickle: [UInt8]) -> [UInt8] {
        Zip.checkpoint(pickle: pickle, storages: [("0", RefusalTests.data)]).bytes
    }
}

/// Entries of a zip that lie within each other: a byte would be read once for each.
@Suite struct OverlapTests {
    private static func header(_ signature: String, _ name: String, _ bytes: [UInt8], start: Int? = nil) -> [UInt8] {
        let sizes = le(UInt32(bytes.count)) + le(UInt32(bytes.count))
        let common: [UInt8] = [0, 0, 0, 0] + [0, 0] + [0, 0, 0, 0] + le(bitwiseChecksum(bytes)) + sizes
        let lengths = le(UInt16(name.utf8.count)) + le(UInt16(0))
        let place = start.map { [UInt8](repeating: 0, count: 10) + le(UInt32($0)) } ?? []
        return Array(signature.utf8) + (start == nil ? [] : [0, 0]) + common + lengths + place + Array(name.utf8)
    }

    private static func archive(_ entries: [(name: String, bytes: [UInt8], start: Int)], _ content: [UInt8]) -> [UInt8]
    {
        let directory = entries.flatMap { header("PK\u{1}\u{2}", $0.name, $0.bytes, start: $0.start) }
        let counts = le(UInt16(entries.count)) + le(UInt16(entries.count))
        return content + directory + "PK\u{5}\u{6}".utf8 + [0, 0, 0, 0] + counts + le(UInt32(directory.count))
            + le(UInt32(content.count)) + [0, 0]
    }

    @Test func entriesWithinEntriesAreRefused() throws {
        let inner = bytes([1, 2])
        let outer = Self.header("PK\u{3}\u{4}", "w/data/1", inner) + inner
        let pickle = stateDict([
            Piece(name: "a", key: "0", storage: "LongStorage", count: 0, shape: [0], strides: [1]),
            Piece(name: "b", key: "1", count: 2, shape: [2], strides: [1]),
        ])
        let first = Self.header("PK\u{3}\u{4}", "w/data.pkl", pickle) + pickle
        let second = Self.header("PK\u{3}\u{4}", "w/data/0", outer)
        let nested = Self.archive(
            [
                ("w/data.pkl", pickle, 0), ("w/data/0", outer, first.count),
                ("w/data/1", inner, first.count + second.count),
            ],
            first + second + outer)
        #expect(refusal(nested)?.problem == "damaged: 'w/data/1' in its archive lies within another entry")

        // The same entries one behind the other are an archive like any other.
        let third = Self.header("PK\u{3}\u{4}", "w/data/1", inner) + inner
        let healthy = Self.archive(
            [
                ("w/data.pkl", pickle, 0), ("w/data/0", [], first.count),
                ("w/data/1", inner, first.count + second.count),
            ],
            first + Self.header("PK\u{3}\u{4}", "w/data/0", []) + third)
        #expect(try Checkpoint(decoding: healthy, name: "w").tensors.map(\.name) == ["a", "b"])
    }
}
