import Chapters
import Diagnostics
import Execution
import Files
import Foundation
import Synchronization

/// `make`: yields `text`, `count` times.
enum Make: Directive {
    static let kind = "make"
    static let version = 1
    static let summary = "Makes a text."

    static let text = Option.text("text", default: "a", "What to yield.")
    static let count = Option.integer("count", in: 1...10, default: 1, "How often.")
    static let parity = Option.boolean("parity", default: false, "Yield only whether count is even.")
    static let size = Option.integer("size", in: 1...100, default: 1, "How large it is shown.", role: .presentation)
    static let file = Option<String?>.optionalText("file", "A file to read.")
    static let of = Option<String?>.optionalReference("of", to: ["make"], "What to build on.")
    static let fail = Option.boolean("fail", default: false, "Refuse to work.")
    static let spoil = Option.boolean("spoil", default: false, "Change the file while running.", role: .presentation)
    static let pause = Option.boolean("pause", default: false, "Stop half way, once.", role: .presentation)

    static let grow = Option.boolean("grow", default: false, "Go on from a result with a smaller count.")

    static var options: [Declaration] {
        [
            grow.declaration, text.declaration, count.declaration, parity.declaration, size.declaration, file.declaration,
            of.declaration, fail.declaration, spoil.declaration, pause.declaration,
        ]
    }

    static func step(for options: Options, in context: inout PlanningContext) -> StepWork {
        let path = options[file].map { context.data + "/" + $0 }
        return StepWork(
            data: path.map { [("file", $0)] } ?? [], growing: options[grow] ? "count" : nil
        ) { step in
            if options[fail] { throw OptionProblem(option: "fail", code: "refused", message: "told to fail") }
            let half = step.scratch + "/half"
            if options[pause], !Files.exists(half) {
                try Files.write([], to: half)
                throw Interrupted()
            }
            let earlier = try step.shorter.map { String(decoding: try $0.bytes("text"), as: UTF8.self) } ?? ""
            var made = earlier + String(repeating: options[text], count: options[count] - earlier.count)
            if options[parity] { made = "\(options[count] % 2)" }
            if let input = step.inputs["of"] { made += String(decoding: try input.bytes("text"), as: UTF8.self) }
            if let path {
                made += String(decoding: try Files.read(path), as: UTF8.self)
                if options[spoil] { try Files.write(Array("other".utf8), to: path) }
            }
            return Outcome(
                artifacts: ["text": Array(made.utf8)],
                measurements: [
                    "time": Array("\(DispatchTime.now().uptimeNanoseconds)".utf8), "earlier": Array(earlier.utf8),
                ],
                warnings: options[count] > 9 ? ["a large count"] : [],
                marks: options[text] == "r" ? [ResultMark(label: "random", explanation: "for the test")] : [])
        }
    }
}

/// A folder with chapters, data and a store of its own.
final class Workshop: Sendable {
    let folder: String

    init() throws {
        folder = NSTemporaryDirectory() + "likeness-" + UUID().uuidString
        try Files.makeFolder(folder + "/chapters")
        try Files.makeFolder(folder + "/data")
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    var store: Store { Store(folder: folder + "/store") }

    /// Writes a chapter of `make` directives, each given by its body.
    func write(_ directives: String...) throws {
        let text = "# One\n\n" + directives.map { "```make\n\($0)\n```\n" }.joined(separator: "\n")
        try Files.write(Array(text.utf8), to: folder + "/chapters/01-one.md")
    }

    func plan() throws(Problems) -> Plan {
        let loaded = Book.load(contentsOf: folder + "/chapters", displayedAs: "chapters")
        guard loaded.diagnostics.isEmpty else { throw Problems(loaded.diagnostics) }
        return try Plan(loaded.book, directives: [Make.self], data: folder + "/data")
    }

    /// Builds and returns the ids that ran, in order.
    @discardableResult
    func build(rerun: Set<String> = [], keepGoing: Bool = false) throws -> (ran: [String], results: Results) {
        let ran = Mutex<[String]>([])
        let executor = Executor(store: store, rerun: rerun, keepGoing: keepGoing, interruption: Interruption()) { event in
            if case .started(let position) = event {
                ran.withLock { $0.append(String(position.title.dropFirst("make ".count))) }
            }
        }
        let results = try executor.run(try plan().steps)
        return (ran.withLock { $0 }, results)
    }
}
