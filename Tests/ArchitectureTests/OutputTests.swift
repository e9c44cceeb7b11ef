import Foundation
import TestSupport
import Testing

/// What is printed passes one place, where failures are noticed and names from files are made harmless.
@Suite struct OutputTests {
    private static let root = URL(fileURLWithPath: Repository.root + "/Sources")

    /// Functions and values that reach the standard streams past `Output` and `Console`: they trap where a stream cannot
    /// be written, or keep silent about it.
    private static let shortcuts = [
        #"(?<![.\w])(?<!func )(Swift\.)?(print|debugPrint|dump|puts|fputs|perror|putchar|printf|vprintf|fprintf)\("#,
        #"Swift\.(print|debugPrint|dump)\("#, #"FileHandle\.?\w*\.standard(Output|Error)"#,
        #"FileHandle\(fileDescriptor:"#,
        #"(?<![\w.])std(out|err)\b"#, #"STD(OUT|ERR)_FILENO"#, #"NSLog\("#,
    ]

    /// The only files that name a standard stream.
    private static let allowed = [
        "Diagnostics/Output.swift", "Diagnostics/Terminal.swift", "Diagnostics/WriteCalls.swift",
        // The process ends within an allocation or a signal's handler.
        "CLimits/memory.c",
    ]

    private static func shortcut(in line: String) -> Bool {
        guard !line.drop(while: { $0 == " " }).hasPrefix("//") else { return false }
        return shortcuts.contains { line.range(of: $0, options: .regularExpression) != nil }
    }

    @Test func nothingIsPrintedPastTheConsole() throws {
        let files = try #require(FileManager.default.enumerator(at: Self.root, includingPropertiesForKeys: nil))
        var count = 0
        for case let file as URL in files where ["swift", "c", "h"].contains(file.pathExtension) {
            let name = String(file.path.dropFirst(Self.root.path.count + 1))
            guard !Self.allowed.contains(name) else { continue }
            count += 1
            let lines = try String(contentsOf: file, encoding: .utf8).split(
                separator: "\n", omittingEmptySubsequences: false)
            for (index, line) in lines.enumerated() where Self.shortcut(in: String(line)) {
                Issue.record("Sources/\(name):\(index + 1): print through Console: \(line)")
            }
        }
        #expect(count > 100)
    }

    @Test(arguments: [
        ("    print(\"x\")", true), ("Swift.print(line)", true), ("FileHandle.standardError.write(data)", true),
        ("    fprintf(stderr, text);", true), ("    try Console.results.print(line)", false),
        ("    line.print(text)", false),
        ("    func print(_ line: String) {", false), ("    // print(\"x\")", false),
        ("    snprintf(t->message, 4);", false),
    ])
    func shortcutsAreRecognised(line: String, isOne: Bool) {
        #expect(Self.shortcut(in: line) == isOne)
    }
}
