import Diagnostics

// How a directive declares what it takes:
//
//     static let data = Option.reference("data", to: ["preprocess"], "The faces to train on.")
//     static let epochs = Option.integer("epochs", in: 1...1000, default: 10, unit: "epochs", "How often all triplets are seen.")
//     static let train = Option.reference("train", to: ["train"], "A fine-tuned network.").optional
//
// Without a default the option must be given, unless it is `optional`: then it is nil.

extension Option {
    /// Declares an option of any kind; the forms below are what directives use.
    ///
    /// - Parameter least: stands for the value of an option that must be given and is not.
    init(
        _ name: String, _ kind: Declaration.Kind, default fallback: Value?, least: Value, unit: String? = nil,
        _ help: String, role: Declaration.Role, encode: (Value) -> Canonical,
        decode: @escaping @Sendable (Canonical) -> Value?
    ) {
        self.init(
            declaration: Declaration(
                name: name, kind: kind, role: role, fallback: fallback.map(encode), optional: false, unit: unit,
                help: help),
            decode: decode, fallback: fallback ?? least)
    }
}

extension Option<Int> {
    package static func integer(
        _ name: String, in bounds: ClosedRange<Int> = Int.min...Int.max, default fallback: Int? = nil,
        unit: String? = nil, _ help: String, role: Declaration.Role = .computation
    ) -> Option {
        precondition(fallback.map(bounds.contains) ?? true, "the default of '\(name)' is out of its bounds")
        return Option(
            name, .integer(bounds), default: fallback, least: bounds.lowerBound, unit: unit, help, role: role,
            encode: Canonical.integer
        ) { if case .integer(let value) = $0 { value } else { nil } }
    }
}

extension Option<Double> {
    package static func number(
        _ name: String,
        in bounds: ClosedRange<Double> = -Double.greatestFiniteMagnitude...Double.greatestFiniteMagnitude,
        default fallback: Double? = nil, unit: String? = nil, _ help: String, role: Declaration.Role = .computation
    ) -> Option {
        precondition(fallback.map(bounds.contains) ?? true, "the default of '\(name)' is out of its bounds")
        return Option(
            name, .number(bounds), default: fallback, least: bounds.lowerBound, unit: unit, help, role: role,
            encode: Canonical.number
        ) { if case .number(let value) = $0 { value } else { nil } }
    }
}

extension Option<Bool> {
    package static func boolean(
        _ name: String, default fallback: Bool? = nil, _ help: String, role: Declaration.Role = .computation
    ) -> Option {
        Option(
            name, .boolean, default: fallback, least: false, help, role: role, encode: Canonical.boolean
        ) { if case .boolean(let value) = $0 { value } else { nil } }
    }
}

extension Option<String> {
    package static func text(
        _ name: String, default fallback: String? = nil, _ help: String, role: Declaration.Role = .computation
    ) -> Option {
        Option(name, .text, default: fallback, least: "", help, role: role, encode: Canonical.text) { $0.text }
    }

    /// Running text; what `Options.prose` gives is read with the grammar of paragraphs.
    static func prose(_ name: String, _ help: String) -> Option {
        Option(name, .prose, default: nil, least: "", help, role: .presentation, encode: Canonical.text) { $0.text }
    }

    package static func choice(
        _ name: String, of choices: [String], default fallback: String? = nil, _ help: String,
        role: Declaration.Role = .computation
    ) -> Option {
        precondition(fallback.map(choices.contains) ?? true, "the default of '\(name)' is not among its choices")
        return Option(
            name, .choice(choices), default: fallback, least: choices[0], help, role: role, encode: Canonical.text
        ) { $0.text }
    }
}

extension Option<DirectiveID> {
    /// The id of a directive of one of `kinds`: an edge of the plan, and no part of `Options.computation`.
    package static func reference(
        _ name: String, to kinds: [String], _ help: String, role: Declaration.Role = .computation
    ) -> Option {
        Option(
            name, .reference(kinds: kinds), default: nil, least: DirectiveID(""), help, role: role,
            encode: \.canonical
        ) { $0.text.map { DirectiveID($0) } }
    }
}

extension Option where Value: RawRepresentable<String> & CaseIterable {
    /// One of an enumeration's cases, by raw value; the first stands where nothing was read.
    package static func choice(
        _ name: String, default fallback: Value? = nil, _ help: String, role: Declaration.Role = .computation
    ) -> Option {
        let cases = Array(Value.allCases)
        return Option(
            name, .choice(cases.map(\.rawValue)), default: fallback, least: cases[0], help, role: role,
            encode: { .text($0.rawValue) }, decode: { $0.text.flatMap(Value.init(rawValue:)) })
    }
}
