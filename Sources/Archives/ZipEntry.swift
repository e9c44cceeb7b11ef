import CZlib

/// One file in a zip: where its bytes lie and how they are kept.
package struct ZipEntry: Sendable, Hashable, Codable {
    /// Of its local header.
    package var offset: Int
    /// Bytes as kept in the archive.
    package var storedSize: Int
    /// Bytes of the file itself.
    package var size: Int
    package var isDeflated: Bool
    /// CRC-32 of the file itself.
    package var checksum: UInt32

    package init(offset: Int, storedSize: Int, size: Int, isDeflated: Bool, checksum: UInt32) {
        self.offset = offset
        self.storedSize = storedSize
        self.size = size
        self.isDeflated = isDeflated
        self.checksum = checksum
    }

    private static let headerLength = 30
    /// Deflate cannot shrink data further than this, so a larger promise is a trap.
    private static let largestRatio = 1032

    /// Where its bytes lie as they are kept, by the local header: its lengths may differ from the directory's. O(name).
    ///
    /// - Parameter name: as the directory calls it; the local header must agree.
    /// - Throws: `ZipError`, and what the source throws when the header lies outside it.
    package func storedRange(in archive: some ByteSource, name: String) throws -> Range<Int> {
        let header = try archive.read(at: offset, count: Self.headerLength)
        guard header.starts(with: [0x50, 0x4B, 0x03, 0x04]) else {
            throw damaged(archive, name, "does not begin where the archive's directory says")
        }
        let nameLength = Int(header[26]) | Int(header[27]) << 8
        let extraLength = Int(header[28]) | Int(header[29]) << 8
        let nameStart = offset + Self.headerLength
        guard try archive.read(at: nameStart, count: nameLength).elementsEqual(name.utf8) else {
            throw damaged(archive, name, "has another name in its own header")
        }
        let (start, _) = (nameStart + nameLength).addingReportingOverflow(extraLength)
        let (end, overflow) = start.addingReportingOverflow(storedSize)
        guard !overflow else { throw damaged(archive, name, "lies outside it") }
        return start..<end
    }

    /// The file's bytes, inflated and compared with their checksum. O(size).
    ///
    /// - Parameters:
    ///   - name: as the directory calls it.
    ///   - limit: the most bytes that are unpacked, checked before memory is taken.
    /// - Throws: `ZipError`, and what the source throws when the entry lies outside it.
    package func bytes(from archive: some ByteSource, name: String, limit: Int) throws -> [UInt8] {
        guard size <= limit, storedSize <= limit else {
            throw ZipError(
                archive.path, .entry(name), .tooLarge, "unpacks to \(size) bytes, more than \(limit >> 20) MB")
        }
        guard isDeflated ? size <= storedSize * Self.largestRatio + 64 : size == storedSize else {
            throw damaged(archive, name, "cannot unpack \(storedSize) bytes to \(size)")
        }
        let range = try storedRange(in: archive, name: name)
        let stored = try archive.read(at: range.lowerBound, count: range.count)
        let bytes = isDeflated ? try inflated(stored, archive, name) : stored
        guard isChecksum(of: bytes[...]) else { throw damaged(archive, name, "fails its checksum") }
        return bytes
    }

    /// Whether these are the file's bytes, by their CRC-32. O(n).
    package func isChecksum(of bytes: ArraySlice<UInt8>) -> Bool {
        bytes.withUnsafeBufferPointer { czlib_crc32($0.baseAddress, $0.count) } == checksum
    }

    private func inflated(_ stored: [UInt8], _ archive: some ByteSource, _ name: String) throws -> [UInt8] {
        var status = CZLIB_OK
        let bytes = [UInt8](unsafeUninitializedCapacity: size) { target, count in
            status = czlib_inflate(stored, stored.count, target.baseAddress, size)
            count = status == CZLIB_OK ? size : 0
        }
        switch status {
        case CZLIB_OK: return bytes
        case CZLIB_NO_MEMORY:
            throw ZipError(archive.path, .entry(name), .tooLarge, "leaves no memory to unpack it")
        default: throw damaged(archive, name, "is damaged: it does not unpack to \(size) bytes")
        }
    }

    private func damaged(_ archive: some ByteSource, _ name: String, _ predicate: String) -> ZipError {
        ZipError(archive.path, .entry(name), .damaged, predicate)
    }
}
