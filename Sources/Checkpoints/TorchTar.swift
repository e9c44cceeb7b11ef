/// The oldest container of `torch.save`, until 2017: a tar of `sys_info`, `storages`, `tensors` and `pickle`.
///
/// Objects know each other by the addresses they had in the writing process. `storages`: a count; for each a pickle
/// (key, location, type), an int64 count and the raw elements; then a pickle of views (target, root, offset, count).
/// `tensors`: a count; for each a pickle (key, storage, type), then int32 rank, 4 unused bytes, int64 sizes, strides and
/// offset. `pickle`: the state dict, in which a persistent id is a tensor's key as text.
extension TorchContainers {
    static func tar(_ bytes: [UInt8]) throws(CheckpointError) -> [StoredTensor] {
        let archive = try TarArchive(bytes)
        func member(_ name: String) throws(CheckpointError) -> ByteReader {
            guard let range = archive.members[name] else {
                throw .unsupported(
                    "it is a tar archive, but not one of torch.save: it lacks \(name.quoted)",
                    advice: "give the .pth file itself")
            }
            return ByteReader(bytes, in: range)
        }
        if archive.members["sys_info"] != nil {
            let (machine, _) = try PickleMachine.read(try member("sys_info"))
            try checkByteOrder(machine)
        }
        var objects = try TarObjects(storages: try member("storages"))
        try objects.readTensors(try member("tensors"))
        let (pickle, rest) = try PickleMachine.read(
            try member("pickle"), tensors: objects.tensors, of: objects.storages)
        guard rest.remaining == 0 else { throw .damaged("\(rest.remaining) bytes follow its pickle") }
        return try StateDict(pickle: pickle, bytes: bytes, storages: objects.ranges).tensors()
    }
}

/// What the first two members of the archive describe, by key.
private struct TarObjects {
    private(set) var storages: [PickleStorage] = []
    /// Where each storage's elements lie in the file.
    private(set) var ranges: [Range<Int>] = []
    private(set) var tensors: [String: PickleTensor] = [:]
    private var storageByKey: [String: Int] = [:]

    init(storages reader: ByteReader) throws(CheckpointError) {
        var reader = reader
        for _ in 0..<(try Self.count(&reader)) {
            let (key, kind) = try Self.description(&reader)
            guard let element = kind.element else { throw Self.malformed("a storage") }
            let count = try reader.length()
            guard let size = count.multiplied(by: element.byteCount) else { throw Self.malformed("a storage") }
            try add(PickleStorage(key: key, element: element, count: count), try reader.skip(size))
        }
        let views = try Self.next(&reader)
        guard case .list(let list) = views.root else { throw Self.malformed("its views of storages") }
        for view in views.lists[list] {
            guard case .tuple(let index) = view, views.tuples[index].count == 4,
                let target = Self.key(views.tuples[index][0]), let root = Self.key(views.tuples[index][1]),
                case .integer(let offset) = views.tuples[index][2], case .integer(let count) = views.tuples[index][3],
                let whole = storageByKey[root]
            else { throw Self.malformed("a view of a storage") }
            let storage = storages[whole]
            guard offset >= 0, count >= 0, let end = offset.adding(count), end <= storage.count else {
                throw .damaged("a view reaches outside storage \(root.quoted)")
            }
            let first = ranges[whole].lowerBound + offset * storage.element.byteCount
            try add(
                PickleStorage(key: target, element: storage.element, count: count),
                first..<first + count * storage.element.byteCount)
        }
        guard reader.remaining == 0 else { throw .damaged("\(reader.remaining) bytes follow its last storage") }
    }

    mutating func readTensors(_ reader: ByteReader) throws(CheckpointError) {
        var reader = reader
        for _ in 0..<(try Self.count(&reader)) {
            let pickle = try Self.next(&reader)
            guard case .tuple(let index) = pickle.root, pickle.tuples[index].count == 3,
                let key = Self.key(pickle.tuples[index][0]), let storageKey = Self.key(pickle.tuples[index][1]),
                case .global(let kind) = pickle.tuples[index][2], let storage = storageByKey[storageKey],
                kind.tensorElement == storages[storage].element
            else { throw Self.malformed("a tensor") }
            let rank = try reader.unsigned32()
            _ = try reader.skip(4)
            guard rank <= PickleMachine.Limits.rank else { throw Self.malformed("a tensor of \(rank) dimensions") }
            var numbers: [Int] = []
            for _ in 0..<2 * rank + 1 { numbers.append(Int(Int64(bitPattern: try reader.littleEndian(8)))) }
            let tensor = PickleTensor(
                storage: storage, offset: numbers[2 * rank], shape: Array(numbers[..<rank]),
                strides: Array(numbers[rank..<2 * rank]))
            guard tensors.updateValue(tensor, forKey: key) == nil else {
                throw .damaged("it describes tensor \(key.quoted) twice")
            }
        }
        guard reader.remaining == 0 else { throw .damaged("\(reader.remaining) bytes follow its last tensor") }
    }

    private mutating func add(_ storage: PickleStorage, _ range: Range<Int>) throws(CheckpointError) {
        guard storageByKey.updateValue(storages.count, forKey: storage.key) == nil else {
            throw .damaged("it describes storage \(storage.key.quoted) twice")
        }
        storages.append(storage)
        ranges.append(range)
    }

    private static func next(_ reader: inout ByteReader) throws(CheckpointError) -> Pickle {
        let (pickle, rest) = try PickleMachine.read(reader)
        reader = rest
        return pickle
    }

    /// How many objects follow; each takes bytes, so a hostile count runs into the member's end.
    private static func count(_ reader: inout ByteReader) throws(CheckpointError) -> Int {
        guard case .integer(let count) = try next(&reader).root, (0...PickleMachine.Limits.objects).contains(count)
        else {
            throw malformed("the number of its objects")
        }
        return count
    }

    /// (key, location, type) of a storage.
    private static func description(
        _ reader: inout ByteReader
    ) throws(CheckpointError) -> (key: String, kind: PickleGlobal) {
        let pickle = try next(&reader)
        guard case .tuple(let index) = pickle.root, pickle.tuples[index].count == 3,
            let key = key(pickle.tuples[index][0]), case .global(let kind) = pickle.tuples[index][2]
        else { throw malformed("a storage") }
        return (key, kind)
    }

    /// An address, written as a number or as its text.
    private static func key(_ value: PickleValue) -> String? {
        switch value {
        case .integer(let number): String(number)
        case .text(let text): text
        default: nil
        }
    }

    private static func malformed(_ what: String) -> CheckpointError {
        .damaged("its archive describes \(what) in a way that PyTorch did not")
    }
}
