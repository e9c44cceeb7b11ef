/// Reads one pickle without running anything: an allow-list of instructions over an allow-list of names.
///
/// Source: the instruction set of Python's `pickletools`, protocol 2, reduced to what `torch.save` of a state
/// dict writes. O(bytes) time and memory, bounded by `Limits` whatever the pickle says.
struct PickleMachine {
    enum Limits {
        static let bytes = 16 << 20
        /// Containers and the values in them. An honest pickle writes at least a byte for each place that a value takes
        /// in a group, a list or a mapping; one that recalls a list over and over to copy it ends at `objectsPerByte`.
        static let objects = 1_000_000
        static let objectsPerByte = 4
        static let nameBytes = 256
        static let rank = 64
    }

    var reader: ByteReader
    var pickle = Pickle()
    private var stack: [PickleValue] = []
    /// Heights of the stack at each open MARK.
    private var marks: [Int] = []
    private var memo: [Int: PickleValue] = [:]
    private var objects = 0
    private let start: Int
    var storageByKey: [String: Int] = [:]
    /// Tensors that the rest of a tar described; nil in the other containers.
    private(set) var tensorByKey: [String: PickleTensor]?

    /// The pickle at the reader's position, and a reader that stands behind it.
    static func read(_ reader: ByteReader) throws(CheckpointError) -> (pickle: Pickle, rest: ByteReader) {
        var machine = PickleMachine(reader: reader)
        try machine.run()
        return (machine.pickle, machine.reader)
    }

    /// A pickle whose persistent ids are keys of `tensors` over `storages`.
    static func read(
        _ reader: ByteReader, tensors: [String: PickleTensor], of storages: [PickleStorage]
    ) throws(CheckpointError) -> (pickle: Pickle, rest: ByteReader) {
        var machine = PickleMachine(reader: reader)
        machine.tensorByKey = tensors
        machine.pickle.storages = storages
        try machine.run()
        return (machine.pickle, machine.reader)
    }

    private init(reader: ByteReader) {
        self.reader = reader
        start = reader.offset
    }

    private mutating func run() throws(CheckpointError) {
        while true {
            guard reader.offset - start <= Limits.bytes else { throw tooLarge("\(Limits.bytes >> 20) MB") }
            let place = reader.offset
            let code = try reader.byte()
            guard let instruction = Instruction(rawValue: code) else { throw refused(code, at: place) }
            if instruction == .stop {
                pickle.root = try pop()
                return
            }
            try execute(instruction)
        }
    }

    private mutating func execute(_ instruction: Instruction) throws(CheckpointError) {
        switch instruction {
        case .proto:
            let version = try reader.byte()
            guard version == 2 else {
                throw .unsupported(
                    "its pickle uses protocol \(version), where PyTorch writes 2",
                    advice: "save it again with torch.save and its default pickle_protocol")
            }
        case .stop: break  // `run` ends there
        case .mark:
            marks.append(stack.count)
            try countObject()
        case .global: push(.global(try global()))
        case .reduce: try reduce()
        case .newObject: try newObject()
        case .build: try build()
        case .persistentID: try push(persistent(pop()))

        case .none: push(.none)
        case .true: push(.bool(true))
        case .false: push(.bool(false))
        case .int32: push(.integer(Int(Int32(truncatingIfNeeded: try reader.littleEndian(4)))))
        case .int8: push(.integer(Int(try reader.byte())))
        case .int16: push(.integer(try reader.unsigned16()))
        case .long: push(try long())
        case .float: push(.float(try float()))
        case .unicode: push(.text(try reader.text(reader.unsigned32())))
        case .shortString: push(.text(try reader.text(Int(reader.byte()))))

        case .emptyDictionary: try push(newDictionary([]))
        case .emptyList:
            try countObject()
            pickle.lists.append([])
            push(.list(pickle.lists.count - 1))
        case .emptySet: push(.set)
        case .emptyTuple: try push(newTuple([]))
        case .tuple1:
            let a = try pop()
            try push(newTuple([a]))
        case .tuple2:
            let b = try pop()
            let a = try pop()
            try push(newTuple([a, b]))
        case .tuple3:
            let c = try pop()
            let b = try pop()
            let a = try pop()
            try push(newTuple([a, b, c]))
        case .tuple:
            let items = try popToMark()
            try push(newTuple(items))

        case .setItem:
            let value = try pop()
            let key = try pop()
            try insert([key, value])
        case .setItems: try insert(popToMark())
        case .append:
            let value = try pop()
            try append([value])
        case .appends: try append(popToMark())

        case .put8: try remember(Int(reader.byte()))
        case .put32: try remember(reader.unsigned32())
        case .get8: try recall(Int(reader.byte()))
        case .get32: try recall(reader.unsigned32())
        }
        if stack.count > Limits.objects { throw tooLarge("\(Limits.objects) values") }
    }
}

