/// What a checkpoint's pickle can say: data, and references into the arena of its `Pickle`.
///
/// Containers are indices, not nested values, so that a pickle nested a million deep, or one that contains
/// itself, costs no recursion and leaks nothing.
enum PickleValue {
    case none
    case bool(Bool)
    case integer(Int)
    /// A whole number beyond 64 bits: its little-endian two's complement.
    case long([UInt8])
    case float(Double)
    case text(String)
    case global(PickleGlobal)
    case set
    case tuple(Int)
    case list(Int)
    case dictionary(Int)
    case storage(Int)
    case tensor(Int)
}

/// The only names that a pickle may mention. None of them is ever called: each stands for a value built here.
enum PickleGlobal: String, CaseIterable {
    case orderedDictionary = "collections.OrderedDict"
    case rebuildTensor = "torch._utils._rebuild_tensor"
    case rebuildTensorV2 = "torch._utils._rebuild_tensor_v2"
    case rebuildParameter = "torch._utils._rebuild_parameter"
    case floatStorage = "torch.FloatStorage"
    case halfStorage = "torch.HalfStorage"
    case bfloat16Storage = "torch.BFloat16Storage"
    case doubleStorage = "torch.DoubleStorage"
    case longStorage = "torch.LongStorage"
    // Classes of whole tensors, which only the tar container names.
    case floatTensor = "torch.FloatTensor"
    case halfTensor = "torch.HalfTensor"
    case doubleTensor = "torch.DoubleTensor"
    case longTensor = "torch.LongTensor"

    var element: StoredTensor.Element? {
        switch self {
        case .floatStorage: .float32
        case .halfStorage: .float16
        case .bfloat16Storage: .bfloat16
        case .doubleStorage: .float64
        case .longStorage: .int64
        case .orderedDictionary, .rebuildTensor, .rebuildTensorV2, .rebuildParameter, .floatTensor, .halfTensor,
            .doubleTensor, .longTensor:
            nil
        }
    }

    /// Of a class of tensors.
    var tensorElement: StoredTensor.Element? {
        switch self {
        case .floatTensor: .float32
        case .halfTensor: .float16
        case .doubleTensor: .float64
        case .longTensor: .int64
        default: nil
        }
    }
}

/// A storage that a pickle refers to; its bytes lie elsewhere in the container.
struct PickleStorage: Equatable {
    var key: String
    var element: StoredTensor.Element
    /// Elements, as the pickle claims.
    var count: Int
}

/// A tensor as a pickle describes it: a strided view of a storage, in elements. Nothing is checked yet.
struct PickleTensor {
    var storage: Int
    var offset: Int
    var shape: [Int]
    var strides: [Int]
}

/// One pickle, read: its value and the arena that the value points into.
struct Pickle {
    var root: PickleValue = .none
    var tuples: [[PickleValue]] = []
    var lists: [[PickleValue]] = []
    /// In order of insertion; a key set twice stands twice.
    var dictionaries: [[(key: PickleValue, value: PickleValue)]] = []
    var storages: [PickleStorage] = []
    var tensors: [PickleTensor] = []
}
