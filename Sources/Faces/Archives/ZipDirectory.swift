import Files

/// The directory of a zip file, read from its end without touching the entries.
///
/// Stored and deflated entries, zip64; no encryption, no volumes. Source: PKWARE APPNOTE 6.3.10, §4.3 and §4.5.3.
struct ZipDirectory {
    /// Files in the order of the directory; names ending in `/` are folders and left out.
    let entries: [(name: String, entry: ZipEntry)]

    private static let endLength = 22
    private static let entryLength = 46

    /// Reads the directory. O(entries).
    ///
    /// - Throws: `ZipError` or `FileError` when the file is no whole zip, or holds what is not handled.
    init(_ archive: RandomAccessFile) throws {
        let place = try Place(archive)
        let bytes = try archive.read(at: place.start, count: place.size)
        var cursor = Cursor(bytes: bytes, archive: archive.path)
        var entries: [(name: String, entry: ZipEntry)] = []
        entries.reserveCapacity(place.count)
        for _ in 0..<place.count {
            let (name, entry) = try Self.entry(&cursor, end: place.start)
            if !name.hasSuffix("/") { entries.append((name, entry)) }
        }
        guard cursor.offset == bytes.count else {
            throw ZipError(archive.path, .damaged, "its directory has bytes to spare")
        }
        self.entries = entries
    }

    private static func entry(_ cursor: inout Cursor, end: Int) throws(ZipError) -> (String, ZipEntry) {
        guard try cursor.integer(4) == 0x0201_4B50 else { throw cursor.damaged("its directory breaks off") }
        _ = try cursor.skip(4)
        let flags = try cursor.integer(2)
        let method = try cursor.integer(2)
        _ = try cursor.skip(4)
        let checksum = UInt32(try cursor.integer(4))
        var stored = try cursor.integer(4)
        var size = try cursor.integer(4)
        let nameLength = try cursor.integer(2)
        let extraLength = try cursor.integer(2)
        let commentLength = try cursor.integer(2)
        _ = try cursor.skip(8)
        var offset = try cursor.integer(4)
        guard let name = String(validating: cursor.bytes[try cursor.skip(nameLength)], as: UTF8.self) else {
            throw cursor.damaged("a name in its directory is not UTF-8")
        }
        let afterExtra = try cursor.skip(extraLength).upperBound
        _ = try cursor.skip(commentLength)
        if size == 0xFFFF_FFFF || stored == 0xFFFF_FFFF || offset == 0xFFFF_FFFF {
            // Fields that overflow 32 bits stand, in this order, in the zip64 extra.
            var extra = Cursor(
                bytes: cursor.bytes, archive: cursor.archive, offset: afterExtra - extraLength, end: afterExtra)
            while try extra.integer(2) != 1 { _ = try extra.skip(extra.integer(2)) }
            _ = try extra.skip(2)
            if size == 0xFFFF_FFFF { size = try extra.integer(8) }
            if stored == 0xFFFF_FFFF { stored = try extra.integer(8) }
            if offset == 0xFFFF_FFFF { offset = try extra.integer(8) }
        }
        guard flags & 1 == 0, method == 0 || method == 8 else {
            throw ZipError(
                cursor.archive, entry: name, .unsupported,
                flags & 1 == 1 ? "is encrypted" : "is compressed by method \(method), not stored or deflated")
        }
        guard offset <= end, stored <= end - offset else { throw cursor.damaged("the entry \(name) lies outside it") }
        return (
            name,
            ZipEntry(offset: offset, storedSize: stored, size: size, isDeflated: method == 8, checksum: checksum)
        )
    }

    /// Where the directory lies, found from the end of the file.
    private struct Place {
        var start: Int
        var size: Int
        var count: Int

        init(_ archive: RandomAccessFile) throws {
            let tailLength = min(archive.size, endLength + 0xFFFF)
            let tailStart = archive.size - tailLength
            let tail = try archive.read(at: tailStart, count: tailLength)
            // The last record whose comment ends with the file.
            let found = stride(from: tail.count - endLength, through: 0, by: -1).first { start in
                tail[start] == 0x50 && tail[start + 1] == 0x4B && tail[start + 2] == 5 && tail[start + 3] == 6
                    && start + endLength + Int(tail[start + 20]) + Int(tail[start + 21]) << 8 == tail.count
            }
            guard let found else {
                throw ZipError(
                    archive.path, .damaged, "it has no directory at its end, as after a download that broke off")
            }
            var record = Cursor(bytes: tail, archive: archive.path, offset: found + 4, end: tail.count)
            let disks = [try record.integer(2), try record.integer(2)]
            var counts = [try record.integer(2), try record.integer(2)]
            size = try record.integer(4)
            start = try record.integer(4)
            var limit = tailStart + found
            if counts.contains(0xFFFF) || size == 0xFFFF_FFFF || start == 0xFFFF_FFFF {
                guard found >= 20 else { throw record.damaged("its zip64 locator is missing") }
                var locator = Cursor(bytes: tail, archive: archive.path, offset: found - 20, end: found)
                guard try locator.integer(4) == 0x0706_4B50 else {
                    throw locator.damaged("its zip64 locator is missing")
                }
                _ = try locator.skip(4)
                limit = try locator.integer(8)
                guard limit <= archive.size - 56 else { throw locator.damaged("its zip64 record lies outside it") }
                var large = Cursor(bytes: try archive.read(at: limit, count: 56), archive: archive.path)
                guard try large.integer(4) == 0x0606_4B50 else { throw large.damaged("its zip64 record is missing") }
                _ = try large.skip(20)
                counts = [try large.integer(8), try large.integer(8)]
                size = try large.integer(8)
                start = try large.integer(8)
            }
            count = counts[0]
            guard disks == [0, 0], counts[0] == counts[1], start <= limit, size <= limit - start,
                count <= size / entryLength, size <= 1 << 30
            else { throw record.damaged("its directory lies outside it") }
        }
    }

    /// Little-endian numbers from bytes, every step checked against the end.
    private struct Cursor {
        let bytes: [UInt8]
        let archive: String
        private(set) var offset: Int
        private let end: Int

        init(bytes: [UInt8], archive: String, offset: Int = 0, end: Int? = nil) {
            self.bytes = bytes
            self.archive = archive
            self.offset = offset
            self.end = end ?? bytes.count
        }

        mutating func skip(_ count: Int) throws(ZipError) -> Range<Int> {
            guard count >= 0, count <= end - offset else { throw damaged("its directory ends early") }
            defer { offset += count }
            return offset..<offset + count
        }

        mutating func integer(_ count: Int) throws(ZipError) -> Int {
            var value: UInt64 = 0
            for index in try skip(count).reversed() { value = value << 8 | UInt64(bytes[index]) }
            guard let number = Int(exactly: value) else {
                throw damaged("a length in its directory is beyond any file")
            }
            return number
        }

        func damaged(_ problem: String) -> ZipError { ZipError(archive, .damaged, problem) }
    }
}
