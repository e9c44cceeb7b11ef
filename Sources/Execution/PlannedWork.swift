/// What of a plan decides which results it asks for: two plans that are equal in it differ in presentation alone, as long
/// as nobody touches their data.
package struct PlannedWork: Equatable, Sendable {
    private let steps: [Step]

    private struct Step: Equatable {
        var id: String
        var components: [Key.Component]
        var uses: [String]
        var data: [String]
    }

    package init(_ plan: Plan) {
        steps = plan.steps.map { step in
            Step(
                id: step.id, components: Key.settings(of: step), uses: step.uses.map { "\($0.name) \($0.id)" },
                data: step.work.data.map { "\($0.name) \($0.path)" })
        }
    }
}
