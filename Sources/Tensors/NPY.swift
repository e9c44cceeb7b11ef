import Files

/// Why a `.npy` file was not read: which file, what is wrong, what to do.
package struct NPYError: Error, Sendable, Equatable, CustomStringConvertible {
    package var path: String
    package var problem: String
    package var advice: String

    package init(path: String, problem: String, advice: String) {
        (self.path, self.problem, self.advice) = (path, problem, advice)
    }

    package var description: String { "\(path): \(problem); \(advice)" }
}

extension Matrix {
    /// Reads a two-dimensional little-endian array of floats in C order, as `numpy.save` writes it; float16 and float64 become
    /// float32.
    ///
    /// Versions 1 and 2 of the format; every length is compared with the file's before memory is taken. O(elements).
    /// Source: `numpy.lib.format`.
    package init(npy path: String) throws(NPYError) {
        let bytes = try reading(path) { () throws(FileError) in try Files.read(path) }
        try self.init(npy: bytes, name: path)
    }

    /// The same over bytes in memory; `name` is what an error calls them.
    package init(npy bytes: [UInt8], name: String) throws(NPYError) {
        do throws(NPYError) {
            let layout = try NPYLayout(NPYHeader(bytes), byteCount: bytes.count)
            let values = bytes.withUnsafeBytes {
                layout.element.floats(UnsafeRawBufferPointer(rebasing: $0[layout.start...]))
            }
            self.init(rows: layout.rows, columns: layout.columns, values: values)
        } catch {
            var error = error
            error.path = name
            throw error
        }
    }

    /// The matrix as a `.npy` file of version 1: `<f4`, C order. O(elements).
    package func npy() -> [UInt8] {
        values.withUnsafeBytes { npyFile(type: "<f4", shape: [rows, columns], data: $0) }
    }
}

/// A `.npy` file of a matrix, of which some rows are read: as `Matrix.init(npy:)`, without loading the rest.
package struct NPYRows: Sendable {
    package let rows: Int
    package let columns: Int
    private let layout: NPYLayout
    private let file: RandomAccessFile

    /// What a header takes at most.
    private static let headerBytes = 12 + (1 << 16)

    /// Reads the header. O(1).
    package init(_ path: String) throws(NPYError) {
        do throws(NPYError) {
            file = try reading(path) { () throws(FileError) in try RandomAccessFile(path) }
            let file = file
            let head = try reading(path) { () throws(FileError) in
                try file.read(at: 0, count: min(file.size, Self.headerBytes))
            }
            layout = try NPYLayout(NPYHeader(head), byteCount: file.size)
            (rows, columns) = (layout.rows, layout.columns)
        } catch {
            var error = error
            error.path = path
            throw error
        }
    }

    /// Some of the rows. O(their elements).
    package func matrix(_ range: Range<Int>) throws(NPYError) -> Matrix {
        precondition(range.lowerBound >= 0 && range.upperBound <= rows)
        let width = columns * layout.element.size
        let bytes = try reading(file.path) { () throws(FileError) in
            try file.read(at: layout.start + range.lowerBound * width, count: range.count * width)
        }
        return Matrix(
            rows: range.count, columns: columns, values: bytes.withUnsafeBytes { layout.element.floats($0) })
    }
}

/// Where a matrix lies in its file.
private struct NPYLayout: Sendable {
    let element: NPYElement
    let rows: Int
    let columns: Int
    let start: Int

    init(_ header: NPYHeader, byteCount: Int) throws(NPYError) {
        guard let element = NPYElement(rawValue: header.type) else {
            throw NPYError(
                "it holds '\(header.type)' elements, not '<f4', '<f2' or '<f8'", "save array.astype('<f4')")
        }
        guard !header.isColumnMajor else {
            throw NPYError("it is in Fortran order", "save numpy.ascontiguousarray(array)")
        }
        guard header.shape.count == 2, header.shape[1] > 0 else {
            throw NPYError("it has shape \(header.shape), not (rows, columns)", "save one vector a row")
        }
        let (count, tooMany) = header.shape[0].multipliedReportingOverflow(by: header.shape[1])
        guard !tooMany, count <= byteCount / element.size, count * element.size == byteCount - header.end else {
            throw NPYError(
                "its shape \(header.shape) does not match the \(byteCount - header.end) bytes of data",
                "save it again; it may have been cut off")
        }
        (self.element, rows, columns, start) = (element, header.shape[0], header.shape[1], header.end)
    }
}

/// Whole numbers as a `.npy` file of version 1: `<i8`, C order. `values` has `shape.product` elements. O(elements).
package func npy(_ values: [Int64], shape: [Int]) -> [UInt8] {
    precondition(values.count == shape.reduce(1, *))
    return values.withUnsafeBytes { npyFile(type: "<i8", shape: shape, data: $0) }
}

/// The header is padded with spaces so that the data begins at a multiple of 64.
private func npyFile(type: String, shape: [Int], data: UnsafeRawBufferPointer) -> [UInt8] {
    let sizes = shape.count == 1 ? "\(shape[0])," : shape.map(String.init).joined(separator: ", ")
    var header = Array("{'descr': '\(type)', 'fortran_order': False, 'shape': (\(sizes)), }".utf8)
    header += [UInt8](repeating: 0x20, count: 63 - (10 + header.count) % 64) + [0x0A]
    var file: [UInt8] = [0x93] + "NUMPY".utf8 + [1, 0, UInt8(header.count & 0xFF), UInt8(header.count >> 8)]
    file.reserveCapacity(10 + header.count + data.count)
    file += header
    file += data
    return file
}