// MARK: the stack and the memo

extension PickleMachine {
    mutating func push(_ value: PickleValue) { stack.append(value) }

    mutating func pop() throws(CheckpointError) -> PickleValue {
        guard stack.count > marks.last ?? 0, let value = stack.popLast() else {
            throw .damaged("its pickle takes a value that it never made, before byte \(reader.offset)")
        }
        return value
    }

    func top() throws(CheckpointError) -> PickleValue {
        guard stack.count > marks.last ?? 0, let value = stack.last else {
            throw .damaged("its pickle names a value that it never made, before byte \(reader.offset)")
        }
        return value
    }

    private mutating func popToMark() throws(CheckpointError) -> [PickleValue] {
        guard let height = marks.popLast() else {
            throw .damaged("its pickle closes a group that it never opened, before byte \(reader.offset)")
        }
        let items = Array(stack[height...])
        stack.removeSubrange(height...)
        return items
    }

    private mutating func remember(_ index: Int) throws(CheckpointError) {
        memo[index] = try top()
        try countObject()
    }

    private mutating func recall(_ index: Int) throws(CheckpointError) {
        guard let value = memo[index] else {
            throw .damaged("its pickle recalls value \(index), which it never stored, before byte \(reader.offset)")
        }
        push(value)
    }

    /// Called before memory is taken for a container, with the values that it will hold.
    mutating func countObject(holding values: Int = 0) throws(CheckpointError) {
        objects += 1 + values
        if objects > Limits.objects { throw tooLarge("\(Limits.objects) objects") }
        if objects > Limits.objectsPerByte * (reader.offset - start) + 256 {
            throw tooLarge("\(Limits.objectsPerByte) objects a byte")
        }
    }

    private func tooLarge(_ limit: String) -> CheckpointError {
        .unsupported("its pickle goes beyond \(limit)", advice: "store the tensors as safetensors")
    }

    private func refused(_ code: UInt8, at place: Int) -> CheckpointError {
        .unsafe(
            "the pickle's instruction 0x\(String(code, radix: 16)) at byte \(place) is none that a state dict needs",
            advice: "save model.state_dict() with torch.save, or as safetensors; or the file is damaged: fetch it again"
        )
    }
}

// MARK: values

extension PickleMachine {
    mutating func newTuple(_ items: [PickleValue]) throws(CheckpointError) -> PickleValue {
        try countObject(holding: items.count)
        pickle.tuples.append(items)
        return .tuple(pickle.tuples.count - 1)
    }

    mutating func newDictionary(
        _ entries: [(key: PickleValue, value: PickleValue)]
    ) throws(CheckpointError) -> PickleValue {
        try countObject(holding: 2 * entries.count)
        pickle.dictionaries.append(entries)
        return .dictionary(pickle.dictionaries.count - 1)
    }

    private mutating func long() throws(CheckpointError) -> PickleValue {
        let digits = Array(reader.bytes[try reader.skip(Int(reader.byte()))])
        guard digits.count <= 8 else { return .long(digits) }
        let sign: UInt64 = digits.last.map { $0 & 0x80 != 0 ? .max : 0 } ?? 0
        return .integer(Int(Int64(bitPattern: digits.reversed().reduce(sign) { $0 << 8 | UInt64($1) })))
    }

    private mutating func float() throws(CheckpointError) -> Double {
        Double(bitPattern: try reader.littleEndian(8).byteSwapped)
    }

    private mutating func insert(_ keysAndValues: [PickleValue]) throws(CheckpointError) {
        guard case .dictionary(let index) = try top(), keysAndValues.count.isMultiple(of: 2) else {
            throw .damaged("its pickle sets items of what is no mapping, before byte \(reader.offset)")
        }
        try countObject(holding: keysAndValues.count)
        for i in stride(from: 0, to: keysAndValues.count, by: 2) {
            pickle.dictionaries[index].append((keysAndValues[i], keysAndValues[i + 1]))
        }
    }

    private mutating func append(_ values: [PickleValue]) throws(CheckpointError) {
        guard case .list(let index) = try top() else {
            throw .damaged("its pickle appends to what is no list, before byte \(reader.offset)")
        }
        try countObject(holding: values.count)
        pickle.lists[index] += values
    }
}
