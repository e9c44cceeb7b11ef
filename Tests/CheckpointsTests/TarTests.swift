import Checkpoints
import Testing

/// A tar archive as Python's `tarfile` writes it.
struct Tar {
    var members: [(name: String, bytes: [UInt8])]
    /// The type of every header; "0" is a plain file.
    var kind: Character = "0"
    /// Records of an extended header before the first member.
    var records: [String] = []

    var bytes: [UInt8] {
        var file: [UInt8] = []
        if !records.isEmpty {
            let body = records.flatMap { record -> [UInt8] in
                // The length counts its own digits.
                let rest = " \(record)\n".utf8.count
                let length = (1...4).map { $0 + rest }.first { String($0).count + rest == $0 } ?? 0
                return Array("\(length) \(record)\n".utf8)
            }
            file += Self.member("././@PaxHeader", body, "x")
        }
        for (name, bytes) in members { file += Self.member(name, bytes, kind) }
        return file + [UInt8](repeating: 0, count: 1024)
    }

    private static func member(_ name: String, _ bytes: [UInt8], _ kind: Character) -> [UInt8] {
        func octal(_ value: Int, _ width: Int) -> [UInt8] {
            let digits = String(value, radix: 8)
            return Array((String(repeating: "0", count: width - 1 - digits.count) + digits).utf8) + [0]
        }
        var header = [UInt8](name.utf8) + [UInt8](repeating: 0, count: 100 - name.utf8.count)
        header += octal(0o600, 8) + octal(0, 8) + octal(0, 8) + octal(bytes.count, 12) + octal(1_480_000_000, 12)
        header += [UInt8](repeating: 0x20, count: 8) + String(kind).utf8
        header += [UInt8](repeating: 0, count: 100) + "ustar\u{0}00".utf8
        header += [UInt8](repeating: 0, count: 512 - header.count)
        let sum = header.reduce(0) { $0 + Int($1) }
        header.replaceSubrange(148..<156, with: octal(sum, 7) + [0x20])
        return header + bytes + [UInt8](repeating: 0, count: (512 - bytes.count % 512) % 512)
    }
}

/// The oldest container: storages and tensors know each other by number.
struct TarCheckpoint {
    var storages: [(key: Int64, kind: String, count: Int64, bytes: [UInt8])]
    var views: [[Int64]] = []
    var tensors: [(key: Int64, storage: Int64, kind: String, offset: Int64, shape: [Int64], strides: [Int64])]
    /// Names and the tensors' keys.
    var entries: [(name: String, key: String)]
    var littleEndian = true

    var tar: Tar {
        func pickled(_ value: [UInt8]) -> [UInt8] { Op.start + value + Op.stop }
        let machine =
            Op.emptyDictionary + Op.text("little_endian") + (littleEndian ? [0x88] : Op.no) + Op.setItem
        var store = pickled(Op.integer(Int32(storages.count)))
        for storage in storages {
            store += pickled(Op.group([Op.long(storage.key), Op.text("cpu"), Op.global("torch", storage.kind)]))
            store += le(storage.count) + storage.bytes
        }
        store += pickled(Op.emptyList + Op.mark + views.flatMap { Op.group($0.map(Op.long)) } + Op.appends)
        var described = pickled(Op.integer(Int32(tensors.count)))
        for tensor in tensors {
            described += pickled(
                Op.group([Op.long(tensor.key), Op.long(tensor.storage), Op.global("torch", tensor.kind)]))
            described += le(Int32(tensor.shape.count)) + [0, 0, 0, 0]
            described += (tensor.shape + tensor.strides + [tensor.offset]).flatMap { le($0) }
        }
        let items = entries.flatMap { Op.text($0.name) + Op.text($0.key) + Op.persistent }
        return Tar(members: [
            ("sys_info", pickled(machine)), ("pickle", pickled(Op.orderedDictionary + Op.mark + items + Op.setItems)),
            ("tensors", described), ("storages", store),
        ])
    }
}

@Suite struct TarTests {
    static let checkpoint = TarCheckpoint(
        storages: [
            (key: 94_000_000_000_016, kind: "FloatStorage", count: 6, bytes: bytes(ReadingTests.numbers)),
            (key: 32, kind: "HalfStorage", count: 4, bytes: [1, 2, 3, 4, 5, 6, 7, 8]),
        ],
        tensors: [
            (key: 7, storage: 94_000_000_000_016, kind: "FloatTensor", offset: 0, shape: [3, 2], strides: [1, 3]),
            (key: 8, storage: 32, kind: "HalfTensor", offset: 1, shape: [3], strides: [1]),
        ],
        entries: [("a", "7"), ("b", "8")])

