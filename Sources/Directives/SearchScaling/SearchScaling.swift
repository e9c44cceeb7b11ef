import Chapters
import Execution
import Foundation
import Pages
import Retrieval
import Tensors

/// How search grows with the gallery: the tree and brute force, up to sizes that no sample has.
enum SearchScaling: ReportDirective {
    static let kind = "growth"
    static let version = 2
    static let summary = """
        Measures how search time grows with the gallery, by KD-tree and by brute force, on made-up vectors that lie as \
        embeddings do, and checks that both give the same answers.
        """

    static let sizes = Option<[Int]>.list(
        of: .integer("sizes", in: 100...4_000_000, "Sizes of the gallery, each of 128-d vectors."), count: 2...12,
        default: [10_000, 30_000, 100_000, 300_000, 1_000_000])
    static let queries = Option.integer("queries", in: 1...10_000, default: 200, "How many queries are asked at once.")
    static let k = Option.integer("k", in: 1...100, default: 10, "How many neighbours of each.")
    static let seed = Option.integer("seed", in: 0...Int.max, default: 1, "The vectors.")

    static let options = Declarations(sizes, queries, k, seed)

    private static let counts = Artifact<Counts>.json("growth.json")
    private static let times = Artifact<Times>.json("times.json", role: .measurement)

    static func step(for options: Options, in context: inout PlanningContext) -> StepWork {
        return StepWork(workload: workload(of: options)) { step in
            let seed = UInt64(options[seed])
            let check = step.checkInterruption
            let questions = try Matrix(likeEmbeddings: options[queries], seed: seed &+ 1, check: check)
            let sizes = Set(options[sizes]).sorted()
            var counted: [Counts.Row] = []
            var times = Times(threads: Threads.count)
            for (index, size) in sizes.enumerated() {
                step.progress(StepProgress(part: "\(size) vectors", done: index, total: sizes.count, unit: "sizes"))
                let gallery = try Matrix(likeEmbeddings: size, seed: seed, check: check)
                let (row, seconds) = try measure(gallery, questions, k: options[k], check: check)
                counted.append(row)
                times.rows.append(seconds)
            }
            var outcome = Outcome()
            try outcome.keep(Counts(queries: options[queries], k: options[k], rows: counted), as: counts)
            try outcome.keep(times, as: Self.times)
            return outcome
        }
    }

    private static func workload(of options: Options) -> Workload {
        var work = Workload.once(kind)
        work.add(
            Double(Set(options[sizes]).reduce(0, +)),
            WorkUnit("vectors, searched in two ways", usualSeconds: 2e-5))
        return work
    }

    private static func measure(
        _ gallery: Matrix, _ queries: Matrix, k: Int, check: @escaping Check
    ) throws -> (Counts.Row, Times.Row) {
        let start = now()
        let tree = try KDTree(gallery, check: check)
        let built = now()
        let flat = try FlatIndex(gallery, check: check)
        let (found, statistics) = try tree.search(k, queries, check: check)
        let equal = try flat.nearest(k, to: queries, check: check) == found
        let row = Counts.Row(
            gallery: gallery.rows, equal: equal,
            distances: Double(statistics.reduce(0) { $0 + $1.distancesComputed }) / Double(queries.rows))
        return (
            row,
            Times.Row(
                build: built - start, tree: try median { _ = try tree.nearest(k, to: queries, check: check) },
                flat: try median { _ = try flat.nearest(k, to: queries, check: check) })
        )
    }

    /// Seconds, the median of three runs.
    private static func median(_ body: () throws -> Void) rethrows -> Double {
        try (0..<3).map { _ in
            let start = now()
            try body()
            return now() - start
        }.sorted()[1]
    }

    static func promise(for options: Options) -> Promise {
        Promise(
            numbering: .figure,
            values: [
                "smallest", "largest", "growth", "growth.tree", "growth.flat", "distances.first", "distances.last",
            ])
    }

    static func show(_ result: StepResult, options: Options) throws -> ExhibitContent {
        let counts = try result[counts]
        let times = try result[times]
        let rows = Array(zip(counts.rows, times.rows))
        func points(_ value: (Counts.Row, Times.Row) -> Double) -> [Plot.Point] {
            rows.map { Plot.Point(x: Double($0.0.gallery), y: value($0.0, $0.1)) }
        }
        guard let first = rows.first, let last = rows.last else { return ExhibitContent(numbering: .figure, parts: []) }
        let growth = (
            gallery: Double(last.0.gallery) / Double(first.0.gallery),
            tree: last.1.tree / first.1.tree, flat: last.1.flat / first.1.flat
        )
        let plot = Plot(
            xLabel: "vectors in the gallery", xAxis: .logarithmic,
            panels: [
                .init(
                    title: "Time of \(counts.queries) queries", yLabel: "milliseconds", yAxis: .logarithmic,
                    series: [
                        .init(name: "KD-tree", points: points { 1000 * $1.tree }),
                        .init(name: "brute force", points: points { 1000 * $1.flat }),
                    ]),
                .init(
                    title: "Distances computed for one query", yLabel: "distances", yAxis: .logarithmic,
                    series: [
                        .init(name: "KD-tree", points: points { row, _ in row.distances }),
                        .init(name: "brute force", points: points { row, _ in Double(row.gallery) }),
                    ]),
            ],
            alternative: """
                With \(Numeral.fixed(growth.gallery, digits: 0)) times the vectors the tree takes \
                \(Numeral.fixed(growth.tree, digits: 1)) times as long, brute force \(Numeral.fixed(growth.flat, digits: 0)) times
                """)
        let equal = counts.rows.allSatisfy(\.equal)
        let notes: [Phrase] = [
            """
            \(counts.queries) queries at once, k = \(counts.k), \(times.threads) threads, medians of three runs. \
            The vectors are made up: around 2,000 centres in 20 of their 128 dimensions.
            """,
            equal
                ? "At every size the tree's answers equal brute force in every rank and distance."
                : "The tree's answers DIFFER from brute force.",
            """
            Building the tree over \(Numeral.count(last.0.gallery)) vectors took \(Numeral.fixed(last.1.build, digits: 1)) s.
            """,
        ]
        return ExhibitContent(
            numbering: .figure, parts: [.plot(plot)] + notes.map(Exhibit.Part.note),
            values: [
                "smallest": .count(first.0.gallery), "largest": .count(last.0.gallery),
                "growth": .number(growth.gallery), "growth.tree": .number(growth.tree),
                "growth.flat": .number(growth.flat), "distances.first": .number(first.0.distances),
                "distances.last": .number(last.0.distances),
            ])
    }

    private struct Counts: Codable {
        var queries: Int
        var k: Int
        var rows: [Row]

        struct Row: Codable {
            var gallery: Int
            /// The tree's answers are those of brute force.
            var equal: Bool
            /// Per query, by the tree.
            var distances: Double
        }
    }

    private struct Times: Codable {
        var threads: Int
        var rows: [Row] = []

        /// Seconds.
        struct Row: Codable {
            var build: Double
            var tree: Double
            var flat: Double
        }
    }
}
