import Archives
import Files

/// Photographs of people as found on disk: nothing decoded yet.
package struct Dataset: Sendable {
    /// The forms in which datasets come.
    package enum Form: String, Sendable, Codable {
        case celebA
        /// Labeled Faces in the Wild: a folder per person and `pairs.txt`.
        case lfw
        case folderPerPerson
    }

    /// The folder that photograph paths are relative to.
    package private(set) var folder: String
    package private(set) var form: Form
    /// In path order.
    package private(set) var photographs: [Photograph]
    /// Empty where the dataset has none; CelebA has 40.
    package let attributeNames: [String]
    /// Images without an annotation that would say who they show: counted, never used.
    package var unannotated: [String] = []
    /// The zip that holds the photographs, relative to `folder`; nil where they are files.
    package var archive: String?
    /// The annotation files that were read, with how many photographs each describes.
    package var lists: [List] = []
    /// LFW's verification pairs; empty where there are none.
    package var pairs: [Pair] = []
    /// Tolerated oddities with file and line, for the report.
    package var warnings: [String] = []

    package struct Photograph: Sendable {
        /// Relative to the dataset's folder, also for one in an archive.
        package var path: String
        package var identity: String
        /// One ±1 per attribute name; nil where the dataset has none.
        package var attributes: [Int8]?
        /// Where it lies in the archive; nil for a file.
        package var entry: ZipEntry?
    }

    /// An annotation file.
    package struct List: Sendable {
        /// Relative to the dataset's folder.
        package var path: String
        /// Photographs it describes.
        package var count: Int
        /// How many of them are there.
        package var present: Int
        /// What else it says: `train 162770, validation 19867, test 19962`.
        package var remark: String
    }

    /// Two photographs by index, and whether they show one person.
    package struct Pair: Sendable, Hashable {
        package var first: Int
        package var second: Int
        package var isSamePerson: Bool
    }

    init(
        folder: String, form: Form, photographs: [Photograph], attributeNames: [String] = [],
        unannotated: [String] = [], warnings: [String] = []
    ) {
        self.folder = folder
        self.form = form
        self.photographs = photographs
        self.attributeNames = attributeNames
        self.unannotated = unannotated
        self.warnings = warnings
    }
}

extension Dataset {
    /// Reads a dataset's file names and annotations: CelebA's layout where its identity list is present, LFW's where
    /// `pairs.txt` is, else a folder per person. Where a folder holds no photographs and only one folder, as archives are
    /// often unpacked, that one is read; paths are relative to the outer one all the same.
    ///
    /// - Throws: `DatasetError` with path and line when annotations contradict each other or nothing is found.
    package init(contentsOf folder: String) throws(DatasetError) {
        guard Files.isFolder(folder) else {
            if let problem = Files.irregularity(folder) ?? (Files.exists(folder) ? "is a file, not a folder" : nil) {
                throw DatasetError(folder, "\(problem); name the folder of the photographs")
            }
            throw DatasetError(folder, "is not there; put the photographs there or name another folder")
        }
        // Folders on the way down, each with the names of what lies beside the way.
        var outer: [(path: String, files: [String])] = []
        var inner: [String] = []
        while true {
            let place = ([folder] + inner).joined(separator: "/")
            if let layout = try CelebALayout(below: place) {
                try self.init(celebA: place, layout: layout)
                break
            }
            guard inner.count < 4, let next = Self.onlyFolder(in: place) else {
                try self.init(folderPerPerson: place)
                break
            }
            outer.append((inner.map { $0 + "/" }.joined(), next.files))
            inner.append(next.name)
        }
        if !inner.isEmpty { move(up: inner.joined(separator: "/"), to: folder) }
        for (path, files) in outer { try takeCompanions(files, of: path) }
        warnings += tellNamesakesApart()
    }

