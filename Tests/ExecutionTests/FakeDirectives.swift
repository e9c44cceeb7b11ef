import Chapters
import Diagnostics
import Execution
import Files
import Foundation
import Synchronization
import TestSupport

/// `make`: yields `text`, `count` times.
enum Make: Directive {
    static let kind = "make"
    static let version = 1
    static let summary = "Makes a text."

    static let text = Option.text("text", default: "a", "What to yield.")
    static let count = Option.integer("count", in: 1...10, default: 1, "How often.")
    static let parity = Option.boolean("parity", default: false, "Yield only whether count is even.")
    static let size = Option.integer("size", in: 1...100, default: 1, "How large it is shown.", role: .presentation)
    static let file = Option.text("file", "A file to read.").optional
    static let of = Option.reference("of", to: Make.self, "What to build on.").optional
    static let fail = Option.boolean("fail", default: false, "Refuse to work.")
    static let spoil = Option<Spoiling>.choice(
        "spoil", default: .no, "Change the file while running.", role: .presentation)
    static let pause = Option.boolean("pause", default: false, "Stop half way, once.", role: .presentation)

    static let grow = Option.boolean("grow", default: false, "Go on from a result with a smaller count.")

    enum Spoiling: String, CaseIterable, Sendable, CanonicalConvertible { case no, edit, restore, keepTime }

    static let options = Declarations(grow, text, count, parity, size, file, of, fail, spoil, pause)

    static let made = Artifact.text("text")
    static let time = Artifact.text("time", role: .measurement)
    static let earlier = Artifact.text("earlier", role: .measurement)

    static func step(for options: Options, in context: inout PlanningContext) -> StepWork {
        let path = options[file].map { context.data + "/" + $0 }
        return StepWork(
            data: path.map { [("file", $0)] } ?? [], growing: options[grow] ? count : nil
        ) { step in
            if options[fail] { throw OptionProblem(fail, "refused", "told to fail") }
            let half = step.scratch + "/half.rows"
            if options[pause], !Files.exists(half) {
                try Files.write([], to: half)
                throw Interrupted()
            }
            let earlier = try step.shorter?[Self.made] ?? ""
            var made = earlier + String(repeating: options[text], count: options[count] - earlier.count)
            if options[parity] { made = "\(options[count] % 2)" }
            if let input = step[of] { made += try input[Self.made] }
            if let path {
                try spoil(path, options[spoil]) { made += String(decoding: try Files.read(path), as: UTF8.self) }
            }
            var outcome = Outcome(
                warnings: options[count] > 9 ? ["a large count"] : [],
                marks: options[text] == "r" ? [ResultMark(label: "random", explanation: "for the test")] : [])
            try outcome.keep(made, as: Self.made)
            try outcome.keep("\(DispatchTime.now().uptimeNanoseconds)", as: time)
            try outcome.keep(earlier, as: Self.earlier)
            return outcome
        }
    }
}

extension Artifact<String> {
    /// A text as it is.
    static func text(_ file: String, role: Role = .output) -> Artifact {
        Artifact(
            file, role: role, write: { Array($0.utf8) }, read: { bytes, _ in String(decoding: bytes, as: UTF8.self) })
    }
}

extension Make {
    /// Reads a file while somebody writes other bytes of the same length there.
    private static func spoil(_ path: String, _ spoiling: Spoiling, _ read: () throws -> Void) throws {
        guard spoiling != .no else { return try read() }
        let before = try Files.read(path)
        let date = try FileManager.default.attributesOfItem(atPath: path)[.modificationDate]
        try overwrite(path, with: before.map { $0 ^ 1 })
        try read()
        if spoiling == .restore { try overwrite(path, with: before) }
        if spoiling != .edit {
            try FileManager.default.setAttributes([.modificationDate: date as Any], ofItemAtPath: path)
        }
    }
}

/// Writes in place, and again until the file's stamp tells: the times of a file system have a grain.
func overwrite(_ path: String, with bytes: [UInt8]) throws {
    let before = Files.stamp(of: path)
    repeat { try Data(bytes).write(to: URL(fileURLWithPath: path)) } while Files.stamp(of: path) == before
}

/// `meet`: waits until as many steps of its kind run at once as `people` says.
enum Meet: Directive {
    static let kind = "meet"
    static let version = 1
    static let summary = "Waits for company."
    static let isHeavy = false

    static let people = Option.integer("people", in: 1...8, default: 1, "How many meet.")
    static let place = Option.text("place", "Where they meet.")
    static let after = Option.reference("after", to: Meet.self, "Whom to wait for.").optional
    static let number = Option.integer("number", in: 0...9, default: 0, "Tells guests apart.")

