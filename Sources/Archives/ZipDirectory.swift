import Files

/// The directory of a zip, read from its end without touching the entries.
///
/// Stored and deflated entries, zip64; no encryption, no volumes. Source: PKWARE APPNOTE 6.3.10, §4.3 and §4.5.3.
package struct ZipDirectory: Sendable {
    /// In the directory's order; names of folders end in `/`.
    package let entries: [(name: String, entry: ZipEntry)]
    /// Where the directory begins in the archive; every entry lies before it.
    package let start: Int

    /// Reads the directory. O(entries).
    ///
    /// - Throws: `ZipError` when the archive is not whole or holds what is not handled, and what its source throws.
    package init(_ archive: some ByteSource) throws {
        let place = try DirectoryPlace(archive)
        var reader = ZipReader(try archive.read(at: place.start, count: place.size), of: .directory, in: archive.path)
        var entries: [(name: String, entry: ZipEntry)] = []
        entries.reserveCapacity(place.count)
        for _ in 0..<place.count { entries.append(try Self.entry(&reader, end: place.start)) }
        guard reader.remaining == 0 else { throw reader.damaged("has bytes to spare") }
        self.entries = entries
        start = place.start
    }

    private static func entry(_ reader: inout ZipReader, end: Int) throws(ZipError) -> (String, ZipEntry) {
        guard try reader.integer(4) == 0x0201_4B50 else { throw reader.damaged("breaks off") }
        _ = try reader.skip(4)
        let flags = try reader.integer(2)
        let method = try reader.integer(2)
        _ = try reader.skip(4)
        let checksum = UInt32(try reader.integer(4))
        var stored = try reader.integer(4)
        var size = try reader.integer(4)
        let nameLength = try reader.integer(2)
        let extraLength = try reader.integer(2)
        let commentLength = try reader.integer(2)
        _ = try reader.skip(8)
        var offset = try reader.integer(4)
        guard let name = String(validating: try reader.skip(nameLength), as: UTF8.self) else {
            throw reader.damaged("holds a name that is not UTF-8")
        }
        let extraField = try reader.skip(extraLength)
        _ = try reader.skip(commentLength)
        if size == 0xFFFF_FFFF || stored == 0xFFFF_FFFF || offset == 0xFFFF_FFFF {
            // Fields that overflow 32 bits stand, in this order, in the zip64 extra.
            var extra = ZipReader(extraField, of: .directory, in: reader.path)
            while try extra.integer(2) != 1 { _ = try extra.skip(extra.integer(2)) }
            extra = ZipReader(try extra.skip(extra.integer(2)), of: .directory, in: reader.path)
            if size == 0xFFFF_FFFF { size = try extra.integer(8) }
            if stored == 0xFFFF_FFFF { stored = try extra.integer(8) }
            if offset == 0xFFFF_FFFF { offset = try extra.integer(8) }
        }
        guard flags & 1 == 0, method == 0 || method == 8 else {
            let form = "compressed by method \(method), not stored or deflated"
            throw ZipError(reader.path, .entry(name), .unsupported, "is " + (flags & 1 == 1 ? "encrypted" : form))
        }
        guard offset <= end, stored <= end - offset else {
            throw ZipError(reader.path, .entry(name), .damaged, "lies outside it")
        }
        return (
            name,
            ZipEntry(offset: offset, storedSize: stored, size: size, isDeflated: method == 8, checksum: checksum)
        )
    }
}

/// Where a directory lies, found from the end of the archive.
private struct DirectoryPlace {
    var start: Int
    var size: Int
    var count: Int

    /// Of the record that ends an archive, before its comment; of the two that zip64 adds before it.
    private static let endLength = 22, locatorLength = 20, largeLength = 56
    /// Of the shortest entry.
    private static let entryLength = 46
    private static let largestDirectory = 1 << 30

    init(_ archive: some ByteSource) throws {
        let tailLength = min(archive.size, Self.locatorLength + Self.endLength + 0xFFFF)
        let tail = try archive.read(at: archive.size - tailLength, count: tailLength)
        // The last record whose comment ends with the file.
        let found = stride(from: tail.count - Self.endLength, through: 0, by: -1).first { start in
            tail[start] == 0x50 && tail[start + 1] == 0x4B && tail[start + 2] == 5 && tail[start + 3] == 6
                && start + Self.endLength + Int(tail[start + 20]) + Int(tail[start + 21]) << 8 == tail.count
        }
        guard let found else {
            throw ZipError(
                archive.path, .archive, .damaged, "has no directory at its end, as after a download that broke off")
        }
        var record = ZipReader(tail[(found + 4)...], of: .directory, in: archive.path)
        let disks = [try record.integer(2), try record.integer(2)]
        var counts = [try record.integer(2), try record.integer(2)]
        size = try record.integer(4)
        start = try record.integer(4)
        var limit = archive.size - tailLength + found
        if counts.contains(0xFFFF) || size == 0xFFFF_FFFF || start == 0xFFFF_FFFF {
            var locator = ZipReader(tail[max(0, found - Self.locatorLength)..<found], of: .locator, in: archive.path)
            guard locator.remaining == Self.locatorLength, try locator.integer(4) == 0x0706_4B50 else {
                throw locator.damaged("is missing")
            }
            _ = try locator.skip(4)
            let place = try locator.integer(8)
            guard place <= limit - Self.largeLength else {
                throw ZipError(archive.path, .largeRecord, .damaged, "lies outside it")
            }
            limit = place
            var large = ZipReader(
                try archive.read(at: place, count: Self.largeLength), of: .largeRecord, in: archive.path)
            guard try large.integer(4) == 0x0606_4B50 else { throw large.damaged("is missing") }
            _ = try large.skip(20)
            counts = [try large.integer(8), try large.integer(8)]
            size = try large.integer(8)
            start = try large.integer(8)
        }
        count = counts[0]
        guard disks == [0, 0], counts[0] == counts[1], start <= limit, size <= limit - start,
            count <= size / Self.entryLength, size <= Self.largestDirectory
        else { throw record.damaged("lies outside it") }
    }
}

/// Little-endian numbers from bytes, every step checked against the end.
private struct ZipReader {
    let path: String
    private let part: ZipError.Part
    private var rest: ArraySlice<UInt8>

    init(_ bytes: some Collection<UInt8>, of part: ZipError.Part, in path: String) {
        rest = ArraySlice(bytes)
        self.part = part
        self.path = path
    }

    var remaining: Int { rest.count }

    mutating func skip(_ count: Int) throws(ZipError) -> ArraySlice<UInt8> {
        guard count <= rest.count else { throw damaged("ends early") }
        defer { rest = rest.dropFirst(count) }
        return rest.prefix(count)
    }

    /// An unsigned number of up to eight bytes.
    mutating func integer(_ count: Int) throws(ZipError) -> Int {
        let value = try skip(count).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        guard let number = Int(exactly: value) else { throw damaged("holds a length beyond any file") }
        return number
    }

    func damaged(_ predicate: String) -> ZipError { ZipError(path, part, .damaged, predicate) }
}
