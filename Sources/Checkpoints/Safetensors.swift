/// safetensors: the length of a JSON header as u64-LE, the header, and the tensors' bytes without holes.
///
/// Source: the format's README at huggingface/safetensors.
enum Safetensors {
    /// The format's own bound.
    static let maximumHeader = 100_000_000

    private struct Description {
        var name: String
        var element: StoredTensor.Element
        var shape: [Int]
        /// Relative to the end of the header.
        var range: Range<Int>
    }

    /// The tensors in the header's order. O(bytes).
    static func decode(_ bytes: [UInt8]) throws(CheckpointError) -> Checkpoint {
        var reader = ByteReader(bytes)
        let length = try reader.length()
        guard length <= maximumHeader else {
            throw .damaged("its header would take \(length) bytes, where the format allows \(maximumHeader)")
        }
        let header = ByteReader(bytes, in: try reader.skip(length))
        let data = reader.offset
        let (descriptions, metadata) = try describe(header)

        // Together they must cover the data exactly: no hole that hides something, no byte that two tensors share.
        var covered = 0
        let inOrder = descriptions.map(\.range).sorted {
            ($0.lowerBound, $0.upperBound) < ($1.lowerBound, $1.upperBound)
        }
        for range in inOrder {
            guard range.lowerBound == covered else {
                throw .damaged(
                    "its tensors \(range.lowerBound < covered ? "overlap" : "leave a hole") at data byte \(covered)")
            }
            covered = range.upperBound
        }
        guard covered == reader.remaining else {
            throw .damaged("its tensors take \(covered) bytes, but \(reader.remaining) follow the header")
        }
        let tensors = descriptions.map {
            StoredTensor(
                name: $0.name, shape: $0.shape, element: $0.element,
                bytes: Array(bytes[data + $0.range.lowerBound..<data + $0.range.upperBound]))
        }
        return Checkpoint(tensors: tensors, metadata: metadata)
    }

    private static func describe(
        _ header: ByteReader
    ) throws(CheckpointError) -> (tensors: [Description], metadata: [String: String]) {
        var descriptions: [Description] = []
        var metadata: [String: String] = [:]
        var json = JSONScanner(header)
        try json.object { (name, json) throws(CheckpointError) in
            if name == "__metadata__" {
                try json.object { (key, json) throws(CheckpointError) in metadata[key] = try json.string() }
            } else {
                descriptions.append(try description(of: name, &json))
            }
        }
        try json.end()
        return (descriptions, metadata)
    }

    private static func description(of name: String, _ json: inout JSONScanner) throws(CheckpointError) -> Description {
        var type: String?
        var shape: [Int]?
        var offsets: [Int]?
        try json.object { (key, json) throws(CheckpointError) in
            switch key {
            case "dtype": type = try json.string()
            case "shape": shape = try json.wholeNumbers(limit: 64)
            case "data_offsets": offsets = try json.wholeNumbers(limit: 2)
            default: throw .damaged("tensor \(name.quoted) has an unknown field \(key.quoted)")
            }
        }
        guard let type, let shape, let offsets, offsets.count == 2, offsets[0] <= offsets[1] else {
            throw .damaged("tensor \(name.quoted) lacks its dtype, shape or data_offsets")
        }
        guard let element = StoredTensor.Element(rawValue: type) else {
            throw .unsupported(
                "tensor \(name.quoted) holds \(type.quoted) elements, which no network here reads",
                advice: "convert that tensor to F32 or I64 and save again")
        }
        guard shape.checkedProduct?.multiplied(by: element.byteCount) == offsets[1] - offsets[0] else {
            throw .damaged("tensor \(name.quoted) has a shape of another size than its bytes")
        }
        return Description(name: name, element: element, shape: shape, range: offsets[0]..<offsets[1])
    }

    /// The file's bytes. Wide elements come first, so that every tensor is aligned to its element.
    static func encode(_ tensors: [StoredTensor], _ metadata: [String: String] = [:]) -> [UInt8] {
        precondition(Set(tensors.map(\.name)).count == tensors.count, "two tensors of one name")
        precondition(tensors.allSatisfy { $0.name != "__metadata__" }, "a name that the format keeps for itself")
        let widths = StoredTensor.Element.allCases.map(\.byteCount)
        let order = Set(widths).sorted(by: >).flatMap { width in
            tensors.indices.filter { tensors[$0].element.byteCount == width }
        }
        var starts = [Int](repeating: 0, count: tensors.count)
        var size = 0
        for index in order {
            starts[index] = size
            size += tensors[index].bytes.count
        }
        let members = zip(tensors, starts).map { tensor, start in
            let shape = tensor.shape.map(String.init).joined(separator: ",")
            return "\(quoted(tensor.name)):{\"dtype\":\"\(tensor.element.rawValue)\",\"shape\":[\(shape)],"
                + "\"data_offsets\":[\(start),\(start + tensor.bytes.count)]}"
        }
        let remarks = metadata.sorted { $0.key < $1.key }.map { "\(quoted($0.key)):\(quoted($0.value))" }
        let first = remarks.isEmpty ? [] : ["\"__metadata__\":{\(remarks.joined(separator: ","))}"]
        var header = Array("{\((first + members).joined(separator: ","))}".utf8)
        header += [UInt8](repeating: 0x20, count: (8 - header.count % 8) % 8)

        var file: [UInt8] = []
        file.reserveCapacity(8 + header.count + size)
        withUnsafeBytes(of: UInt64(header.count).littleEndian) { file += $0 }
        file += header
        for index in order { file += tensors[index].bytes }
        return file
    }

    private static func quoted(_ text: String) -> String {
        var json = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\": json += "\\\(scalar)"
            case "\u{0}"..<"\u{20}":
                let code = String(scalar.value, radix: 16)
                json += "\\u" + String(repeating: "0", count: 4 - code.count) + code
            default: json.unicodeScalars.append(scalar)
            }
        }
        return json + "\""
    }
}
