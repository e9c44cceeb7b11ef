/// Values measured one after the other, as means of so many each that there are never too many.
package struct Curve: Sendable, Equatable {
    /// Means of `width` values each, in their order.
    package private(set) var means: [Double] = []
    /// How many values make a mean.
    package private(set) var width = 1
    private var sum = 0.0
    private var count = 0

    /// Most means that are kept; even.
    static let most = 400

    package init() {}

    /// O(1) on average.
    package mutating func append(_ value: Double) {
        sum += value
        count += 1
        guard count == width else { return }
        means.append(sum / Double(width))
        (sum, count) = (0, 0)
        guard means.count == Self.most else { return }
        means = stride(from: 0, to: means.count, by: 2).map { (means[$0] + means[$0 + 1]) / 2 }
        width *= 2
    }
}
