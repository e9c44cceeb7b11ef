import Faces
import Tensors

/// The faces of a gallery that a page carries.
enum GalleryChoice {
    /// Faces, at most: with three evaluations some 5 MB.
    static let mostFaces = 2000

    /// Rows of the gallery, ascending: all of them, or all faces of people who are drawn, as long as they fit.
    ///
    /// Whole people, so that whoever is asked about still has answers of his own. O(gallery).
    static func rows(of faces: FaceSet, atMost limit: Int = mostFaces) -> [Int] {
        guard faces.gallery.count > limit else { return Array(faces.gallery.indices) }
        let byPerson = Dictionary(grouping: faces.gallery.indices) { faces.faces[faces.gallery[$0]].identity }
        var random = RandomNumbers(seed: 0, .shownGallery)
        var chosen: [Int] = []
        for person in random.shuffled(byPerson.keys.sorted()) {
            let rows = byPerson[person] ?? []
            if chosen.count + rows.count <= limit { chosen += rows }
        }
        return chosen.isEmpty ? Array(faces.gallery.indices.prefix(limit)) : chosen.sorted()
    }
}
