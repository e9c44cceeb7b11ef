/// How well a list of suspects finds label errors that were planted among the tested images.
package struct PlantedErrors: Sendable, Hashable, Codable {
    /// How many images could stand in the list.
    package let tested: Int
    /// How many of them have a planted error.
    package let planted: Int
    /// Of the list, the most suspicious first: whether it was planted.
    package let list: [Bool]

    /// - Parameters:
    ///   - planted: among `0..<tested`.
    ///   - suspects: the list, each once.
    package init(_ planted: Set<Int>, among tested: Int, suspects: [Int]) {
        precondition(suspects.count <= tested && planted.count <= tested)
        self.tested = tested
        self.planted = planted.count
        list = suspects.map(planted.contains)
    }

    /// How many planted errors are among the first `length` of the list. O(length).
    package func found(in length: Int) -> Int { list.prefix(length).count { $0 } }

    /// The share of the planted errors that the first `length` hold; nil without any.
    package func recall(at length: Int) -> Double? { share(found(in: length), of: planted) }

    /// The share of the first `length` that is planted; nil without any.
    package func precision(at length: Int) -> Double? { share(found(in: length), of: length) }

    /// The recall that so many images drawn at random have on average.
    package func recallByChance(at length: Int) -> Double? { share(length, of: tested) }

    /// The precision that images drawn at random have on average, however many they are.
    package var precisionByChance: Double? { share(planted, of: tested) }

    /// How often as many images drawn at random hold at least as many planted errors. Exact, because chance alone
    /// decided where errors were planted. O(length).
    package func p(at length: Int) -> Double {
        HypergeometricDistribution(of: tested, marked: planted, drawn: length).atLeast(found(in: length))
    }

    private func share(_ part: Int, of whole: Int) -> Double? { whole > 0 ? Double(part) / Double(whole) : nil }
}
