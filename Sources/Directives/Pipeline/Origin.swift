import Chapters
import Execution
import Files
import Pages

/// What tells this build of the program from any other.
func program() -> String? {
    Files.stamp(of: "/proc/self/exe").map { "\($0.size) \($0.modified) \($0.changed) \($0.inode)" }
}

extension CheckedBook {
    /// The digest of everything that the report is made from: chapters, the files that they name, settings, results and
    /// this very program.
    ///
    /// - Parameter results: of a step, by its id.
    /// - Returns: nil when a step has no result: the page then also shows what is old or failed.
    package func origin(results: (String) -> StepResult?, isSingleFile: Bool) -> Digest? {
        guard let program = program() else { return nil }
        var text = "\(program) \(isSingleFile)\n"
        for (path, source) in sources.sorted(by: { $0.key < $1.key }) {
            text += "\(path) \(Digest(of: Array(source.utf8)).hex)\n"
        }
        for line in Set(([attachments] + translations.map(\.attachments)).flatMap(\.fingerprint)).sorted() {
            text += line + "\n"
        }
        text += "\(book.settings.profile ?? "")\n"
        for (name, parameter) in book.settings.parameters.sorted(by: { $0.key < $1.key }) {
            text += "\(name) \(parameter)\n"
        }
        for step in plan.steps {
            guard let result = results(step.id) else { return nil }
            text += "\(step.id) \(result.digest.hex)\n"
        }
        return Digest(of: Array(text.utf8))
    }
}
