import Chapters
import Diagnostics
import Execution
import Pages

/// Everything that is wrong with what a book says, as far as no result is needed to know it: read before anything runs.
package func problems(in book: Book, _ plan: Plan, _ attachments: Attachments = .none) -> [Diagnostic] {
    let promises = promises(of: plan)
    let captions = Dictionary(plan.steps.map { ($0.id, $0.options.caption) }, uniquingKeysWith: { first, _ in first })
    return Site.problems(
        in: book, directives: plan.directives, promises: promises, captions: captions.compactMapValues(\.self),
        attachments: attachments)
        + plan.steps.flatMap { $0.reportDirective?.problems(in: $0, promises) ?? [] }
}

/// What is known of the results of a plan's steps, by id.
package func promises(of plan: Plan) -> [String: Promise] {
    var promises: [String: Promise] = [:]
    for step in plan.steps {
        promises[step.id] = step.reportDirective?.promise(for: step.options)
    }
    return promises
}

/// What is wrong with what the steps of a plan show, such as claims that do not hold.
package func claimDiagnostics(of plan: Plan, _ exhibits: [String: Exhibit], strict: Bool) -> [Diagnostic] {
    plan.steps.flatMap { $0.reportDirective?.diagnostics(of: $0, among: exhibits, strict: strict) ?? [] }
}
