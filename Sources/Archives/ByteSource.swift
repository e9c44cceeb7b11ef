import Files

/// Bytes of which parts are read at any offset.
package protocol ByteSource {
    /// What errors call it.
    var path: String { get }
    /// In bytes.
    var size: Int { get }
    /// The `count` bytes from `offset` on. O(count).
    ///
    /// - Throws: when they are not all there, before memory is taken.
    func read(at offset: Int, count: Int) throws -> [UInt8]
}

extension RandomAccessFile: ByteSource {}

/// An archive that was read as a whole.
package struct BytesInMemory: ByteSource {
    package let path: String
    private let bytes: [UInt8]

    package init(_ bytes: [UInt8], path: String) { (self.bytes, self.path) = (bytes, path) }

    package var size: Int { bytes.count }

    package func read(at offset: Int, count: Int) throws -> [UInt8] {
        guard offset >= 0, count >= 0, offset <= size, count <= size - offset else {
            throw ZipError(path, .archive, .damaged, "ends before byte \(offset) + \(count)")
        }
        return Array(bytes[offset..<offset + count])
    }
}
