import Tensors

extension FaceSet {
    /// A part of the gallery that stands for all of it: rows, ascending; every row where no more than `limit` are there.
    ///
    /// Otherwise all faces of people who are drawn with a seed, as long as they fit: whoever is asked about still has
    /// answers of his own. O(gallery · log gallery).
    package func galleryRows(atMost limit: Int) -> [Int] {
        guard gallery.count > limit else { return Array(gallery.indices) }
        let byPerson = Dictionary(grouping: gallery.indices) { faces[gallery[$0]].identity }
        var random = RandomNumbers(seed: 0, .shownGallery)
        var chosen: [Int] = []
        for person in random.shuffled(byPerson.keys.sorted()) {
            let rows = byPerson[person] ?? []
            if chosen.count + rows.count <= limit { chosen += rows }
        }
        return chosen.isEmpty ? Array(gallery.indices.prefix(limit)) : chosen.sorted()
    }
}
