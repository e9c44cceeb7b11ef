/// What a dataset's annotations say in numbers: nothing is decoded for it.
package struct DatasetStatistics: Sendable, Codable, Hashable {
    /// Photographs with a known person.
    package var photographs: Int
    package var people: Int
    /// How many people have n photographs, by n, ascending.
    package var sizes: [Size]
    package var attributes: [Attribute]
    /// The attributes that are correlated, by index: all of them, or where they are many those that vary most.
    package var correlated: [Int]
    /// Pearson's correlation of each two of those, row by row; not a number where one of them never varies.
    package var correlations: [[Double]]

    /// Most attributes that are correlated with each other: their number squared is computed, kept and shown.
    package static let mostCorrelated = 64

    package struct Size: Sendable, Codable, Hashable {
        package var photographs: Int
        package var people: Int
    }

    package struct Attribute: Sendable, Codable, Hashable {
        package var name: String
        /// Photographs that have it.
        package var count: Int
    }

    /// Counts. O(photographs · attributes + correlated² · photographs / 64).
    package init(_ dataset: Dataset) {
        let counts = Dictionary(dataset.photographs.map { ($0.identity, 1) }, uniquingKeysWith: +)
        photographs = dataset.photographs.count
        people = counts.count
        sizes = Dictionary(counts.values.map { ($0, 1) }, uniquingKeysWith: +)
            .sorted { $0.key < $1.key }.map { Size(photographs: $0.key, people: $0.value) }

        let names = dataset.attributeNames
        var columns = [BitColumn](repeating: BitColumn(count: dataset.photographs.count), count: names.count)
        for (index, photograph) in dataset.photographs.enumerated() {
            guard let values = photograph.attributes else { continue }
            for attribute in names.indices where values[attribute] > 0 { columns[attribute].set(index) }
        }
        let totals = columns.map(\.total)
        attributes = zip(names, totals).map { Attribute(name: $0, count: $1) }
        let n = Double(dataset.photographs.count)
        func variance(_ attribute: Int) -> Double { Double(totals[attribute]) * (n - Double(totals[attribute])) }
        let chosen =
            names.count <= Self.mostCorrelated
            ? Array(names.indices)
            : names.indices.sorted { (-variance($0), $0) < (-variance($1), $1) }.prefix(Self.mostCorrelated).sorted()
        correlated = chosen
        correlations = chosen.map { a in
            chosen.map { b in
                // φ of two yes-or-no columns, which is Pearson's correlation of ±1 values.
                let (p, q) = (Double(totals[a]), Double(totals[b]))
                let spread = (p * (n - p) * q * (n - q)).squareRoot()
                guard spread > 0 else { return .nan }
                return (n * Double(columns[a].shared(with: columns[b])) - p * q) / spread
            }
        }
    }

    /// The two different correlated attributes that go together most, and those that exclude each other most, as places
    /// among those; nil below two.
    package var extremes: (together: (Int, Int), apart: (Int, Int))? {
        let pairs = correlated.indices.flatMap { a in correlated.indices.dropFirst(a + 1).map { (a, $0) } }
            .filter { correlations[$0.0][$0.1].isFinite }
        guard let together = pairs.max(by: { correlations[$0.0][$0.1] < correlations[$1.0][$1.1] }),
            let apart = pairs.min(by: { correlations[$0.0][$0.1] < correlations[$1.0][$1.1] })
        else { return nil }
        return (together, apart)
    }
}

/// Yes or no for each photograph, 64 to a word.
private struct BitColumn {
    private var words: [UInt64]

    init(count: Int) { words = Array(repeating: 0, count: (count + 63) / 64) }

    mutating func set(_ index: Int) { words[index >> 6] |= 1 << UInt64(index & 63) }

    var total: Int { words.reduce(0) { $0 + $1.nonzeroBitCount } }

    func shared(with other: BitColumn) -> Int {
        zip(words, other.words).reduce(0) { $0 + ($1.0 & $1.1).nonzeroBitCount }
    }
}
