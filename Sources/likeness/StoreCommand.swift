import ArgumentParser
import Diagnostics
import Directives
import Execution
import Files
import Foundation

/// `likeness store list|verify|gc|pin|unpin`: looking after the result store.
struct StoreCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "store", abstract: "Lists, verifies and cleans the result store.",
        subcommands: [List.self, Verify.self, Collect.self, Pin.self, Unpin.self])

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Lists every stored result, the newest first.")

        func run() throws {
            let entries: [Store.Entry]
            do { entries = try Project().store.entries() } catch { throw Console.fail(error) }
            for entry in entries {
                let result = entry.result
                let mark = (entry.isLatest ? "*" : " ") + (entry.isPinned ? "p" : " ")
                let kind = result.components.first { $0.tag == .kind }?.name ?? ""
                try Console.results.print(
                    "\(result.key.short) \(mark) \(timestamp(result.environment.finished))  \(byteCount(entry.size))  \(kind) \(result.id)"
                )
            }
            try Console.results.print(
                "\(entries.count) results, \(byteCount(entries.reduce(0) { $0.addingLimited($1.size) })); * marks the last one of its directive, p a pinned one"
            )
        }
    }

    struct Verify: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract:
                "Reads every stored byte and names what is damaged; damaged results are computed again by the next build."
        )

        func run() throws {
            let line = ProgressLine()
            let isSeen = Terminal.standardError.isTerminal
            let damages: [String]
            do {
                damages = try Project().store.damages { done, total in
                    if isSeen { line.show("verifying \(done)/\(total) objects") }
                }
                line.clear()
            } catch {
                line.clear()
                throw Console.fail(error)
            }
            for damage in damages { try Console.results.print(damage) }
            try Console.results.print(
                damages.isEmpty
                    ? "every object matches its name, and every record can be read" : "\(damages.count) damaged")
            if !damages.isEmpty { throw ExitCode(1) }
        }
    }

    struct Collect: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "gc",
            abstract:
                "Removes results that neither the book reaches, nor a directive had last or before, nor a pin keeps.")

        @OptionGroup var book: BookOptions

        @Option(
            help: ArgumentHelp(
                "Also removes former results, the largest first, until the store takes no more: 500MB or 2GB.",
                valueName: "bytes"))
        var budget: ByteBudget?

        @Flag(help: "Tells what would be removed, and removes nothing.")
        var dryRun = false

        func run() throws {
            let project = book.project()
            let plan = try CheckedBook.orExit(project).plan
            do {
                var hasTold = false
                let lock = try project.store.lockForCollection {
                    if !hasTold { Console.say("a build is using the store; waiting for its end") }
                    hasTold = true
                }
                defer { withExtendedLifetime(lock) {} }
                let keys = try project.store.status(of: plan.steps).map(\.key)
                let reached = Set(keys.compactMap { $0 })
                let collection = try project.store.collect(
                    keeping: reached, unfinished: keys.contains(nil) ? nil : reached, budget: budget?.bytes,
                    dryRun: dryRun)
                try tell(collection)
            } catch {
                throw Console.fail(error)
            }
        }

        private func tell(_ collection: CollectedGarbage) throws {
            for result in collection.results {
                try Console.results.print(
                    "\(result.key.short)  \(timestamp(result.environment.finished))  \(result.id)")
            }
            var removed = "\(collection.results.count) results and \(collection.objectCount) objects"
            if collection.scratchCount > 0 { removed += " and \(collection.scratchCount) files of unfinished steps" }
            try Console.results.print(
                "\(dryRun ? "would remove" : "removed") \(removed), \(byteCount(collection.bytes))")
            for name in collection.damaged {
                Console.say("\(Project().store.folder)/\(name): is damaged and keeps nothing; its step will run again")
            }
            for name in collection.foreign {
                Console.say("\(Project().store.folder)/\(name): is not of this store; it stays")
            }
            if let budget, collection.keptBytes > budget.bytes {
                try Console.results.print(
                    "what the book reaches and what is pinned takes \(byteCount(collection.keptBytes)), more than the budget"
                )
            }
        }
    }

    struct Pin: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Keeps the last result of a directive through every collection.")

        @Argument(help: "The directive's id.")
        var id: String

        func run() throws {
            do {
                guard let key = try Project().store.pin(id) else {
                    throw UnknownResult(id: id)
                }
                try Console.results.print("pinned \(key.short), the last result of '\(id)'")
            } catch {
                throw Console.fail(error)
            }
        }
    }

    struct Unpin: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Lets go of the pinned results of a directive.")

        @Argument(help: "The directive's id.")
        var id: String

        func run() throws {
            do {
                guard try Project().store.unpin(id) > 0 else { throw NothingPinned(id: id) }
            } catch {
                throw Console.fail(error)
            }
            try Console.results.print("unpinned '\(id)'")
        }
    }
}

/// An id without a result in the store.
private struct UnknownResult: Error, CustomStringConvertible {
    let id: String
    var description: String { "'\(id)' has no result in the store; 'likeness store list' tells which have" }
}

private struct NothingPinned: Error, CustomStringConvertible {
    let id: String
    var description: String { "no result of '\(id)' is pinned; 'likeness store list' marks pinned ones with p" }
}

/// `2GB`, `500 MB`, `1000000`.
struct ByteBudget: ExpressibleByArgument {
    let bytes: Int

    init?(argument: String) {
        let digits = argument.prefix { $0.isASCII && $0.isNumber || $0 == "." }
        let unit = argument.dropFirst(digits.count).drop { $0 == " " }.uppercased()
        let factors = ["": 1.0, "B": 1, "KB": 1e3, "MB": 1e6, "GB": 1e9, "TB": 1e12]
        guard let value = Double(digits), let factor = factors[unit], value * factor < 1e18 else { return nil }
        bytes = Int(value * factor)
    }
}

/// `1.4 MB`.
func byteCount(_ count: Int) -> String {
    let units = ["B", "kB", "MB", "GB", "TB"]
    var value = Double(count)
    var unit = 0
    while value >= 1000, unit < units.count - 1 {
        value /= 1000
        unit += 1
    }
    return String(format: unit == 0 ? "%.0f %@" : "%.1f %@", value, units[unit])
}
