import Diagnostics

// How a directive declares what it takes:
//
//     static let data = Option.reference("data", to: ["preprocess"], "The faces to train on.")
//     static let epochs = Option.integer("epochs", in: 1...1000, default: 10, unit: "epochs", "How often all triplets are seen.")
//
// Without a default the option must be given. The `optional…` forms are nil when it is not.

extension Option {
    /// Declares an option of any kind; the forms below are what directives use.
    init(
        _ name: String, _ kind: Declaration.Kind, default fallback: Canonical?, optional: Bool = false,
        unit: String? = nil, _ help: String, role: Declaration.Role,
        decode: @escaping @Sendable (Canonical) -> Value
    ) {
        self.init(
            Declaration(
                name: name, kind: kind, role: role, fallback: fallback, optional: optional, unit: unit, help: help),
            decode: decode)
    }
}

extension Option where Value == Int {
    package static func integer(
        _ name: String, in bounds: ClosedRange<Int> = Int.min...Int.max, default fallback: Int? = nil,
        unit: String? = nil, _ help: String, role: Declaration.Role = .computation
    ) -> Option {
        precondition(fallback.map(bounds.contains) ?? true, "the default of '\(name)' is out of its bounds")
        return Option(
            name, .integer(bounds), default: fallback.map { .integer($0) }, unit: unit, help, role: role
        ) { $0.asInteger }
    }
}

extension Option where Value == Int? {
    package static func optionalInteger(
        _ name: String, in bounds: ClosedRange<Int> = Int.min...Int.max, unit: String? = nil, _ help: String,
        role: Declaration.Role = .computation
    ) -> Option {
        Option(name, .integer(bounds), default: nil, optional: true, unit: unit, help, role: role) { value in
            value == .none ? nil : value.asInteger
        }
    }
}

extension Option where Value == Double {
    package static func number(
        _ name: String,
        in bounds: ClosedRange<Double> = -Double.greatestFiniteMagnitude...Double.greatestFiniteMagnitude,
        default fallback: Double? = nil, unit: String? = nil, _ help: String, role: Declaration.Role = .computation
    ) -> Option {
        precondition(fallback.map(bounds.contains) ?? true, "the default of '\(name)' is out of its bounds")
        return Option(
            name, .number(bounds), default: fallback.map { .number($0) }, unit: unit, help, role: role
        ) { $0.asNumber }
    }
}

extension Option where Value == Bool {
    package static func boolean(
        _ name: String, default fallback: Bool? = nil, _ help: String, role: Declaration.Role = .computation
    ) -> Option {
        Option(name, .boolean, default: fallback.map { .boolean($0) }, help, role: role) { $0.asBoolean }
    }
}

extension Option where Value == String {
    package static func text(
        _ name: String, default fallback: String? = nil, _ help: String, role: Declaration.Role = .computation
    ) -> Option {
        Option(name, .text, default: fallback.map { .text($0) }, help, role: role) { $0.asText }
    }

    package static func choice(
        _ name: String, of choices: [String], default fallback: String? = nil, _ help: String,
        role: Declaration.Role = .computation
    ) -> Option {
        precondition(fallback.map(choices.contains) ?? true, "the default of '\(name)' is not among its choices")
        return Option(name, .choice(choices), default: fallback.map { .text($0) }, help, role: role) { $0.asText }
    }

    /// The id of a directive of one of `kinds`: an edge of the plan, and no part of `Options.computation`.
    package static func reference(
        _ name: String, to kinds: [String], _ help: String, role: Declaration.Role = .computation
    ) -> Option {
        Option(name, .reference(kinds: kinds), default: nil, help, role: role) { $0.asText }
    }
}

extension Option where Value == String? {
    /// Running text; what `Options.prose` gives is read with the grammar of paragraphs.
    static func optionalProse(_ name: String, _ help: String) -> Option {
        Option(name, .prose, default: nil, optional: true, help, role: .presentation) {
            $0 == .none ? nil : $0.asText
        }
    }

    package static func optionalText(
        _ name: String, _ help: String, role: Declaration.Role = .computation
    ) -> Option {
        Option(name, .text, default: nil, optional: true, help, role: role) { $0 == .none ? nil : $0.asText }
    }

    package static func optionalChoice(
        _ name: String, of choices: [String], _ help: String, role: Declaration.Role = .computation
    ) -> Option {
        Option(name, .choice(choices), default: nil, optional: true, help, role: role) { $0 == .none ? nil : $0.asText }
    }

    package static func optionalReference(
        _ name: String, to kinds: [String], _ help: String, role: Declaration.Role = .computation
    ) -> Option {
        Option(name, .reference(kinds: kinds), default: nil, optional: true, help, role: role) { value in
            value == .none ? nil : value.asText
        }
    }
}

extension Option where Value: RawRepresentable<String> & CaseIterable {
    /// One of an enumeration's cases, by raw value.
    package static func choice(
        _ name: String, default fallback: Value? = nil, _ help: String, role: Declaration.Role = .computation
    ) -> Option {
        let choices = Value.allCases.map(\.rawValue)
        return Option(name, .choice(choices), default: fallback.map { .text($0.rawValue) }, help, role: role) { value in
            value.asCase(of: Value.self)
        }
    }
}

extension Option {
    /// One of an enumeration's cases, by raw value, or nothing.
    package static func optionalChoice<Choice>(
        _ name: String, _ help: String, role: Declaration.Role = .computation
    ) -> Option where Choice: RawRepresentable<String> & CaseIterable & Sendable, Value == Choice? {
        Option(name, .choice(Choice.allCases.map(\.rawValue)), default: nil, optional: true, help, role: role) {
            value in
            value == .none ? nil : value.asCase(of: Choice.self)
        }
    }
}
