import Diagnostics
import Execution

/// Who hears what a build does while it runs, from any thread.
package protocol BuildListener: Sendable {
    /// What is wrong with chapters, results or pages.
    ///
    /// - Parameter sources: the text of every file, for excerpts.
    func problems(_ diagnostics: [Diagnostic], sources: [String: String])
    /// What the reader of a book should know, in a line.
    func remark(_ line: String)
    /// Pages can be opened at this place, for the first time in this build.
    ///
    /// - Parameters:
    ///   - missing: how many results are still to come.
    ///   - secondsLeft: how long that will probably take.
    func published(_ page: String, missing: Int, of count: Int, secondsLeft: Int)
    func event(_ event: BuildEvent)
    /// No step runs any more, whether all are done or the build stops.
    func stepsEnded()
}

/// A build that cannot go on; the listener has heard why.
package struct BuildFailed: Error {}

/// A directive that is to run again in a build that does not come to it.
package struct UnusedRerun: Error, CustomStringConvertible {
    let id: String
    let only: String

    package var description: String {
        "--rerun \(id) does nothing beside --only \(only), which does not use '\(id)'; leave one of them out"
    }
}

/// An id that no directive has.
package struct UnknownID: Error, CustomStringConvertible {
    let id: String
    let known: [String]

    package init(id: String, known: [String]) {
        self.id = id
        self.known = known
    }

    package var description: String {
        let hint = suggestion(for: id, among: known)
        return "no directive has the id '\(id)'\(hint.isEmpty ? "; known are \(known.joined(separator: ", "))" : hint)"
    }
}
