import Chapters
import Diagnostics
import Execution
import Faces
import Foundation
import Networks
import Pages
import Retrieval
import Tensors

/// What each choice of a recipe is worth: the recipe without one of them at a time, on people whom nobody trains on.
enum Ablation: ReportDirective {
    static let kind = "ablation"
    static let version = 3
    static let summary = """
        Takes a training's recipe apart: trains it as it is, without one of its choices at a time, and with none of them, \
        on some of the training people, and measures retrieval on the others, also of the networks that the trainings \
        start from. Test people are not looked at.
        """

    static let train = Option.reference(
        "train", to: Train.self,
        "The training whose recipe is taken apart: every option in which it departs from the defaults is a choice.")
    static let validation = Option.number(
        "validation", in: 0.05...0.5, default: 0.2,
        "Share of the training people whom nothing is trained on here, and who are asked for.")
    static let epochs = Option.integer(
        "epochs", in: 1...1000, unit: "epochs", "Epochs of each training, where not as many as the recipe has."
    ).optional
    static let triplets = Option.integer(
        "triplets", in: 1...100_000_000, unit: "triplets",
        "Triplets of an epoch, where not as many as the recipe takes."
    ).optional
    static let seed = Option.integer(
        "seed", in: 0...Int.max, default: 0, "Decides who is asked for, and is the first training's seed.")

    static let options = Declarations(train, validation, epochs, triplets, seed, Run.seeds)

    private static let result = Artifact<AblationResult>.json("ablation.json")
    private static let seconds = Artifact<[Double]>.json("seconds.json", role: .measurement)

    static func step(for options: Options, in context: inout PlanningContext) -> StepWork {
        let data = context.use(Train.data, of: train)
        Run.check(options, in: &context)
        guard let written = context.options(of: options[train], as: Train.self) else {
            return StepWork { _ in Outcome() }  // told where the reference is checked
        }
        let recipe = shortened(written, options)
        let choices = RecipeChoice.made(in: recipe)
        if choices.isEmpty {
            context.report(
                .error(
                    "no-choices",
                    "train '\(options[train].id)' has the default recipe: there is nothing to leave out",
                    at: options.range(of: train) ?? context.range))
        }
        let (architecture, folder) = (recipe[Train.model], context.data)
        let backbone = BackboneWeights.find(recipe[Train.weights], for: architecture, data: folder)
        let precision = TrainingRecipe.usedPrecision(recipe)
        let seeds = Run.all(seeds: options[Run.seeds], from: options[seed], splits: 1).map(\.seed)
        let preprocess = context.options(of: recipe[Train.data], as: Preprocess.self)
        return StepWork(
            data: backbone.data,
            facts: backbone.facts + PrecisionChoice.facts(precision)
                + recipe.computation.map { (name: "recipe \($0.name)", value: $0.value.written) },
            workload: workload(
                recipe, choices, seeds, backbone, precision, Preprocess.expectedFaces(preprocess, data: folder),
                validation: options[validation])
        ) { step in
            let preprocessed = try step[data]
            let seed = UInt64(options[seed])
            guard
                let faces = try preprocessed[Preprocess.faces].validating(on: options[validation], seed: seed),
                !faces.triplets.isEmpty
            else {
                throw OptionProblem(
                    validation, "too-few-people",
                    "'\(preprocessed.id)' has too few training people: two at least must learn here and two be asked for"
                )
            }
            let work = AblationWork(
                faces: faces, recipe: recipe, choices: choices, seeds: seeds, backbone: backbone,
                precision: precision, step: step)
            let (found, times) = try work.run()
            var outcome = Outcome(
                warnings: backbone.remarks(architecture),
                marks: backbone.marks(architecture))
            try outcome.keep(found, as: result)
            try outcome.keep(times, as: seconds)
            return outcome
        }
    }

    /// A training of each variant from each seed, and what it is worth on those who are asked for, also of its start.
    private static func workload(
        _ recipe: Options, _ choices: [RecipeChoice], _ seeds: [Int], _ backbone: BackboneWeights,
        _ precision: Precision, _ faces: Preprocess.ExpectedFaces, validation: Double
    ) -> Workload {
        var learners = faces
        learners.learning *= 1 - validation
        let runs = seeds.map { Run(seed: $0, split: 0) }
        var variants = [recipe] + choices.map { $0.undone(in: recipe) }
        if choices.count > 1 { variants.append(choices.reduce(recipe) { $1.undone(in: $0) }) }
        var work = Workload()
        for variant in variants { work.add(Train.workload(variant, runs, backbone, precision, learners)) }
        work.add(
            Double((variants.count + 1) * seeds.count) * validation * faces.learning,
            .embedding(recipe[Train.model], precision))
        return work
    }

    /// The recipe with as many epochs and triplets as it is taken apart with.
    private static func shortened(_ recipe: Options, _ options: Options) -> Options {
        // How often the training itself is done does not matter here.
        var recipe = recipe.withDefaults(for: [Run.seeds.name, Run.splits.name, Train.seed.name])
        if let epochs = options[epochs] { recipe = recipe.setting(Train.epochs, to: epochs) }
        if let triplets = options[triplets] { recipe = recipe.setting(Train.triplets, to: triplets) }
        return recipe
    }

    // MARK: The page

    private static let measures = ["map", "recall1"]

    static func promise(for options: Options) -> Promise {
        let rows = ["recipe", "start", "none"] + RecipeChoice.allCases.map { "without.\($0.rawValue)" }
        return Promise(
            numbering: .table,
            values: ["people", "queries", "gallery", "learning", "trainings", "epochs", "triplets"]
                + rows.flatMap { row in
                    measures.flatMap { measure in
                        ["\(row).\(measure)", "\(row).\(measure).deviation"]
                            + (row == "recipe" ? [] : Change.names.map { "\(row).\(measure).\($0)" })
                    }
                },
            texts: rows.dropFirst().flatMap { row in measures.map { "\(row).\($0).\(Change.verdict)" } })
    }

    static func show(_ result: StepResult, options: Options) throws -> ExhibitContent {
        let found = try result[Self.result]
        let seconds = try result[Self.seconds]
        var values: [String: Quotable] = [
            "people": .count(found.people), "queries": .count(found.queries), "gallery": .count(found.gallery),
            "learning": .count(found.learning), "trainings": .count(found.trainings),
            "epochs": .count(found.epochs), "triplets": .count(found.triplets),
        ]
        for row in found.rows {
            for (measure, each) in [("map", row.map), ("recall1", row.recall1)] {
                values["\(row.key).\(measure)"] = .number(each.reduce(0, +) / Double(each.count))
                values["\(row.key).\(measure).deviation"] = deviation(each).map { .number($0) }
            }
            for change in row.changes {
                for (name, value) in change.values { values["\(row.key).\(change.key).\(name)"] = value }
            }
        }
        return ExhibitContent(
            numbering: .table, parts: [.table(found.table(of: options[train].id, seconds: seconds))], values: values)
    }
}
