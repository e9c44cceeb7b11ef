// What a pickle may name, and what stands in for the calls that it asks for.

extension PickleMachine {
    mutating func global() throws(CheckpointError) -> PickleGlobal {
        let module = try reader.line(limit: Limits.nameBytes)
        let name = module + "." + (try reader.line(limit: Limits.nameBytes))
        if let global = PickleGlobal(rawValue: name) { return global }
        if module == "torch", name.hasSuffix("Storage") {
            throw .unsupported(
                "it holds a \(name.quoted), whose elements no network here reads",
                advice: "convert that tensor to float32 or int64 and save again")
        }
        throw .unsafe(
            "the pickle names \(name.quoted), which is not a tensor",
            advice: module.hasPrefix("torch")
                ? "save model.state_dict() with torch.save, or as safetensors, instead of the whole object"
                : "take the weights from a source you trust, as safetensors")
    }

    /// Stands in for the call that a pickle asks for: three ways to describe a tensor, and an ordered mapping.
    mutating func reduce() throws(CheckpointError) {
        let arguments = try items(of: pop())
        guard case .global(let global) = try pop() else {
            throw .damaged("its pickle calls what is no name, before byte \(reader.offset)")
        }
        switch global {
        case .orderedDictionary: try push(orderedDictionary(arguments))
        case .rebuildTensor: try push(tensor(arguments, counts: 4...4))
        case .rebuildTensorV2: try push(tensor(arguments, counts: 6...7))
        case .rebuildParameter:
            guard arguments.count == 3, case .tensor = arguments[0] else { throw malformed("a parameter") }
            push(arguments[0])
        case .floatStorage, .halfStorage, .bfloat16Storage, .doubleStorage, .longStorage:
            throw malformed("a storage")
        case .floatTensor, .halfTensor, .doubleTensor, .longTensor: throw malformed("a tensor")
        }
    }

    mutating func newObject() throws(CheckpointError) {
        let arguments = try items(of: pop())
        guard case .global(.orderedDictionary) = try pop() else { throw malformed("a new object") }
        try push(orderedDictionary(arguments))
    }

    /// A state given to a mapping is dropped: for a state dict that is `_metadata`, versions of its layers.
    mutating func build() throws(CheckpointError) {
        _ = try pop()
        guard case .dictionary = try top() else { throw malformed("the state of an object") }
    }

    /// Without arguments, or with one list of pairs, as Python 2 wrote it.
    mutating func orderedDictionary(_ arguments: [PickleValue]) throws(CheckpointError) -> PickleValue {
        guard let first = arguments.first else { return try newDictionary([]) }
        guard arguments.count == 1, case .list(let list) = first else { throw malformed("an ordered mapping") }
        var entries: [(key: PickleValue, value: PickleValue)] = []
        for item in pickle.lists[list] {
            let pair = try items(of: item)
            guard pair.count == 2 else { throw malformed("an ordered mapping") }
            entries.append((pair[0], pair[1]))
        }
        return try newDictionary(entries)
    }

    /// (storage, offset, size, stride[, requires_grad, hooks[, metadata]])
    mutating func tensor(
        _ arguments: [PickleValue], counts: ClosedRange<Int>
    ) throws(CheckpointError) -> PickleValue {
        guard counts.contains(arguments.count), case .storage(let storage) = arguments[0],
            case .integer(let offset) = arguments[1]
        else { throw malformed("a tensor") }
        let (shape, strides) = (try integers(of: arguments[2]), try integers(of: arguments[3]))
        try countObject(holding: shape.count + strides.count)
        pickle.tensors.append(PickleTensor(storage: storage, offset: offset, shape: shape, strides: strides))
        return .tensor(pickle.tensors.count - 1)
    }

    /// ('storage', class, key, location, count) in a zip; a legacy stream adds a view, which must be None.
    ///
    /// In a tar it is the key of a tensor that another member described.
    mutating func persistent(_ value: PickleValue) throws(CheckpointError) -> PickleValue {
        if let tensorByKey {
            guard case .text(let key) = value, let tensor = tensorByKey[key] else { throw malformed("a tensor") }
            try countObject()
            pickle.tensors.append(tensor)
            return .tensor(pickle.tensors.count - 1)
        }
        let parts = try items(of: value)
        guard (5...6).contains(parts.count), case .text("storage") = parts[0], case .global(let kind) = parts[1],
            let element = kind.element, case .text(let key) = parts[2], case .integer(let count) = parts[4], count >= 0
        else { throw malformed("a storage") }
        if parts.count == 6 {
            guard case .none = parts[5] else {
                throw .unsupported(
                    "its storage \(key.quoted) is a view, as very old PyTorch wrote it",
                    advice: "load and save it again with a current PyTorch")
            }
        }
        let storage = PickleStorage(key: key, element: element, count: count)
        if let index = storageByKey[key] {
            guard pickle.storages[index] == storage else {
                throw .damaged("it describes storage \(key.quoted) in two ways")
            }
            return .storage(index)
        }
        try countObject()
        pickle.storages.append(storage)
        storageByKey[key] = pickle.storages.count - 1
        return .storage(pickle.storages.count - 1)
    }

    func items(of value: PickleValue) throws(CheckpointError) -> [PickleValue] {
        switch value {
        case .tuple(let index): return pickle.tuples[index]
        case .list(let index): return pickle.lists[index]
        default: throw .damaged("its pickle needs a group of values before byte \(reader.offset)")
        }
    }

    func integers(of value: PickleValue) throws(CheckpointError) -> [Int] {
        let values = try items(of: value)
        guard values.count <= Limits.rank else { throw malformed("a tensor of \(values.count) dimensions") }
        var integers: [Int] = []
        for value in values {
            guard case .integer(let integer) = value else { throw malformed("a tensor") }
            integers.append(integer)
        }
        return integers
    }

    func malformed(_ what: String) -> CheckpointError {
        .unsafe(
            "the pickle describes \(what) before byte \(reader.offset) in a way that PyTorch's state dicts do not",
            advice: "save model.state_dict() with torch.save, or as safetensors")
    }
}
