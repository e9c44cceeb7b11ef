/// How long the steps that would run will take, on this machine and, by a model, on others like it with more cores.
package struct Projection: Sendable {
    /// A step that would run.
    package struct Candidate: Sendable {
        package var title: String
        package var isHeavy: Bool
        package var work: Workload
        /// How its last run went, whatever the key.
        package var last: StepResult.Environment?

        package init(title: String, isHeavy: Bool = true, work: Workload, last: StepResult.Environment? = nil) {
            (self.title, self.isHeavy, self.work, self.last) = (title, isHeavy, work, last)
        }
    }

    package struct Step: Sendable {
        package let title: String
        package let seconds: Double
        /// What the seconds stand on: its own last run, or what is known of the unit that takes the most of them.
        package let ground: Rates.Ground
        package let isEstimated: Bool
        fileprivate let isHeavy: Bool
        /// Of its seconds, those of each way to scale.
        fileprivate let parts: [(scaling: Scaling, seconds: Double)]

        fileprivate func seconds(on cores: Int, of here: Int) -> Double {
            parts.reduce(0) { $0 + $1.seconds * $1.scaling.time(on: cores, of: here) }
        }
    }

    package let steps: [Step]
    private let cores: Int

    /// - Parameter processor: this machine's, by whose runs steps are judged.
    package init(_ candidates: [Candidate], _ rates: Rates, processor: String) {
        let units = candidates.flatMap(\.work.parts).map(\.unit)
        let known = Dictionary(units.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        cores = rates.cores
        steps = candidates.map { step in
            var seconds = rates.seconds(step.work)
            var ground =
                step.work.parts.map { ($0.amount * rates[$0.unit].seconds, rates[$0.unit].ground) }
                .max { $0.0 < $1.0 }?.1 ?? .usual
            var factor = 1.0
            if let last = step.last, last.processor == processor, last.cores == rates.cores,
                let then = last.work?.workload(of: known), rates.seconds(then) > 0, seconds > 0
            {
                factor = last.seconds / rates.seconds(then)
                (seconds, ground) = (seconds * factor, .runs(last: last.finished))
            }
            return Step(
                title: step.title, seconds: seconds, ground: ground, isEstimated: step.work.isEstimated,
                isHeavy: step.isHeavy,
                parts: step.work.parts.map { ($0.unit.scaling, $0.amount * rates[$0.unit].seconds * factor) })
        }
    }

    /// Of all steps: heavy ones run one after the other, light ones beside them, each on one core.
    package func seconds(on cores: Int) -> Double {
        steps.reduce(0) { sum, step in
            sum + step.seconds(on: cores, of: self.cores) / (step.isHeavy ? 1 : Double(cores))
        }
    }

    package var seconds: Double { seconds(on: cores) }
}

extension Store {
    /// The time that steps would take, from what ran here before; of what never did, from trying for a moment.
    ///
    /// - Parameter probing: seconds for which to try at most; what is being tried then is tried to its end.
    /// - Returns: also the seconds of trying.
    package func projection(
        of statuses: [StepStatus], among plan: Plan, cores: Int, probing limit: Double, now: () -> Double
    ) throws -> (projection: Projection, probing: Double) {
        let candidates = statuses.filter(\.willRun).map { status in
            Projection.Candidate(
                title: status.step.title, isHeavy: status.step.directive.isHeavy, work: status.step.workload,
                last: status.last?.environment)
        }
        var all = Workload()
        for candidate in candidates { all.add(candidate.work) }
        let units = plan.steps.flatMap(\.workload.parts).map(\.unit)
        var rates = Rates(
            try entries().map(\.result.environment), units: units, processor: processorName, cores: cores)
        let probing = rates.probe(all, within: limit, now: now)
        return (Projection(candidates, rates, processor: processorName), probing)
    }
}
