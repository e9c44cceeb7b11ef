import Chapters
import Execution
import Faces
import Networks
import Retrieval
import Tensors

/// The trainings of an ablation, and what each is worth on people whom none of them saw.
final class AblationWork {
    /// Whose queries and gallery are those who are asked for.
    private let faces: FaceSet
    private let recipe: Options
    private let choices: [RecipeChoice]
    private let seeds: [Int]
    private let backbone: BackboneWeights
    private let precision: Precision
    private let step: StepContext
    private let shared = SharedWork()

    init(
        faces: FaceSet, recipe: Options, choices: [RecipeChoice], seeds: [Int], backbone: BackboneWeights,
        precision: Precision, step: StepContext
    ) {
        self.faces = faces
        self.recipe = recipe
        self.choices = choices
        self.seeds = seeds
        self.backbone = backbone
        self.precision = precision
        self.step = step
    }

    private struct Variant {
        var choice: RecipeChoice?
        var undone: [String]
        var recipe: Options
    }

    /// - Returns: also the seconds of a training, of each row that was trained.
    func run() throws -> (AblationResult, seconds: [Double]) {
        let none = choices.reduce(recipe) { $1.undone(in: $0) }
        var variants = [Variant(choice: nil, undone: [], recipe: recipe)]
        variants += choices.map {
            Variant(choice: $0, undone: $0.changes(in: recipe), recipe: $0.undone(in: recipe))
        }
        if choices.count > 1 {
            variants.append(
                Variant(choice: nil, undone: choices.flatMap { $0.changes(in: recipe) }, recipe: none))
        }
        let people = PeopleNumbers(
            queries: faces.queries.map { faces.faces[$0].identity },
            gallery: faces.gallery.map { faces.faces[$0].identity })
        let untrained = try seeds.map { seed in
            try measure(work(recipe).start(faces, Run(seed: seed, split: 0)), people)
        }
        var rows: [AblationResult.Row] = []
        var scores: [QueryScores] = []
        func add(_ variant: Variant, _ each: [QueryScores], isUntrained: Bool = false) {
            func means(_ measure: QueryMeasure) -> [Double] {
                each.map { scores in scores[measure].map { scores.sample($0).mean } ?? 0 }
            }
            rows.append(
                AblationResult.Row(
                    choice: variant.choice, isUntrained: isUntrained, undone: variant.undone, map: means(.map),
                    recall1: means(.recall1), changes: []))
            scores.append(QueryScores(pooling: [each]))
        }
        var seconds: [Double] = []
        var (epochs, triplets) = (0, 0)
        for (place, variant) in variants.enumerated() {
            var each: [QueryScores] = []
            var took = 0.0
            for (number, seed) in seeds.enumerated() {
                let trained = try train(
                    variant.recipe, seed: seed, number: place * seeds.count + number,
                    of: variants.count * seeds.count)
                took += trained.seconds.reduce(0, +)
                (epochs, triplets) = (trained.history.epochs.count, trained.history.triplets)
                each.append(try measure(trained.network, people))
            }
            add(variant, each)
            seconds.append(took / Double(seeds.count))
            if place == 0 { add(variant, untrained, isUntrained: true) }
        }
        let whole = scores[0]
        let changes = scores.dropFirst().map { scores in
            [(QueryMeasure.map, "mAP"), (.recall1, "Recall@1")].compactMap { measure, name in
                guard let before = whole[measure], let after = scores[measure] else { return nil as Change? }
                return Change(key: measure.key, name: name, since: "recipe", before, after, of: scores)
            }
        }
        for (place, corrected) in Change.corrected(changes).enumerated() { rows[place + 1].changes = corrected }
        return (
            AblationResult(
                seeds: seeds, people: Set(people.queries).count, queries: people.queries.count,
                gallery: people.gallery.count, learning: Set(faces.train.map { faces.faces[$0].identity }).count,
                epochs: epochs, triplets: triplets, rows: rows),
            seconds
        )
    }

    private func train(_ recipe: Options, seed: Int, number: Int, of count: Int) throws -> TrainingWork.Trained {
        try work(recipe).train(faces, Run(seed: seed, split: 0), number, of: count)
    }

    private func work(_ recipe: Options) -> TrainingWork {
        TrainingWork(
            id: recipe.id, options: recipe, architecture: recipe[Train.model], backbone: backbone,
            precision: precision, shared: shared, step: step)
    }

    private func measure(_ network: EmbeddingNetwork, _ people: PeopleNumbers) throws -> QueryScores {
        let indices = faces.queries + faces.gallery
        let all = try FaceEmbedder.network(network, .embedding).describe(indices, of: faces, in: step, part: nil)
        let index = try FlatIndex(all.rows(faces.queries.count..<indices.count), check: step.checkInterruption)
        let ranking = try FullRanking(
            index, all.rows(0..<faces.queries.count), people, check: step.checkInterruption)
        return QueryScores(
            [
                QueryMeasure.map.key: ranking.averagePrecision,
                QueryMeasure.recall1.key: zip(ranking.nearestOwn, ranking.nearestStrangers).map { $0 < $1 ? 1 : 0 },
            ], people: people.queries)
    }
}
