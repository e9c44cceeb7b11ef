import Chapters
import Execution
import Pages

extension Report {
    /// What a book shows, from what became of its steps. A failed or skipped step says so in its place.
    ///
    /// - Parameters:
    ///   - cache: what earlier builds made of the same results; nil makes everything anew.
    ///   - running: while the build goes on, the steps that are being computed; others without a result are still to come.
    ///   - former: what is shown meanwhile in the place of results that are still to come, by id.
    package init(
        _ book: Book, _ plan: Plan, _ results: Results, attachments: Attachments = .none, store: Store,
        cache: RenderCache? = nil, running: [String: BuildMoment.Running]? = nil, former: [String: FormerResult] = [:]
    ) throws {
        let settings = book.settings
        let reduced = plan.reducedSteps(settings)
        let maker = ExhibitMaker(language: settings.language, store: store, cache: cache)
        var exhibits: [String: Exhibit] = [:]
        var sources: [String] = []
        for step in plan.steps {
            if let running, results.states[step.id] == nil {
                exhibits[step.id] = maker.pending(
                    step, Pending(running[step.id], step, results), former: former[step.id])
                continue
            }
            var (exhibit, source) = try maker.exhibit(of: step, results.seeingTimes(of: step))
            exhibit.isFolded = step.options[Options.folded]
            if let source, !sources.contains(source) { sources.append(source) }
            if let profile = settings.profile, reduced.contains(step.id), exhibit.provenance != nil {
                exhibit.marks.append(.reduced(profile))
            }
            exhibits[step.id] = exhibit
        }
        for step in plan.steps {
            if exhibits[step.id]?.pending != nil { continue }
            let parts = step.reportDirective?.parts(for: step.options, in: plan, among: exhibits) ?? []
            exhibits[step.id]?.parts.insert(contentsOf: parts, at: 0)
        }
        if let cost = plan.cost(results) { sources.append(cost) }
        self.init(
            book: book, exhibits: exhibits, directives: plan.directives, attachments: attachments,
            facts: sources)
    }
}

extension Results {
    /// What became of a step, with the times that the steps it uses have now: a measurement made again leaves every
    /// digest as it was, so that what quotes it does not run again.
    fileprivate func seeingTimes(of step: PlannedStep) -> State? {
        guard case .done(var result, let executed) = states[step.id] else { return states[step.id] }
        for used in step.uses.compactMap({ self[$0.id] }) { result = result.seeing(Evaluate.times, of: used) }
        return .done(result, executed: executed)
    }
}

extension Plan {
    /// What all results together took, and where: `67 results, computed in 9 min 20 s on …, 2 cores.` nil as long as one is
    /// missing.
    fileprivate func cost(_ results: Results) -> String? {
        let made = steps.compactMap { results[$0.id]?.environment }
        guard made.count == steps.count, !made.isEmpty else { return nil }
        var machines: [String] = []
        for one in made {
            let machine: Phrase =
                one.cores == 1 ? "\(one.processor), 1 core" : "\(one.processor), \(one.cores) cores"
            if !machines.contains(machine.text) { machines.append(machine.text) }
        }
        let seconds = made.reduce(0) { $0 + $1.seconds }
        let count: Phrase = made.count == 1 ? "1 result" : "\(Numeral.count(made.count)) results"
        let cost: Phrase = "\(count), computed in \(duration(seconds)) on \(machines.joined(separator: "; "))."
        return cost.text
    }

    /// The steps that a reduced profile changes, and those that use their results. Steps are in order of dependence.
    fileprivate func reducedSteps(_ settings: Settings) -> Set<String> {
        var reduced: Set<String> = []
        for step in steps
        where step.options.usedParameters.contains(where: { settings.parameters[$0]?.isReduced == true })
            || step.uses.contains(where: { reduced.contains($0.id) })
        {
            reduced.insert(step.id)
        }
        return reduced
    }
}

extension Pending {
    /// What a step without a result waits for, or how far it is.
    fileprivate init(_ running: BuildMoment.Running?, _ step: PlannedStep, _ results: Results) {
        let missing = step.uses.map(\.id).filter { results.states[$0] == nil }
        guard let running else {
            self = missing.isEmpty ? .queued : .waiting(for: missing)
            return
        }
        let progress = running.progress
        self = .running(
            part: progress?.part ?? "",
            percent: progress.flatMap { $0.total > 0 ? min(100, 100 * $0.done / $0.total) : nil },
            secondsLeft: running.secondsLeft)
    }
}

