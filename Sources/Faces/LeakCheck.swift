import Files

/// What of a test set is known from training, or is its own answer: any of it makes figures too good.
package struct LeakCheck: Sendable {
    /// People among both training and test faces.
    package let sharedPeople: [String]
    /// Test photographs whose bytes are also those of a training photograph, by path.
    package let sharedFiles: [String]
    /// Queries that stand in the gallery themselves, or whose bytes do, by path.
    package let ownAnswers: [String]

    package var isClean: Bool { sharedPeople.isEmpty && sharedFiles.isEmpty && ownAnswers.isEmpty }

    /// O(faces).
    package init(_ set: FaceSet) {
        let people = Set(set.train.map { set.faces[$0].identity })
        let files = Set(set.train.map { set.faces[$0].digest })
        let gallery = Set(set.gallery.map { set.faces[$0].digest })
        let tested = set.queries + set.gallery
        sharedPeople = Set(tested.map { set.faces[$0].identity }).intersection(people).sorted()
        sharedFiles = tested.filter { files.contains(set.faces[$0].digest) }.map { set.faces[$0].path }
        ownAnswers = set.queries.filter { gallery.contains(set.faces[$0].digest) }.map { set.faces[$0].path }
    }

    /// One sentence: the certificate, or what leaks and an example of each.
    package var sentence: String {
        guard !isClean else {
            return """
                No person and no file (by SHA-256) stands on both sides of the split, and no query stands in its own gallery.
                """
        }
        var leaks: [String] = []
        func add(_ found: [String], _ what: String) {
            if let first = found.first { leaks.append("\(found.count) \(what) (\(first))") }
        }
        add(sharedPeople, "people are both trained on and tested")
        add(sharedFiles, "test photographs are also training photographs, byte for byte")
        add(ownAnswers, "queries stand in the gallery, byte for byte")
        return "The split leaks: " + leaks.joined(separator: "; ") + "."
    }
}
