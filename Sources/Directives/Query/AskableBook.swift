import Chapters
import Execution

/// The evaluations of a book as they are in the store at this moment.
struct AskableBook {
    /// In the order of the text.
    let evaluations: [PlannedStep]
    private let plan: Plan
    private let statuses: [String: StepStatus]
    private let store: Store

    /// What an evaluation answers with.
    struct Results {
        var evaluation: StepResult
        var data: StepResult
        var training: StepResult?
        /// Where another program made its vectors.
        var vectors: StepResult?
        /// Of the step that `data` is of.
        var preprocessing: Options
    }

    enum State {
        /// `remark`: how it differs from what the chapters ask for now; nil where it does not.
        case ready(Results, remark: String?)
        /// Why it cannot be asked, and the command that helps.
        case missing(String)
    }

    /// - Parameter id: of the only evaluation whose state will be asked for; nil for all.
    /// - Throws: `QueryRefusal` where the book has mistakes, or `StoreError`.
    init(_ project: Project, id: String?) throws {
        let checked = CheckedBook(project)
        guard !checked.hasErrors else {
            throw QueryRefusal(
                .notReady, "the chapters in \(project.chapters) have mistakes; 'likeness check' lists them")
        }
        store = project.store
        try store.checkReadable()
        plan = checked.plan
        evaluations = plan.steps.filter { $0.directive == Evaluate.self }
        let wanted = evaluations.map(\.id).filter { id == nil || $0 == id }
        let statuses = try store.status(of: plan.reaching(Set(wanted)))
        self.statuses = Dictionary(statuses.map { ($0.step.id, $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// The evaluations that the book's `query` directives name; without any, the last one.
    var offered: [PlannedStep] {
        let named = plan.steps.filter { $0.directive == QueryPage.self }
            .flatMap { $0.options[QueryPage.evaluations].map(\.id) }
        return named.isEmpty ? evaluations.suffix(1) : evaluations.filter { named.contains($0.id) }
    }

    /// Whether an evaluation can be asked: with what the chapters ask for, or else with its last results, where they
    /// belong together and only what it was trained on or measured beside has changed since.
    func state(of step: PlannedStep) throws -> State {
        let dataID = step.options[Evaluate.data].id
        let trainID = step.options[Evaluate.train]?.id
        let vectorsID = step.options[Evaluate.vectors]?.id
        guard let status = statuses[step.id], let data = plan[dataID] else { return .missing(sentence(step.id, nil)) }
        if status.kind == .fresh, let own = status.last, let faces = statuses[dataID]?.last {
            let training = trainID.flatMap { statuses[$0]?.last }
            return .ready(
                Results(
                    evaluation: own, data: faces, training: training, vectors: vectorsID.flatMap { statuses[$0]?.last },
                    preprocessing: data.options), remark: nil)
        }
        var uses = [(name: Evaluate.data.name, id: dataID)]
        if let trainID { uses.append((name: Evaluate.train.name, id: trainID)) }
        if let vectorsID { uses.append((name: Evaluate.vectors.name, id: vectorsID)) }
        guard let former = store.formerResults([(id: step.id, uses: uses)]), let own = former[step.id],
            let faces = former[dataID], try store.isMade(own, as: step, ofSameData: true),
            try store.isMade(faces, as: data, ofSameData: false)
        else { return .missing(sentence(step.id, status)) }
        return .ready(
            Results(
                evaluation: own, data: faces, training: trainID.flatMap { former[$0] },
                vectors: vectorsID.flatMap { former[$0] }, preprocessing: data.options),
            remark: "an earlier result: " + reasons(status))
    }

    private func reasons(_ status: StepStatus) -> String {
        // What first differs on the way to it.
        let first = plan.reaching([status.step.id]).compactMap { statuses[$0.id] }.first { $0.kind != .fresh } ?? status
        let reasons = first.reasons.joined(separator: "; ")
        return first.step.id == status.step.id ? reasons : "'\(first.step.id)' would run again (\(reasons))"
    }

    private func sentence(_ id: String, _ status: StepStatus?) -> String {
        let command = "'likeness build --only \(id)' computes it"
        switch status?.kind {
        case .stale:
            return "evaluation '\(id)' is out of date (\(status.map(reasons) ?? "")); \(command) anew"
        case .interrupted: return "evaluation '\(id)' was interrupted; \(command)"
        default: return "evaluation '\(id)' is not computed yet; \(command)"
        }
    }
}
