import ArgumentParser

/// `likeness bench`: one figure as JSON, to be set beside what peers do with the same work.
struct Bench: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Measures one part and prints the figure as JSON.",
        subcommands: [BenchDetect.self])
}
