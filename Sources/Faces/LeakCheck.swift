import Files

/// What of a test set is known from training, or is its own answer: any of it makes figures too good.
package struct LeakCheck: Sendable {
    /// People among both training and test faces.
    package let sharedPeople: [String]
    /// Test photographs whose decoded pixels are also those of a training photograph, by path.
    package let sharedFiles: [String]
    /// Queries that stand in the gallery themselves, or whose pixels do, by path.
    package let ownAnswers: [String]

    package var isClean: Bool { sharedPeople.isEmpty && sharedFiles.isEmpty && ownAnswers.isEmpty }

    /// O(faces).
    package init(_ set: FaceSet) {
        let people = Set(set.train.map { set.faces[$0].identity })
        let files = Set(set.train.map { set.faces[$0].pixels })
        let gallery = Set(set.gallery.map { set.faces[$0].pixels })
        let tested = set.queries + set.gallery
        sharedPeople = Set(tested.map { set.faces[$0].identity }).intersection(people).sorted()
        sharedFiles = tested.filter { files.contains(set.faces[$0].pixels) }.map { set.faces[$0].path }
        ownAnswers = set.queries.filter { gallery.contains(set.faces[$0].pixels) }.map { set.faces[$0].path }
    }

    /// One sentence: the certificate, or what leaks and an example of each.
    package var sentence: String {
        guard !isClean else {
            return """
                No person and no photograph (by SHA-256 of its pixels) stands on both sides of the split, and no query stands in its own gallery.
                """
        }
        var leaks: [String] = []
        func add(_ found: [String], _ what: String) {
            if let first = found.first { leaks.append("\(found.count) \(what) (\(first))") }
        }
        add(sharedPeople, "people are both trained on and tested")
        add(sharedFiles, "test photographs are also training photographs, pixel for pixel")
        add(ownAnswers, "queries stand in the gallery, pixel for pixel")
        return "The split leaks: " + leaks.joined(separator: "; ") + "."
    }
}
