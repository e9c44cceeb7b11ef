import ArgumentParser
import Directives
import Execution

/// `likeness status`: what a build would do, step by step.
struct Status: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Tells for every step whether its result is fresh, stale or missing, why, and how long it took.")

    @OptionGroup var book: BookOptions

    func run() throws {
        let workspace = try Workspace(book)
        do {
            try Self.print(Workspace.store.status(of: workspace.plan.steps))
        } catch {
            throw Console.fail(error)
        }
    }

    static func print(_ statuses: [StepStatus]) {
        let width = statuses.map(\.step.title.count).max() ?? 0
        for status in statuses {
            let title = status.step.title.padding(toLength: width, withPad: " ", startingAt: 0)
            let kind = status.kind.rawValue.padding(toLength: 7, withPad: " ", startingAt: 0)
            let seconds = status.lastSeconds.map(duration) ?? "–"
            let reasons = status.reasons.isEmpty ? "" : "  " + status.reasons.joined(separator: "; ")
            Swift.print("\(kind)  \(title)  \(seconds)\(reasons)")
        }
        let stale = statuses.filter { $0.kind != .fresh }
        let known = stale.compactMap(\.lastSeconds).reduce(0, +)
        Swift.print(
            stale.isEmpty
                ? "all \(statuses.count) results are fresh"
                : "\(stale.count) of \(statuses.count) steps would run; by their last durations, \(duration(known)) or more")
    }
}

/// `likeness why ID`: the components of the key that differ from the last result.
struct Why: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Tells which components of a step's key differ from its last result.")

    @Argument(help: "The directive's id.")
    var id: String

    @OptionGroup var book: BookOptions

    func run() throws {
        let workspace = try Workspace(book)
        let steps = workspace.plan.reaching([id])
        do {
            guard let status = try Workspace.store.status(of: steps).first(where: { $0.step.id == id }) else {
                throw UnknownID(id: id, known: workspace.plan.steps.map(\.id))
            }
            switch status.kind {
            case .fresh: print("\(status.step.title) is fresh: nothing differs from its last result")
            case .missing: print("\(status.step.title) has no result yet")
            case .stale:
                print("\(status.step.title) would run again:")
                for reason in status.reasons { print("  \(reason)") }
            }
        } catch {
            throw Console.fail(error)
        }
    }
}
