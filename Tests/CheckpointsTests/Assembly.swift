// Checkpoints put together byte by byte, so that the tests know every byte of what is read.

func le<T: FixedWidthInteger>(_ value: T) -> [UInt8] { withUnsafeBytes(of: value.littleEndian) { Array($0) } }

/// The instructions of pickle protocol 2.
enum Op {
    static let start: [UInt8] = [0x80, 2]
    static let stop: [UInt8] = [0x2E]
    static let mark: [UInt8] = [0x28]
    static let tuple: [UInt8] = [0x74]
    static let emptyTuple: [UInt8] = [0x29]
    static let reduce: [UInt8] = [0x52]
    static let persistent: [UInt8] = [0x51]
    static let none: [UInt8] = [0x4E]
    static let no: [UInt8] = [0x89]
    static let emptyDictionary: [UInt8] = [0x7D]
    static let emptyList: [UInt8] = [0x5D]
    static let setItems: [UInt8] = [0x75]
    static let setItem: [UInt8] = [0x73]
    static let appends: [UInt8] = [0x65]
    static let build: [UInt8] = [0x62]

    static func global(_ module: String, _ name: String) -> [UInt8] { [0x63] + "\(module)\n\(name)\n".utf8 }
    static func text(_ text: String) -> [UInt8] { [0x58] + le(UInt32(text.utf8.count)) + text.utf8 }
    static func integer(_ value: Int32) -> [UInt8] { [0x4A] + le(value) }
    static func long(_ value: Int64) -> [UInt8] { [0x8A, 8] + le(value) }
    static func group(_ items: [[UInt8]]) -> [UInt8] { mark + items.joined() + tuple }
    static func put(_ index: UInt32) -> [UInt8] { [0x72] + le(index) }
    static func get(_ index: UInt32) -> [UInt8] { [0x6A] + le(index) }

    static let orderedDictionary = global("collections", "OrderedDict") + emptyTuple + reduce
}

/// A strided view of a storage, as a state dict's pickle writes it.
struct Piece {
    var name: String
    var key: String
    var storage = "FloatStorage"
    var count: Int64
    var offset: Int64 = 0
    var shape: [Int64]
    var strides: [Int64]

    func pickled(legacy: Bool) -> [UInt8] {
        let storage = Op.group(
            [Op.text("storage"), Op.global("torch", storage), Op.text(key), Op.text("cpu"), Op.long(count)]
                + (legacy ? [Op.none] : []))
        let arguments = Op.group([
            storage + Op.persistent, Op.long(offset), Op.group(shape.map(Op.long)), Op.group(strides.map(Op.long)),
            Op.no, Op.orderedDictionary,
        ])
        return Op.text(name) + Op.global("torch._utils", "_rebuild_tensor_v2") + arguments + Op.reduce
    }
}

func stateDict(_ pieces: [Piece], legacy: Bool = false) -> [UInt8] {
    let metadata = Op.emptyDictionary + Op.text("_metadata") + Op.orderedDictionary + Op.setItem + Op.build
    return Op.start + Op.orderedDictionary + Op.mark + pieces.flatMap { $0.pickled(legacy: legacy) } + Op.setItems
        + metadata + Op.stop
}

func legacyStream(pickle: [UInt8], storages: [(key: String, count: Int64, bytes: [UInt8])]) -> [UInt8] {
    let magic: [UInt8] = [0x80, 2, 0x8A, 10, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19, 0x2E]
    let machine = Op.start + Op.emptyDictionary + Op.text("little_endian") + [0x88] + Op.setItem + Op.stop
    let keys = Op.start + Op.emptyList + Op.mark + storages.flatMap { Op.text($0.key) } + Op.appends + Op.stop
    return magic + Op.start + [0x4D, 0xE9, 0x03] + Op.stop + machine + pickle + keys
        + storages.flatMap { le($0.count) + $0.bytes }
}

/// A stored zip, the way of `torch.save`: names below one folder.
struct Zip {
    var entries: [(name: String, bytes: [UInt8])]
    var method: UInt16 = 0
    var damagedChecksum: String?
    var comment: [UInt8] = []
    var zip64 = false

    static func checkpoint(pickle: [UInt8], storages: [(key: String, bytes: [UInt8])], order: String? = "little") -> Zip
    {
        Zip(
            entries: [("w/data.pkl", pickle)] + (order.map { [("w/byteorder", Array($0.utf8))] } ?? [])
                + storages.map { ("w/data/\($0.key)", $0.bytes) })
    }

    var bytes: [UInt8] {
        var file: [UInt8] = []
        var directory: [UInt8] = []
        for (name, bytes) in entries {
            let crc = bitwiseChecksum(bytes) ^ (name == damagedChecksum ? 1 : 0)
            let start = file.count
            let sizes = le(UInt32(bytes.count)) + le(UInt32(bytes.count))
            let common = [0, 0, 0, 0] + le(method) + [0, 0, 0, 0] + le(crc)
            let padding = [UInt8](repeating: 0x5A, count: 5)
            file += "PK\u{3}\u{4}".utf8 + common + sizes + le(UInt16(name.utf8.count)) + le(UInt16(padding.count))
            file += name.utf8 + padding + bytes
            let extra =
                zip64
                ? le(UInt16(1)) + le(UInt16(24)) + le(UInt64(bytes.count)) + le(UInt64(bytes.count)) + le(UInt64(start))
                : []
            directory += "PK\u{1}\u{2}".utf8 + [0, 0] + common
            directory += zip64 ? [UInt8](repeating: 0xFF, count: 8) : sizes
            directory += le(UInt16(name.utf8.count)) + le(UInt16(extra.count)) + [UInt8](repeating: 0, count: 10)
            directory += (zip64 ? [0xFF, 0xFF, 0xFF, 0xFF] : le(UInt32(start))) + name.utf8 + extra
        }
        let start = file.count
        let count = entries.count
        file += directory
        if zip64 {
            let record = file.count
            file += "PK\u{6}\u{6}".utf8 + le(UInt64(44)) + [UInt8](repeating: 0, count: 12)
            file += le(UInt64(count)) + le(UInt64(count)) + le(UInt64(directory.count)) + le(UInt64(start))
            file += "PK\u{6}\u{7}".utf8 + [0, 0, 0, 0] + le(UInt64(record)) + [1, 0, 0, 0]
            file += "PK\u{5}\u{6}".utf8 + [0, 0, 0, 0] + [UInt8](repeating: 0xFF, count: 12)
        } else {
            file += "PK\u{5}\u{6}".utf8 + [0, 0, 0, 0] + le(UInt16(count)) + le(UInt16(count))
            file += le(UInt32(directory.count)) + le(UInt32(start))
        }
        return file + le(UInt16(comment.count)) + comment
    }
}

/// CRC-32 a bit at a time.
func bitwiseChecksum(_ bytes: [UInt8]) -> UInt32 {
    var crc: UInt32 = .max
    for byte in bytes {
        crc ^= UInt32(byte)
        for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ 0xEDB8_8320 : crc >> 1 }
    }
    return ~crc
}

func safetensorsFile(_ header: String, data: [UInt8] = []) -> [UInt8] {
    le(UInt64(header.utf8.count)) + header.utf8 + data
}

func bytes(_ floats: [Float]) -> [UInt8] { floats.flatMap { le($0.bitPattern) } }
