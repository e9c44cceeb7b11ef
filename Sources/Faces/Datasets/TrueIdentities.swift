import Files

/// Whom drawn photographs show, also where their identity list says somebody else on purpose.
///
/// `likeness synthesize` writes it beside the lists, in the form of `identity_CelebA.txt`: `file identity` a line.
/// Datasets are read without it.
package struct TrueIdentities: Sendable {
    package static let name = "likeness-true-identities.txt"

    private let path: String
    /// By the photograph's file.
    private let people: [String: String]

    /// Where the list of a dataset lies, which may stand in the only folder of its folder; nil where it has none.
    package static func path(below folder: String) -> String? {
        var place = folder
        for _ in 0..<5 {
            if Files.exists(place + "/" + name) { return place + "/" + name }
            guard let inner = Dataset.onlyFolder(in: place) else { return nil }
            place += "/" + inner.name
        }
        return nil
    }

    /// O(lines).
    ///
    /// - Throws: `DatasetError` with path and line for what is no such list.
    package init(contentsOf path: String) throws(DatasetError) {
        self.path = path
        var reader = try AnnotationReader(path)
        var people: [String: String] = [:]
        while try reader.next() {
            guard reader.count == 2 else {
                throw reader.error("expected 'file identity', found \(reader.count) words")
            }
            let file = try reader.text(0)
            guard people.updateValue(try reader.text(1), forKey: file) == nil else {
                throw reader.error("lists \(file) a second time")
            }
        }
        self.people = people
    }

    /// Whom a photograph shows, by its path in the dataset.
    ///
    /// - Throws: `DatasetError` where the list does not say it.
    package func identity(of photograph: String) throws(DatasetError) -> String {
        let file = photograph.split(separator: "/").last.map(String.init) ?? photograph
        guard let person = people[file] else {
            throw DatasetError(
                path, "has no line for \(file), which is there; draw the dataset anew, or remove the list")
        }
        return person
    }
}
