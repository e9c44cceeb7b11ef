import Chapters
import Execution
import Faces
import Networks
import Pages

/// What the method does, drawn from the values of a run: nothing in these figures is made up.
enum DrawDiagram: ReportDirective {
    static let kind = "diagram"
    static let version = 3
    static let summary = """
        Draws one of five diagrams from the run's own data: a photograph on its way through the system, what of this \
        report depends on what, a query in its tree, a triplet before and after training, a network's frozen and trained \
        blocks.
        """

    enum Figure: String, CaseIterable, Sendable {
        case pipeline, architecture, query, triplet
        case fineTuning = "fine-tuning"
    }

    static let figure = Option<Figure>.choice(
        "show", "Which diagram; each but the architecture names below what it is drawn from.")
    static let evaluate = Option.reference(
        "evaluate", to: Evaluate.self, "With pipeline or query: the evaluation whose query is followed."
    ).optional
    static let index = Option.reference(
        "index", to: Index.self, "With query, in the place of evaluate: the tree, the query and its k."
    ).optional
    static let train = Option.reference(
        "train", to: Train.self, "With triplet or fine-tuning: the training."
    ).optional
    static let model = Option<Architecture>.choice(
        "model", "With fine-tuning, in the place of train: the backbone."
    ).optional
    static let unfreeze = Option.integer(
        "unfreeze", in: 0...160, default: 10, unit: "layers", "With model: how many of its last layers learn.")
    static let query = Option.integer(
        "query", in: 0...1_000_000, default: 0, "With evaluate: which query is followed, from 0.")
    static let k = Option.integer(
        "k", in: 1...6, default: 5, "With evaluate: how many of its nearest faces are shown.")

    static let options = Declarations(figure, evaluate, index, train, model, unfreeze, query, k)

    static func step(for options: Options, in context: inout PlanningContext) -> StepWork {
        check(options, in: &context)
        switch options[figure] {
        case .architecture: return StepWork { _ in Outcome() }
        case .pipeline: return PipelineFigure.step(for: options, in: &context)
        case .query: return QueryFigure.step(for: options, in: &context)
        case .triplet: return TripletFigure.step(for: options, in: &context)
        case .fineTuning: return FineTuningFigure.step(for: options, in: &context)
        }
    }

    /// What each diagram is drawn from: one of these.
    private static func sources(of figure: Figure) -> [String] {
        switch figure {
        case .architecture: []
        case .pipeline: [evaluate.name]
        case .query: [evaluate.name, index.name]
        case .triplet: [train.name]
        case .fineTuning: [train.name, model.name]
        }
    }

    private static func check(_ options: Options, in context: inout PlanningContext) {
        let shown = options[figure]
        let wanted = sources(of: shown)
        let given = [
            (evaluate.name, options[evaluate] != nil), (index.name, options[index] != nil),
            (train.name, options[train] != nil), (model.name, options[model] != nil),
        ].filter(\.1).map(\.0)
        for name in given where !wanted.contains(name) {
            context.report(
                .error(
                    "unused-source", "'show: \(shown.rawValue)' draws nothing from '\(name)'; leave it out",
                    at: options.range(of: name) ?? context.range))
        }
        if !wanted.isEmpty, given.filter(wanted.contains).count != 1 {
            let words = wanted.map { "'\($0)'" }.joined(separator: " and ")
            context.report(
                .error(
                    "diagram-source",
                    "'show: \(shown.rawValue)' needs \(wanted.count == 1 ? words : "exactly one of \(words)")",
                    at: options.range(of: figure) ?? context.range))
        }
        if options[evaluate] == nil {
            context.reportIdle(query, k, of: options, "they choose a query of 'evaluate'")
        }
        if options[model] == nil {
            context.reportIdle(unfreeze, of: options, "it belongs to 'model'")
        } else if !Unfreezing.layers(options[unfreeze]).isPossible(for: options[model] ?? .resnet50) {
            context.report(
                .error(
                    "too-many-layers", "the backbone has fewer layers than \(options[unfreeze]); name fewer",
                    at: options.range(of: unfreeze) ?? context.range))
        }
    }

    static func idle(_ options: Options) -> Set<String> {
        var idle: Set<String> = options[model] == nil ? [unfreeze.name] : []
        if options[evaluate] == nil { idle.formUnion([query.name, k.name]) }
        return idle
    }

    static func promise(for options: Options) -> Promise {
        let values: [String] =
            switch options[figure] {
            case .architecture: []
            case .pipeline: PipelineFigure.names
            case .query: QueryFigure.names
            case .triplet: TripletFigure.names
            case .fineTuning: FineTuningFigure.names
            }
        return Promise(numbering: .figure, values: values)
    }

    static func show(_ result: StepResult, options: Options) throws -> ExhibitContent {
        switch options[figure] {
        case .architecture: ExhibitContent(numbering: .figure, parts: [])
        case .pipeline: try PipelineFigure.show(result)
        case .query: try QueryFigure.show(result)
        case .triplet: try TripletFigure.show(result)
        case .fineTuning: try FineTuningFigure.show(result)
        }
    }

    static func showsOthers(_ options: Options) -> Bool { options[figure] == .architecture }

    static func parts(for options: Options, in plan: Plan, among exhibits: [String: Exhibit]) -> [Exhibit.Part] {
        guard options[figure] == .architecture else { return [] }
        return [.diagram(ArchitectureFigure(plan, exhibits).diagram)]
    }
}
