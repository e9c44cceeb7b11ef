import Execution
import Files
import Foundation
import Testing

/// How often the long invariants are tried: `make test-long` tries them in full.
let isLong = ProcessInfo.processInfo.environment["LIKENESS_LONG"] == "1"

/// A folder with a small book about drawn people in which the real command works.
final class SmallProject: Sendable {
    let folder: String

    /// The command, which is built beside the tests.
    static let binary: String = {
        let tests = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        return Files.folder(of: tests) + "/likeness"
    }()

    init() throws {
        folder = NSTemporaryDirectory() + "likeness-command-" + UUID().uuidString
        try Files.write(Array("title: A small book\n".utf8), to: folder + "/chapters/report.yml")
        try write(chapter: Self.chapter)
        try Files.makeFolder(folder + "/data")
        try FileManager.default.copyItem(atPath: Self.portraits.get(), toPath: folder + "/data/small")
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    func write(chapter: String) throws { try Files.write(Array(chapter.utf8), to: folder + "/chapters/01-all.md") }

    private static let portraitFolder = NSTemporaryDirectory() + "likeness-portraits-" + UUID().uuidString

    /// A small dataset of drawn people, drawn once for all projects.
    private static let portraits: Result<String, any Error> = Result {
        let process = try Process.run(
            URL(fileURLWithPath: binary),
            arguments: ["synthesize", portraitFolder, "--identities", "6", "--images", "24"])
        process.waitUntilExit()
        try #require(process.terminationStatus == 0)
        atexit { try? FileManager.default.removeItem(atPath: SmallProject.portraitFolder) }
        return portraitFolder
    }

    static let chapter = """
        # All

        Of `=faces.found` photographs.

        ```dataset
        id: people
        dataset: small
        ```

        ```preprocess
        id: faces
        dataset: small
        test: 0.4
        ```

        ```evaluate
        id: pixels
        data: faces
        model: pixels
        k: [1, 2]
        ```

        ```query-grid
        id: grid
        evaluate: pixels
        queries: 2
        ranks: 2
        ```

        """

    /// Starts the command; its output goes to a file that is read when it is over.
    func start(_ arguments: [String]) throws -> Running {
        try #require(Files.exists(Self.binary), "\(Self.binary) is not built; run swift build")
        let process = Process()
        process.executableURL = URL(fileURLWithPath: Self.binary)
        process.arguments = arguments
        process.currentDirectoryURL = URL(fileURLWithPath: folder)
        let log = folder + "/log-" + UUID().uuidString
        try Files.write([], to: log, syncsFile: false, syncsFolder: false)
        let handle = try #require(FileHandle(forWritingAtPath: log))
        process.standardOutput = handle
        process.standardError = handle
        process.standardInput = FileHandle.nullDevice
        try process.run()
        return Running(process: process, log: log)
    }

    struct Running {
        let process: Process
        let log: String

        /// Waits for its end.
        func end() throws -> (status: Int32, text: String, ended: UInt64) {
            process.waitUntilExit()
            let ended = DispatchTime.now().uptimeNanoseconds
            let text = String(decoding: try Files.read(log), as: UTF8.self)
            unlink(log)
            return (process.terminationStatus, text, ended)
        }
    }

    @discardableResult
    func run(_ arguments: String...) throws -> (status: Int32, text: String, ended: UInt64) {
        try start(arguments).end()
    }

    /// What the store holds of every directive, without the moment of its making.
    func outputs() -> [String: Digest] {
        let store = Store(folder: folder + "/.likeness/store")
        return Dictionary(
            ["people", "faces", "pixels", "grid"].compactMap { id in store.latest(id).map { (id, $0.output) } },
            uniquingKeysWith: { first, _ in first })
    }

    /// The report's files: name → bytes, with the durations and dates of this very run masked in pages.
    func report() throws -> [String: [UInt8]] {
        let root = folder + "/output"
        var files: [String: [UInt8]] = [:]
        for name in try FileManager.default.subpathsOfDirectory(atPath: root) where !Files.isFolder(root + "/" + name) {
            guard name != ".likeness-site.json" else { continue }
            let bytes = try Files.read(root + "/" + name)
            files[name] = name.hasSuffix(".html") ? Self.masked(bytes) : bytes
        }
        return files
    }

    private static func masked(_ bytes: [UInt8]) -> [UInt8] {
        var text = String(decoding: bytes, as: UTF8.self)
        for pattern in masks { text = text.replacingOccurrences(of: pattern, with: "…", options: .regularExpression) }
        return Array(text.utf8)
    }

    /// Dates, durations, memory, and measured numbers: those of many digits. Whether values are equal, the results tell.
    private static let masks = [
        #"data-value="\d+\.\d{10,}">[^<]*<"#, #"\d{4}-\d{2}-\d{2} \d{2}:\d{2} UTC"#,
        #"(\d+ min )?\d+(\.\d+)? (s|ms|µs|min|MB)\b"#,
    ]
}
