/// The members of a tar archive, by name: plain files only.
///
/// Source: POSIX.1-2017, `pax` interchange format. Every header's checksum is compared, and nothing but zeros may follow
/// the end, so that an archive that breaks off is noticed.
struct TarArchive {
    /// Where each member's bytes lie in the file.
    let members: [String: Range<Int>]

    private static let blockSize = 512

    init(_ bytes: [UInt8]) throws(CheckpointError) {
        var reader = ByteReader(bytes)
        var members: [String: Range<Int>] = [:]
        while true {
            let block = try reader.skip(Self.blockSize)
            if bytes[block].allSatisfy({ $0 == 0 }) { break }
            let header = try Header(bytes[block])
            let range = try reader.skip(header.size)
            _ = try reader.skip((Self.blockSize - header.size % Self.blockSize) % Self.blockSize)
            switch header.kind {
            case UInt8(ascii: "0"), 0:
                guard members.updateValue(range, forKey: header.name) == nil else {
                    throw .damaged("its archive holds \(header.name.quoted) twice")
                }
            case UInt8(ascii: "x"): try Self.checkExtension(ByteReader(bytes, in: range))
            default:
                throw .unsupported(
                    "its archive's entry \(header.name.quoted) is no plain file", advice: "give the .pth file itself")
            }
        }
        let end = try reader.skip(reader.remaining)
        guard end.count >= Self.blockSize, end.count.isMultiple(of: Self.blockSize), bytes[end].allSatisfy({ $0 == 0 })
        else { throw .damaged("its archive has no proper end") }
        self.members = members
    }

    /// A `pax` header before a member may state its times and owner; what would change its name or size is refused.
    private static func checkExtension(_ reader: ByteReader) throws(CheckpointError) {
        var reader = reader
        while reader.remaining > 0 {
            // "LENGTH KEY=VALUE\n", where the length counts itself.
            let start = reader.offset
            var length = 0
            while let digit = Header.digit(try reader.byte(), below: 10) {
                guard length < 1 << 20 else { throw malformed }
                length = 10 * length + digit
            }
            guard length > reader.offset - start else { throw malformed }
            let record = reader.bytes[try reader.skip(length - (reader.offset - start))]
            guard record.last == 0x0A, let equals = record.firstIndex(of: UInt8(ascii: "=")),
                let key = String(validating: record[record.startIndex..<equals], as: UTF8.self)
            else { throw malformed }
            guard ["mtime", "atime", "ctime", "uid", "gid", "uname", "gname", "comment"].contains(key) else {
                throw .unsupported(
                    "its archive's extension \(key.quoted) is none that PyTorch wrote", advice: "fetch the file again")
            }
        }
    }

    private static var malformed: CheckpointError { .damaged("an extended header of its archive is malformed") }

    private struct Header {
        var name: String
        var size: Int
        var kind: UInt8

        init(_ block: ArraySlice<UInt8>) throws(CheckpointError) {
            let block = Array(block)
            // The checksum counts its own field as spaces.
            var sum = 8 * 0x20
            for (index, byte) in block.enumerated() where !(148..<156).contains(index) { sum += Int(byte) }
            guard try Self.octal(block[148..<156]) == sum else {
                throw .damaged("a header of its archive fails its checksum")
            }
            let text = block[0..<100].prefix { $0 != 0 }
            guard let name = String(validating: text, as: UTF8.self), !name.isEmpty, block[345] == 0 else {
                throw .damaged("a name in its archive is not one that PyTorch wrote")
            }
            self.name = name
            size = try Self.octal(block[124..<136])
            kind = block[156]
        }

        /// Octal digits, then spaces or zeros.
        private static func octal(_ field: ArraySlice<UInt8>) throws(CheckpointError) -> Int {
            var value = 0
            var rest = field
            while let first = rest.first, let digit = digit(first, below: 8) {
                value = 8 * value + digit  // twelve digits at most
                rest.removeFirst()
            }
            guard rest.count < field.count, rest.allSatisfy({ $0 == 0 || $0 == 0x20 }) else {
                throw .damaged("a number in a header of its archive is not octal")
            }
            return value
        }

        static func digit(_ byte: UInt8, below base: UInt8) -> Int? {
            byte >= 0x30 && byte < 0x30 + base ? Int(byte - 0x30) : nil
        }
    }
}
