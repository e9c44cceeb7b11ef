import Foundation

/// The Git repository in which a book lies, asked through `git` itself; without one, or without `git`, nothing is known.
struct Repository {
    /// A folder in it.
    let folder: String

    /// The commit that is checked out.
    var head: String? { line("rev-parse", "--verify", "--quiet", "HEAD") }

    /// A commit by any name that `git` knows for it.
    func commit(_ name: String) -> String? {
        // What begins with a hyphen would be an option.
        name.hasPrefix("-") ? nil : line("rev-parse", "--verify", "--quiet", name + "^{commit}")
    }

    /// A commit and all before it.
    func history(of commit: String) -> Set<String> {
        Set(output("rev-list", commit).map { Self.lines($0) } ?? [])
    }

    /// The files of a folder as a commit has them, read one by one: O(files) processes.
    func files(in path: String, of commit: String, endingWith suffix: String) -> [[UInt8]] {
        let place = "\(commit):./\(path)/"
        let names = output("ls-tree", "--name-only", place).map { Self.lines($0) } ?? []
        return names.filter { $0.hasSuffix(suffix) }.compactMap { output("show", place + $0) }
    }

    private func line(_ arguments: String...) -> String? { output(arguments).flatMap { Self.lines($0).first } }

    private func output(_ arguments: String...) -> [UInt8]? { output(arguments) }

    /// nil where `git` is not there, or refuses.
    private func output(_ arguments: [String]) -> [UInt8]? {
        let git = Process()
        git.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        git.arguments = ["git", "-C", folder] + arguments
        let pipe = Pipe()
        git.standardInput = FileHandle.nullDevice
        git.standardOutput = pipe
        git.standardError = FileHandle.nullDevice
        guard (try? git.run()) != nil else { return nil }
        let bytes = (try? pipe.fileHandleForReading.readToEnd()) ?? Data()
        git.waitUntilExit()
        return git.terminationStatus == 0 ? Array(bytes) : nil
    }

    private static func lines(_ bytes: [UInt8]) -> [String] {
        bytes.split(separator: UInt8(ascii: "\n")).map { String(decoding: $0, as: UTF8.self) }
    }
}
