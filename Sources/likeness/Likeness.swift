import ArgumentParser
import Cluster
import Diagnostics
import Execution
import Foundation
import Ranks

/// The command. Each subcommand is a file; what they share is in `BookOptions`, what they say goes through `Console`.
@main
struct Likeness: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "likeness",
        abstract: "Literate reports about face image retrieval: chapters in, one HTML report out.",
        discussion: """
            'likeness build' checks the chapters, runs what is stale and renders output/index.html.
            'likeness status' tells what a build would do; 'likeness why ID' tells why.

            Exit status: 0 done; 1 problems, failed steps or results that cannot be written; 64 usage; \
            129, 130 and 143 stopped by a closed terminal, Ctrl-C or a request to end; 141 nobody reads the results.
            """,
        version: likenessVersion,
        subcommands: [
            New.self, Build.self, Check.self, Status.self, Why.self, Results.self, Changes.self, Preview.self,
            Query.self,
            StoreCommand.self, Detect.self, Embed.self, Search.self, Synthesize.self, Weights.self, Doctor.self,
            Bench.self,
        ])

    /// Runs the command that the arguments name, and ends with the status of what it did and of what could be written.
    ///
    /// Not `async`: what the process may do is asked before Dispatch starts, and steps have the first thread's stack.
    static func main() {
        occupyStandardDescriptors()
        ignoreWriteSignals()
        var status: Int32 = 0
        do {
            try checkArguments()
            try ProcessLimits.checkFiles()
            try ProcessLimits.checkStack()
            var command = try parseAsRoot()
            if command is any Computing { try ProcessLimits.checkMemory() }
            ProcessLimits.tellShortages(computes: command is any Computing)
            if command is any Computing || command is any AsyncParsableCommand { try ProcessLimits.checkThreads() }
            if let command = command as? any OnRanks {
                let ranks = try joinedRanks()
                try Cluster.run(command, among: ranks)
            } else {
                try Cluster.checkSingle(command)
                if let command = command as? any AsyncParsableCommand {
                    try finish(command)
                } else {
                    try command.run()
                }
            }
            try Console.results.flush()
        } catch {
            status = tell(error)
        }
        // Everything is written. What libraries would clean up goes with the process; their threads could keep it waiting.
        _exit(status)
    }

    private static func joinedRanks() throws -> Ranks {
        do {
            return try Cluster.join()
        } catch {
            throw Console.fail(error)
        }
    }

    /// Runs a command that waits for others, such as servers.
    private static func finish(_ command: any AsyncParsableCommand) throws {
        let work = Work(command)
        Task.detached {
            do {
                try await work.command.run()
            } catch {
                work.failure = error
            }
            work.end.signal()
        }
        work.end.wait()
        if let failure = work.failure { throw failure }
    }

    /// What the task does and the first thread learns, one after the other: ordered by `end`.
    private final class Work: @unchecked Sendable {
        var command: any AsyncParsableCommand
        var failure: (any Error)?
        let end = DispatchSemaphore(value: 0)

        init(_ command: any AsyncParsableCommand) { self.command = command }
    }

    /// Says what stopped the command, and returns the exit status that this means.
    private static func tell(_ error: any Error) -> Int32 {
        do throws(OutputError) {
            if let error = error as? OutputError { throw error }
            let code = exitCode(for: error)
            let text = fullMessage(for: error)
            if code.isSuccess {
                try Console.results.print(exactly: text)
            } else if !text.isEmpty {
                for line in text.split(separator: "\n", omittingEmptySubsequences: false) { Console.say(String(line)) }
            }
            try Console.results.flush()
            return code.rawValue
        } catch {
            // As a shell shows what SIGPIPE ended.
            guard !error.isClosedPipe else { return 128 + SIGPIPE }
            Console.say("error: \(error)")
            return 1
        }
    }

    /// A name that is not UTF-8 is another name once it is a string, and another file would be meant. An empty one comes of
    /// a variable that is not set, and `folder + "/name"` would be a name in the root of the file system.
    private static func checkArguments() throws {
        for (number, argument) in CommandLine.arguments.enumerated() {
            if argument.isEmpty {
                throw ValidationError("argument \(number) is empty; say what is meant, or leave it out")
            }
            guard let given = CommandLine.unsafeArgv[number], String(validatingCString: given) == nil else { continue }
            throw ValidationError("argument \(number), '\(argument)', is not UTF-8; rename what it names")
        }
    }
}
