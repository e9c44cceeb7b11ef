import Execution

/// For the first lines of the report: which data and weights it was made with.
package func sources(of plan: Plan, results: Results) throws -> [String] {
    var lines: [String] = []
    for step in plan.steps {
        guard let result = results[step.id] else { continue }
        if step.directive == Preprocess.self { lines.append(try Preprocess.source(of: result)) }
        if step.directive == Train.self { lines.append(try Train.source(of: result)) }
    }
    return lines
}
