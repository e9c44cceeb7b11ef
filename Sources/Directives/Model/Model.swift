import Chapters
import Diagnostics
import Execution
import Networks
import Pages

/// A network drawn from its own description: blocks, shapes, parameters, and which part learns.
enum Model: ReportDirective {
    static let kind = "model"
    static let version = 2
    static let summary = """
        Draws a network from the code that runs it: blocks, shapes, parameters, what is frozen and what learns; after a \
        training also the ledger of every tensor.
        """

    static let model = Option<Architecture>.choice("model", "The backbone.")
    static let train = Option.reference(
        "train", to: Train.self, "A training of this backbone, whose ledger says how far each tensor moved."
    ).optional
    static let unfreeze = Option.integer(
        "unfreeze", in: 0...160, unit: "layers",
        "How many of the backbone's last layers learn: as many as in the training that train names, otherwise 10."
    ).optional
    static let unfreezeTensors = Option.integer(
        "unfreeze_tensors", in: 0...480, unit: "tensors", "Instead of unfreeze: how many of its last single tensors."
    ).optional
    static let size = Option.integer(
        "size", in: 32...1024, default: 218, unit: "pixels", "Height and width of the image.")

    static let isHeavy = false

    static let options = Declarations(model, train, unfreeze, unfreezeTensors, size)

    private static let drawing = Artifact<Drawing>.json("model.json")

    static func step(for options: Options, in context: inout PlanningContext) -> StepWork {
        let architecture = options[model]
        let training = options[train].flatMap { context.options(of: $0, as: Train.self) }
        let wanted = options[unfreezeTensors].map(Unfreezing.tensors) ?? options[unfreeze].map(Unfreezing.layers)
        let trained = training.map { TrainingRecipe.tuning($0).unfreeze }
        let unfreezing = trained ?? wanted ?? .layers(10)
        if options[unfreezeTensors] != nil {
            context.reportIdle(unfreeze, of: options, "'unfreeze_tensors' stands in its place")
        }
        if let training { check(options, wanted, beside: training, in: &context) }
        if let wanted, !wanted.isPossible(for: architecture) {
            context.report(
                .error(
                    "too-many-layers",
                    "\(architecture.displayName) has \(architecture.layers.count) layers; model '\(context.id)' asks for more",
                    at: options.range(of: unfreezeTensors) ?? options.range(of: unfreeze) ?? context.range))
        }
        return StepWork { step in
            var outcome = Outcome()
            if let training = step[train] {
                let history = try training[Train.history]
                guard history.architecture == architecture else {
                    throw OptionProblem(
                        train, "other-network",
                        "'\(training.id)' trained \(history.architecture.displayName), not \(architecture.displayName)"
                    )
                }
                try outcome.keep(training[Train.changes], as: Train.changes)
            }
            guard unfreezing.isPossible(for: architecture) else {
                throw OptionProblem(unfreeze, "too-many-layers", "the backbone has fewer layers")
            }
            try outcome.keep(
                Drawing(
                    stages: architecture.summary(size: options[size], unfreezing),
                    trained: unfreezing.names(in: architecture).count, name: architecture.displayName),
                as: drawing)
            return outcome
        }
    }

    /// A drawing beside a training shows that training.
    private static func check(
        _ options: Options, _ wanted: Unfreezing?, beside training: Options, in context: inout PlanningContext
    ) {
        let trained = TrainingRecipe.tuning(training).unfreeze
        if training[Train.model] != options[model] {
            context.report(
                .error(
                    "other-network",
                    "'\(training.id)' trains \(training[Train.model].displayName), not \(options[model].displayName)",
                    at: options.range(of: train) ?? context.range))
        } else if let wanted, wanted != trained {
            let what =
                switch trained {
                case .layers(let count): "the last \(count) layers"
                case .tensors(let count): "the last \(count) tensors"
                }
            context.report(
                .error(
                    "other-training",
                    "in '\(training.id)' \(what) learn; leave the option out here, and they are drawn",
                    at: options.range(of: options[unfreezeTensors] == nil ? unfreeze : unfreezeTensors)
                        ?? context.range))
        }
    }

    static func promise(for options: Options) -> Promise {
        Promise(numbering: .figure, values: ["parameters", "layers", "features", "trained.tensors"])
    }

    static func show(_ result: StepResult, options: Options) throws -> ExhibitContent {
        let drawing = try result[drawing]
        var parts: [Exhibit.Part] = [.architecture(drawing.diagram)]
        if let changes = try result[ifPresent: Train.changes] {
            parts.append(.foldedTable(title: "Ledger of \(changes.entries.count) tensors", changes.table))
        }
        return ExhibitContent(
            numbering: .figure, parts: parts,
            values: [
                "parameters": .count(drawing.parameters), "layers": .count(options[model].layers.count),
                "features": .count(options[model].featureCount), "trained.tensors": .count(drawing.trained),
            ])
    }

    private struct Drawing: Codable {
        var stages: [StageSummary]
        /// Tensors that learn, the head's included.
        var trained: Int
        var name: String

        /// Backbone and head.
        var parameters: Int { stages.reduce(0) { $0 + $1.parameterCount } }

        var diagram: ArchitectureDiagram {
            let frozen = stages.flatMap(\.blocks).filter { $0.trainedShare == 0 }.count
            let all = stages.flatMap(\.blocks).count
            return ArchitectureDiagram(
                rows: stages.map { stage in
                    .init(
                        name: Phrase(key: stage.name), detail: Phrase(key: stage.detail),
                        blocks: stage.blocks.map { .init(hasShortcut: $0.hasShortcut, trainedShare: $0.trainedShare) },
                        output: stage.output.map { String($0) }.joined(separator: " × ").verbatim,
                        parameters: stage.parameterCount)
                },
                alternative: "\(name) from image to embedding: \(all) blocks, the first \(frozen) of them frozen")
        }
    }
}

extension WeightChanges {
    /// One row a tensor, in the network's order.
    fileprivate var table: Table {
        let follows: [Phrase] =
            entries.contains { $0.isStatistic == true }
            ? ["Follows: a running mean or variance, which no step of the optimiser moves but every batch does."] : []
        return Table(
            columns: [Table.Column("tensor"), Table.Column("shape"), Table.Column("state"), Table.Column("moved, %")],
            rows: entries.map { entry in
                [
                    .text(entry.name.verbatim), .text(entry.shape.map { String($0) }.joined(separator: " × ").verbatim),
                    .text(Phrase(key: entry.state)),
                    entry.moved.map { $0 < 10 ? .number(100 * $0, digits: 3) : .missing } ?? .missing,
                ]
            },
            notes: [
                """
                Moved: the length of a tensor's change relative to its own length before training; a dash where that was all \
                but zero.
                """
            ] + follows)
    }
}
