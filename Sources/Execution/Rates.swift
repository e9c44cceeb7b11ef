/// How long this machine takes for each unit of work, and how that is known.
package struct Rates: Sendable {
    /// What a figure stands on.
    package enum Ground: Hashable, Sendable {
        /// Steps that ran here, the last of them then, in seconds since 1970.
        case runs(last: Double)
        case probe
        /// Figures of another machine, corrected by what was measured here of other work that can be tried.
        case usual
    }

    package let cores: Int
    private var measured: [String: (seconds: Double, ground: Ground)] = [:]
    /// Measured seconds of usual ones: of each unit that was measured and can be tried.
    private var ratios: [Double] = []

    /// Nothing is measured.
    package init(cores: Int) { self.cores = cores }

    /// What steps of this machine took, of which every unit is known.
    ///
    /// The time of a step that does several things is laid to the one that usually takes the most of it. Of one unit the
    /// steps count by their size.
    package init(_ runs: [StepResult.Environment], units: [WorkUnit], processor: String, cores: Int) {
        self.init(cores: cores)
        let known = Dictionary(units.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        var sums: [String: (took: Double, usual: Double, last: Double)] = [:]
        for run in runs where run.processor == processor && run.cores == cores {
            guard let work = run.work?.workload(of: known) else { continue }
            let usual = work.parts.map { (name: $0.unit.name, seconds: $0.amount * usualSeconds($0.unit)) }
            guard let main = usual.max(by: { $0.seconds < $1.seconds }) else { continue }
            var sum = sums[main.name] ?? (0, 0, 0)
            sum.took += run.seconds
            sum.usual += usual.reduce(0) { $0 + $1.seconds }
            sum.last = max(sum.last, run.finished)
            sums[main.name] = sum
        }
        for (name, sum) in sums where sum.usual > 0 && sum.took > 0 {
            guard let unit = known[name] else { continue }
            set(unit, to: usualSeconds(unit) * sum.took / sum.usual, .runs(last: sum.last))
        }
    }

    /// What one takes, and how that is known.
    package subscript(unit: WorkUnit) -> (seconds: Double, ground: Ground) {
        measured[unit.name] ?? (usualSeconds(unit) * (unit.probe == nil ? 1 : trend), .usual)
    }

    package func seconds(_ work: Workload) -> Double {
        work.parts.reduce(0) { $0 + $1.amount * self[$1.unit].seconds }
    }

    /// Measures units of which nothing is known here and that are worth it, the quickest first.
    ///
    /// - Parameters:
    ///   - limit: seconds after which no other one is begun.
    ///   - now: seconds of a clock that only goes on.
    /// - Returns: the seconds it took; 0 where nothing was to be measured.
    package mutating func probe(_ work: Workload, within limit: Double, now: () -> Double) -> Double {
        let start = now()
        let wanted = work.parts
            .filter { $0.unit.probe != nil && measured[$0.unit.name] == nil && $0.amount * usualSeconds($0.unit) >= 1 }
            .sorted {
                ($0.unit.usualSeconds, -$0.amount, $0.unit.name) < ($1.unit.usualSeconds, -$1.amount, $1.unit.name)
            }
        for (unit, _) in wanted where now() - start < limit {
            if let seconds = try? unit.probe?(), seconds > 0 { set(unit, to: seconds, .probe) }
        }
        return wanted.isEmpty ? 0 : now() - start
    }

    private mutating func set(_ unit: WorkUnit, to seconds: Double, _ ground: Ground) {
        measured[unit.name] = (seconds, ground)
        if unit.probe != nil { ratios.append(seconds / usualSeconds(unit)) }
    }

    /// Usual seconds are those of two cores.
    private func usualSeconds(_ unit: WorkUnit) -> Double {
        unit.usualSeconds * unit.scaling.time(on: cores, of: 2)
    }

    /// How much slower than usual this machine is at what can be tried: the middle one of what was measured.
    private var trend: Double { ratios.isEmpty ? 1 : ratios.sorted()[ratios.count / 2] }
}
