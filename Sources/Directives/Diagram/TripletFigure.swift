import Chapters
import Execution
import Faces
import Foundation
import Networks
import Pages
import Tensors

/// The slides' figure 14: a triplet in the plane, its three distances true, before training and after it.
struct TripletFigure: Codable {
    /// The distances between anchor and positive, anchor and negative, positive and negative.
    struct Distances: Codable {
        var positive: Double
        var negative: Double
        var others: Double
    }

    var faces: [Int]
    var identities: [String]
    var before: Distances
    var after: Distances
    var margin: Double
    /// Whether the loss compares squares of distances.
    var isSquared: Bool
    var network: String
    /// Triplets that it was chosen from, and of how many the loss was positive.
    var candidates: Int
    var activeBefore: Int
    var activeAfter: Int
    /// Whether the negative was nearer than the positive before, and costs nothing after.
    var isRighted: Bool

    static let names =
        ["margin", "candidates", "active.before", "active.after"]
        + ["before", "after"].flatMap { ["\($0).positive", "\($0).negative", "\($0).loss"] }
    /// Triplets that are looked at.
    private static let most = 48

    private static let figure = Artifact<TripletFigure>.json("triplet.json")

    func loss(_ distances: Distances) -> Double {
        let (p, n) = (distances.positive, distances.negative)
        return max(0, isSquared ? p * p - n * n + margin : p - n + margin)
    }

    /// How far the negative has to be away: where the loss ends.
    func reach(_ distances: Distances) -> Double {
        let p = distances.positive
        return isSquared ? (p * p + margin).squareRoot() : p + margin
    }

    /// Three faces of every triplet, before and after.
    private static func workload(_ architecture: Architecture, _ precision: Precision) -> Workload {
        var work = Workload.once(DrawDiagram.kind, seconds: 1)
        work.add(Double(6 * most), .embedding(architecture, precision))
        return work
    }

    static func step(for options: Options, in context: inout PlanningContext) -> StepWork {
        let data = context.use(Train.data, of: DrawDiagram.train)
        guard let training = options[DrawDiagram.train].flatMap({ context.options(of: $0, as: Train.self) }) else {
            return StepWork { _ in Outcome() }  // told where it is named
        }
        let architecture = training[Train.model]
        let backbone = BackboneWeights.find(training[Train.weights], for: architecture, data: context.data)
        let precision = TrainingRecipe.usedPrecision(training)
        let recipe = (
            isSquared: training[TrainingRecipe.distance] == .squared, margin: training[Train.margin]
        )
        return StepWork(
            data: backbone.data, facts: backbone.facts + PrecisionChoice.facts(precision),
            workload: workload(architecture, precision)
        ) { step in
            guard let trained = step[DrawDiagram.train], let data else {
                preconditionFailure("checked when it was planned")
            }
            let faces = try step[data][Preprocess.faces]
            let triplets = spread(faces.triplets, most)
            guard !triplets.isEmpty else {
                throw OptionProblem(DrawDiagram.train, "no-triplets", "'\(trained.id)' has no triplets to draw")
            }
            let before = try TrainingWork(
                id: trained.id, options: training, architecture: architecture, backbone: backbone,
                precision: precision, step: step
            ).start(faces, Train.runs(training)[0])
            let history = try trained[Train.history]
            let after = EmbeddingNetwork(
                architecture, seed: 0, precision: precision, normalizes: history.normalizes)
            try after.load(try trained[Train.trained])
            var figure = TripletFigure(
                architecture.displayName, candidates: triplets.count, margin: recipe.margin,
                isSquared: recipe.isSquared)
            figure.choose(
                among: triplets, of: faces, before: try distances(of: triplets, by: before, faces, "before", step),
                after: try distances(of: triplets, by: after, faces, "after", step))
            var outcome = Outcome()
            for face in figure.faces { _ = try outcome.keepFace(face, of: faces) }
            try outcome.keep(figure, as: self.figure)
            return outcome
        }
    }

    private init(_ network: String, candidates: Int, margin: Double, isSquared: Bool) {
        let none = Distances(positive: 0, negative: 0, others: 0)
        (faces, identities, before, after) = ([], [], none, none)
        (activeBefore, activeAfter, isRighted) = (0, 0, false)
        (self.network, self.candidates, self.margin, self.isSquared) = (network, candidates, margin, isSquared)
    }

    /// Of those that were the wrong way round before, the negative nearer than the positive, and that cost nothing
    /// after, the one that lies closest together after, so that the margin is seen best; without one, that whose loss
    /// fell most.
    private mutating func choose(
        among triplets: [Triplet], of set: FaceSet, before: [Distances], after: [Distances]
    ) {
        activeBefore = before.count { loss($0) > 0 }
        activeAfter = after.count { loss($0) > 0 }
        let righted = triplets.indices.filter { before[$0].negative < before[$0].positive && loss(after[$0]) == 0 }
        isRighted = !righted.isEmpty
        let ranks = triplets.indices.map { isRighted ? after[$0].negative : loss(after[$0]) - loss(before[$0]) }
        let chosen = (isRighted ? righted : Array(triplets.indices)).min { (ranks[$0], $0) < (ranks[$1], $1) } ?? 0
        faces = [triplets[chosen].anchor, triplets[chosen].positive, triplets[chosen].negative]
        identities = faces.map { set.faces[$0].identity }
        (self.before, self.after) = (before[chosen], after[chosen])
    }

    private static func distances(
        of triplets: [Triplet], by network: EmbeddingNetwork, _ faces: FaceSet, _ part: String, _ step: StepContext
    ) throws -> [Distances] {
        let all = triplets.flatMap { [$0.anchor, $0.positive, $0.negative] }
        let vectors = try FaceEmbedder.network(network, .embedding).describe(all, of: faces, in: step, part: part)
        func distance(_ one: Int, _ other: Int) -> Double {
            zip(vectors.row(one), vectors.row(other)).reduce(0.0) { sum, pair in
                let difference = Double(pair.0) - Double(pair.1)
                return sum + difference * difference
            }.squareRoot()
        }
        return triplets.indices.map { number in
            let first = 3 * number
            return Distances(
                positive: distance(first, first + 1), negative: distance(first, first + 2),
                others: distance(first + 1, first + 2))
        }
    }

    static func show(_ result: StepResult) throws -> ExhibitContent {
        let figure = try result[figure]
        var values: [String: Quotable] = [
            "margin": .number(figure.margin), "candidates": .count(figure.candidates),
            "active.before": .count(figure.activeBefore), "active.after": .count(figure.activeAfter),
        ]
        for (name, distances) in [("before", figure.before), ("after", figure.after)] {
            values["\(name).positive"] = .number(distances.positive)
            values["\(name).negative"] = .number(distances.negative)
            values["\(name).loss"] = .number(figure.loss(distances))
        }
        return ExhibitContent(
            numbering: .figure, parts: [.diagram(try figure.diagram(result)), .note(figure.note)], values: values)
    }

    private var note: Phrase {
        """
        \(candidates) triplets, spread over all that \(network) may train on, were looked at: the loss of \(activeBefore) \
        was positive before training, that of \(activeAfter) after it. \(choice) Photographs are seen here without the \
        changes that training makes to them.
        """
    }

    private var choice: Phrase {
        guard isRighted else { return "This is the one whose loss fell most." }
        return """
            Of those whose negative was nearer than the positive before and cost nothing after, this is the one that lies \
            closest together after.
            """
    }
}