    private func refused(_ change: (inout TarCheckpoint) -> Void) -> CheckpointError? {
        var checkpoint = Self.checkpoint
        change(&checkpoint)
        return refusal(checkpoint.tar.bytes)
    }

    @Test func readsATar() throws {
        let read = try Checkpoint(decoding: Self.checkpoint.tar.bytes, name: "w.pth")
        #expect(
            read.tensors == [
                StoredTensor(name: "a", shape: [3, 2], floats: [0, 3, 1, 4, 2, 5]),
                StoredTensor(name: "b", shape: [3], element: .float16, bytes: [3, 4, 5, 6, 7, 8]),
            ])
        var tar = Self.checkpoint.tar
        tar.records = ["mtime=1480000000.5", "uname=somebody"]
        #expect(try Checkpoint(decoding: tar.bytes, name: "w.pth") == read)
    }

    @Test func readsViewsOfStorages() throws {
        var checkpoint = Self.checkpoint
        checkpoint.views = [[99, 94_000_000_000_016, 2, 3]]
        checkpoint.tensors[1] = (key: 8, storage: 99, kind: "FloatTensor", offset: 1, shape: [2], strides: [1])
        #expect(try Checkpoint(decoding: checkpoint.tar.bytes, name: "w.pth")["b"]?.floats() == [3, 4])
        for view: [Int64] in [
            [99, 94_000_000_000_016, 4, 3], [99, 94_000_000_000_016, -1, 3], [99, 5, 0, 1], [32, 32, 0, 1],
            [99, 32, .max, .max],
        ] {
            checkpoint.views = [view]
            #expect(refusal(checkpoint.tar.bytes)?.kind == .damaged)
        }
    }

    @Test func refusesTensorsThatReachOutsideTheirStorage() {
        for (offset, shape, strides): (Int64, [Int64], [Int64]) in [
            (1, [6], [1]), (-1, [1], [1]), (0, [-1], [1]), (0, [2], [-1]), (0, [.max, .max], [0, 0]), (.max, [1], [1]),
            (0, [7], [0]),
        ] {
            #expect(
                refused {
                    ($0.tensors[0].offset, $0.tensors[0].shape, $0.tensors[0].strides) = (offset, shape, strides)
                }?.kind == .damaged)
        }
        #expect(refused { $0.tensors[0].storage = 5 }?.kind == .damaged)
        #expect(refused { $0.tensors[0].kind = "DoubleTensor" }?.kind == .damaged)
        #expect(refused { $0.tensors[1].key = 7 }?.kind == .damaged)
    }

    @Test func refusesCountsBeyondTheFile() {
        #expect(refused { $0.storages[0].count = .max }?.kind == .damaged)
        #expect(refused { $0.storages[0].count = -1 }?.kind == .damaged)
        // One element more, and what follows is read from the middle of it.
        #expect(refused { $0.storages[0].count = 7 } != nil)
        #expect(refused { $0.storages[1].key = $0.storages[0].key }?.kind == .damaged)
    }

    @Test func refusesUnknownNamesAndOtherMachines() {
        #expect(refused { $0.storages[0].kind = "load" }?.kind == .unsafe)
        #expect(refused { $0.tensors[0].kind = "FloatStorage" }?.kind == .damaged)
        #expect(refused { $0.entries[0].key = "9" }?.kind == .unsafe)
        #expect(refused { $0.littleEndian = false }?.description.contains("big-endian") == true)
        let call = Op.start + Op.global("os", "system") + Op.group([Op.text("true")]) + Op.reduce + Op.stop
        for member in 0..<4 {
            var tar = Self.checkpoint.tar
            tar.members[member].bytes = call
            #expect(refusal(tar.bytes)?.kind == .unsafe)
        }
    }

    @Test func refusesOtherArchives() {
        var tar = Self.checkpoint.tar
        for missing in 1..<4 {
            tar.members = Self.checkpoint.tar.members
            tar.members.remove(at: missing)
            #expect(refusal(tar.bytes)?.description.contains("not one of torch.save") == true)
        }
        tar.members = Self.checkpoint.tar.members + [Self.checkpoint.tar.members[1]]
        #expect(refusal(tar.bytes)?.description.contains("'pickle' twice") == true)
        tar = Self.checkpoint.tar
        tar.kind = "2"
        #expect(refusal(tar.bytes)?.description.contains("no plain file") == true)
        tar.kind = "0"
        tar.records = ["size=1"]
        #expect(refusal(tar.bytes)?.description.contains("'size'") == true)
        tar.records = []
        var file = tar.bytes
        file[10] ^= 1
        #expect(refusal(file)?.description.contains("checksum") == true)
        file = tar.bytes
        file[file.count - 1] = 1
        #expect(refusal(file)?.description.contains("no proper end") == true)
    }
}
