/// Who is who among queries and gallery, as numbers.
package struct PeopleNumbers: Sendable {
    package let queries: [Int]
    package let gallery: [Int]
    /// How many people there are: numbers are 0..<count.
    package let count: Int

    /// From anything that is equal for the same person. O(n).
    package init<Person: Hashable>(queries: [Person], gallery: [Person]) {
        var numbers: [Person: Int] = [:]
        func number(_ person: Person) -> Int {
            if let number = numbers[person] { return number }
            numbers[person] = numbers.count
            return numbers.count - 1
        }
        self.queries = queries.map(number)
        self.gallery = gallery.map(number)
        count = numbers.count
    }

    /// 0 where no query's person is in the gallery.
    package func recall(at k: Int, _ found: Neighbours) -> Double {
        IdentityMetrics.recall(at: k, of: found, queries: queries, gallery: gallery) ?? 0
    }

    /// 0 where no query's person is in the gallery.
    package func precision(at k: Int, _ found: Neighbours) -> Double {
        IdentityMetrics.precision(at: k, of: found, queries: queries, gallery: gallery) ?? 0
    }

    /// 1 for each query with its person among the first k, else 0. O(queries · k).
    package func recalls(at k: Int, _ found: Neighbours) -> [Double] {
        queries.indices.map { query in
            found.indices(of: query).prefix(k).contains { gallery[$0] == queries[query] } ? 1 : 0
        }
    }

    /// Of each query: how many gallery faces show its person.
    package var relevant: [Int] {
        let sizes = Dictionary(gallery.map { ($0, 1) }, uniquingKeysWith: +)
        return queries.map { sizes[$0, default: 0] }
    }

    /// The share of gallery faces that show a query's person, over all queries.
    package var chance: Double {
        Double(relevant.reduce(0, +)) / Double(max(1, queries.count * gallery.count))
    }

    /// How many faces of other people a query is compared with, on average; 0 without queries.
    package var strangers: Double { Double(gallery.count) * (1 - chance) }
}
