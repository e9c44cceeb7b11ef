import Archives
import CZlib
import Files
import Foundation
import Testing

/// A zip written byte by byte.
private struct Zip {
    var files: [(name: String, content: [UInt8], deflated: [UInt8]?)]
    var zip64 = false
    var comment: [UInt8] = []

    var bytes: [UInt8] {
        var out: [UInt8] = []
        var directory: [UInt8] = []
        for (name, content, deflated) in files {
            let data = deflated ?? content
            let start = little(out.count, zip64 ? 8 : 4)
            let sizes = little(data.count, zip64 ? 8 : 4) + little(content.count, zip64 ? 8 : 4)
            let method = little(0, 2) + little(deflated == nil ? 0 : 8, 2) + little(0, 4)
            let common = method + little(Int(czlib_crc32(content, content.count)), 4)
            let extra = zip64 ? little(9, 2) + little(1, 2) + [7] + little(1, 2) + little(24, 2) : []
            let field = zip64 ? extra + little(content.count, 8) + little(data.count, 8) + start : []
            directory += Array("PK\u{1}\u{2}".utf8) + little(20, 2) + little(20, 2) + common
            directory += zip64 ? [UInt8](repeating: 0xFF, count: 8) : sizes
            directory += little(name.utf8.count, 2) + little(field.count, 2) + little(0, 10)
            directory += (zip64 ? [0xFF, 0xFF, 0xFF, 0xFF] : start) + Array(name.utf8) + field
            out += Array("PK\u{3}\u{4}".utf8) + little(20, 2) + common + little(0, 8)
            out += little(name.utf8.count, 2) + little(3, 2) + Array(name.utf8) + [1, 2, 3] + data
        }
        let (start, count) = (out.count, files.count)
        out += directory
        if zip64 {
            let record = out.count
            out += Array("PK\u{6}\u{6}".utf8) + little(44, 8) + little(0, 12) + little(count, 8) + little(count, 8)
            out += little(directory.count, 8) + little(start, 8)
            out += Array("PK\u{6}\u{7}".utf8) + little(0, 4) + little(record, 8) + little(1, 4)
            out += Array("PK\u{5}\u{6}".utf8) + little(0, 4) + [UInt8](repeating: 0xFF, count: 12)
        } else {
            out += Array("PK\u{5}\u{6}".utf8) + little(0, 4) + little(count, 2) + little(count, 2)
            out += little(directory.count, 4) + little(start, 4)
        }
        return out + little(comment.count, 2) + comment
    }

    private func little(_ value: Int, _ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: $0 < 8 ? value >> (8 * $0) : 0) }
    }
}

@Suite struct ZipTests {
    /// A thousand letters as zlib compresses them.
    private static let deflated: [UInt8] = [0x4B, 0x4C, 0x1C, 0x05, 0xA3, 0x60, 0x14, 0x0C, 0x77, 0x00, 0x00]
    private static let letters = [UInt8](repeating: UInt8(ascii: "a"), count: 1000)

    private static let zip = Zip(files: [
        ("folder/", [], nil), ("folder/a", letters, deflated), ("folder/ä", [1, 2, 3], nil),
    ])

    private func error(_ bytes: [UInt8]) -> ZipError? {
        #expect(throws: ZipError.self) { try ZipDirectory(BytesInMemory(bytes, path: "x.zip")) }
    }

    @Test(arguments: [false, true])
    func readsWhatIsStoredAndDeflatedFromMemoryAndFromAFile(zip64: Bool) throws {
        var zip = Self.zip
        zip.zip64 = zip64
        // The longest comment there is, with what looks like the record that ends an archive.
        zip.comment = Array("PK\u{5}\u{6}".utf8) + [UInt8](repeating: 0x50, count: 0xFFFF - 4)
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.path + "/x.zip"
        try Files.write(zip.bytes, to: path)
        func check(_ source: some ByteSource) throws {
            let directory = try ZipDirectory(source)
            #expect(directory.entries.map(\.name) == zip.files.map(\.name))
            let contents = try directory.entries.map { try $0.entry.bytes(from: source, name: $0.name, limit: 1000) }
            #expect(contents == zip.files.map(\.content))
            let last = try #require(directory.entries.last)
            let range = try last.entry.storedRange(in: source, name: last.name)
            #expect(range.upperBound == directory.start && range.count == 3)
        }
        try check(BytesInMemory(zip.bytes, path: "x.zip"))
        try check(RandomAccessFile(path))
    }

