import Faces
import Files

/// Image files named directly or lying below named folders, in path order, and what there is to say about the folders.
struct ImageFiles {
    private(set) var files: [String] = []
    /// What could not be looked into: a command that leaves it out has failed.
    private(set) var problems: [String] = []
    /// What was passed over.
    private(set) var remarks: [String] = []

    /// Folders are searched as datasets are. Files that are not there are left for decoding to refuse by name.
    init(_ arguments: [String]) {
        for argument in arguments {
            guard Files.isFolder(argument) else {
                files.append(argument)
                continue
            }
            let walk = PhotographWalk(below: argument)
            problems += walk.problems
            remarks += walk.remarks
            if walk.files.isEmpty, walk.problems.isEmpty { problems.append(walk.absence) }
            files += walk.files.map { argument.hasSuffix("/") ? argument + $0 : argument + "/" + $0 }
        }
    }

    /// Tells what there is to say on standard error.
    ///
    /// - Parameter skips: whether the command does without what cannot be looked into.
    func report(skips: Bool = false) {
        for remark in remarks { Console.say("warning: \(remark)") }
        for problem in problems { Console.say("\(skips ? "warning" : "error"): \(problem)") }
    }

    /// The files, where nothing was left out.
    func all() throws -> [String] {
        guard problems.isEmpty else { throw LeftOut(problems: problems) }
        return files
    }

    struct LeftOut: Error, CustomStringConvertible {
        let problems: [String]
        var description: String { problems.joined(separator: "\nerror: ") }
    }
}
