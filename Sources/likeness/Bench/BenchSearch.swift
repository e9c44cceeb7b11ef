import ArgumentParser
import Dispatch
import Foundation
import Retrieval
import Tensors

/// `likeness bench search`: all queries against a gallery, without reading or writing files in the measured time.
struct BenchSearch: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "search", abstract: "Seconds for all queries, by KD-tree and by brute force, as JSON lines.")

    @Option(help: "float32 rows to search in (.npy); without it vectors are made up.")
    var gallery: String?

    @Option(help: "float32 rows to search for (.npy).")
    var queries: String?

    @Option(name: .customShort("k"), help: "How many neighbours of each query.")
    var count = 10

    @Option(help: "Measured runs; the figure is their median.")
    var runs = 5

    @Option(help: "Gallery sizes to grow through, instead of files: 10000,100000,1000000.")
    var grow: String?

    func validate() throws {
        guard (1...1000).contains(runs), count >= 1 else {
            throw ValidationError("--runs must lie in 1…1000 and -k be at least 1")
        }
        guard (gallery == nil) == (queries == nil) else {
            throw ValidationError("give both --gallery and --queries, or neither")
        }
    }

    func run() throws {
        do {
            if let gallery, let queries {
                try measure(try Matrix(npy: gallery), try Matrix(npy: queries))
                return
            }
            let sizes = (grow ?? "37358").split(separator: ",").compactMap { Int($0) }
            for size in sizes where (1...2_000_000).contains(size) {
                try measure(Matrix(likeEmbeddings: size, seed: 1), Matrix(likeEmbeddings: 500, seed: 2))
            }
        } catch {
            throw Console.fail(error)
        }
    }

    private func measure(_ gallery: Matrix, _ queries: Matrix) throws {
        guard queries.columns == gallery.columns, count <= gallery.rows, queries.rows > 0 else {
            throw Refusal(
                """
                the gallery of \(gallery.rows) × \(gallery.columns) cannot answer -k \(count) for \(queries.rows) queries \
                of \(queries.columns) columns
                """)
        }
        let tree = try KDTree(gallery)
        let build = try Timing(runs: 1, warm: 0) { _ = try KDTree(gallery) }
        var processor = processorSeconds()
        let asked = try Timing(runs: runs, warm: 1) { _ = try tree.nearest(count, to: queries) }
        processor = (processorSeconds() - processor) / Double(runs + 1)
        let (found, statistics) = try tree.search(count, queries)
        let computed = statistics.reduce(0) { $0 + $1.distancesComputed } / max(1, queries.rows)
        try tell("kdtree", build.median, asked.median, processor, gallery, queries, computed)
        let flat = try FlatIndex(gallery)
        let flatBuild = try Timing(runs: 1, warm: 0) { _ = try FlatIndex(gallery) }
        processor = processorSeconds()
        let flatAsked = try Timing(runs: runs, warm: 1) { _ = try flat.nearest(count, to: queries) }
        processor = (processorSeconds() - processor) / Double(runs + 1)
        try tell("flat", flatBuild.median, flatAsked.median, processor, gallery, queries, gallery.rows)
        guard try flat.nearest(count, to: queries) == found else {
            throw Refusal("the tree's answers differ from brute force")
        }
    }

    private func tell(
        _ index: String, _ build: Double, _ query: Double, _ processor: Double, _ gallery: Matrix, _ queries: Matrix,
        _ computed: Int
    ) throws {
        struct Figure: Encodable {
            var index: String, buildSeconds: Double, querySeconds: Double
            /// Of all threads: what a machine that is busy otherwise does not change.
            var processorSeconds: Double
            var queries: Int, gallery: Int, columns: Int, k: Int, runs: Int, threads: Int, distancesPerQuery: Int
        }
        let figure = Figure(
            index: index, buildSeconds: (build * 1e5).rounded() / 1e5, querySeconds: (query * 1e5).rounded() / 1e5,
            processorSeconds: (processor * 1e5).rounded() / 1e5, queries: queries.rows, gallery: gallery.rows,
            columns: gallery.columns, k: count, runs: runs,
            threads: Threads.count, distancesPerQuery: computed)
        try Console.results.print(json: figure, keys: .convertToSnakeCase)
        try Console.results.flush()
    }
}

/// What this process has used so far, over all threads.
private func processorSeconds() -> Double {
    var now = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now)
    return Double(now.tv_sec) + Double(now.tv_nsec) / 1e9
}
