import Files

/// CelebA's lists, read against its photographs.
extension CelebAPhotographs {
    /// The last list's counts; says where it speaks of photographs that are not there.
    func list(_ path: String, _ warnings: inout [String], remark: String) -> Dataset.List {
        if let absent = tally.absent {
            let count = tally.count - tally.present
            let others = count > 1 ? ", as \(count - 1) further lines do" : ""
            warnings.append("\(path):\(absent.line): describes \(absent.name), which is not there\(others)")
        }
        return Dataset.List(path: path, count: tally.count, present: tally.present, remark: remark)
    }

    /// For an error: what the list read last calls its first photograph.
    func firstListed(_ path: String) -> String {
        tally.first.map { "line \($0.line) of \(path) says \($0.name)" } ?? "\(path) lists nobody"
    }

    /// Whether a list calls no photograph by its name, but some by a name of which only folders or the end are others:
    /// `img_align_celeba/000001.jpg`, `000001` or `000001.JPG` for `000001.jpg`. Then all its names are read like that.
    private mutating func isLoose(_ list: AnnotationReader) throws(DatasetError) -> Bool {
        var reader = list
        var found: (name: String, index: Int)?
        while try reader.next() {
            let name = try reader.text(0)
            if indices[name] != nil { return false }
            if found == nil, let index = index(looselyNamed: name) { found = (name, index) }
        }
        guard let found else { return false }
        renamings.append(
            "\(list.path): calls \(files[found.index].name) \(found.name), and was read with the names that are there")
        return true
    }

    /// Notes a line about a photograph: its index, or nil for one that is not there.
    private mutating func find(
        _ reader: AnnotationReader, _ seen: inout SeenNames, loosely: Bool
    ) throws(DatasetError) -> Int? {
        let name = try reader.text(0)
        let index = loosely ? index(looselyNamed: name) : indices[name]
        guard seen.insert(name, index) else { throw reader.error("lists \(name) a second time") }
        tally.count += 1
        if tally.first == nil { tally.first = (reader.line, name) }
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
        let isLoose = try isLoose(reader)
        var seen = SeenNames(files.count)
        var identities = [String?](repeating: nil, count: files.count)
        while try reader.next() {
            guard reader.count == 2 else {
                throw reader.error("expected 'file identity', found \(words(reader))")
            }
            if reader.isCSV, reader.line == 1, reader.integer(1) == nil { continue }
            let identity = try reader.text(1)
            guard !identity.isEmpty else { throw reader.error("has no identity") }
            if let index = try find(reader, &seen, loosely: isLoose) { identities[index] = identity }
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
        let isLoose = try isLoose(reader)
        var seen = SeenNames(files.count)
        var values = [Int8](repeating: 0, count: files.count * names.count)
        while try reader.next() {
            guard reader.count == names.count + 1 else {
                throw reader.error("expected a file and \(names.count) values, found \(words(reader))")
            }
            let index = try find(reader, &seen, loosely: isLoose)
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
        let isLoose = try isLoose(reader)
        var seen = SeenNames(files.count)
        while try reader.next() {
            guard reader.count == names.count + 1 else {
                throw reader.error("expected a file and \(names.count) numbers, found \(words(reader))")
            }
            for column in 1..<reader.count where reader.integer(column) == nil {
                throw reader.error("expected a whole number, found '\(try reader.text(column))'")
            }
            _ = try find(reader, &seen, loosely: isLoose)
        }
        try check(announced, reader)
        return names.count / 2
    }

    /// `file 0|1|2` a line: how many photographs are for training, validation and test.
    mutating func partition(_ path: String) throws(DatasetError) -> [Int] {
        tally = Tally()
        var reader = try AnnotationReader(path)
        let isLoose = try isLoose(reader)
        var seen = SeenNames(files.count)
        var parts = [0, 0, 0]
        while try reader.next() {
            if reader.isCSV, reader.line == 1, reader.count == 2, reader.integer(1) == nil { continue }
            guard reader.count == 2, let part = reader.integer(1), parts.indices.contains(part) else {
                throw reader.error("expected 'file 0', 'file 1' or 'file 2'")
            }
            if try find(reader, &seen, loosely: isLoose) != nil { parts[part] += 1 }
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
