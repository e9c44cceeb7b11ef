/// LFW's `pairs.txt`: folds and pairs per fold, then as many lines of `name 1 4` (the same person twice) and of
/// `name 1 other 2` (two people), fold by fold.
///
/// Source: the format's description at vis-www.cs.umass.edu/lfw/README.txt. `name 1` is `name/name_0001.jpg`.
struct PairList {
    static let name = "pairs.txt"

    let folds: Int
    /// Of which both photographs are there.
    let pairs: [Dataset.Pair]
    /// How many pairs the list has.
    let listed: Int
    /// Photographs that occur in a pair, and how many of them are there.
    let mentioned: Int
    let present: Int
    /// Says where the list names photographs that are not there; nil where it does not.
    let absence: String?

    /// Reads and checks the list against the photographs. A pair of which one is not there is left out, because people
    /// keep parts of LFW.
    ///
    /// - Throws: `DatasetError` with the line of what is no pair, or when the number of pairs is not what the first line
    ///   announces.
    init(_ path: String, photographs: [Dataset.Photograph]) throws(DatasetError) {
        var indices: [String: Int] = [:]
        indices.reserveCapacity(photographs.count)
        for (index, photograph) in photographs.enumerated() {
            // The person's folder and the file: datasets may lie deeper.
            indices[withoutExtension(photograph.path.split(separator: "/").suffix(2).joined(separator: "/"))] = index
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

        func name(_ person: String, _ number: Int?, _ reader: AnnotationReader) throws(DatasetError) -> String {
            guard let number, number > 0 else { throw reader.error("expected a photograph's number after '\(person)'") }
            let digits = String(number)
            let padded = String(repeating: "0", count: max(0, 4 - digits.count)) + digits
            return "\(person)/\(person)_\(padded)"
        }
        var pairs: [Dataset.Pair] = []
        var counts = (same: 0, different: 0)
        var names: Set<String> = []
        var absent: (line: Int, name: String)?
        while try reader.next() {
            guard reader.count == 3 || reader.count == 4 else {
                throw reader.error("expected 'name 1 2' or 'name 1 other 2', found \(reader.count) words")
            }
            let person = try reader.text(0)
            let isSame = reader.count == 3
            let first = try name(person, reader.integer(1), reader)
            let second = try name(isSame ? person : reader.text(2), reader.integer(reader.count - 1), reader)
            if first == second { throw reader.error("pairs \(first) with itself; name two photographs") }
            if !isSame, try reader.text(2) == person {
                throw reader.error("pairs \(person) with \(person) as two people; write '\(person) 1 2' for one person")
            }
            if isSame { counts.same += 1 } else { counts.different += 1 }
            names.formUnion([first, second])
            if let a = indices[first], let b = indices[second] {
                pairs.append(Dataset.Pair(first: a, second: b, isSamePerson: isSame))
            } else if absent == nil {
                absent = (reader.line, indices[first] == nil ? first : second)
            }
        }
        guard counts == (folds * each, folds * each) else {
            throw DatasetError(
                path, line: 1,
                "announces \(folds * each) pairs of each kind, but lists \(counts.same) and \(counts.different)")
        }
        self.folds = folds
        self.pairs = pairs
        listed = counts.same + counts.different
        mentioned = names.count
        present = names.count { indices[$0] != nil }
        let others = listed - pairs.count - 1
        absence = absent.map {
            "\(path):\($0.line): names \($0.name), which is not there\(others > 0 ? ", as \(others) further pairs do" : ""); such pairs are left out"
        }
    }
}
