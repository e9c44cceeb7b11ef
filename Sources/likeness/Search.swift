import ArgumentParser
import Execution
import Files
import Ranks
import Retrieval
import Tensors

/// `likeness search`: nearest neighbours between two NumPy files.
struct Search: OnRanks {
    static let configuration = CommandConfiguration(
        abstract:
            "Finds each query's nearest gallery rows exactly, by squared Euclidean distance; ties go to the smaller row."
    )

    @Option(help: "float32 rows to search in (.npy).")
    var gallery: String

    @Option(help: "float32 rows to search for (.npy).")
    var queries: String

    @Option(name: .customShort("k"), help: "How many neighbours of each query.")
    var count = 10

    @Option(help: "int64 row numbers to write (.npy), one row per query.")
    var out: String

    @Option(help: "float32 Euclidean distances to write (.npy).")
    var distances: String?

    @Option(help: "The index: kdtree or flat.")
    var index = ShardedSearch.Index.kdtree

    /// They are kept in memory, twelve bytes each, until they are written.
    private static let mostAnswers = 1 << 30

    func run(on ranks: Ranks) throws {
        do {
            let points = try NPYRows(gallery)
            let questions = try NPYRows(queries)
            guard points.columns == questions.columns else {
                throw Refusal("\(queries) has \(questions.columns) columns, but \(gallery) has \(points.columns)")
            }
            guard points.rows > 0 else { throw Refusal("\(gallery) holds no rows; there is nothing to search in") }
            guard count >= 1 else { throw Refusal("-k is \(count); ask for at least one neighbour") }
            guard count <= points.rows else {
                throw Refusal("-k is \(count), but \(gallery) holds \(points.rows) rows")
            }
            guard questions.rows <= Self.mostAnswers / count else {
                throw Refusal(
                    """
                    \(questions.rows) queries with \(count) answers each do not fit in memory; search fewer queries at a \
                    time, or lower -k
                    """)
            }
            let (numbers, lengths) = try outputs()
            let search = ShardedSearch(
                gallery: gallery, rows: points.rows, columns: points.columns, queries: queries, asked: questions.rows,
                k: count, index: index)
            let (found, times) = try ranks.together(SharedSearch(search, queries: queries)) {
                try search.nearest(on: $0)
            }
            try numbers.write(npy(found.indices.map(Int64.init), shape: [found.queries, found.k]))
            if let lengths {
                let values = found.squaredDistances.map { $0.squareRoot() }
                try lengths.write(Matrix(rows: found.queries, columns: found.k, values: values).npy())
            }
            try Console.results.print(
                "{\"build_seconds\": \(times.build), \"query_seconds\": \(times.queries)}")
        } catch {
            throw Console.fail(error)
        }
    }

    /// A regular file is replaced only by another of its kind: nobody means a photograph, or the list that `embed` wrote.
    private static func mayReplace(_ path: String) -> Bool {
        guard Files.kind(of: path) == .file, let file = try? RandomAccessFile(path), file.size > 0 else { return true }
        return (try? file.read(at: 0, count: min(file.size, 6))) == [0x93] + Array("NUMPY".utf8)
    }

    /// Where row numbers and distances go, tried before the search: each to a place of its own, and to none that is read.
    private func outputs() throws -> (numbers: OutputFile, distances: OutputFile?) {
        let numbers = try OutputFile(out)
        let lengths = try distances.map { try OutputFile($0) }
        if let lengths, lengths.isSame(as: numbers) {
            throw Refusal("--distances \(lengths.path) is the same file as --out \(out); name another one")
        }
        for (flag, output) in [("--out", numbers)] + (lengths.map { [("--distances", $0)] } ?? []) {
            for input in [gallery, queries] where output.wouldReplace(input) {
                throw Refusal("\(flag) \(output.path) would replace \(input), which is searched; name another file")
            }
            guard Self.mayReplace(output.path) else {
                throw Refusal("\(flag) \(output.path) is there and is no NumPy file; move it away or name another file")
            }
        }
        return (numbers, lengths)
    }
}

/// A search, on a rank other than the first. Its queries are the first rank's; of a gallery, which may be larger than one
/// machine, the shape is compared.
struct SharedSearch: RankJob {
    private let search: ShardedSearch
    private let queries: DataFingerprint

    init(_ search: ShardedSearch, queries: String) throws {
        self.search = search
        self.queries = try DataDigests().fingerprint(of: queries)
    }

    func run(on ranks: Ranks) throws {
        try queries.check()
        _ = try search.nearest(on: ranks)
    }
}

extension ShardedSearch.Index: ExpressibleByArgument {}

/// A sentence that stops the command.
struct Refusal: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}