    @Test func saysWhichPartIsDamaged() throws {
        let bytes = Self.zip.bytes
        #expect(
            error([])?.description
                == "x.zip: it has no directory at its end, as after a download that broke off; fetch the archive again")
        let start = try ZipDirectory(BytesInMemory(bytes, path: "")).start
        var broken = bytes
        broken[start] = 0
        #expect(error(broken)?.problem == "its directory breaks off")
        broken = bytes
        broken[start + 10] = 12
        #expect(error(broken)?.problem == "the entry folder/ is compressed by method 12, not stored or deflated")
        broken[start + 8] = 1
        #expect(error(broken)?.problem == "the entry folder/ is encrypted")
        #expect(error(broken)?.kind == .unsupported)
        broken = bytes
        broken[bytes.count - 12] = 2
        broken[bytes.count - 14] = 2
        #expect(error(broken)?.problem == "its directory has bytes to spare")
        var large = Self.zip
        large.zip64 = true
        broken = large.bytes
        broken[broken.count - 42] = 0
        #expect(error(broken)?.problem == "its zip64 locator is missing")
        broken = large.bytes
        broken[broken.count - 34 + 4] = 1
        #expect(error(broken)?.problem == "its zip64 record lies outside it")
    }

    @Test func anEntryIsCheckedAgainstItsOwnHeaderAndItsChecksum() throws {
        let bytes = Self.zip.bytes
        let entries = try ZipDirectory(BytesInMemory(bytes, path: "")).entries
        func problem(_ bytes: [UInt8], _ index: Int = 2, limit: Int = 1000, name: String? = nil) -> String? {
            #expect(throws: ZipError.self) {
                try entries[index].entry.bytes(
                    from: BytesInMemory(bytes, path: ""), name: name ?? entries[index].name, limit: limit)
            }?.problem
        }
        var broken = bytes
        broken[entries[2].entry.offset] = 0
        #expect(problem(broken) == "the entry folder/ä does not begin where the archive's directory says")
        #expect(problem(bytes, name: "folder/b") == "the entry folder/b has another name in its own header")
        let start = try ZipDirectory(BytesInMemory(bytes, path: "")).start
        broken = bytes
        broken[start - 1] = 9
        #expect(problem(broken) == "the entry folder/ä fails its checksum")
        #expect(problem(bytes, 1, limit: 999) == "the entry folder/a unpacks to 1000 bytes, more than 0 MB")
        broken = bytes
        broken[entries[2].entry.offset - 2] = 0xFF
        #expect(problem(broken, 1) == "the entry folder/a is damaged: it does not unpack to 1000 bytes")
        var entry = entries[1].entry
        entry.size = 100_000
        #expect(throws: ZipError.self) {
            try entry.bytes(from: BytesInMemory(bytes, path: ""), name: "folder/a", limit: 1 << 20)
        }
        entry.offset = bytes.count - 29
        entry.size = 1000
        #expect(throws: ZipError.self) {
            try entry.bytes(from: BytesInMemory(bytes, path: ""), name: "folder/a", limit: 1 << 20)
        }
    }

    @Test func inflatesWhatZlibDeflated() throws {
        let deflated = Self.deflated
        var bytes = [UInt8](repeating: 0, count: 1000)
        #expect(czlib_inflate(deflated, deflated.count, &bytes, 1000) == CZLIB_OK)
        #expect(bytes == Self.letters)
        #expect(czlib_inflate(deflated, deflated.count, &bytes, 999) == CZLIB_DAMAGED)
        #expect(czlib_inflate(deflated, deflated.count - 1, &bytes, 1000) == CZLIB_DAMAGED)
    }
}
