import Checkpoints
import Testing

/// The error with which `bytes` are refused.
func refusal(_ bytes: [UInt8], _ name: String = "w.pth") -> CheckpointError? {
    do throws(CheckpointError) {
        _ = try Checkpoint(decoding: bytes, name: name)
        return nil
    } catch {
        return error
    }
}

@Suite struct RefusalTests {
    static let data = bytes(ReadingTests.numbers)

    static func zip(_ piece: Piece) -> [UInt8] {
        Zip.checkpoint(pickle: stateDict([piece]), storages: [("0", data)]).bytes
    }

    static func zip(pickle: [UInt8]) -> [UInt8] { Zip.checkpoint(pickle: pickle, storages: [("0", data)]).bytes }

    @Test func refusesAPickleThatNamesACallable() {
        let pickle = Op.start + Op.global("os", "system") + Op.group([Op.text("true")]) + Op.reduce + Op.stop
        #expect(
            refusal(Self.zip(pickle: pickle))?.description
                == "w.pth: refuses to load: the pickle names 'os.system', which is not a tensor; "
                + "take the weights from a source you trust, as safetensors")
        #expect(refusal(legacyStream(pickle: pickle, storages: []))?.kind == .unsafe)
        #expect(refusal(pickle)?.kind == .unsafe)
    }

    @Test(arguments: [
        ("builtins", "eval"), ("torch.nn.modules.linear", "Linear"), ("torch", "load"),
        ("collections", "OrderedDict.update"),
        ("os\u{1B}[31m", "system"), ("torch._utils", "_rebuild_device_tensor_from_numpy"),
    ])
    func refusesEveryNameOutsideTheList(module: String, name: String) {
        let error = refusal(Self.zip(pickle: Op.start + Op.global(module, name) + Op.stop))
        #expect(error?.kind == .unsafe)
        #expect(error?.description.contains("\u{1B}") == false)
    }

    @Test func refusesInstructionsThatAStateDictDoesNotNeed() {
        for code: UInt8 in [0x69, 0x6F, 0x50, 0x82, 0x93, 0x94, 0x95, 0x8C, 0x30, 0x31, 0x32, 0x49, 0x8B] {
            #expect(refusal(Self.zip(pickle: Op.start + [code] + Op.stop))?.kind == .unsafe)
        }
    }

    @Test func refusesTensorsThatReachOutsideTheirStorage() {
        func refused(_ piece: Piece) -> Bool { refusal(Self.zip(piece))?.kind == .damaged }
        let huge = Int64.max
        #expect(refused(Piece(name: "a", key: "0", count: 6, offset: 1, shape: [2, 3], strides: [3, 1])))
        #expect(refused(Piece(name: "a", key: "0", count: 6, offset: -1, shape: [1], strides: [1])))
        #expect(refused(Piece(name: "a", key: "0", count: 6, offset: huge, shape: [1], strides: [1])))
        #expect(refused(Piece(name: "a", key: "0", count: 6, shape: [-1], strides: [1])))
        #expect(refused(Piece(name: "a", key: "0", count: 6, shape: [2], strides: [-1])))
        #expect(refused(Piece(name: "a", key: "0", count: 6, shape: [2], strides: [huge])))
        #expect(refused(Piece(name: "a", key: "0", count: 6, offset: 1, shape: [3, 2], strides: [huge, 1])))
        #expect(refused(Piece(name: "a", key: "0", count: 6, shape: [huge, huge], strides: [0, 0])))
        #expect(refused(Piece(name: "a", key: "0", count: 6, shape: [huge, huge, 0], strides: [0, 0, 0])))
        #expect(refused(Piece(name: "a", key: "0", count: 6, shape: [huge], strides: [0])))
        #expect(refused(Piece(name: "a", key: "0", count: 6, shape: [7], strides: [0])))
        #expect(refused(Piece(name: "a", key: "0", count: 6, shape: [2, 3], strides: [1])))
        #expect(refused(Piece(name: "a", key: "0", count: 7, shape: [7], strides: [1])))
        #expect(refused(Piece(name: "a", key: "0", count: huge, shape: [1], strides: [1])))
        #expect(refused(Piece(name: "a", key: "1", count: 6, shape: [6], strides: [1])))
        #expect(refused(Piece(name: "a", key: "0", storage: "DoubleStorage", count: 6, shape: [6], strides: [1])))
    }

    @Test func refusesOversizedCountsInALegacyStream() {
        let piece = Piece(name: "a", key: "0", count: .max, shape: [1], strides: [1])
        #expect(
            refusal(legacyStream(pickle: stateDict([piece], legacy: true), storages: [("0", .max, Self.data)]))?.kind
                == .damaged)
        let honest = Piece(name: "a", key: "0", count: 6, shape: [6], strides: [1])
        #expect(
            refusal(legacyStream(pickle: stateDict([honest], legacy: true), storages: [("0", -1, Self.data)]))?.kind
                == .damaged)
        #expect(refusal(legacyStream(pickle: stateDict([honest], legacy: true), storages: []))?.kind == .damaged)
        #expect(
            refusal(
                legacyStream(pickle: stateDict([honest], legacy: true), storages: [("0", 6, Self.data), ("1", 0, [])]))?
                .kind == .damaged)
    }

    @Test func refusesMoreSharingThanWeightsNeed() {
        let pieces = (0..<1000).map { Piece(name: "t\($0)", key: "0", count: 60_000, shape: [60_000], strides: [1]) }
        let zip = Zip.checkpoint(pickle: stateDict(pieces), storages: [("0", [UInt8](repeating: 0, count: 240_000))])
        #expect(refusal(zip.bytes)?.kind == .unsupported)
    }

    @Test func survivesDeepAndCircularPickles() {
        let deep = Op.start + Op.emptyTuple + [UInt8](repeating: 0x85, count: 900_000) + Op.stop
        #expect(refusal(Self.zip(pickle: deep))?.kind == .unsupported)
        let endless = Op.start + [UInt8](repeating: 0x29, count: 2_000_000) + Op.stop
        #expect(refusal(Self.zip(pickle: endless))?.kind == .unsupported)
        let circle = Op.start + Op.emptyList + Op.put(.max) + Op.get(.max) + [0x61] + Op.stop
        #expect(refusal(Self.zip(pickle: circle))?.kind == .unsupported)
        let inside = Op.start + Op.emptyDictionary + Op.put(0) + Op.text("a") + Op.get(0) + Op.setItem + Op.stop
        #expect(refusal(Self.zip(pickle: inside))?.description.contains("'a' is a mapping of its own") == true)
    }

    @Test func refusesWhatTheStackDoesNotHold() {
        for pickle in [
            Op.stop, Op.tuple + Op.stop, Op.setItems + Op.stop, Op.mark + Op.reduce + Op.stop, Op.get(3) + Op.stop,
            Op.none + Op.mark + Op.put(1) + Op.stop, Op.emptyDictionary + Op.mark + Op.none + Op.setItems + Op.stop,
            Op.none + Op.none + Op.build + Op.stop, [0x55, 9] + Op.stop, [0x58, 0xFF, 0xFF, 0xFF, 0xFF] + Op.stop,
        ] {
            #expect(refusal(Self.zip(pickle: Op.start + pickle)) != nil)
        }
    }

    @Test func refusesArchivesThatContradictThemselves() {
        let zip = Zip.checkpoint(pickle: stateDict([ReadingTests.plain]), storages: [("0", Self.data)])
        var other = zip
        other.method = 8
        #expect(refusal(other.bytes)?.kind == .unsupported)
        other = zip
        other.damagedChecksum = "w/data/0"
        #expect(refusal(other.bytes)?.problem == "damaged: 'w/data/0' in its archive fails its checksum")
        other = zip
        other.entries.append(("w/data/0", []))
        #expect(refusal(other.bytes)?.kind == .damaged)
        other = zip
        other.entries.append(("w/constants.pkl", []))
        #expect(refusal(other.bytes)?.problem.contains("TorchScript") == true)
        let big = Zip.checkpoint(pickle: stateDict([ReadingTests.plain]), storages: [("0", Self.data)], order: "big")
        #expect(refusal(big.bytes)?.problem.contains("big-endian") == true)
        #expect(refusal(Zip(entries: [("readme", [1])]).bytes)?.kind == .unsupported)
    }

    @Test(arguments: [
        (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}"#, 8),  // a hole before
        (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#, 8),  // a hole after
        (
            #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#,
            4
        ),
        (
            #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F16","shape":[3],"data_offsets":[2,8]}}"#,
            8
        ),
        (
            #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}"#,
            8
        ),
        (#"{"a":{"dtype":"F32","dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#, 4),
        (#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}"#, 4),
        (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}"#, 4),
        (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4,8]}}"#, 8),
        (#"{"a":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,0]}}"#, 0),
        (#"{"a":{"dtype":"F32","shape":[99999999999999999999],"data_offsets":[0,4]}}"#, 4),
        (#"{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}"#, 4),
        (#"{"a":{"dtype":"F32","shape":[01],"data_offsets":[0,4]}}"#, 4),
        (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4],"x":1}}"#, 4),
        (#"{"a":{"dtype":"C64","shape":[],"data_offsets":[0,8]}}"#, 8),
        (#"{"a":{"shape":[1],"data_offsets":[0,4]}}"#, 4),
        (#"{"__metadata__":{"a":"b","a":"b"}}"#, 0), (#"{"__metadata__":{"a":1}}"#, 0),
        (#"{"a":1}"#, 0), ("{", 0), ("{}x", 0), ("{,}", 0), (#"{"\ud83d":{}}"#, 0), (#"{"\x":{}}"#, 0),
        ("{\"a\nb\":{}}", 0),
    ])
    func refusesSafetensorsHeadersThatLie(header: String, data: Int) {
        #expect(refusal(safetensorsFile(header, data: [UInt8](repeating: 0, count: data))) != nil)
    }

    @Test func refusesSafetensorsHeadersBeyondTheFileOrTheFormat() {
        #expect(refusal(le(UInt64.max) + Array("{}".utf8))?.kind == .damaged)
        #expect(refusal(le(UInt64(3)) + Array("{}".utf8))?.kind == .damaged)
        #expect(refusal(le(UInt64(100_000_001)) + Array("{}".utf8))?.problem.contains("100000000") == true)
    }

    @Test(arguments: [
        ("", "it is empty"), ("<!DOCTYPE html><html>", "web page"),
        ("version https://git-lfs.github.com/spec/v1\n", "Git LFS"),
        ("\u{89}PNG, perhaps", "neither"), (String(repeating: "\0", count: 257) + "ustar\0", "damaged"),
    ])
    func saysWhatElseAFileIs(content: String, sentence: String) {
        #expect(refusal(Array(content.utf8))?.description.contains(sentence) == true)
    }

    @Test func namesAMissingFile() {
        #expect(throws: CheckpointError.self) { try Checkpoint(contentsOf: "/nonexistent/w.pth") }
        #expect(throws: CheckpointError.self) { try Checkpoint(contentsOf: "/") }
    }
}
