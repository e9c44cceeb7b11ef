/// What random numbers are drawn for. Streams of different uses never meet, whatever their seeds and places.
///
/// A use keeps its number: another one draws other numbers, and results change.
package enum RandomUse: Int, CaseIterable, Sendable {
    // Faces: who trains and who tests, triplets, changes of appearance.
    case split = 1
    case triplets = 2
    case augmentation = 3

    // Drawn portraits.
    case sitter = 4
    case shot = 5
    case look = 6
    case roster = 7
    case damage = 8
    case partition = 9
    case mislabelling = 10

    // What a chapter shows of a dataset and of its triplets.
    case shownPhotographs = 21
    case shownPeople = 22
    case shownAttributes = 23
    case shownTriplets = 31
    case shownAugmentations = 32
    case shownQueries = 33
    case shownGallery = 34

    // Training: who validates, whom a replaced negative shows, initial weights, the order of an epoch, its variants.
    case validation = 41
    case replacedNegative = 42
    case initialWeights = 43
    case epochOrder = 44
    case variant = 45

    // Retrieval: resampling, permutations, a tree's random directions, made-up vectors.
    case bootstrap = 51
    case permutation = 52
    case splitDirection = 53
    case syntheticShape = 54
    case syntheticVectors = 55

    /// Pictures and vectors that only a benchmark measures.
    case benchmark = 61
}
