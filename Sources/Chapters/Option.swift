import Diagnostics

/// One option of a directive, declared once: name, type, bounds, default and help.
///
/// Parsing, messages, the key's canonical form and the reference page all come from this declaration.
/// `Value` is what a directive reads: `options[Self.epochs]`.
package struct Option<Value: Sendable>: Sendable {
    package let declaration: Declaration
    let decode: @Sendable (Canonical) -> Value

    init(_ declaration: Declaration, decode: @escaping @Sendable (Canonical) -> Value) {
        self.declaration = declaration
        self.decode = decode
    }
}

/// The type-erased part of an `Option`.
package struct Declaration: Sendable {
    package indirect enum Kind: Sendable {
        case integer(ClosedRange<Int>)
        case number(ClosedRange<Double>)
        case boolean
        case text
        /// Running text, with the grammar of paragraphs; never part of a key.
        case prose
        case choice([String])
        /// The id of a directive of one of these kinds: an edge of the plan.
        case reference(kinds: [String])
        case list(of: Kind, count: ClosedRange<Int>)
    }

    /// What an option changes. Only `computation` belongs to a step's key.
    package enum Role: Sendable { case computation, presentation }

    package var name: String
    package var kind: Kind
    package var role: Role
    /// nil: the option must be given, unless `optional`.
    package var fallback: Canonical?
    package var optional: Bool
    package var unit: String?
    /// One sentence for the reference page.
    package var help: String
}

/// A checked option value in the one form that keys are made of.
package indirect enum Canonical: Sendable, Hashable {
    case none
    case integer(Int)
    case number(Double)
    case boolean(Bool)
    case text(String)
    case list([Canonical])
}
