/// LFW's `pairs.txt`: folds and pairs per fold, then as many lines of `name 1 4` (the same person twice) and of
/// `name 1 other 2` (two people), fold by fold.
///
/// Source: the format's description at vis-www.cs.umass.edu/lfw/README.txt. `name 1` is `name/name_0001.jpg`.
struct PairList {
    static let name = "pairs.txt"

    let folds: Int
    let pairs: [Dataset.Pair]
    /// Photographs that occur in a pair.
    let mentioned: Int

    /// Reads and checks the list against the photographs.
    ///
    /// - Throws: `DatasetError` with the line of a pair that names a photograph that is not there, or when the number
    ///   of pairs is not what the first line announces.
    init(_ path: String, photographs: [Dataset.Photograph]) throws(DatasetError) {
        var indices: [String: Int] = [:]
        indices.reserveCapacity(photographs.count)
        for (index, photograph) in photographs.enumerated() {
            indices[withoutExtension(photograph.path)] = index
        }
        var reader = try AnnotationReader(path)
        guard try reader.next(), (1...2).contains(reader.count), let first = reader.integer(0), first > 0 else {
            throw reader.error("expected the number of folds and of pairs in each, such as '10 300'")
        }
        // With one number only (the development lists), it is that of the pairs of each kind.
        let folds = reader.count == 2 ? first : 1
        guard let each = reader.integer(reader.count - 1), each > 0, folds <= 1_000_000, each <= 1_000_000 else {
            throw reader.error("expected the number of folds and of pairs in each, such as '10 300'")
        }

        func photograph(_ person: String, _ number: Int?, _ reader: AnnotationReader) throws(DatasetError) -> Int {
            guard let number, number > 0 else { throw reader.error("expected a photograph's number after '\(person)'") }
            let digits = String(number)
            let padded = String(repeating: "0", count: max(0, 4 - digits.count)) + digits
            guard let index = indices["\(person)/\(person)_\(padded)"] else {
                throw reader.error("names \(person)/\(person)_\(padded), which is not there")
            }
            return index
        }
        var pairs: [Dataset.Pair] = []
        while try reader.next() {
            guard reader.count == 3 || reader.count == 4 else {
                throw reader.error("expected 'name 1 2' or 'name 1 other 2', found \(reader.count) words")
            }
            let person = try reader.text(0)
            let isSame = reader.count == 3
            pairs.append(
                Dataset.Pair(
                    first: try photograph(person, reader.integer(1), reader),
                    second: try photograph(isSame ? person : reader.text(2), reader.integer(reader.count - 1), reader),
                    isSamePerson: isSame))
        }
        guard pairs.count == 2 * folds * each, pairs.count(where: \.isSamePerson) == folds * each else {
            throw DatasetError(
                path, line: 1,
                "announces \(folds * each) pairs of each kind, but lists \(pairs.count(where: \.isSamePerson)) and \(pairs.count(where: { !$0.isSamePerson }))")
        }
        self.folds = folds
        self.pairs = pairs
        mentioned = Set(pairs.flatMap { [$0.first, $0.second] }).count
    }
}

private func withoutExtension(_ path: String) -> String {
    path.lastIndex(of: ".").map { String(path[..<$0]) } ?? path
}