/// The kinds of numbers that are read.
private enum NPYElement: String, Sendable {
    case float16 = "<f2"
    case float32 = "<f4"
    case float64 = "<f8"

    var size: Int {
        switch self {
        case .float16: 2
        case .float32: 4
        case .float64: 8
        }
    }

    /// All elements as float32; what is too large for it becomes infinite. O(elements).
    func floats(_ bytes: UnsafeRawBufferPointer) -> [Float] {
        func converted<Bits>(_ float: (Bits) -> Float) -> [Float] {
            (0..<bytes.count / size).map { float(bytes.loadUnaligned(fromByteOffset: $0 * size, as: Bits.self)) }
        }
        switch self {
        case .float16: return converted { (bits: UInt16) in Float(Float16(bitPattern: bits)) }
        case .float64: return converted { (bits: UInt64) in Float(Double(bitPattern: bits)) }
        case .float32:
            return [Float](unsafeUninitializedCapacity: bytes.count / size) { target, initialized in
                UnsafeMutableRawBufferPointer(target).copyMemory(from: bytes)
                initialized = target.count
            }
        }
    }
}

/// The dictionary in front of the data: exactly its three keys, in any order.
private struct NPYHeader {
    var type = ""
    var isColumnMajor = false
    var shape: [Int] = []
    /// Where the data begins.
    let end: Int

    init(_ bytes: [UInt8]) throws(NPYError) {
        guard bytes.starts(with: [0x93] + "NUMPY".utf8), bytes.count >= 12 else {
            throw NPYError("it is not a .npy file", "write it with numpy.save")
        }
        let version = bytes[6]
        guard version == 1 || version == 2, bytes[7] == 0 else {
            throw NPYError("it uses version \(version).\(bytes[7]) of the format", "save it again with numpy.save")
        }
        let start = version == 1 ? 10 : 12
        let length = bytes[8..<start].reversed().reduce(0) { $0 << 8 | Int($1) }
        guard length <= 1 << 16, length <= bytes.count - start else {
            throw NPYError("its header of \(length) bytes does not fit", "save it again; it may have been cut off")
        }
        end = start + length
        var scanner = Scanner(rest: bytes[start..<end])
        var seen: Set<String> = []
        guard scanner.accept("{") else { throw Self.malformed }
        while !scanner.accept("}") {
            guard let key = scanner.text(), seen.insert(key).inserted, scanner.accept(":") else { throw Self.malformed }
            switch key {
            case "descr":
                guard let text = scanner.text(), text.utf8.count <= 16 else {
                    throw NPYError("it holds records, not plain numbers", "save array.astype('<f4')")
                }
                // Messages show it.
                guard text.utf8.allSatisfy({ (0x20..<0x7F).contains($0) }) else { throw Self.malformed }
                type = text
            case "fortran_order":
                isColumnMajor = scanner.accept("True")
                guard isColumnMajor || scanner.accept("False") else { throw Self.malformed }
            case "shape":
                guard let numbers = scanner.numbers() else { throw Self.malformed }
                shape = numbers
            default: throw Self.malformed
            }
            guard scanner.accept(",") || scanner.isBefore("}") else { throw Self.malformed }
        }
        guard seen.count == 3, scanner.isAtEnd else { throw Self.malformed }
    }

    private static let malformed = NPYError("its header is not what numpy writes", "save it again with numpy.save")
}

/// Reads the few Python literals of a header.
private struct Scanner {
    var rest: ArraySlice<UInt8>

    var isAtEnd: Bool { rest.allSatisfy { $0 == 0x20 || $0 == 0x0A } }

    func isBefore(_ text: String) -> Bool { rest.drop { $0 == 0x20 }.starts(with: text.utf8) }

    mutating func accept(_ text: String) -> Bool {
        guard isBefore(text) else { return false }
        rest = rest.drop { $0 == 0x20 }.dropFirst(text.utf8.count)
        return true
    }

    mutating func text() -> String? {
        guard accept("'"), let end = rest.firstIndex(of: 0x27) else { return nil }
        defer { rest = rest[(end + 1)...] }
        return String(validating: rest[..<end], as: UTF8.self)
    }

    /// A tuple of at most 32 whole numbers ≥ 0.
    mutating func numbers() -> [Int]? {
        guard accept("(") else { return nil }
        var numbers: [Int] = []
        while !accept(")") {
            let digits = rest.drop { $0 == 0x20 }.prefix { (0x30...0x39).contains($0) }
            guard numbers.count < 32, let number = Int(String(decoding: digits, as: UTF8.self)) else { return nil }
            numbers.append(number)
            rest = rest[digits.endIndex...]
            guard accept(",") || isBefore(")") else { return nil }
        }
        return numbers
    }
}

extension NPYError {
    fileprivate init(_ problem: String, _ advice: String) { self.init(path: "", problem: problem, advice: advice) }
}

private func reading<Result>(
    _ path: String, _ read: () throws(FileError) -> Result
) throws(NPYError) -> Result {
    do {
        return try read()
    } catch {
        throw NPYError(path: path, problem: error.problem, advice: "name a .npy file")
    }
}
