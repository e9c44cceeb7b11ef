/// A pickle whose value is a mapping from names to tensors, with the bytes of its storages: PyTorch's state dict.
struct StateDict {
    let pickle: Pickle
    let bytes: [UInt8]
    /// Where each of `pickle.storages` lies in `bytes`; as long as its claim says.
    let storages: [Range<Int>]

    /// Tied weights count twice; a small file that claims terabytes stops here.
    private static let expansion = 4

    /// The tensors in the mapping's order, copied into C order.
    func tensors() throws(CheckpointError) -> [StoredTensor] {
        guard case .dictionary(let root) = pickle.root else {
            throw .unsupported(
                "it holds a single value, not a mapping from names to tensors", advice: "save model.state_dict()")
        }
        var tensors: [StoredTensor] = []
        var names: Set<String> = []
        var budget = bytes.count.multiplied(by: Self.expansion) ?? .max
        for (key, value) in pickle.dictionaries[root] {
            guard case .text(let name) = key else {
                throw .unsupported("one of its keys is not a name", advice: "save model.state_dict()")
            }
            guard case .tensor(let index) = value else { throw notATensor(name, value) }
            guard names.insert(name).inserted else { throw .damaged("it holds \(name.quoted) twice") }
            let tensor = try View(pickle.tensors[index], named: name, in: self)
            guard tensor.byteCount <= budget else {
                throw .unsupported(
                    "its tensors share storage until they exceed \(Self.expansion) times the file",
                    advice: "store the tensors as safetensors")
            }
            budget -= tensor.byteCount
            tensors.append(tensor.copy(from: bytes))
        }
        return tensors
    }

    private func notATensor(_ name: String, _ value: PickleValue) -> CheckpointError {
        if case .dictionary = value {
            return .unsupported(
                "its entry \(name.quoted) is a mapping of its own, not a tensor",
                advice: "save that entry alone: torch.save(checkpoint[\(name.quoted)], file)")
        }
        return .unsupported("its entry \(name.quoted) is not a tensor", advice: "save model.state_dict()")
    }
}

/// A strided tensor whose every element is known to lie inside its storage.
private struct View {
    let name: String
    let element: StoredTensor.Element
    let shape: [Int]
    let strides: [Int]
    let count: Int
    /// Of the first element, in the file.
    let start: Int

    var byteCount: Int { count * element.byteCount }

    init(_ tensor: PickleTensor, named name: String, in state: StateDict) throws(CheckpointError) {
        let storage = state.pickle.storages[tensor.storage]
        let outside = CheckpointError.damaged("tensor \(name.quoted) reaches outside its storage")
        guard tensor.shape.count == tensor.strides.count, tensor.offset >= 0, tensor.strides.allSatisfy({ $0 >= 0 }),
            let count = tensor.shape.checkedProduct, count.multiplied(by: storage.element.byteCount) != nil
        else { throw outside }
        // A view that repeats elements (expanded, stride 0) would grow beyond its storage.
        guard count <= storage.count, tensor.offset <= storage.count else { throw outside }
        if count > 0 {
            var last = tensor.offset
            for (size, stride) in zip(tensor.shape, tensor.strides) {
                guard let reach = (size - 1).multiplied(by: stride), let next = last.adding(reach) else {
                    throw outside
                }
                last = next
            }
            guard last < storage.count else { throw outside }
        }
        self.name = name
        self.count = count
        element = storage.element
        shape = tensor.shape
        // Along a dimension of one element nobody steps, whatever the stride says.
        strides = zip(tensor.shape, tensor.strides).map { $0 == 1 ? 0 : $1 }
        start = state.storages[tensor.storage].lowerBound + tensor.offset * storage.element.byteCount
    }

    private var isContiguous: Bool {
        var expected = 1
        for (size, stride) in zip(shape, strides).reversed() where size != 1 {
            if stride != expected { return false }
            expected *= size
        }
        return true
    }

    /// O(count); one block copy where the elements already are in C order.
    func copy(from bytes: [UInt8]) -> StoredTensor {
        let copy: [UInt8]
        if count == 0 || isContiguous {
            copy = Array(bytes[start..<start + (count == 0 ? 0 : byteCount)])
        } else {
            copy = bytes.withUnsafeBytes { source in
                [UInt8](unsafeUninitializedCapacity: byteCount) { target, initialized in
                    let target = UnsafeMutableRawBufferPointer(target)
                    switch element.byteCount {
                    case 2: gather(UInt16.self, from: source, to: target)
                    case 4: gather(UInt32.self, from: source, to: target)
                    default: gather(UInt64.self, from: source, to: target)
                    }
                    initialized = byteCount
                }
            }
        }
        return StoredTensor(name: name, shape: shape, element: element, bytes: copy)
    }

    /// Counts through all but the innermost dimension like an odometer. `shape` is not empty and holds no 0.
    private func gather<Bits: FixedWidthInteger & BitwiseCopyable>(
        _: Bits.Type, from source: UnsafeRawBufferPointer, to target: UnsafeMutableRawBufferPointer
    ) {
        let width = MemoryLayout<Bits>.size
        let inner = shape[shape.count - 1]
        let step = strides[strides.count - 1] * width
        var position = [Int](repeating: 0, count: shape.count - 1)
        var from = start
        var to = 0
        while true {
            var element = from
            for _ in 0..<inner {
                target.storeBytes(
                    of: source.loadUnaligned(fromByteOffset: element, as: Bits.self), toByteOffset: to, as: Bits.self)
                element += step
                to += width
            }
            var dimension = position.count - 1
            while dimension >= 0 {
                position[dimension] += 1
                from += strides[dimension] * width
                if position[dimension] < shape[dimension] { break }
                from -= strides[dimension] * shape[dimension] * width
                position[dimension] = 0
                dimension -= 1
            }
            if dimension < 0 { return }
        }
    }
}
