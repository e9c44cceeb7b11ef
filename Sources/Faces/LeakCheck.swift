import Files

/// What of a test set is known from training, or is its own answer: any of it makes figures too good.
package struct LeakCheck: Sendable {
    /// People among both training and test faces.
    package let sharedPeople: [String]
    /// Test photographs whose decoded pixels are also those of a training photograph, by path.
    package let sharedFiles: [String]
    /// Queries that stand in the gallery themselves, or whose pixels do, by path.
    package let ownAnswers: [String]
    /// Test people whom a network learned from in another split of the same dataset.
    package let learnedPeople: [String]
    /// Test photographs, by path, whose pixels a network learned from in another split, of whatever dataset.
    package let learnedFiles: [String]
    private let hasLearnedElsewhere: Bool

    package var isClean: Bool {
        sharedPeople.isEmpty && sharedFiles.isEmpty && ownAnswers.isEmpty && learnedPeople.isEmpty
            && learnedFiles.isEmpty
    }

    /// O(faces).
    ///
    /// - Parameter training: the faces whose training side a network learned from, where it is not this set's. Names of
    ///   people mean the same only within one dataset; pixels do everywhere.
    package init(_ set: FaceSet, learnedFrom training: FaceSet? = nil) {
        func people(_ set: FaceSet) -> Set<String> { Set(set.train.map { set.faces[$0].identity }) }
        func files(_ set: FaceSet) -> Set<Digest> { Set(set.train.map { set.faces[$0].pixels }) }
        let gallery = Set(set.gallery.map { set.faces[$0].pixels })
        let tested = set.queries + set.gallery
        let testedPeople = Set(tested.map { set.faces[$0].identity })
        func shown(_ files: Set<Digest>) -> [String] {
            tested.filter { files.contains(set.faces[$0].pixels) }.map { set.faces[$0].path }
        }
        sharedPeople = testedPeople.intersection(people(set)).sorted()
        sharedFiles = shown(files(set))
        ownAnswers = set.queries.filter { gallery.contains(set.faces[$0].pixels) }.map { set.faces[$0].path }
        let isSameDataset = training?.dataset == set.dataset
        learnedPeople = training.map { isSameDataset ? testedPeople.intersection(people($0)).sorted() : [] } ?? []
        learnedFiles = training.map { shown(files($0)) } ?? []
        hasLearnedElsewhere = training != nil
    }

    /// One sentence: the certificate, or what leaks and an example of each.
    package var sentence: String {
        guard !isClean else {
            let certificate = """
                No person and no photograph (by SHA-256 of its pixels) stands on both sides of the split, and no query stands in its own gallery.
                """
            guard hasLearnedElsewhere else { return certificate }
            return certificate + " Nor do they among the faces of the other split that the network learned from."
        }
        var leaks: [String] = []
        func add(_ found: [String], _ what: String) {
            guard let first = found.first else { return }
            leaks.append("\(found.count) \(what) (\(first))")
        }
        func list(_ found: [String], _ what: String) {
            guard !found.isEmpty else { return }
            let more = found.count > 5 ? ", …" : ""
            leaks.append("\(found.count) \(what) (\(found.prefix(5).joined(separator: ", "))\(more))")
        }
        add(sharedPeople, "people are both trained on and tested")
        add(sharedFiles, "test photographs are also training photographs, pixel for pixel")
        add(ownAnswers, "queries stand in the gallery, pixel for pixel")
        list(learnedPeople, "tested people are among those that the network learned from")
        list(learnedFiles, "test photographs are, pixel for pixel, photographs that the network learned from")
        return "The split leaks: " + leaks.joined(separator: "; ") + "."
    }
}
