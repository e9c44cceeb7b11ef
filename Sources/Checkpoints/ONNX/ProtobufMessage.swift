/// A message in Protocol Buffers' wire format, as far as ONNX files need it: fields are written in the order of the calls.
///
/// Source: protobuf.dev/programming-guides/encoding.
struct ProtobufMessage {
    private(set) var bytes: [UInt8] = []

    private enum WireType: Int {
        case varint = 0
        case length = 2
        case fixed32 = 5
    }

    mutating func add(_ field: Int, _ value: Int) {
        addTag(field, .varint)
        addVarint(UInt64(bitPattern: Int64(value)))
    }

    mutating func add(_ field: Int, _ value: Float) {
        addTag(field, .fixed32)
        withUnsafeBytes(of: value.bitPattern.littleEndian) { bytes += $0 }
    }

    mutating func add(_ field: Int, _ text: String) { add(field, Array(text.utf8)) }

    mutating func add(_ field: Int, _ message: ProtobufMessage) { add(field, message.bytes) }

    mutating func add(_ field: Int, _ content: [UInt8]) {
        addTag(field, .length)
        addVarint(UInt64(content.count))
        bytes += content
    }

    private mutating func addTag(_ field: Int, _ type: WireType) { addVarint(UInt64(field << 3 | type.rawValue)) }

    /// Seven bits a byte, the lowest first; all but the last have their highest bit set.
    private mutating func addVarint(_ value: UInt64) {
        var rest = value
        while rest > 0x7F {
            bytes.append(UInt8(rest & 0x7F) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }
}