    static let options = Declarations(people, place, after, number)

    static func step(for options: Options, in context: inout PlanningContext) -> StepWork {
        let id = context.id
        return StepWork { _ in
            guard Meeting.join(options[place], options[people]) else {
                throw OptionProblem(people, "nobody", "nobody came")
            }
            var outcome = Outcome()
            try outcome.keep(id, as: .text("id"))
            return outcome
        }
    }
}

/// Places where threads wait for each other.
private enum Meeting {
    private static let condition = NSCondition()
    nonisolated(unsafe) private static var present: [String: Int] = [:]  // guarded by `condition`

    /// Whether enough came within a minute.
    static func join(_ place: String, _ count: Int) -> Bool {
        condition.withLock {
            present[place, default: 0] += 1
            condition.broadcast()
            let end = Date().addingTimeInterval(60)
            while present[place, default: 0] < count {
                guard condition.wait(until: end) else { return false }
            }
            return true
        }
    }
}

/// `haul`: a heavy step that tells on which thread it ran, and with how many others of its place.
enum Haul: Directive {
    static let kind = "haul"
    static let version = 1
    static let summary = "Hauls alone."
    static let number = Option.integer("number", in: 0...100, default: 0, "Tells hauls apart.")
    static let place = Option.text("place", default: "here", "Where they haul; a place belongs to one test.")
    static let options = Declarations(number, place)

    private static let hauling = Mutex<[String: Int]>([:])

    static func step(for options: Options, in context: inout PlanningContext) -> StepWork {
        let place = options[place]
        return StepWork { _ in
            let count = hauling.withLock {
                $0[place, default: 0] += 1
                return $0[place, default: 0]
            }
            usleep(2000)  // long enough for another to come in
            hauling.withLock { $0[place, default: 0] -= 1 }
            var outcome = Outcome()
            try outcome.keep("\(count)", as: .text("count"))
            try outcome.keep("\(pthread_self())", as: .text("thread"))
            return outcome
        }
    }
}

/// A folder with chapters, data and a store of its own.
final class Workshop: Sendable {
    private let place = TemporaryFolder()
    var folder: String { place.path }

    init() throws {
        try Files.makeFolder(folder + "/chapters")
        try Files.makeFolder(folder + "/data")
    }

    var store: Store { Store(folder: folder + "/store") }

    /// Files that an interrupted write or an unfinished step left in the store.
    func leftovers() throws -> [String] {
        try FileManager.default.subpathsOfDirectory(atPath: store.folder).filter {
            $0.hasSuffix(Files.unfinished) || $0.hasPrefix("scratch/")
        }
    }

    /// Writes a chapter of `make` directives, each given by its body; another kind may stand before it: `meet\nid: a`.
    func write(_ directives: String...) throws {
        let bodies = directives.map { body in
            ["meet\n", "haul\n"].contains { body.hasPrefix($0) } ? body : "make\n" + body
        }
        let text = "# One\n\n" + bodies.map { "```\($0)\n```\n" }.joined(separator: "\n")
        try place.put(text, "chapters/01-one.md")
    }

    func plan() throws(Problems) -> Plan {
        let loaded = Book.load(contentsOf: folder + "/chapters", displayedAs: "chapters")
        guard loaded.diagnostics.isEmpty else { throw Problems(loaded.diagnostics) }
        return try Plan(loaded.book, directives: [Make.self, Meet.self, Haul.self], data: folder + "/data")
    }

    /// Builds and returns the ids that ran, in order.
    ///
    /// - Parameter clock: how far the store's clock is from the machine's, in seconds.
    @discardableResult
    func build(
        rerun: Set<String> = [], keepGoing: Bool = false, operations: FileOperations = .system, clock: Int64 = 0,
        tell: @escaping @Sendable (BuildEvent) -> Void = { _ in }
    ) throws -> (ran: [String], results: Results) {
        let ran = Mutex<[String]>([])
        let store = Store(folder: store.folder, operations: operations, now: { Files.now + clock * 1_000_000_000 })
        let executor = Executor(store: store, rerun: rerun, keepGoing: keepGoing, interruption: Interruption()) {
            event in
            tell(event)
            if case .started(let position) = event {
                ran.withLock { $0.append(String(position.title.split(separator: " ")[1])) }
            }
        }
        let results = try executor.run(try plan().steps)
        return (ran.withLock { $0 }, results)
    }
}
