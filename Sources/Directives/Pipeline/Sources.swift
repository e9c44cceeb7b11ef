import Execution

/// For the first lines of the report: which data and weights it was made with, each said once.
package func sources(of plan: Plan, results: Results) throws -> [String] {
    var lines: [String] = []
    for step in plan.steps {
        guard let result = results[step.id] else { continue }
        guard let line = try step.reportDirective?.source(of: result), !lines.contains(line) else { continue }
        lines.append(line)
    }
    return lines
}
