import Faces

/// As much of a set as another rank needs to read its faces: it compares each photograph with its digest.
struct FacesToRead: Codable {
    private let kept: FaceSet
    private let folder: String

    /// All faces, with what training draws from.
    init(_ faces: FaceSet) {
        guard let folder = faces.folder else { preconditionFailure("whose faces are read, its photographs are known") }
        self.folder = folder
        var kept = faces
        kept.attributeNames = []
        for index in kept.faces.indices { kept.faces[index].attributes = nil }
        kept.report = FaceSet.PreprocessingReport(found: faces.report.found, kept: faces.report.kept, dropped: [])
        self.kept = kept
    }

    /// Some faces, which are then counted from 0.
    init(_ faces: FaceSet, _ indices: [Int]) {
        var some = faces
        some.faces = indices.map { faces.faces[$0] }
        (some.train, some.queries, some.gallery, some.triplets) = ([], [], [], [])
        self.init(some)
    }

    var set: FaceSet {
        var set = kept
        set.folder = folder
        return set
    }
}
