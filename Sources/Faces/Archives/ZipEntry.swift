import CZlib
import Files
import Imaging

/// One file in a zip: where its bytes lie and how they are kept.
package struct ZipEntry: Sendable, Hashable {
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

    /// Deflate cannot shrink data further than this, so a larger promise is a trap.
    private static let largestRatio = 1032

    /// The file's bytes, inflated and compared with their checksum. O(size).
    ///
    /// - Parameters:
    ///   - name: as the directory calls it; the local header must agree.
    ///   - limit: the most bytes that are unpacked, checked before memory is taken.
    package func bytes(from archive: RandomAccessFile, name: String, limit: Int = DecodingLimits.fileBytes) throws
        -> [UInt8]
    {
        guard size <= limit, storedSize <= limit else {
            throw ZipError(
                archive.path, entry: name, .tooLarge, "unpacks to \(size) bytes, more than \(limit >> 20) MB")
        }
        guard isDeflated ? size <= storedSize * Self.largestRatio + 64 : size == storedSize else {
            throw ZipError(archive.path, entry: name, .damaged, "cannot unpack \(storedSize) bytes to \(size)")
        }
        let header = try archive.read(at: offset, count: 30)
        guard header.starts(with: [0x50, 0x4B, 0x03, 0x04]) else {
            throw ZipError(archive.path, entry: name, .damaged, "does not begin where the archive's directory says")
        }
        let nameLength = Int(header[26]) | Int(header[27]) << 8
        let extraLength = Int(header[28]) | Int(header[29]) << 8
        guard try archive.read(at: offset + 30, count: nameLength).elementsEqual(name.utf8) else {
            throw ZipError(archive.path, entry: name, .damaged, "has another name in its own header")
        }
        let stored = try archive.read(at: offset + 30 + nameLength + extraLength, count: storedSize)
        let bytes = isDeflated ? try inflated(stored, archive.path, name) : stored
        guard czlib_crc32(bytes, bytes.count) == checksum else {
            throw ZipError(archive.path, entry: name, .damaged, "fails its checksum")
        }
        return bytes
    }

    private func inflated(_ stored: [UInt8], _ path: String, _ name: String) throws(ZipError) -> [UInt8] {
        var status = CZLIB_OK
        let bytes = [UInt8](unsafeUninitializedCapacity: size) { target, count in
            status = czlib_inflate(stored, stored.count, target.baseAddress, size)
            count = status == CZLIB_OK ? size : 0
        }
        switch status {
        case CZLIB_OK: return bytes
        case CZLIB_NO_MEMORY: throw ZipError(path, entry: name, .tooLarge, "leaves no memory to unpack it")
        default: throw ZipError(path, entry: name, .damaged, "is damaged: it does not unpack to \(size) bytes")
        }
    }
}

/// What is wrong with a zip or one of its entries.
package struct ZipError: Error, Sendable, CustomStringConvertible {
    package enum Kind: Sendable { case damaged, tooLarge, unsupported }

    package let path: String
    /// Nil where the archive as a whole is meant.
    package let entry: String?
    package let kind: Kind
    package let problem: String

    init(_ path: String, entry: String? = nil, _ kind: Kind, _ problem: String) {
        self.path = path
        self.entry = entry
        self.kind = kind
        self.problem = problem
    }

    package var description: String {
        "\(path): " + (entry.map { "the entry \($0) \(problem)" } ?? problem) + "; "
            + (kind == .unsupported ? Self.unsupportedAdvice : "fetch the archive again")
    }

    /// The same archive would come again.
    static let unsupportedAdvice = "unpack it, or pack it anew with deflate and without a password"
}
