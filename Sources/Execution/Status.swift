import Files

/// What a build would do with one step.
package struct StepStatus: Sendable {
    package enum Kind: String, Sendable { case fresh, stale, missing }

    package var step: PlannedStep
    /// nil while what it uses has yet to run.
    package var key: Digest?
    package var kind: Kind
    /// Why it would run: `option epochs: int 2 → int 3`.
    package var reasons: [String]
    package var lastSeconds: Double?
}

extension Store {
    /// The state of every step, without executing any. O(stored bytes).
    package func status(of steps: [PlannedStep]) throws -> [StepStatus] {
        var results = Results()
        let data = DataDigests(cache: digestCache)
        return try steps.map { step in
            let latest = latest(step.id)
            let seconds = latest?.environment.seconds
            if let use = step.uses.first(where: { results[$0.id] == nil }) {
                return StepStatus(
                    step: step, key: nil, kind: latest == nil ? .missing : .stale, reasons: ["'\(use.id)' will run"],
                    lastSeconds: seconds)
            }
            let key = try Key(of: step, results: results, data: data)
            let (hit, damage) = result(for: key.digest)
            if let hit {
                results.states[step.id] = .done(hit, executed: false)
                return StepStatus(
                    step: step, key: key.digest, kind: .fresh, reasons: [], lastSeconds: hit.environment.seconds)
            }
            let reasons = damage.map { [$0] } ?? latest.map { key.differences(from: $0.components) } ?? []
            return StepStatus(
                step: step, key: key.digest, kind: latest == nil ? .missing : .stale, reasons: reasons, lastSeconds: seconds)
        }
    }
}

extension Key {
    /// The components that are not as they were, in words.
    package func differences(from old: [Component]) -> [String] {
        func name(_ component: Component) -> String { "\(component.tag.rawValue) \(component.name)" }
        func shown(_ component: Component) -> String {
            switch component.tag {
            case .data, .step: String(component.value.prefix(12))
            case .kind, .option: component.value
            }
        }
        let before = Dictionary(old.map { (name($0), $0) }, uniquingKeysWith: { first, _ in first })
        let now = Dictionary(components.map { (name($0), $0) }, uniquingKeysWith: { first, _ in first })
        let changed = components.compactMap { component -> String? in
            guard let was = before[name(component)] else { return "\(name(component)): new, \(shown(component))" }
            return was.value == component.value ? nil : "\(name(component)): \(shown(was)) → \(shown(component))"
        }
        let gone = old.filter { now[name($0)] == nil }.map { "\(name($0)): gone, was \(shown($0))" }
        return changed + gone
    }
}
