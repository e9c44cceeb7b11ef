import Diagnostics
import Foundation

/// Files that somebody meant for chapters or settings and that are not read as such.
struct StrayFiles {
    let folder: String
    let name: String
    /// The folder's own files.
    let files: [String]

    private static let markdown: Set = [
        "md", "markdown", "mdown", "mdwn", "mkd", "mkdn", "mdtext", "mdtxt", "mdx", "qmd", "rmd",
    ]
    /// So many files of subfolders are looked at.
    private static let mostEntries = 10_000

    func problems() -> [Diagnostic] { files.sorted().compactMap(problem) + subfolders() }

    private func problem(with file: String) -> Diagnostic? {
        guard !file.hasPrefix("."), !file.hasSuffix(".md") || file.count <= 3, file != "report.yml" else { return nil }
        let visible = String(
            String.UnicodeScalarView(file.unicodeScalars.filter { !Invisible.isInvisible($0) && $0 != " " }))
        let (stem, kind) = Self.split(visible)
        let shown = "\(name)/\(file)"
        if Self.markdown.contains(kind) {
            return .error(
                "not-a-chapter",
                "\(shown) is not read: the name of a chapter ends in '.md'; rename it to \(stem).md, or move it elsewhere"
            )
        }
        if kind == "txt", Self.markdown.contains(Self.split(stem).kind) {
            return .error(
                "not-a-chapter", "\(shown) is not read: rename it to \(Self.split(stem).stem).md, or move it elsewhere")
        }
        if kind == "yml" || kind == "yaml" {
            let isMeant = nearest(to: stem, among: ["report"]) != nil || !files.contains("report.yml")
            let message = "\(shown) is not read: settings are read from report.yml only"
            return isMeant
                ? .error("not-settings", message + "; rename it, or move it elsewhere")
                : .warning("not-settings", message)
        }
        return nil
    }

    /// Chapters below the chapters' folder; a folder with a report.yml is a book of its own.
    private func subfolders() -> [Diagnostic] {
        var problems: [Diagnostic] = []
        guard let entries = FileManager.default.enumerator(atPath: folder) else { return [] }
        var seen = 0
        while let path = entries.nextObject() as? String {
            seen += 1
            guard seen <= Self.mostEntries else { break }
            let parts = path.split(separator: "/")
            let isFolder = entries.fileAttributes?[.type] as? FileAttributeType == .typeDirectory
            if parts.last?.hasPrefix(".") == true {
                if isFolder { entries.skipDescendants() }
                continue
            }
            if isFolder {
                if FileManager.default.fileExists(atPath: "\(folder)/\(path)/report.yml") {
                    entries.skipDescendants()
                } else if parts.count == 1, path.hasSuffix(".md") {
                    problems.append(
                        .warning("not-a-chapter", "\(name)/\(path) is a folder and is not read as a chapter"))
                }
                continue
            }
            guard parts.count > 1, Self.markdown.contains(Self.split(path).kind) else { continue }
            problems.append(
                .warning(
                    "not-a-chapter",
                    "\(name)/\(path) is not read: chapters stand in \(name) itself; move it there, or give its folder a "
                        + "report.yml if it is a book of its own"))
        }
        return problems.sorted { $0.message < $1.message }
    }

    /// Name and extension, the latter in lower case.
    private static func split(_ file: String) -> (stem: String, kind: String) {
        guard let point = file.lastIndex(of: "."), point > file.startIndex else { return (file, "") }
        return (String(file[..<point]), file[file.index(after: point)...].lowercased())
    }
}
