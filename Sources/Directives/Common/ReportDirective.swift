import Chapters
import Execution
import Foundation
import Pages

/// A directive that also knows how to show its result: the bridge between the report and the engine.
package protocol ReportDirective: Directive {
    /// What the page shows for a result. Reads the stored result only; computes nothing worth caching.
    static func show(_ result: StepResult, options: Options) throws -> ExhibitContent

    /// What `show` will yield, as far as the options tell: checked against the text before anything runs.
    static func promise(for options: Options) -> Promise
}

extension ReportDirective {
    package static func promise(for options: Options) -> Promise { Promise() }
}

/// The part of an exhibit that a directive decides.
package struct ExhibitContent {
    var numbering: Exhibit.Numbering
    var parts: [Exhibit.Part]
    /// Values for prose and claims.
    var values: [String: Quotable] = [:]
    /// Lines for the provenance that only this directive knows.
    var facts: [Provenance.Fact] = []
}

/// Every kind of directive.
package let allDirectives: [any ReportDirective.Type] = [
    DescribeDataset.self, Haar.self, Preprocess.self, Triplets.self, Augmentations.self, Model.self, Train.self,
    Evaluate.self,
    QueryGrid.self, Compare.self, Index.self, SearchScaling.self, SuspectFaces.self, Claim.self,
]

/// The exhibits of a plan, from what became of its steps.
///
/// A failed or skipped step becomes an exhibit that says so in its place.
///
/// - Parameter memory: what earlier builds read out of results; nil reads every one.
package func exhibits(
    of plan: Plan, results: Results, store: Store, settings: Settings, memory: ExhibitMemory? = nil
) throws -> [String: Exhibit] {
    var exhibits: [String: Exhibit] = [:]
    let reduced = reducedSteps(of: plan, settings)
    for step in plan.steps {
        let exhibit: Exhibit
        let showing = Setting(
            language: settings.language, profile: reduced.contains(step.id) ? settings.profile : nil, memory: memory)
        switch results.states[step.id] {
        case .done(let result, _): exhibit = try Directives.exhibit(of: result, step, showing)
        case .failed(let diagnostic): exhibit = failure(step, diagnostic.message, store, showing)
        case .skipped(let reason): exhibit = failure(step, "Not computed: \(reason).", store, showing)
        case nil: exhibit = failure(step, "Not part of this build.", store, showing)
        }
        exhibits[step.id] = exhibit
    }
    for step in plan.steps where step.directive == Claim.self {
        if let claim = Claim.stated(step.options, among: exhibits) {
            exhibits[step.id]?.parts.insert(.claim(claim), at: 0)
        }
    }
    return exhibits
}

/// The steps that a reduced profile changes, and those that use their results. The plan is in order of dependence.
private func reducedSteps(of plan: Plan, _ settings: Settings) -> Set<String> {
    var reduced: Set<String> = []
    for step in plan.steps
    where step.options.usedParameters.contains(where: { settings.parameters[$0]?.isReduced == true })
        || step.uses.contains(where: { reduced.contains($0.id) })
    {
        reduced.insert(step.id)
    }
    return reduced
}

/// What beside a result decides how it is shown.
private struct Setting {
    var language: String
    /// The reduced profile that changes the step.
    var profile: String?
    var memory: ExhibitMemory?
}

private func exhibit(of result: StepResult, _ step: PlannedStep, _ setting: Setting) throws -> Exhibit {
    guard let directive = step.directive as? any ReportDirective.Type else {
        preconditionFailure("every kind in allDirectives can show its results")
    }
    // What a claim shows depends on other directives' values.
    let origin =
        step.directive == Claim.self
        ? nil : try setting.memory?.origin(of: result, step, language: setting.language, profile: setting.profile)
    let known = origin.flatMap { setting.memory?.recall($0) }
    let showing =
        try known.map { ExhibitContent(numbering: $0.numbering, parts: [], values: $0.values, facts: $0.facts) }
        ?? directive.show(result, options: step.options)
    if let origin, known == nil {
        setting.memory?.remember(
            origin, RememberedExhibit(numbering: showing.numbering, values: showing.values, facts: showing.facts))
    }
    var marks = result.marks.map { Exhibit.Mark(label: $0.label, explanation: $0.explanation) }
    if let profile = setting.profile { marks.append(reducedMark(profile)) }
    var exhibit = Exhibit(
        id: step.id, numbering: showing.numbering, caption: step.options.caption, parts: showing.parts, marks: marks,
        provenance: provenance(of: result, step: step, facts: showing.facts), values: showing.values)
    exhibit.origin = origin
    if known != nil { exhibit.deferredParts = { try directive.show(result, options: step.options).parts } }
    return exhibit
}

