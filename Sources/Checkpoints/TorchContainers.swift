/// The containers of `torch.save`: a tar (until 2017, in TorchTar.swift), a stream of pickles and raw storages (until
/// PyTorch 1.5), and a zip (since).
enum TorchContainers {
    /// The legacy stream: magic number, protocol, machine, mapping, list of keys, then per key a count and its bytes.
    static func legacyStream(_ bytes: [UInt8]) throws(CheckpointError) -> [StoredTensor] {
        var reader = ByteReader(bytes)
        func next() throws(CheckpointError) -> Pickle {
            let (pickle, rest) = try PickleMachine.read(reader)
            reader = rest
            return pickle
        }
        guard case .long(let magic) = try next().root, magic == LegacyMagic.number else {
            throw .damaged("it does not begin with PyTorch's magic number")
        }
        guard case .integer(1001) = try next().root else {
            throw .unsupported(
                "it uses an unknown version of the legacy stream", advice: "save it again with torch.save")
        }
        try checkByteOrder(try next())
        let pickle = try next()
        let keys = try next()
        guard case .list(let list) = keys.root else { throw .damaged("its list of storages is missing") }

        var ranges: [String: Range<Int>] = [:]
        let claims = Dictionary(uniqueKeysWithValues: pickle.storages.map { ($0.key, $0) })
        for item in keys.lists[list] {
            guard case .text(let key) = item, let claim = claims[key], ranges[key] == nil else {
                throw .damaged("its list of storages does not match its tensors")
            }
            guard try reader.length() == claim.count, let size = claim.count.multiplied(by: claim.element.byteCount)
            else { throw .damaged("storage \(key.quoted) has another length than its tensors say") }
            ranges[key] = try reader.skip(size)
        }
        guard reader.remaining == 0 else { throw .damaged("\(reader.remaining) bytes follow its last storage") }
        return try tensors(pickle, bytes) { key throws(CheckpointError) in ranges[key] }
    }

    /// The zip: `NAME/data.pkl`, `NAME/data/KEY` per storage, and `NAME/byteorder` since PyTorch 2.1.
    static func zip(_ bytes: [UInt8]) throws(CheckpointError) -> [StoredTensor] {
        let archive = try TorchZip(bytes)
        let roots = archive.names.filter { $0.hasSuffix("/data.pkl") }.map { $0.dropLast("data.pkl".count) }
        guard roots.count == 1, let root = roots.first else {
            throw .unsupported("it is a zip archive, but not one of torch.save", advice: "give the .pth file itself")
        }
        if archive.contains("\(root)constants.pkl") {
            throw .unsupported(
                "it is a TorchScript program, not a state dict",
                advice: "save torch.jit.load(file).state_dict() with torch.save")
        }
        if archive.contains("\(root)byteorder") {
            switch bytes[try archive.range(of: "\(root)byteorder")] {
            case ArraySlice("little".utf8): break
            case ArraySlice("big".utf8): throw bigEndian
            default: throw .damaged("its byte order is neither little nor big")
            }
        }
        let range = try archive.range(of: "\(root)data.pkl")
        let (pickle, rest) = try PickleMachine.read(ByteReader(bytes, in: range))
        guard rest.remaining == 0 else { throw .damaged("\(rest.remaining) bytes follow its pickle") }
        return try tensors(pickle, bytes) { key throws(CheckpointError) in try archive.range(of: "\(root)data/\(key)") }
    }

    private static func tensors(
        _ pickle: Pickle, _ bytes: [UInt8], locate: (String) throws(CheckpointError) -> Range<Int>?
    ) throws(CheckpointError) -> [StoredTensor] {
        var ranges: [Range<Int>] = []
        for storage in pickle.storages {
            guard let range = try locate(storage.key) else {
                throw .damaged("storage \(storage.key.quoted) is missing")
            }
            guard storage.count.multiplied(by: storage.element.byteCount) == range.count else {
                throw .damaged("storage \(storage.key.quoted) has another length than its tensors say")
            }
            ranges.append(range)
        }
        return try StateDict(pickle: pickle, bytes: bytes, storages: ranges).tensors()
    }

    /// `machine` is the dictionary in which `torch.save` described the computer it ran on.
    static func checkByteOrder(_ machine: Pickle) throws(CheckpointError) {
        guard case .dictionary(let fields) = machine.root else { return }
        for case (.text("little_endian"), .bool(false)) in machine.dictionaries[fields] { throw bigEndian }
    }

    private static let bigEndian = CheckpointError.unsupported(
        "it was written on a big-endian machine", advice: "save it again on a little-endian one")
}

/// How a legacy stream begins: the pickle of 0x1950a86a20f9469cfc6c.
enum LegacyMagic {
    static let number: [UInt8] = [0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19]
    static let prefix: [UInt8] = [0x80, 0x02, 0x8A, 0x0A] + number
}
