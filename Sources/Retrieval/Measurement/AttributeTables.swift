/// The attributes of queries and of their gallery, by name.
package struct AttributeTables: Sendable {
    package let names: [String]
    package let queries: AttributeTable
    package let gallery: AttributeTable

    /// Nothing without names, or where an image lacks its attributes. Of each image: −1 or 1 for each name.
    package init?(names: [String], queries: [[Int8]?], gallery: [[Int8]?]) {
        func table(_ images: [[Int8]?]) -> AttributeTable? {
            let values = images.flatMap { $0 ?? [] }
            guard !names.isEmpty, values.count == images.count * names.count else { return nil }
            return AttributeTable(images: images.count, count: names.count, values: values)
        }
        guard let queries = table(queries), let gallery = table(gallery) else { return nil }
        (self.names, self.queries, self.gallery) = (names, queries, gallery)
    }

    /// The mean over queries of the mean over their k nearest. 1 ≤ k ≤ `found.k`. O(queries · k).
    package func score(at k: Int, _ found: Neighbours) -> AttributeScore {
        AttributeScore.top([k], of: found, queries: queries, gallery: gallery)[0]
    }

    package func accuracies(at k: Int, _ found: Neighbours) -> [Double] {
        AttributeScore.accuracies(at: k, of: found, queries: queries, gallery: gallery)
    }

    /// One attribute's balanced accuracy.
    package struct Balanced: Sendable, Codable {
        package var attribute: String
        package var accuracy: Double
    }

    /// Worst first; attributes that no two queries differ in are left out.
    package func balanced(at k: Int, _ found: Neighbours) -> [Balanced] {
        zip(names, AttributeBalance.accuracies(at: k, of: found, queries: queries, gallery: gallery))
            .compactMap { name, accuracy in accuracy.map { Balanced(attribute: name, accuracy: $0) } }
            .sorted { ($0.accuracy, $0.attribute) < ($1.accuracy, $1.attribute) }
    }

    package var chance: Double { AttributeScore.chance(queries: queries, gallery: gallery).accuracy }
    package var constantAnswer: Double { AttributeScore.constant(queries: queries, gallery: gallery).accuracy }
}
