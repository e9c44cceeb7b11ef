import ArgumentParser
import Diagnostics
import Directives
import Execution
import Files
import Foundation

/// `likeness store list|verify|gc`: looking after the result store.
struct StoreCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "store", abstract: "Lists, verifies and cleans the result store.",
        subcommands: [List.self, Verify.self, Collect.self])

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Lists every stored result, the newest first.")

        func run() throws {
            let entries = Workspace.store.entries()
            for entry in entries {
                let result = entry.result
                let mark = entry.isLatest ? "*" : " "
                let kind = result.components.first { $0.tag == .kind }?.name ?? ""
                print("\(result.key.short) \(mark) \(timestamp(result.environment.finished))  \(bytes(entry.size))  \(kind) \(result.id)")
            }
            print("\(entries.count) results, \(bytes(entries.reduce(0) { $0 + $1.size })); * marks the last one of its directive")
        }
    }

    struct Verify: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Reads every stored byte and names what is damaged; damaged results are computed again by the next build.")

        func run() throws {
            let line = ProgressLine()
            let damages = Workspace.store.damages { done, total in line.show("verifying \(done)/\(total) objects") }
            line.clear()
            for damage in damages { print(damage) }
            print(damages.isEmpty ? "every object matches its name" : "\(damages.count) damaged")
            if !damages.isEmpty { throw ExitCode(1) }
        }
    }

    struct Collect: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "gc",
            abstract: "Removes results that neither the book reaches nor a directive had last.")

        @OptionGroup var book: BookOptions

        @Flag(help: "Tells what would be removed, and removes nothing.")
        var dryRun = false

        func run() throws {
            let workspace = try Workspace(book)
            do {
                let lock = try FileLock(Workspace.store.folder + "/lock")
                defer { withExtendedLifetime(lock) {} }
                let reached = try Workspace.store.status(of: workspace.plan.steps).compactMap(\.key)
                let collection = try Workspace.store.collect(keeping: Set(reached), dryRun: dryRun)
                for result in collection.results {
                    print("\(result.key.short)  \(timestamp(result.environment.finished))  \(result.id)")
                }
                let verb = dryRun ? "would remove" : "removed"
                print("\(verb) \(collection.results.count) results and \(collection.objectCount) objects, \(bytes(collection.bytes))")
            } catch {
                throw Console.fail(error)
            }
        }
    }
}

/// `1.4 MB`.
private func bytes(_ count: Int) -> String {
    let units = ["B", "kB", "MB", "GB", "TB"]
    var value = Double(count)
    var unit = 0
    while value >= 1000, unit < units.count - 1 {
        value /= 1000
        unit += 1
    }
    return String(format: unit == 0 ? "%.0f %@" : "%.1f %@", value, units[unit])
}
