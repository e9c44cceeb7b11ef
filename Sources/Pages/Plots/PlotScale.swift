/// How a panel's values map to its canvas: domains found from the data, ticks on them.
struct PlotScale {
    var x: ClosedRange<Double>
    var y: ClosedRange<Double>
    var xTicks: Ticks
    var yTicks: Ticks
    /// The least distance between two x values: the room a group of bars shares.
    var xStep: Double

    /// `shared` are all panels' x values: panels side by side have one horizontal axis.
    init(panel: Plot.Panel, sharedX shared: [Double], xTarget: Int, yTarget: Int) {
        let xs = Array(Set(shared)).sorted()
        let steps = zip(xs.dropFirst(), xs).map { $0 - $1 }
        xStep = steps.min() ?? 1
        let hasBars = panel.series.contains { $0.style == .bars }
        let low = xs.first ?? 0
        let high = xs.last ?? 1
        let pad = hasBars ? xStep / 2 : low == high ? 0.5 : 0
        x = (low - pad)...(high + pad)
        let whole = xs.allSatisfy { $0 == $0.rounded() }
        xTicks = Ticks.inside(low...high, target: xTarget, whole: whole)

        let values = panel.series.flatMap { $0.points.filter(\.isDrawable).map(\.y) }
        let domain = Self.domain(values + panel.references.map(\.y).filter(\.isFinite), fromZero: hasBars)
        yTicks = Ticks.around(domain, target: yTarget)
        y = (yTicks.values.first ?? domain.lowerBound)...(yTicks.values.last ?? domain.upperBound)
    }

    /// The data's range; from zero for bars and where zero is near, widened where the data does not vary.
    private static func domain(_ values: [Double], fromZero: Bool) -> ClosedRange<Double> {
        guard var low = values.min(), var high = values.max() else { return 0...1 }
        if fromZero {
            low = min(low, 0)
            high = max(high, 0)
        } else if low > 0, low < high * 0.5 {
            low = 0
        }
        if low == high {
            let pad = low == 0 ? 1 : abs(low) * 0.1
            return (low - pad)...(high + pad)
        }
        return low...high
    }
}

extension Plot.Point {
    /// Neither a gap nor off the scale.
    var isDrawable: Bool { x.isFinite && y.isFinite && abs(x) < 1e300 && abs(y) < 1e300 }
}