    /// Gives people whose names are equal as text and differ in their bytes, such as é in one character and in two, names that
    /// differ for everybody: `é` and `é (2)`. The first one keeps its name.
    private mutating func tellNamesakesApart() -> [String] {
        // By name, each form in the order of the photographs, and what its person is called.
        var forms: [String: [(bytes: [UInt8], name: String)]] = [:]
        var remarks: [String] = []
        var given = Set(photographs.map(\.identity))
        for index in photographs.indices {
            let name = photographs[index].identity
            let bytes = Array(name.utf8)
            if let known = forms[name]?.first(where: { $0.bytes == bytes }) {
                photographs[index].identity = known.name
                continue
            }
            var own = name
            if let first = forms[name]?.first {
                var number = 1 + (forms[name]?.count ?? 0)
                while given.contains("\(name) (\(number))") { number += 1 }
                own = "\(name) (\(number))"
                given.insert(own)
                remarks.append(
                    "\(folder): two people are called \(first.name), in different characters of Unicode; the second one is "
                        + "called \(own) here: rename one")
            }
            forms[name, default: []].append((bytes, own))
            photographs[index].identity = own
        }
        return remarks
    }

    /// The one folder in a folder without photographs, if that has folders and no photographs either: then neither is a
    /// person. Nil where there are more, or where it is a part of CelebA.
    static func onlyFolder(in folder: String) -> (name: String, files: [String])? {
        guard let entries = try? names(in: folder) else { return nil }
        let folders = entries.filter { $0.kind == .folder }
        let files = entries.filter { $0.kind != .folder }.map(\.name)
        guard folders.count == 1, let only = folders.first?.name, !CelebALayout.folders.contains(only),
            !files.contains(where: isImageName), let inner = try? names(in: folder + "/" + only),
            inner.contains(where: { $0.kind == .folder }),
            !inner.contains(where: { $0.kind != .folder && isImageName($0.name) })
        else { return nil }
        return (only, files)
    }

    /// Makes paths relative to an outer folder. A photograph in an archive keeps its name there.
    private mutating func move(up inner: String, to outer: String) {
        folder = outer
        for index in lists.indices { lists[index].path = inner + "/" + lists[index].path }
        if let path = archive {
            archive = inner + "/" + path
            return
        }
        for index in photographs.indices { photographs[index].path = inner + "/" + photographs[index].path }
        unannotated = unannotated.map { inner + "/" + $0 }
    }

    /// Files beside the way down: pairs are read, others told.
    private mutating func takeCompanions(_ files: [String], of path: String) throws(DatasetError) {
        if form == .folderPerPerson, files.contains(PairList.name) { try readPairs(path + PairList.name) }
        let strange = files.filter { !Self.companions.contains($0.lowercased()) }
        warnings += ForeignFiles(among: strange.map { path + $0 }).remarks(in: folder)
    }

    /// Reads LFW's pairs from a list below the dataset's folder.
    mutating func readPairs(_ path: String) throws(DatasetError) {
        let list = try PairList(folder + "/" + path, photographs: photographs)
        form = .lfw
        pairs = list.pairs
        if let absence = list.absence { warnings.append(absence) }
        let used = list.pairs.count < list.listed ? "\(list.pairs.count) of \(list.listed)" : "\(list.listed)"
        lists = [
            List(path: path, count: list.mentioned, present: list.present, remark: "\(list.folds) folds, \(used) pairs")
        ]
    }

    /// Where the photographs' bytes are.
    package func source() throws(DatasetError) -> PhotographSource {
        do {
            return try PhotographSource(folder: folder, archive: archive)
        } catch {
            throw DatasetError(error.path, error.problem)
        }
    }
}

/// What is wrong with a dataset, and where.
package struct DatasetError: Error, Sendable, CustomStringConvertible {
    package let path: String
    package let line: Int?
    package let message: String
    /// Photographs outside any person's folder, where there are no others.
    package let loose: Int

    package init(_ path: String, line: Int? = nil, _ message: String, loose: Int = 0) {
        self.path = path
        self.line = line
        self.message = message
        self.loose = loose
    }

    package var description: String {
        line.map { "\(path):\($0): \(message)" } ?? "\(path): \(message)"
    }
}