extension Exhibit.Mark {
    fileprivate static func reduced(_ profile: String) -> Exhibit.Mark {
        Exhibit.Mark(
            label: "\(profile) profile",
            explanation:
                "Computed with the reduced settings of the profile '\(profile)': fewer epochs or less data than the full report."
        )
    }
}

/// The last result of a step that would run again, and why it would.
package struct FormerResult: Sendable {
    package var result: StepResult
    package var reasons: [String]

    package init(result: StepResult, reasons: [String]) { (self.result, self.reasons) = (result, reasons) }
}

/// Makes exhibits of results: taken from the cache, or shown by their directives.
private struct ExhibitMaker {
    let language: String
    let store: Store
    let cache: RenderCache?

    /// With a line about the data or weights that a current result was made with.
    func exhibit(of step: PlannedStep, _ state: Results.State?) throws -> (exhibit: Exhibit, source: String?) {
        switch state {
        case .done(let result, _): try exhibit(of: result, step)
        case .failed(let diagnostic): (failure(step, diagnostic.message), nil)
        case .skipped(let reason): (failure(step, "Not computed: \(reason)."), nil)
        case nil: (failure(step, "Not part of this build."), nil)
        }
    }

    private func exhibit(
        of result: StepResult, _ step: PlannedStep
    ) throws -> (exhibit: Exhibit, source: String?) {
        let isMadeAnew = step.reportDirective?.showsOthers(step.options) ?? false
        let key = isMadeAnew ? nil : cache?.key(of: result, step, language: language)
        if let key { cache?.shows(result, id: step.id, language, key: key) }
        if let known = key.flatMap({ cache?.entry($0) }) {
            let content = ExhibitContent(
                numbering: known.numbering, parts: [], values: known.values, facts: known.facts)
            var exhibit = exhibit(of: result, step, showing: content)
            exhibit.markup = known.markup
            return (exhibit, known.source)
        }
        var content = try show(result, step)
        content.source = try step.reportDirective?.source(of: result)
        if let key { cache?.note(content, of: step.id, language, key: key) }
        return (exhibit(of: result, step, showing: content), content.source)
    }

    private func show(_ result: StepResult, _ step: PlannedStep) throws -> ExhibitContent {
        guard let directive = step.reportDirective else {
            preconditionFailure("every kind in allDirectives can show its results")
        }
        return try directive.show(result, options: step.options)
    }

    private func exhibit(of result: StepResult, _ step: PlannedStep, showing content: ExhibitContent) -> Exhibit {
        Exhibit(
            id: step.id, numbering: content.numbering, caption: step.options.caption, parts: content.parts,
            marks: result.marks.map {
                Exhibit.Mark(keptLabel: $0.label, explanation: $0.explanation)
            },
            provenance: provenance(of: result, step: step, facts: content.facts),
            record: ResultRecord(result, of: step), values: content.values)
    }

    /// A place for a result that is still to come. In it stands what was last shown of an earlier one: it is not drawn anew,
    /// with options that it was not made with.
    func pending(_ step: PlannedStep, _ pending: Pending, former: FormerResult?) -> Exhibit {
        var exhibit = Exhibit(
            id: step.id, numbering: numbering(of: step), caption: step.options.caption, parts: [], pending: pending)
        guard let former else { return exhibit }
        exhibit.outdated = former.reasons
        guard let shown = cache?.lastShown(of: former.result, id: step.id, language) else { return exhibit }
        (exhibit.markup, exhibit.values) = (shown.markup, shown.values)
        exhibit.marks = former.result.marks.map {
            Exhibit.Mark(keptLabel: $0.label, explanation: $0.explanation)
        }
        return exhibit
    }

    /// Among what the result would be counted: other numbers in the report must not depend on a failure.
    private func numbering(of step: PlannedStep) -> Exhibit.Numbering {
        step.reportDirective?.promise(for: step.options).numbering ?? .figure
    }

    /// The failure in its place, and below it the last valid result, marked as old; its values are not quoted.
    private func failure(_ step: PlannedStep, _ message: String) -> Exhibit {
        guard let last = store.latest(step.id), let content = try? show(last, step) else {
            return Exhibit(
                id: step.id, numbering: numbering(of: step), caption: step.options.caption,
                parts: [.failure(message.verbatim)])
        }
        var old = exhibit(of: last, step, showing: content)
        let date = timestamp(last.environment.finished)
        old.parts.insert(.failure(message.verbatim), at: 0)
        old.marks.insert(
            .init(label: "old result", explanation: "Computed \(date) from other inputs; there is no current result."),
            at: 0)
        (old.values, old.record) = ([:], nil)
        return old
    }
}
