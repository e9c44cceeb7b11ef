import ArgumentParser
import Cluster
import Diagnostics
import Directives
import Execution
import Foundation
import Ranks
import Retrieval
import Synchronization

/// A command that several processes may do together, started by mpirun or srun: the first of them is the command, the others
/// do what it hands out.
protocol OnRanks: ParsableCommand {
    func run(on ranks: Ranks) throws
}

extension OnRanks {
    func run() throws { try run(on: .alone) }
}

/// Before anything else: all are the same program.
private struct SameVersion: RankJob {
    var version = likenessVersion

    func run(on ranks: Ranks) throws {
        guard version == likenessVersion else {
            throw Refusal(
                "it is version \(likenessVersion), and the first rank \(version); start the same one on every host")
        }
        _ = try ranks.gather([])
    }
}

/// Whether a rank was asked to end.
private let isStopping = Atomic(false)

extension Cluster {
    /// What may be handed out.
    private static var jobs: [any RankJob.Type] {
        rankJobs + [SameVersion.self, SharedSearch.self, MeasuredSteps.self]
    }

    /// Runs a command: as such on the first rank, as its helper on the others.
    static func run(_ command: any OnRanks, among ranks: Ranks) throws {
        guard ranks.isFirst else {
            // Whoever stops the build asks the first rank, which lets the others go.
            for number in [SIGINT, SIGTERM, SIGHUP] {
                signal(number) { _ in isStopping.store(true, ordering: .relaxed) }
            }
            try ranks.serve(jobs)
            if !isStopping.load(ordering: .relaxed) { leave() }
            return
        }
        do {
            defer { try? ranks.dismiss() }
            do {
                _ = try ranks.together(SameVersion()) { try $0.gather([]) }
            } catch {
                throw Console.fail(error)
            }
            try command.run(on: ranks)
        } catch {
            // A launcher that ends its processes no longer hears that they leave in good order.
            if (error as? ExitCode)?.rawValue ?? 0 < 128 { leave() }
            throw error
        }
        leave()
    }

    /// Refuses a command of which each process would do the same.
    static func checkSingle(_ command: any ParsableCommand) throws {
        let name = type(of: command)._commandName
        guard Cluster.isLaunched, Cluster.launchedCount ?? 1 > 1 else { return }
        throw Console.fail(
            Refusal("'likeness \(name)' is not shared by several processes; start it once, without mpirun"))
    }
}
