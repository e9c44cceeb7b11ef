import Chapters
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
    static let train = Option<String?>.optionalReference(
        "train", to: ["train"], "A training of this backbone, whose ledger says how far each tensor moved.")
    static let unfreeze = Option.integer(
        "unfreeze", in: 0...60, default: 10, unit: "layers", "How many of the backbone's last layers learn.")
    static let unfreezeTensors = Option<Int?>.optionalInteger(
        "unfreeze_tensors", in: 0...200, unit: "tensors", "Instead of unfreeze: how many of its last single tensors.")
    static let size = Option.integer(
        "size", in: 32...1024, default: 218, unit: "pixels", "Height and width of the image.")

    static let isHeavy = false

    static var options: [Declaration] {
        [
            model.declaration, train.declaration, unfreeze.declaration, unfreezeTensors.declaration, size.declaration,
        ]
    }

    static func step(for options: Options, in context: inout PlanningContext) -> StepWork {
        let architecture = options[model]
        let unfreezing = options[unfreezeTensors].map(Unfreezing.tensors) ?? .layers(options[unfreeze])
        if !unfreezing.isPossible(for: architecture) {
            context.report(
                .error(
                    "too-many-layers",
                    "\(architecture.displayName) has \(architecture.layers.count) layers; model '\(context.id)' asks for more",
                    at: options.range(of: options[unfreezeTensors] == nil ? "unfreeze" : "unfreeze_tensors")
                        ?? context.range))
        }
        return StepWork { step in
            var artifacts: [String: [UInt8]] = [:]
            if let training = step.inputs["train"] {
                let history: Train.History = try training.value(from: "history.json")
                guard history.architecture == architecture else {
                    throw OptionProblem(
                        option: "train", code: "other-network",
                        message:
                            "'\(training.id)' trained \(history.architecture.displayName), not \(architecture.displayName)"
                    )
                }
                let ledger: WeightChanges = try training.value(from: "ledger.json")
                artifacts["ledger.json"] = try canonicalJSON(ledger)
            }
            guard unfreezing.isPossible(for: architecture) else {
                throw OptionProblem(
                    option: "unfreeze", code: "too-many-layers", message: "the backbone has fewer layers")
            }
            let drawing = Drawing(
                stages: architecture.summary(size: options[size], unfreezing),
                trained: unfreezing.names(in: architecture).count, name: architecture.displayName)
            artifacts["model.json"] = try canonicalJSON(drawing)
            return Outcome(artifacts: artifacts)
        }
    }

    static func promise(for options: Options) -> Promise {
        Promise(numbering: .figure, values: ["parameters", "layers", "features", "trained.tensors"])
    }

    static func show(_ result: StepResult, options: Options) throws -> ExhibitContent {
        let drawing: Drawing = try result.value(from: "model.json")
        var parts: [Exhibit.Part] = [.architecture(drawing.diagram)]
        if result.artifacts["ledger.json"] != nil {
            let ledger: WeightChanges = try result.value(from: "ledger.json")
            parts.append(.foldedTable(title: "Ledger of \(ledger.entries.count) tensors", ledger.table))
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
                        name: stage.name, detail: stage.detail,
                        blocks: stage.blocks.map { .init(hasShortcut: $0.hasShortcut, trainedShare: $0.trainedShare) },
                        output: stage.output.map(String.init).joined(separator: " × "),
                        parameters: stage.parameterCount)
                },
                alternative: "\(name) from image to embedding: \(all) blocks, the first \(frozen) of them frozen")
        }
    }
}

extension WeightChanges {
    /// One row a tensor, in the network's order.
    fileprivate var table: Table {
        Table(
            columns: [Table.Column("tensor"), Table.Column("shape"), Table.Column("state"), Table.Column("moved, %")],
            rows: entries.map { entry in
                [
                    .text(entry.name), .text(entry.shape.map(String.init).joined(separator: " × ")),
                    .text(entry.isTrained ? "trained" : "frozen"),
                    entry.moved.map { $0 < 10 ? .number(100 * $0, digits: 3) : .missing } ?? .missing,
                ]
            },
            notes: [
                """
                Moved: the length of a tensor's change relative to its own length before training; a dash where that was all \
                but zero.
                """
            ])
    }
}
