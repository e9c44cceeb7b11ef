import Execution
import Files

/// What tells this build of the program from any other.
func program() -> String? {
    Files.stamp(of: "/proc/self/exe").map { "\($0.size) \($0.modified) \($0.changed) \($0.inode)" }
}

/// The digest of everything that a report is made from: chapters, the files that they name, settings, results and this very program.
///
/// - Parameter result: of a step, by its id.
/// - Returns: nil when a step has no result: the page then also shows what is old or failed.
func origin(of workspace: Workspace, _ result: (String) -> StepResult?, singleFile: Bool) throws -> Digest? {
    guard let program = program() else { return nil }
    var text = "\(program) \(singleFile)\n"
    for (path, source) in workspace.sources.sorted(by: { $0.key < $1.key }) {
        text += "\(path) \(Digest(of: Array(source.utf8)).hex)\n"
    }
    for line in workspace.attachments.fingerprint { text += line + "\n" }
    let settings = workspace.book.settings
    text += "\(settings.profile ?? "")\n"
    for (name, parameter) in settings.parameters.sorted(by: { $0.key < $1.key }) { text += "\(name) \(parameter)\n" }
    for step in workspace.plan.steps {
        guard let result = result(step.id) else { return nil }
        text += "\(step.id) \(Digest(of: try canonicalJSON(result)).hex)\n"
    }
    return Digest(of: Array(text.utf8))
}
