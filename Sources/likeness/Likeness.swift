import ArgumentParser
import Execution

/// The command. Each subcommand is a file; what they share is in `Workspace`.
@main
struct Likeness: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "likeness",
        abstract: "Literate reports about face image retrieval: chapters in, one HTML report out.",
        discussion: """
            'likeness build' checks the chapters, runs what is stale and renders output/index.html.
            'likeness status' tells what a build would do; 'likeness why ID' tells why.
            """,
        version: likenessVersion,
        subcommands: [
            Build.self, Check.self, Status.self, Why.self, StoreCommand.self,
            Detect.self, Embed.self, Search.self, Synthesize.self, Weights.self, Bench.self,
        ])
}
