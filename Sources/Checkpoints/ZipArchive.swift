/// The directory of a zip file whose entries are stored, not compressed, as `torch.save` writes them.
///
/// Source: PKWARE APPNOTE 6.3.10, §4.3 and §4.5.3 (zip64).
struct ZipArchive {
    struct Entry {
        var name: String
        var checksum: UInt32
        /// Where the entry's own bytes lie in the file.
        var range: Range<Int>
        /// Where its local header begins.
        var start: Int
    }

    let bytes: [UInt8]
    let entries: [String: Entry]

    init(_ bytes: [UInt8]) throws(CheckpointError) {
        let directory = try Directory(bytes)
        var reader = ByteReader(bytes, in: directory.range)
        var entries: [String: Entry] = [:]
        for _ in 0..<directory.count {
            let entry = try Self.entry(&reader, directory: directory)
            guard entries.updateValue(entry, forKey: entry.name) == nil else {
                throw .damaged("its archive holds \(entry.name.quoted) twice")
            }
        }
        guard reader.remaining == 0 else { throw .damaged("its archive's directory has bytes to spare") }
        try Self.checkOverlaps(Array(entries.values))
        self.bytes = bytes
        self.entries = entries
    }

    /// No two entries share a byte: each byte of the file is then read once, whatever the directory claims.
    private static func checkOverlaps(_ entries: [Entry]) throws(CheckpointError) {
        var end = 0
        for entry in entries.sorted(by: { ($0.start, $0.range.upperBound) < ($1.start, $1.range.upperBound) }) {
            guard entry.start >= end else {
                throw .damaged("\(entry.name.quoted) in its archive lies within another entry")
            }
            end = entry.range.upperBound
        }
    }

    /// Where the bytes of that entry lie, after their checksum was compared.
    func range(of name: String) throws(CheckpointError) -> Range<Int> {
        guard let entry = entries[name] else { throw .damaged("its archive lacks \(name.quoted)") }
        guard CRC32.checksum(bytes[entry.range]) == entry.checksum else {
            throw .damaged("\(name.quoted) in its archive fails its checksum")
        }
        return entry.range
    }

    private static func entry(_ reader: inout ByteReader, directory: Directory) throws(CheckpointError) -> Entry {
        guard try reader.unsigned32() == 0x0201_4B50 else { throw .damaged("its archive's directory breaks off") }
        _ = try reader.skip(4)
        let flags = try reader.unsigned16()
        let method = try reader.unsigned16()
        _ = try reader.skip(4)
        let checksum = UInt32(try reader.littleEndian(4))
        var stored = try reader.unsigned32()
        var size = try reader.unsigned32()
        let nameLength = try reader.unsigned16()
        let extraLength = try reader.unsigned16()
        let commentLength = try reader.unsigned16()
        _ = try reader.skip(8)
        var start = try reader.unsigned32()
        let name = try reader.text(nameLength)
        var extras = ByteReader(reader.bytes, in: try reader.skip(extraLength))
        _ = try reader.skip(commentLength)

        // Fields that overflow 32 bits stand, in this order, in the zip64 extra.
        while size == 0xFFFF_FFFF || stored == 0xFFFF_FFFF || start == 0xFFFF_FFFF {
            let kind = try extras.unsigned16()
            var extra = ByteReader(reader.bytes, in: try extras.skip(extras.unsigned16()))
            guard kind == 0x0001 else { continue }
            if size == 0xFFFF_FFFF { size = try extra.length() }
            if stored == 0xFFFF_FFFF { stored = try extra.length() }
            if start == 0xFFFF_FFFF { start = try extra.length() }
            break
        }
        guard flags & 1 == 0, method == 0, stored == size else {
            throw .unsupported(
                "\(name.quoted) in its archive is compressed or encrypted",
                advice: "save it again with torch.save, which stores plain bytes")
        }
        return Entry(
            name: name, checksum: checksum,
            range: try contents(
                name: name, at: start, count: size, before: directory.range.lowerBound, in: reader.bytes),
            start: start)
    }

    /// The local header repeats the name; its lengths may differ from the directory's, so it decides where data begins.
    private static func contents(
        name: String, at start: Int, count: Int, before end: Int, in bytes: [UInt8]
    ) throws(CheckpointError) -> Range<Int> {
        guard start <= end else { throw .damaged("\(name.quoted) in its archive lies outside it") }
        var reader = ByteReader(bytes, in: start..<end)
        guard try reader.unsigned32() == 0x0403_4B50 else {
            throw .damaged("\(name.quoted) in its archive does not begin where the directory says")
        }
        _ = try reader.skip(22)
        let nameLength = try reader.unsigned16()
        let extraLength = try reader.unsigned16()
        guard try reader.text(nameLength) == name else {
            throw .damaged("its archive calls \(name.quoted) by two names")
        }
        _ = try reader.skip(extraLength)
        return try reader.skip(count)
    }
}

/// Where the central directory lies, found from the end of the file.
private struct Directory {
    let range: Range<Int>
    let count: Int

    init(_ bytes: [UInt8]) throws(CheckpointError) {
        guard let end = Self.endRecord(bytes) else {
            throw .damaged("its archive has no directory, as after a download that broke off")
        }
        var record = ByteReader(bytes, in: end..<bytes.count)
        _ = try record.skip(4)
        let disks = [try record.unsigned16(), try record.unsigned16()]
        var entries = [try record.unsigned16(), try record.unsigned16()]
        var size = try record.unsigned32()
        var start = try record.unsigned32()
        var limit = end
        if entries.contains(0xFFFF) || size == 0xFFFF_FFFF || start == 0xFFFF_FFFF {
            var locator = ByteReader(bytes, in: max(0, end - 20)..<end)
            guard try locator.unsigned32() == 0x0706_4B50 else {
                throw .damaged("its archive's zip64 locator is missing")
            }
            _ = try locator.skip(4)
            limit = try locator.length()
            guard limit <= end else { throw .damaged("its archive's zip64 record lies outside it") }
            var large = ByteReader(bytes, in: limit..<end)
            guard try large.unsigned32() == 0x0606_4B50 else { throw .damaged("its archive's zip64 record is missing") }
            _ = try large.skip(20)
            entries = [try large.length(), try large.length()]
            size = try large.length()
            start = try large.length()
        }
        guard disks == [0, 0], entries[0] == entries[1], let stop = start.adding(size), stop <= limit else {
            throw .damaged("its archive's directory lies outside it")
        }
        range = start..<stop
        count = entries[0]
    }

    /// The last record whose comment ends with the file.
    private static func endRecord(_ bytes: [UInt8]) -> Int? {
        var start = bytes.count - 22
        while start >= 0, start >= bytes.count - 22 - 0xFFFF {
            if bytes[start] == 0x50, bytes[start + 1] == 0x4B, bytes[start + 2] == 0x05, bytes[start + 3] == 0x06,
                start + 22 + Int(bytes[start + 20]) + Int(bytes[start + 21]) << 8 == bytes.count
            {
                return start
            }
            start -= 1
        }
        return nil
    }
}
