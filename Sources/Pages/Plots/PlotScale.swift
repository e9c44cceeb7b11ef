import Foundation

/// How a panel's values map to its canvas: domains found from the data, ticks on them.
struct PlotScale {
    var x: AxisScale
    var y: AxisScale
    /// The least distance between two x values, as a share of the axis: the room a group of bars has.
    var xStep: Double

    /// `shared` are all panels' x values: panels side by side have one horizontal axis.
    init(panel: Plot.Panel, xAxis: Plot.Axis, sharedX shared: [Double], xTarget: Int, yTarget: Int) {
        let xs = Array(Set(shared.filter { xAxis.shows($0) })).sorted()
        let hasBars = panel.series.contains { $0.style == .bars }
        let places = xs.map { xAxis.place(of: $0) }
        let step = zip(places.dropFirst(), places).map { $0 - $1 }.min() ?? 1
        let low = places.first ?? 0
        let high = places.last ?? 1
        let pad = hasBars ? step / 2 : low == high ? 0.5 : 0
        x = AxisScale(
            axis: xAxis, domain: (low - pad)...(high + pad),
            ticks: xAxis == .linear
                ? Ticks.inside(low...high, target: xTarget, whole: xs.allSatisfy { $0 == $0.rounded() })
                : Ticks.decades(inside: low...high))
        xStep = step / (high - low + 2 * pad)

        let axis = panel.yAxis
        let values =
            panel.series.flatMap { $0.points.filter { xAxis.shows($0.x) }.map(\.y) } + panel.references.map(\.y)
            + panel.series.flatMap { $0.bands.flatMap { $0.low + $0.high } }
        let ys = values.filter { axis.shows($0) }.map { axis.place(of: $0) }
        let domain = Self.domain(ys, fromZero: hasBars, axis)
        let ticks = axis == .linear ? Ticks.around(domain, target: yTarget) : Ticks.decades(around: domain)
        let ends = [ticks.values.first, ticks.values.last].compactMap { $0.map { axis.place(of: $0) } }
        y = AxisScale(
            axis: axis, domain: (ends.first ?? domain.lowerBound)...(ends.last ?? domain.upperBound), ticks: ticks)
    }

    func shows(_ point: Plot.Point) -> Bool { x.axis.shows(point.x) && y.axis.shows(point.y) }

    /// The data's range; on a linear axis from zero for bars and where zero is near; widened where the data does not vary.
    private static func domain(_ values: [Double], fromZero: Bool, _ axis: Plot.Axis) -> ClosedRange<Double> {
        guard var low = values.min(), var high = values.max() else { return 0...1 }
        if axis == .linear {
            if fromZero {
                low = min(low, 0)
                high = max(high, 0)
            } else if low > 0, low < high * 0.5 {
                low = 0
            }
        }
        if low == high {
            let pad = low == 0 || axis == .logarithmic ? 1 : abs(low) * 0.1
            return (low - pad)...(high + pad)
        }
        return low...high
    }
}

/// One axis: where a value lies between its ends.
struct AxisScale {
    var axis: Plot.Axis
    /// In places: values, or their decimal logarithms.
    var domain: ClosedRange<Double>
    var ticks: Ticks

    /// 0 at the lower end, 1 at the upper one.
    func share(of value: Double) -> Double {
        (axis.place(of: value) - domain.lowerBound) / (domain.upperBound - domain.lowerBound)
    }

    /// Where bars stand: at zero, or at the end that is nearest to it.
    var base: Double {
        axis == .logarithmic ? 0 : share(of: max(domain.lowerBound, min(0, domain.upperBound)))
    }
}

extension Plot.Axis {
    /// Neither a gap nor off the axis.
    func shows(_ value: Double) -> Bool { value.isFinite && abs(value) < 1e300 && (self == .linear || value > 0) }

    func place(of value: Double) -> Double { self == .linear ? value : log10(value) }
}

extension Plot.Point {
    /// Neither a gap nor off the scale.
    var isDrawable: Bool { x.isFinite && y.isFinite && abs(x) < 1e300 && abs(y) < 1e300 }
}
