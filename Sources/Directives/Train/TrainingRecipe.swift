import Chapters
import Diagnostics
import Execution
import Networks
import Tensors

/// The options of `train` that depart from the original's recipe, and what all of them make of it.
enum TrainingRecipe {
    static let unfreezeTensors = Option.integer(
        "unfreeze_tensors", in: 0...480, unit: "tensors",
        "Instead of unfreeze: how many of the last single tensors learn, as the original counted; a layer has three."
    ).optional
    static let normalization = Option<FineTuning.FrozenNormalization>.choice(
        "bn", default: .frozen,
        "What the normalisations of frozen layers do: stay, or use each batch's statistics and drift, as where requires_grad = False is all that freezes them."
    )
    static let optimizer = Option<Optimizer.Method>.choice(
        "optimizer", default: .adam, "How gradients move weights; sgd has momentum 0.9.")
    static let schedule = Option<Schedule>.choice(
        "schedule", default: .constant,
        "How the step size falls: not, along half a cosine, or to a tenth after each third.")
    static let weightDecay = Option.number(
        "weight_decay", in: 0...1, default: 0, "Pull of the weights toward zero; with adamw apart from the gradient.")
    static let distance = Option<TripletLoss.Distance>.choice(
        "distance", default: .euclidean, "The distance that the loss compares.")
    static let normalize = Option.boolean(
        "normalize", default: false, "Whether embeddings are scaled to length 1, then and ever after.")
    static let head = Option<HeadStart>.choice(
        "head", default: .random,
        "How the embedding head begins: with random numbers, or as the 64 principal components of the backbone's features over training faces."
    )
    static let mining = Option<Mining>.choice(
        "mining", default: .random,
        "Which triplets a step learns from: those drawn beforehand, or the hard ones of batches of people.")
    static let imagesPerPerson = Option.integer(
        "images_per_person", in: 2...64, default: 4, unit: "images",
        "With mining: K of P × K, how many images of one person a batch holds.")
    static let validation = Option.number(
        "validation", in: 0...0.5, default: 0, "Share of the training people who only decide when to stop.")
    static let patience = Option.integer(
        "patience", in: 1...1000, default: 3, unit: "epochs",
        "With validation: epochs without a lower loss before training stops; the best epoch's weights are kept.")
    static let variants = Option.integer(
        "variants", in: 0...64, default: 0,
        "How many fixed augmented looks each image has, so that the frozen layers see each once; 0 draws a new look every time."
    )
    static let precision = Option<PrecisionChoice>.choice(
        "precision", default: .auto,
        "Arithmetic of activations, their gradients and products; weights, statistics, sums and loss are always f32. auto takes bf16 where the processor multiplies it.",
        role: .presentation)

    static let gradients = Option<Precision>.choice(
        "gradients", default: .f32,
        "In what the gradients of a batch's pieces are added up; bf16 halves the bytes that several machines send each other."
    )

    static let options = Declarations(
        unfreezeTensors, normalization, optimizer, schedule, weightDecay, distance, normalize, head, mining,
        imagesPerPerson,
        validation, patience, variants, gradients, precision)

    /// What the frozen layers are computed with. Normalisations that drift are computed in f32.
    static func usedPrecision(_ options: Options) -> Precision {
        options[precision] == .auto && options[normalization] == .drift ? .f32 : options[precision].used
    }

    /// Whether every image looks the same at every use.
    private static func isPlain(_ options: Options) -> Bool {
        [Train.erasing, Train.dropout, Train.flip].allSatisfy { options[$0] == 0 }
    }

    /// The recipe for checked options.
    static func tuning(_ options: Options) -> FineTuning.Options {
        var tuning = FineTuning.Options()
        tuning.learningRate = options[Train.learningRate]
        tuning.margin = Float(options[Train.margin])
        tuning.tripletsPerBatch = options[Train.batch]
        tuning.tripletsPerEpoch = options[Train.triplets]
        tuning.epochs = options[Train.epochs]
        tuning.unfreeze = options[unfreezeTensors].map(Unfreezing.tensors) ?? .layers(options[Train.unfreeze])
        tuning.frozenNormalization = options[normalization]
        tuning.seed = UInt64(options[Train.seed])
        tuning.optimizer = options[optimizer]
        tuning.schedule = options[schedule]
        tuning.weightDecay = options[weightDecay]
        tuning.distance = options[distance]
        tuning.mining = options[mining]
        tuning.groupSize = options[imagesPerPerson]
        tuning.patience = options[patience]
        tuning.gradients = options[gradients]
        if isPlain(options) {
            tuning.augmenting = .none
        } else if options[variants] > 0 {
            tuning.augmenting = .variants(options[variants])
        }
        return tuning
    }

    /// Problems that two options have together.
    static func check(_ options: Options, in context: inout PlanningContext) {
        let architecture = options[Train.model]
        let unfreezing = tuning(options).unfreeze
        if !unfreezing.isPossible(for: architecture) {
            let name = options[unfreezeTensors] == nil ? Train.unfreeze.name : unfreezeTensors.name
            let layers = architecture.layers.count
            context.report(
                .error(
                    "too-many-layers",
                    "\(architecture.displayName) has \(layers) layers and \(3 * layers) tensors; '\(name)' of train '\(context.id)' asks for more",
                    at: options.range(of: name) ?? context.range))
        }
        if options[unfreezeTensors] != nil {
            context.reportIdle(Train.unfreeze, of: options, "'unfreeze_tensors' stands in its place")
        }
        if options[validation] == 0 {
            context.reportIdle(patience, of: options, "nobody validates; give 'validation' a share of the people")
        }
        if options[mining] == .random {
            context.reportIdle(imagesPerPerson, of: options, "only batches of 'mining' have people in them")
        }
        if isPlain(options) {
            context.reportIdle(
                variants, of: options, "with 'erasing', 'dropout' and 'flip' 0 no image looks different")
        }
        if options[normalization] == .drift, options[precision] == .bf16 {
            context.report(
                .error(
                    "drift-in-bf16",
                    "normalisations that drift are computed in f32; leave out 'precision' of train '\(context.id)', or 'bn'",
                    at: options.range(of: precision) ?? context.range))
        }
    }
}
