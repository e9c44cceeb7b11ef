/// What a step has to do, counted in units whose speed can be measured: for telling how long it will take.
package struct Workload: Sendable {
    package private(set) var parts: [(unit: WorkUnit, amount: Double)] = []
    /// Whether amounts are estimated that are known only when earlier steps have run, such as how many faces are found.
    package private(set) var isEstimated = false

    package init() {}

    package mutating func add(_ amount: Double, _ unit: WorkUnit) {
        guard amount > 0 else { return }
        if let index = parts.firstIndex(where: { $0.unit.name == unit.name }) {
            parts[index].amount += amount
        } else {
            parts.append((unit, amount))
        }
    }

    package mutating func add(_ other: Workload) {
        for part in other.parts { add(part.amount, part.unit) }
        isEstimated = isEstimated || other.isEstimated
    }

    package var estimated: Workload {
        var copy = self
        copy.isEstimated = true
        return copy
    }

    /// One step, of which nothing is counted.
    ///
    /// - Parameter seconds: that it usually takes.
    package static func once(_ kind: String, seconds: Double = 0.5) -> Workload {
        var work = Workload()
        work.add(1, WorkUnit("\(kind), once", usualSeconds: seconds, scaling: .oneCore))
        return work
    }

    /// Seconds on the machine that units' usual seconds are of.
    var usualSeconds: Double { parts.reduce(0) { $0 + $1.amount * $1.unit.usualSeconds } }

    /// How many of each unit, by their names: what a result keeps.
    package var amounts: [String: Double] {
        Dictionary(parts.map { ($0.unit.name, $0.amount) }, uniquingKeysWith: { first, _ in first })
    }
}

extension [String: Double] {
    /// Amounts by units' names as work; nil where a unit is not known.
    func workload(of units: [String: WorkUnit]) -> Workload? {
        var work = Workload()
        for (name, amount) in sorted(by: { $0.key < $1.key }) {
            guard let unit = units[name] else { return nil }
            work.add(amount, unit)
        }
        return work
    }
}

/// Something of which each takes about as long as another on one machine: an image through a network.
package struct WorkUnit: Sendable {
    /// Tells it from every other one, also in results that are kept.
    package let name: String
    /// What one takes on two cores of a processor that multiplies bf16.
    package let usualSeconds: Double
    package let scaling: Scaling
    /// Measures in some tenths of a second how long one takes here; nil where that cannot be tried.
    package let probe: (@Sendable () throws -> Double)?

    package init(
        _ name: String, usualSeconds: Double, scaling: Scaling = .everyCore,
        probe: (@Sendable () throws -> Double)? = nil
    ) {
        self.name = name
        self.usualSeconds = usualSeconds
        self.scaling = scaling
        self.probe = probe
    }
}

/// How work becomes faster with more cores, after Amdahl.
package struct Scaling: Sendable, Hashable {
    /// Share of one core's time that no other core can take over.
    private let serialShare: Double
    /// Cores beyond these are of no use.
    private let mostCores: Int

    package init(serialShare: Double, mostCores: Int = .max) {
        (self.serialShare, self.mostCores) = (serialShare, mostCores)
    }

    package static let everyCore = Scaling(serialShare: 0)
    package static let oneCore = Scaling(serialShare: 1)

    /// Time on so many cores, of that on one.
    private func time(on cores: Int) -> Double {
        serialShare + (1 - serialShare) / Double(max(1, min(cores, mostCores)))
    }

    /// Time on `cores`, of that on `others`.
    package func time(on cores: Int, of others: Int) -> Double { time(on: cores) / time(on: others) }
}
