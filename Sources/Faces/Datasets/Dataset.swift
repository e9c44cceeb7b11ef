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
    package let folder: String
    package let form: Form
    /// In path order.
    package let photographs: [Photograph]
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
    /// `pairs.txt` is, else a folder per person.
    ///
    /// - Throws: `DatasetError` with path and line when annotations contradict each other or nothing is found.
    package init(contentsOf folder: String) throws(DatasetError) {
        guard Files.isFolder(folder) else {
            throw DatasetError(folder, "is not a folder; put the dataset there or name another one")
        }
        if let layout = try CelebALayout(below: folder) {
            try self.init(celebA: folder, layout: layout)
        } else {
            try self.init(folderPerPerson: folder)
        }
        guard !photographs.isEmpty else {
            throw DatasetError(
                folder, "holds no photographs; expected a folder per person, or CelebA's img_align_celeba with its lists")
        }
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

    init(_ path: String, line: Int? = nil, _ message: String) {
        self.path = path
        self.line = line
        self.message = message
    }

    package var description: String {
        line.map { "\(path):\($0): \(message)" } ?? "\(path): \(message)"
    }
}
