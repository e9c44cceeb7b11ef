import Files

extension Dataset {
    /// CelebA: photographs in a folder or a zip, and lists of identities, attributes, landmarks and parts as text or CSV.
    ///
    /// Every photograph is accounted for: one without an identity is unannotated. A list's line for a photograph that
    /// is not there is told with its place, not refused, because people keep parts of CelebA; a photograph that the
    /// attribute list leaves out is an error. O(lines).
    init(celebA folder: String, layout: CelebALayout) throws(DatasetError) {
        var shelf = try CelebAShelf(folder: folder, photographs: layout.photographs)
        var lists: [List] = []
        var warnings = shelf.warnings

        let identities = try shelf.identities(folder + "/" + layout.identity)
        lists.append(shelf.list(layout.identity, &warnings, remark: ""))
        var attributes: (names: [String], values: [Int8])?
        if let path = layout.attributes {
            let table = try shelf.attributes(folder + "/" + path, needed: identities.map { $0 != nil })
            attributes = table
            lists.append(shelf.list(path, &warnings, remark: "\(table.names.count) attributes"))
        }
        if let path = layout.landmarks {
            let points = try shelf.checkLandmarks(folder + "/" + path)
            lists.append(shelf.list(path, &warnings, remark: "\(points) landmarks"))
        }
        if let path = layout.partition {
            let parts = try shelf.partition(folder + "/" + path)
            lists.append(shelf.list(path, &warnings, remark: "training \(parts[0]), validation \(parts[1]), test \(parts[2])"))
        }

        var photographs: [Photograph] = []
        photographs.reserveCapacity(shelf.files.count)
        var unannotated: [String] = []
        for (index, file) in shelf.files.enumerated() {
            let path = shelf.prefix + file.name
            guard let identity = identities[index] else {
                unannotated.append(path)
                continue
            }
            let row = attributes.map { table in
                Array(table.values[index * table.names.count..<(index + 1) * table.names.count])
            }
            photographs.append(Photograph(path: path, identity: identity, attributes: row, entry: file.entry))
        }
        if !unannotated.isEmpty {
            warnings.append(
                "\(folder)/\(layout.identity): has no line for \(unannotated.count) photographs, which were not used (\(few(unannotated)))")
        }
        self.init(
            folder: folder, form: .celebA, photographs: photographs, attributeNames: attributes?.names ?? [],
            unannotated: unannotated, warnings: warnings)
        archive = shelf.archive
        self.lists = lists
    }
}

/// CelebA's photographs by name, and its lists as read against them.
private struct CelebAShelf {
    /// In path order.
    private(set) var files: [(name: String, entry: ZipEntry?)] = []
    /// What a photograph's path begins with.
    let prefix: String
    let archive: String?
    private(set) var warnings: [String] = []
    private var indices: [String: Int] = [:]
    /// Of the list read last.
    private var tally = Tally()

    private struct Tally {
        var count = 0
        var present = 0
        /// The first line about a photograph that is not there.
        var absent: (line: Int, name: String)?
    }

    init(folder: String, photographs: CelebALayout.Photographs) throws(DatasetError) {
        var unknown: [String] = []
        switch photographs {
        case .folder(let path):
            prefix = path + "/"
            archive = nil
            for (name, _) in try names(in: folder + "/" + path) {
                if isImageName(name) { files.append((name, nil)) } else { unknown.append(name) }
            }
        case .archive(let path):
            prefix = CelebALayout.images + "/"
            archive = path
            files = try Self.entries(of: folder + "/" + path, prefix: prefix, unknown: &unknown)
        }
        if !unknown.isEmpty {
            warnings.append(
                "\(folder)/\(archive ?? String(prefix.dropLast())): \(unknown.count) files are not named like images and were passed over (\(few(unknown)))")
        }
        indices.reserveCapacity(files.count)
        for (index, file) in files.enumerated() where indices.updateValue(index, forKey: file.name) != nil {
            throw DatasetError(folder + "/" + (archive ?? prefix), "holds \(file.name) twice")
        }
    }

    private static func entries(
        of path: String, prefix: String, unknown: inout [String]
    ) throws(DatasetError) -> [(name: String, entry: ZipEntry?)] {
        let directory: ZipDirectory
        do {
            directory = try ZipDirectory(RandomAccessFile(path))
        } catch {
            throw DatasetError(path, "\((error as? ZipError)?.problem ?? (error as? FileError)?.problem ?? "\(error)"); fetch the archive again")
        }
        var files: [(name: String, entry: ZipEntry?)] = []
        for (name, entry) in directory.entries {
            let file = name.hasPrefix(prefix) ? String(name.dropFirst(prefix.count)) : ""
            if !file.isEmpty, !file.hasPrefix("."), !file.utf8.contains(UInt8(ascii: "/")), isImageName(file) {
                files.append((file, entry))
            } else if !name.hasPrefix("__MACOSX/") {
                unknown.append(name)
            }
        }
        files.sortNaturally { $0.name }
        return files
    }

    /// The last list's counts; says where it speaks of photographs that are not there.
    func list(_ path: String, _ warnings: inout [String], remark: String) -> Dataset.List {
        if let absent = tally.absent {
            let count = tally.count - tally.present
            let others = count > 1 ? ", as \(count - 1) further lines do" : ""
            warnings.append("\(path):\(absent.line): describes \(absent.name), which is not there\(others)")
        }
        return Dataset.List(path: path, count: tally.count, present: tally.present, remark: remark)
    }

