extension FaceSet {
    /// Faces of the people who are not tested, to calibrate on: a gallery like the tested one, and everybody to ask it.
    ///
    /// The gallery shows as many people as the tested one, spread evenly over all, and holds as many faces, while there are
    /// enough: how near the nearest stranger is depends on both. Where the tested one is small, it is several such galleries of
    /// other people each, up to `enoughFaces` or everybody; faces of one person stand together. All people ask, with as many
    /// faces as a tested person at most, and one each where that makes `enough` queries; for those without a face in the
    /// gallery the answer is nobody.
    /// O(n log n).
    ///
    /// - Parameter people: who of the people who are not tested; nil for all.
    package func calibrationFaces(
        of people: Set<String>? = nil, enough: Int = 256, enoughFaces: Int = 800
    ) -> (queries: [Int], gallery: [Int]) {
        let free = train.filter { people?.contains(faces[$0].identity) ?? true }
        let members = Dictionary(grouping: free, by: { faces[$0].identity }).sorted { $0.key < $1.key }.map(\.value)
        guard !members.isEmpty else { return ([], []) }
        let asking = Dictionary(queries.map { (faces[$0].identity, 1) }, uniquingKeysWith: +).values.max() ?? 1
        let each = min(asking, max(1, (enough + members.count - 1) / members.count))
        let tested = min(Set(gallery.map { faces[$0].identity }).count, members.count)
        let size = max(1, gallery.count)
        let galleries = max(1, min(members.count / max(1, tested), (enoughFaces + size - 1) / size))
        let (shown, wanted) = (galleries * tested, galleries * gallery.count)
        let first = (0..<shown).map { $0 * members.count / shown }
        let others = Set(members.indices).subtracting(first).sorted()
        var held: [Int] = []
        for person in first + others where held.count < wanted {
            held += members[person].dropFirst(each).prefix(wanted - held.count)
        }
        return (members.flatMap { $0.prefix(each) }, held)
    }
}
