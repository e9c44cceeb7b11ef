extension FaceSet {
    /// Faces of the people who are not tested, to calibrate on: a gallery like the tested one, and everybody to ask it.
    ///
    /// The gallery shows as many people as the tested one, spread evenly over all, and holds as many faces, while there are
    /// enough: how near the nearest stranger is depends on both. All people ask, with as many faces as a tested person at
    /// most and one each where that makes `enough` queries; for those without a face in the gallery the answer is nobody.
    /// O(n log n).
    package func calibrationFaces(enough: Int = 256) -> (queries: [Int], gallery: [Int]) {
        let members = Dictionary(grouping: train, by: { faces[$0].identity }).sorted { $0.key < $1.key }.map(\.value)
        guard !members.isEmpty else { return ([], []) }
        let asking = Dictionary(queries.map { (faces[$0].identity, 1) }, uniquingKeysWith: +).values.max() ?? 1
        let each = min(asking, max(1, (enough + members.count - 1) / members.count))
        let tested = min(Set(gallery.map { faces[$0].identity }).count, members.count)
        let first = (0..<tested).map { $0 * members.count / tested }
        let others = Set(members.indices).subtracting(first).sorted()
        var held: [Int] = []
        for person in first + others where held.count < gallery.count {
            held += members[person].dropFirst(each).prefix(gallery.count - held.count)
        }
        return (members.flatMap { $0.prefix(each) }, held)
    }
}
