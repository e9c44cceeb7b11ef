import Chapters
import Pages

/// What a recipe decides, each time by one option of `train` or by several that belong together.
enum RecipeChoice: String, CaseIterable, Codable {
    case length, distance, mining, augmentation, layers, head, optimization, normalization

    var title: Phrase {
        switch self {
        case .length: "length of embeddings"
        case .distance: "distance and margin"
        case .mining: "which triplets"
        case .augmentation: "augmentation"
        case .layers: "layers that learn"
        case .head: "the head's start"
        case .optimization: "optimisation"
        case .normalization: "frozen normalisations"
        }
    }

    /// The options of `train` that it is made of.
    private var names: [String] {
        switch self {
        case .length: [TrainingRecipe.normalize.name]
        case .distance: [TrainingRecipe.distance.name, Train.margin.name]
        case .mining: [TrainingRecipe.mining.name, TrainingRecipe.imagesPerPerson.name]
        case .augmentation: [Train.erasing.name, Train.dropout.name, Train.flip.name, TrainingRecipe.variants.name]
        case .layers: [Train.unfreeze.name, TrainingRecipe.unfreezeTensors.name]
        case .head: [TrainingRecipe.head.name]
        case .optimization:
            [
                Train.learningRate.name, TrainingRecipe.optimizer.name, TrainingRecipe.schedule.name,
                TrainingRecipe.weightDecay.name,
            ]
        case .normalization: [TrainingRecipe.normalization.name]
        }
    }

    /// The recipe without it: its options back at their defaults.
    func undone(in recipe: Options) -> Options { recipe.withDefaults(for: Set(names)) }

    /// What that changes, as an author writes it: `erasing 0 → 0.5`. Empty where the recipe does not depart from the
    /// defaults.
    func changes(in recipe: Options) -> [String] {
        let plain = Dictionary(uniqueKeysWithValues: undone(in: recipe).all.map { ($0.name, $0.value) })
        return recipe.all.filter { names.contains($0.name) }.compactMap { name, value in
            guard let usual = plain[name], usual != value else { return nil }
            func written(_ value: Canonical) -> String { value == .none ? "not given" : value.written }
            return "\(name) \(written(value)) → \(written(usual))"
        }
    }

    /// In what a recipe departs from the defaults.
    static func made(in recipe: Options) -> [RecipeChoice] {
        allCases.filter { !$0.changes(in: recipe).isEmpty }
    }
}
