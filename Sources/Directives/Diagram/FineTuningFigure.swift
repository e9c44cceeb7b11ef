import Chapters
import Execution
import Networks
import Pages

/// The slides' figure 15: the blocks of a network, which of them stay as they start and which learn, and the head in the
/// place of the classifier.
struct FineTuningFigure: Codable {
    struct Block: Codable {
        var name: String
        var trainedShare: Double
        /// Height and width of its stage's output.
        var side: Int
    }

    var name: String
    var blocks: [Block]
    var features: Int
    var frozen: Int
    var trained: Int
    var head: Int
    var layers: Int
    var trainedLayers: Double
    /// Whether the backbone starts from random numbers.
    var isRandom: Bool

    static let names = ["blocks", "frozen", "trained", "head", "classifier"]
    private static let classes = 1000
    private static let figure = Artifact<FineTuningFigure>.json("fine-tuning.json")

    private var classifier: Int { features * Self.classes + Self.classes }

    static func step(for options: Options, in context: inout PlanningContext) -> StepWork {
        let training = options[DrawDiagram.train].flatMap { context.options(of: $0, as: Train.self) }
        let architecture = training?[Train.model] ?? options[DrawDiagram.model]
        let unfreezing =
            training.map { TrainingRecipe.tuning($0).unfreeze } ?? .layers(options[DrawDiagram.unfreeze])
        // Without a training it is the method that is drawn, not what somebody has at hand.
        let backbone = training.map {
            BackboneWeights.find($0[Train.weights], for: $0[Train.model], data: context.data)
        }
        return StepWork(facts: backbone?.facts ?? []) { _ in
            var outcome = Outcome()
            guard let architecture, unfreezing.isPossible(for: architecture) else {
                throw OptionProblem(DrawDiagram.unfreeze, "too-many-layers", "the backbone has fewer layers")
            }
            try outcome.keep(
                FineTuningFigure(architecture, unfreezing, isRandom: backbone?.isRandom ?? false), as: figure)
            return outcome
        }
    }

    private init(_ architecture: Architecture, _ unfreezing: Unfreezing, isRandom: Bool) {
        self.isRandom = isRandom
        let summary = architecture.summary(size: 218, unfreezing)
        name = architecture.displayName
        features = architecture.featureCount
        let body = summary.filter { $0.output.count == 3 }
        blocks = body.flatMap { stage in
            stage.blocks.map { Block(name: $0.name, trainedShare: $0.trainedShare, side: stage.output[0]) }
        }
        head = summary.filter { $0.output.count == 1 }.reduce(0) { $0 + $1.parameterCount }
        trained = unfreezing.parameterCount(in: architecture)
        frozen = architecture.parameterCount - trained
        layers = architecture.layers.count
        trainedLayers = unfreezing.layerCount(of: architecture)
    }

    static func show(_ result: StepResult) throws -> ExhibitContent {
        let figure = try result[figure]
        return ExhibitContent(
            numbering: .figure, parts: [.diagram(figure.diagram)],
            values: [
                "blocks": .count(figure.blocks.count), "frozen": .count(figure.frozen),
                "trained": .count(figure.trained), "head": .count(figure.head),
                "classifier": .count(figure.classifier),
            ])
    }

    // MARK: Drawing

    private func layersWords(_ count: Double) -> Phrase {
        "\(Numeral.fixed(count, digits: count == count.rounded() ? 0 : 1)) of \(layers) layers"
    }

