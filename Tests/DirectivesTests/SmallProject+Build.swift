import Chapters
import Diagnostics
import Directives
import Execution
import Files
import Pages
import Ranks
import Synchronization
import TestSupport
import Testing

/// The whole line in a small project, by the function that `likeness build` calls.
extension SmallProject {
    /// Photographs of ORL as a dataset with a folder per person.
    func addORL(people: Int, photographs: Int, as name: String) throws {
        for person in 1...people {
            for number in 1...photographs {
                let bytes = try Files.read("\(Repository.orl)/s\(person)/\(number).pgm")
                try place.put(bytes, "data/\(name)/s\(person)/\(number).pgm")
            }
        }
    }

    func project(_ set: [String: String] = [:]) -> Project {
        Project(
            chapters: folder + "/chapters", data: folder + "/data", output: folder + "/output",
            state: folder + "/state", assignments: set.map { (name: $0.key, value: $0.value) })
    }

    func plan() -> Plan {
        let checked = CheckedBook(project())
        #expect(checked.diagnostics.isEmpty, "\(checked.diagnostics)")
        return checked.plan
    }

    struct Built {
        /// Ids of steps that ran, in order.
        var executed: [String]
        var results: Results
        var exhibits: [String: Exhibit]
        var page: String

        func values(_ id: String) -> [String: Quotable] { exhibits[id]?.values ?? [:] }

        /// The addresses of the page's pictures.
        var pictures: [String] {
            page.split(separator: "\"").map(String.init).filter { $0.hasPrefix("images/") && !$0.contains(" ") }
        }
    }

    /// Runs, renders and publishes; nothing may be wrong.
    func build(set: [String: String] = [:]) throws -> Built {
        let (built, problems) = try attempt(set: set)
        #expect(problems.isEmpty, "\(problems)")
        return built
    }

    /// The same with whatever is wrong; goes on beside steps that fail.
    ///
    /// - Parameters:
    ///   - only: the one step that is to run, with those it uses; then nothing is rendered.
    ///   - early: whether pages are published while results arrive; exhibits are then those of the last state alone.
    func attempt(
        only: String? = nil, early: Bool = false, strict: Bool = false, keepsGoing: Bool = true,
        set: [String: String] = [:],
        interruption: Interruption = Interruption(), ranks: Ranks = .alone,
        tell: @escaping @Sendable (BuildEvent) -> Void = { _ in }
    ) throws -> (built: Built, problems: [Diagnostic]) {
        let listener = Listener(tell)
        var build = Build(project(set), interruption: interruption, listener: listener)
        (build.only, build.publishesEarly, build.isStrict, build.keepsGoing) = (only, early, strict, keepsGoing)
        build.ranks = ranks
        let outcome = try build.run()
        let built = Built(
            executed: listener.executed, results: outcome.results, exhibits: outcome.exhibits,
            page: place.read("output/index.html") ?? "")
        return (built, listener.problems)
    }
}

/// Notes what runs and what is wrong.
private final class Listener: BuildListener {
    private let tell: @Sendable (BuildEvent) -> Void
    private let ids = Mutex<[String]>([])
    private let found = Mutex<[Diagnostic]>([])

    init(_ tell: @escaping @Sendable (BuildEvent) -> Void) { self.tell = tell }

    var executed: [String] { ids.withLock { $0 } }

    var problems: [Diagnostic] { found.withLock { $0 } }

    func problems(_ diagnostics: [Diagnostic], sources: [String: String]) { found.withLock { $0 += diagnostics } }

    func remark(_ line: String) {}

    func published(_ page: String, missing: Int, of count: Int, secondsLeft: Int) {}

    func event(_ event: BuildEvent) {
        tell(event)
        guard case .started(let position) = event else { return }
        ids.withLock { $0.append(String(position.title.split(separator: " ")[1])) }
    }

    func stepsEnded() {}
}

/// What the options promised of every result is true of it.
func expectPromisesKept(_ plan: Plan, _ exhibits: [String: Exhibit]) throws {
    let promises = promises(of: plan)
    for (id, exhibit) in exhibits {
        let promise = try #require(promises[id])
        #expect(promise.numbering == exhibit.numbering, "\(id)")
        for (name, value) in exhibit.values {
            #expect(promise.allows(name), "\(id).\(name)")
            if case .text = value {
                #expect(promise.texts.contains(name))
            } else {
                #expect(!promise.texts.contains(name))
            }
        }
    }
}
