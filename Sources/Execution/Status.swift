import Files

/// What a build would do with one step.
package struct StepStatus: Sendable {
    package enum Kind: String, Sendable {
        case fresh, stale, missing
        /// A run was stopped; the next one goes on from what it left.
        case interrupted
    }

    package var step: PlannedStep
    /// nil while what it uses has yet to run.
    package var key: Digest?
    package var kind: Kind
    /// Why it would run: `option epochs: 2 → 3`.
    package var reasons: [String]
    /// How its last run went, whatever the key.
    package var last: StepResult?

    package var willRun: Bool { kind != .fresh }
}

/// What a build would cost, by how the steps that it would run went last time.
package struct Estimate: Sendable {
    package var steps = 0
    /// Of the steps, those that never ran here: nothing is known of them.
    package var unknown = 0
    package var seconds = 0.0
    /// The most that one step held, in bytes.
    package var memory = 0
    /// What their results took, in bytes.
    package var disk = 0

    package init(_ statuses: [StepStatus]) {
        for status in statuses where status.willRun {
            steps += 1
            guard let last = status.last else {
                unknown += 1
                continue
            }
            seconds += last.environment.seconds
            memory = max(memory, last.environment.peakMemory ?? 0)
            disk = disk.addingLimited(last.size)
        }
    }
}

extension Store {
    /// The state of every step, without executing any. O(stored objects).
    ///
    /// - Parameter limit: bytes of a file or folder of data that are read at most. A step that needs more of them counts as
    ///   one that would run.
    package func status(of steps: [PlannedStep], readingAtMost limit: Int64 = .max) throws -> [StepStatus] {
        var results = Results()
        let data = DataDigests(for: self, readingAtMost: limit)
        let objects = VerifiedObjects(of: self)
        defer { objects.save() }
        return try steps.map { step in
            let latest = latest(step.id)
            var status = StepStatus(
                step: step, key: nil, kind: latest == nil ? .missing : .stale, reasons: [], last: latest)
            if let use = step.uses.first(where: { results[$0.id] == nil }) {
                status.reasons = ["'\(use.id)' will run"]
                return status
            }
            let key: Key
            do {
                key = try Key(of: step, results: results, data: data)
            } catch let error as UnreadData {
                status.reasons = ["new or touched files of its data, not read for this: \(error.count)"]
                return status
            }
            status.key = key.digest
            let (hit, damage) = result(for: key.digest, verified: objects)
            if let hit {
                results.set(.done(hit, executed: false), of: step.id)
                status.kind = .fresh
                status.last = hit
                return status
            }
            if Files.exists(scratchFolder(key.digest)) { status.kind = .interrupted }
            status.reasons = damage.map { [$0] } ?? latest.map { key.differences(from: $0.components) } ?? []
            return status
        }
    }
}

extension Key {
    /// The components that are not as they were, in words.
    package func differences(from old: [Component]) -> [String] {
        func name(_ component: Component) -> String { "\(component.tag.rawValue) \(component.name)" }
        func shown(_ component: Component) -> String {
            switch component.tag {
            case .data, .step: String(component.value.written.prefix(12))
            case .kind, .option: component.value.written
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
