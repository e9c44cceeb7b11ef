import ArgumentParser
import Diagnostics
import Files
import Foundation

/// Problems as annotations of a GitHub workflow, one a line on standard output:
///
///     ::error file=chapters/01-data.md,line=4,col=1,title=unknown-option::train 'tuned' has no option 'epoch'; …
///
/// Source: docs.github.com, "Workflow commands for GitHub Actions".
enum Annotations {
    static func publish(_ problems: [Diagnostic]) {
        for problem in sortedByPlace(problems) { Console.publish { try $0.print(line(problem)) } }
    }

    /// What has no place in a chapter, such as a full disk.
    static func publish(_ error: any Error) { publish([.error("failed", "\(error)")]) }

    private static func line(_ problem: Diagnostic) -> String {
        let kind =
            switch problem.severity {
            case .error: "error"
            case .warning: "warning"
            case .note: "notice"
            }
        var properties: [String] = []
        if let range = problem.range {
            properties = ["file=\(escaped(property: DisplayText.sanitized(place(range.path))))"]
            properties += ["line=\(range.start.line)", "col=\(range.start.column)"]
        }
        properties.append("title=\(escaped(property: problem.code))")
        let notes = problem.notes.map { note in
            "\nnote: " + (note.range.map { "\(DisplayText.sanitized($0.path)):\($0.start.line): " } ?? "")
                + DisplayText.sanitized(note.message)
        }
        return
            "::\(kind) \(properties.joined(separator: ","))::\(escaped(DisplayText.sanitized(problem.message) + notes.joined()))"
    }

    /// Files are named from the root of the repository, wherever in it the command runs.
    private static func place(_ path: String) -> String {
        guard let root = ProcessInfo.processInfo.environment["GITHUB_WORKSPACE"].flatMap(Files.resolved) else {
            return path
        }
        let whole = Files.resolvedPlace(path)
        return Files.lies(whole, below: root) ? String(whole.dropFirst(root == "/" ? 1 : root.count + 1)) : path
    }

    private static func escaped(_ text: String) -> String {
        replacing(["%": "%25", "\r": "%0D", "\n": "%0A", "\r\n": "%0D%0A"], in: text)
    }

    private static func escaped(property text: String) -> String {
        replacing([":": "%3A", ",": "%2C"], in: escaped(text))
    }

    private static func replacing(_ replacements: [Character: String], in text: String) -> String {
        text.map { replacements[$0] ?? String($0) }.joined()
    }
}

/// How problems, and the progress of a build, are told beside the text on standard error.
enum Format: String, ExpressibleByArgument, CaseIterable {
    case text, json, github

    /// Puts problems on standard output for programs.
    func publish(_ problems: [Diagnostic]) {
        switch self {
        case .text: break
        case .json: for problem in problems { EventLines.print(problem) }
        case .github: Annotations.publish(problems)
        }
    }
}
