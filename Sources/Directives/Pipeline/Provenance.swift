import Chapters
import Execution
import Foundation
import Pages

/// How a result came about: what its key is made of, what the directive adds, when and where it was computed.
func provenance(of result: StepResult, step: PlannedStep, facts: [Provenance.Fact]) -> Provenance {
    let environment = result.environment
    var lines = [
        Provenance.Fact("step", step.title.verbatim),
        Provenance.Fact("key", result.key.hex.verbatim),
    ]
    let idle = step.reportDirective?.idle(step.options) ?? []
    for component in result.components where component.tag != .option || !idle.contains(component.name) {
        switch (component.tag, component.value) {
        case (.kind, let value): lines.append(.init("engine", "\(component.name), \(value.written)".verbatim))
        case (.option, .option(.list(let items))):
            lines.append(.init(component.name.verbatim, items.map(\.written).joined(separator: ", ").verbatim))
        case (.option, let value): lines.append(.init(component.name.verbatim, value.written.verbatim))
        case (.step, let value): lines.append(.init("uses", "\(component.name), output \(value.written.prefix(12))"))
        case (.data, let value):
            lines.append(.init("data", "\(component.name), SHA-256 \(value.written.prefix(12))".verbatim))
        }
    }
    lines += facts
    let computed: Phrase = "\(timestamp(environment.finished)) in \(duration(environment.seconds))"
    lines.append(.init("computed", computed))
    if let memory = environment.peakMemory {
        lines.append(.init("memory", "\(Numeral.count(memory / 1_000_000)) MB at most"))
    }
    lines.append(.init("machine", "\(environment.processor), \(environment.cores) cores"))
    lines.append(.init("version", "likeness \(environment.version)".verbatim))
    for warning in result.warnings { lines.append(.init("warning", Phrase(key: warning))) }
    return Provenance(summary: "computed \(computed)", facts: lines)
}

extension ResultRecord {
    /// What the key of a result is made of, and when and where the result was computed.
    init(_ result: StepResult, of step: PlannedStep) {
        func components(_ tag: Key.Component.Tag) -> [String: String] {
            Dictionary(
                result.components.filter { $0.tag == tag }.map { ($0.name, $0.value.written) },
                uniquingKeysWith: { first, _ in first })
        }
        // A step's key has their outputs under the options that name them, in the same order.
        let used = zip(step.uses, result.components.filter { $0.tag == .step })
            .filter { $0.name == $1.name }.map { ($0.id, $1.value.written) }
        let environment = result.environment
        self.init(
            kind: step.directive.kind, engine: components(.kind)[step.directive.kind] ?? "", key: result.key.hex,
            output: result.output.hex, options: components(.option),
            uses: Dictionary(used, uniquingKeysWith: { first, _ in first }), data: components(.data),
            finished: environment.finished,
            seconds: environment.seconds, processor: environment.processor, cores: environment.cores,
            version: environment.version, warnings: result.warnings)
    }
}

/// `2026-01-23 14:05 UTC`, from seconds since 1970.
package func timestamp(_ seconds: Double) -> String {
    let text = Date(timeIntervalSince1970: (seconds / 60).rounded(.down) * 60).formatted(.iso8601)
    return text.replacing("T", with: " ").replacing(":00Z", with: " UTC")
}

/// `0.4 s`, `72 s` → `1 min 12 s`.
package func duration(_ seconds: Double) -> String {
    if seconds < 10 { return "\(Numeral.fixed(seconds, digits: 1)) s" }
    // What nobody lives to see is no longer counted.
    guard let whole = Int(exactly: seconds.rounded()) else { return String(format: "%.0f s", seconds) }
    if whole < 60 { return "\(whole) s" }
    let text: Phrase =
        whole < 3600 ? "\(whole / 60) min \(whole % 60) s" : "\(whole / 3600) h \(whole % 3600 / 60) min"
    return text.text
}