    private var diagram: Diagram {
        let whole = blocks.count { $0.trainedShare == 0 }
        let start: Phrase = isRandom ? "random numbers" : "ImageNet"
        var diagram = Diagram(
            width: Diagram.textWidth, height: 324, title: "Fine-tuning \(name)",
            alternative: """
                \(name) above as it starts, from \(start), and below as it is \
                fine-tuned. Of its \(blocks.count) blocks the first \(whole) stay frozen, with \
                \(Numeral.count(frozen)) parameters; \(Numeral.count(trained)) parameters of \
                \(layersWords(trainedLayers)) learn; and a new head of \(Numeral.count(head)) parameters stands in \
                the place of the classifier's \(Numeral.count(classifier)).
                """)
        let (left, right) = (34.0, 500.0)
        let width = (right - left) / Double(max(1, blocks.count))
        func height(_ block: Block) -> Double { 22 + 9.5 * max(0, log2Side(block.side)) }
        func row(_ middle: Double, isTuned: Bool) {
            for (number, block) in blocks.enumerated() {
                let h = height(block)
                let frame = Diagram.Frame(left + width * Double(number), middle - h / 2, width - 4, h)
                guard isTuned else {
                    diagram.box(frame, fill: .surface, outline: .muted)
                    continue
                }
                let share = block.trainedShare
                diagram.box(frame, fill: .surface, outline: share > 0 ? .first : .muted)
                if share > 0 {
                    diagram.patch(
                        .init(frame.x, frame.y + h * (1 - share), frame.width, h * share), fill: .first, opacity: 0.85)
                }
            }
            diagram.arrow([.init(4, middle), .init(left - 4, middle)])
            diagram.arrow([.init(right, middle), .init(right + 22, middle)])
        }

        diagram.text(isRandom ? "Random numbers" : "From ImageNet", 0, 13, size: 14, isBold: true)
        let (upper, lower) = (66.0, 204.0)
        row(upper, isTuned: false)
        diagram.box(.init(525, upper - 27, 154, 54), outline: .miss, isDashed: true)
        diagram.text("classifier", 602, upper - 9, size: 12.5, isBold: true, anchor: .middle)
        diagram.text("\(Numeral.count(classifier)) parameters", 602, upper + 7, size: 12.5, .muted, anchor: .middle)
        diagram.text(
            "\(Numeral.count(features)) → \(Numeral.count(Self.classes)) classes", 602, upper + 22, size: 12.5, .muted,
            anchor: .middle)

        diagram.text("Fine-tuned for faces", 0, 145, size: 14, isBold: true)
        diagram.arrow([.init(left + (right - left) / 2, 112), .init(left + (right - left) / 2, 160)])
        diagram.text("its weights are taken over", left + (right - left) / 2 + 10, 138, size: 12.5, .muted)
        diagram.arrow([.init(602, upper + 33), .init(602, lower - 40)], .straight, .miss, isDashed: true)
        diagram.text("replaced", 612, 138, size: 12.5, .miss)
        row(lower, isTuned: true)
        diagram.box(.init(525, lower - 36, 154, 72), outline: .third)
        diagram.patch(.init(525, lower - 36, 154, 72), fill: .third, opacity: 0.12)
        diagram.text("embedding head", 602, lower - 17, size: 12.5, isBold: true, anchor: .middle)
        let parts: [Phrase] = ["average pooling", "\(Numeral.count(features)) → 128, ReLU", "128 → 128"]
        for (number, line) in parts.enumerated() {
            diagram.text(line, 602, lower - 1 + 15 * Double(number), size: 12.5, .muted, anchor: .middle)
        }

        let edge = left + width * Double(blocks.firstIndex { $0.trainedShare > 0 } ?? blocks.count)
        if frozen > 0, edge > left {
            diagram.bracket(
                from: left, to: edge - 6, y: 262, .muted,
                ["frozen", "\(Numeral.count(frozen)) parameters", layersWords(Double(layers) - trainedLayers)],
                narrow: .start)
        }
        if trained > 0 {
            diagram.bracket(
                from: edge, to: right - 4, y: 262, .first,
                ["learns", "\(Numeral.count(trained)) parameters", layersWords(trainedLayers)],
                narrow: .end)
        }
        diagram.bracket(
            from: 525, to: 679, y: 262, .third, ["new, learns", "\(Numeral.count(head)) parameters", "2 linear layers"])
        return diagram
    }

    private func log2Side(_ side: Int) -> Double {
        // 7 pixels and fewer are the lowest block.
        var (value, result) = (Double(max(1, side)) / 7, 0.0)
        while value >= 2 { (value, result) = (value / 2, result + 1) }
        return result + max(0, value - 1)
    }
}
