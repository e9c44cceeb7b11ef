import Execution

/// For the first lines of the report: which data and weights it was made with, each said once.
package func sources(of plan: Plan, results: Results) throws -> [String] {
    var lines: [String] = []
    for step in plan.steps {
        guard let result = results[step.id] else { continue }
        let line: String
        if step.directive == Preprocess.self {
            line = try Preprocess.source(of: result)
        } else if step.directive == Train.self {
            line = try Train.source(of: result)
        } else {
            continue
        }
        if !lines.contains(line) { lines.append(line) }
    }
    return lines
}