    /// Notes a line about a photograph: its index, or nil for one that is not there.
    private mutating func find(_ reader: AnnotationReader, _ seen: inout SeenNames) throws(DatasetError) -> Int? {
        let name = try reader.text(0)
        let index = indices[name]
        guard seen.insert(name, index) else { throw reader.error("lists \(name) a second time") }
        tally.count += 1
        if index != nil {
            tally.present += 1
        } else if tally.absent == nil {
            tally.absent = (reader.line, name)
        }
        return index
    }

    /// `file identity` a line, after a heading in a CSV that has one.
    mutating func identities(_ path: String) throws(DatasetError) -> [String?] {
        tally = Tally()
        var reader = try AnnotationReader(path)
        var seen = SeenNames(files.count)
        var identities = [String?](repeating: nil, count: files.count)
        while try reader.next() {
            guard reader.count == 2 else {
                throw reader.error("expected 'file identity', found \(words(reader))")
            }
            if reader.isCSV, reader.line == 1, reader.integer(1) == nil { continue }
            let identity = try reader.text(1)
            guard !identity.isEmpty else { throw reader.error("has no identity") }
            if let index = try find(reader, &seen) { identities[index] = identity }
        }
        return identities
    }

    /// A count line (not in a CSV), a line of names, then `file ±1 …` a line. `values` has a row for every photograph.
    mutating func attributes(
        _ path: String, needed: [Bool]
    ) throws(DatasetError) -> (names: [String], values: [Int8]) {
        tally = Tally()
        var reader = try AnnotationReader(path)
        let announced = try count(&reader)
        let names = try heading(&reader)
        guard !names.isEmpty else { throw reader.error("expected a line of attribute names") }
        var seen = SeenNames(files.count)
        var values = [Int8](repeating: 0, count: files.count * names.count)
        while try reader.next() {
            guard reader.count == names.count + 1 else {
                throw reader.error("expected a file and \(names.count) values, found \(words(reader))")
            }
            let index = try find(reader, &seen)
            for column in names.indices {
                guard let value = reader.integer(column + 1), value == 1 || value == -1 else {
                    throw reader.error("expected 1 or -1, found '\(try reader.text(column + 1))'")
                }
                if let index { values[index * names.count + column] = Int8(value) }
            }
        }
        try check(announced, reader)
        if let missing = files.indices.first(where: { needed[$0] && !seen[$0] }) {
            throw DatasetError(path, "has no line for \(files[missing].name), which is there")
        }
        return (names, values)
    }

    /// Checks `file x y x y …` lines; nothing here uses landmarks. Returns how many points a photograph has.
    mutating func checkLandmarks(_ path: String) throws(DatasetError) -> Int {
        tally = Tally()
        var reader = try AnnotationReader(path)
        let announced = try count(&reader)
        let names = try heading(&reader)
        var seen = SeenNames(files.count)
        while try reader.next() {
            guard reader.count == names.count + 1 else {
                throw reader.error("expected a file and \(names.count) numbers, found \(words(reader))")
            }
            for column in 1..<reader.count where reader.integer(column) == nil {
                throw reader.error("expected a whole number, found '\(try reader.text(column))'")
            }
            _ = try find(reader, &seen)
        }
        try check(announced, reader)
        return names.count / 2
    }

    /// `file 0|1|2` a line: how many photographs are for training, validation and test.
    mutating func partition(_ path: String) throws(DatasetError) -> [Int] {
        tally = Tally()
        var reader = try AnnotationReader(path)
        var seen = SeenNames(files.count)
        var parts = [0, 0, 0]
        while try reader.next() {
            if reader.isCSV, reader.line == 1, reader.count == 2, reader.integer(1) == nil { continue }
            guard reader.count == 2, let part = reader.integer(1), parts.indices.contains(part) else {
                throw reader.error("expected 'file 0', 'file 1' or 'file 2'")
            }
            if try find(reader, &seen) != nil { parts[part] += 1 }
        }
        return parts
    }

    /// The first line of a text list; a CSV has none.
    private func count(_ reader: inout AnnotationReader) throws(DatasetError) -> Int? {
        guard !reader.isCSV else { return nil }
        guard try reader.next(), reader.count == 1, let count = reader.integer(0), count >= 0 else {
            throw reader.error("expected the number of images on the first line")
        }
        return count
    }

    /// The names of the columns; a CSV's first column is the file's.
    private func heading(_ reader: inout AnnotationReader) throws(DatasetError) -> [String] {
        guard try reader.next() else { throw reader.error("ends before the names of its columns") }
        var names: [String] = []
        for index in (reader.isCSV ? 1 : 0)..<reader.count { names.append(try reader.text(index)) }
        if let twice = Dictionary(names.map { ($0, 1) }, uniquingKeysWith: +).filter({ $0.value > 1 }).keys.min() {
            throw reader.error("names the column '\(twice)' twice")
        }
        return names
    }

    private func check(_ announced: Int?, _ reader: AnnotationReader) throws(DatasetError) {
        guard let announced, announced != tally.count else { return }
        throw DatasetError(reader.path, line: 1, "announces \(announced) images, but lists \(tally.count)")
    }

    private func words(_ reader: AnnotationReader) -> String {
        "\(reader.count) \(reader.isCSV ? "fields" : "words")"
    }
}

/// Which names a list has spoken of.
private struct SeenNames {
    private var photographs: [Bool]
    private var others: Set<String> = []

    init(_ count: Int) { photographs = Array(repeating: false, count: count) }

    /// False for a name that was there before.
    mutating func insert(_ name: String, _ index: Int?) -> Bool {
        guard let index else { return others.insert(name).inserted }
        guard !photographs[index] else { return false }
        photographs[index] = true
        return true
    }

    subscript(index: Int) -> Bool { photographs[index] }
}