private func reducedMark(_ profile: String) -> Exhibit.Mark {
    Exhibit.Mark(
        label: "\(profile) profile",
        explanation:
            "Computed with the reduced settings of the profile '\(profile)': fewer epochs or less data than the full report."
    )
}

/// The failure in its place, and below it the last valid result, marked as old; its values are not quoted.
private func failure(_ step: PlannedStep, _ message: String, _ store: Store, _ setting: Setting) -> Exhibit {
    var setting = setting
    setting.memory = nil
    guard let last = store.latest(step.id), var old = try? exhibit(of: last, step, setting) else {
        return Exhibit(
            id: step.id, numbering: step.directive == Claim.self ? .claim : .figure, caption: step.options.caption,
            parts: [.failure(message)])
    }
    let date = timestamp(last.environment.finished)
    old.parts.insert(.failure(message), at: 0)
    old.marks.insert(
        .init(label: "old result", explanation: "Computed \(date) from other inputs; there is no current result."),
        at: 0)
    old.values = [:]
    return old
}

private func provenance(of result: StepResult, step: PlannedStep, facts: [Provenance.Fact]) -> Provenance {
    let environment = result.environment
    var lines = [
        Provenance.Fact("step", step.title),
        Provenance.Fact("key", result.key.hex),
    ]
    for component in result.components {
        switch component.tag {
        case .kind: lines.append(.init("engine", "\(component.name), \(component.value)"))
        case .option: lines.append(.init(component.name, readable(component.value)))
        case .step: lines.append(.init("uses", "\(component.name), output \(component.value.prefix(12))"))
        case .data: lines.append(.init("data", "\(component.name), SHA-256 \(component.value.prefix(12))"))
        }
    }
    lines += facts
    if !lines.contains(where: { $0.name == "precision" }) { lines.append(.init("precision", "float32")) }
    lines.append(.init("computed", "\(timestamp(environment.finished)) in \(duration(environment.seconds))"))
    if let memory = environment.peakMemory {
        lines.append(.init("memory", "\(Numeral.count(memory / 1_000_000)) MB at most"))
    }
    lines.append(.init("machine", "\(environment.processor), \(environment.cores) cores"))
    lines.append(.init("version", "likeness \(environment.version)"))
    for warning in result.warnings { lines.append(.init("warning", warning)) }
    return Provenance(
        summary: "computed \(timestamp(environment.finished)) in \(duration(environment.seconds))", facts: lines)
}

/// A key component without its type tag.
private func readable(_ value: String) -> String {
    for tag in ["int ", "number ", "bool "] where value.hasPrefix(tag) { return String(value.dropFirst(tag.count)) }
    if value.hasPrefix("text ") { return value.split(separator: " ", maxSplits: 2).dropFirst(2).joined() }
    if value.hasPrefix("list "), let start = value.firstIndex(of: "[") {
        return value[start...].replacingOccurrences(of: "int ", with: "")
    }
    return value
}

/// `2026-01-23 14:05 UTC`, from seconds since 1970.
package func timestamp(_ seconds: Double) -> String {
    let formatter = DateFormatter()
    formatter.locale = Locale(identifier: "en_US_POSIX")
    formatter.timeZone = TimeZone(identifier: "UTC")
    formatter.dateFormat = "yyyy-MM-dd HH:mm 'UTC'"
    return formatter.string(from: Date(timeIntervalSince1970: seconds))
}

/// `0.4 s`, `72 s` → `1 min 12 s`.
package func duration(_ seconds: Double) -> String {
    if seconds < 10 { return String(format: "%.1f s", seconds) }
    // What nobody lives to see is no longer counted.
    guard let whole = Int(exactly: seconds.rounded()) else { return String(format: "%.0f s", seconds) }
    if whole < 60 { return "\(whole) s" }
    if whole < 3600 { return "\(whole / 60) min \(whole % 60) s" }
    return "\(whole / 3600) h \(whole % 3600 / 60) min"
}
