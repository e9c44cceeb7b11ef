import Archives

/// The entries of a zip as `torch.save` writes it: stored and not compressed, each under a name of its own.
struct TorchZip {
    private struct Entry {
        var name: String
        var entry: ZipEntry
        /// Where the entry's own bytes lie in the file.
        var range: Range<Int>
    }

    private let bytes: [UInt8]
    private let entries: [String: Entry]

    init(_ bytes: [UInt8]) throws(CheckpointError) {
        let archive = BytesInMemory(bytes, path: "")
        let directory = try Self.reading { try ZipDirectory(archive) }
        var entries: [String: Entry] = [:]
        for (name, entry) in directory.entries {
            guard !entry.isDeflated, entry.storedSize == entry.size else { throw .compressed(name) }
            let range = try Self.reading { try entry.storedRange(in: archive, name: name) }
            guard entries.updateValue(Entry(name: name, entry: entry, range: range), forKey: name) == nil else {
                throw .damaged("its archive holds \(name.quoted) twice")
            }
        }
        try Self.checkOverlaps(Array(entries.values), before: directory.start)
        self.bytes = bytes
        self.entries = entries
    }

    /// No two entries share a byte: each byte of the file is then read once, whatever the directory claims.
    private static func checkOverlaps(_ entries: [Entry], before limit: Int) throws(CheckpointError) {
        var end = 0
        for item in entries.sorted(by: {
            ($0.entry.offset, $0.range.upperBound) < ($1.entry.offset, $1.range.upperBound)
        }) {
            guard item.entry.offset >= end else {
                throw .damaged("\(item.name.quoted) in its archive lies within another entry")
            }
            end = item.range.upperBound
            guard end <= limit else { throw .damaged("\(item.name.quoted) in its archive lies outside it") }
        }
    }

    var names: some Collection<String> { entries.keys }

    func contains(_ name: String) -> Bool { entries[name] != nil }

    /// Where the bytes of that entry lie, after their checksum was compared.
    func range(of name: String) throws(CheckpointError) -> Range<Int> {
        guard let item = entries[name] else { throw .damaged("its archive lacks \(name.quoted)") }
        guard item.entry.isChecksum(of: bytes[item.range]) else {
            throw .damaged("\(name.quoted) in its archive fails its checksum")
        }
        return item.range
    }

    private static func reading<Value>(_ body: () throws -> Value) throws(CheckpointError) -> Value {
        do {
            return try body()
        } catch let error as ZipError {
            throw CheckpointError(error)
        } catch {
            throw .damaged("\(error)")
        }
    }
}

extension CheckpointError {
    fileprivate init(_ error: ZipError) {
        switch error.part {
        case .entry(let name) where error.kind == .unsupported: self = .compressed(name)
        case .entry(let name): self = .damaged("\(name.quoted) in its archive \(error.predicate)")
        case .record(let name): self = .damaged("its archive's \(name) \(error.predicate)")
        case .archive: self = .damaged("its archive \(error.predicate)")
        }
    }

    fileprivate static func compressed(_ name: String) -> CheckpointError {
        .unsupported(
            "\(name.quoted) in its archive is compressed or encrypted",
            advice: "save it again with torch.save, which stores plain bytes")
    }
}
