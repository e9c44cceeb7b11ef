/// Photographs of people as found on disk: nothing decoded yet.
package struct Dataset: Sendable {
    /// The folder that photograph paths are relative to.
    package let folder: String
    /// In path order.
    package let photographs: [Photograph]
    /// Empty where the dataset has none; CelebA has 40.
    package let attributeNames: [String]
    /// Images without an annotation that would say who they show: counted, never used.
    package let unannotated: [String]
    /// Tolerated oddities, for the report.
    package let warnings: [String]

    package struct Photograph: Sendable {
        /// Relative to the dataset's folder.
        package var path: String
        package var identity: String
        /// One ±1 per attribute name; nil where the dataset has none.
        package var attributes: [Int8]?
    }
}

extension Dataset {
    /// Reads a dataset's file names and annotations: CelebA's layout where `identity_CelebA.txt` is present, else a
    /// folder per person.
    ///
    /// - Throws: `DatasetError` with path and line when annotations contradict each other or nothing is found.
    package init(contentsOf folder: String) throws(DatasetError) {
        guard isFolder(folder) else {
            throw DatasetError(folder, "is not a folder; put the dataset there or name another one")
        }
        if let annotations = CelebAAnnotations.folder(below: folder) {
            try self.init(celebA: folder, annotations: annotations)
        } else {
            try self.init(folderPerPerson: folder)
        }
        guard !photographs.isEmpty else {
            throw DatasetError(
                folder, "holds no photographs; expected a folder per person, or CelebA's img_align_celeba with its lists")
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
