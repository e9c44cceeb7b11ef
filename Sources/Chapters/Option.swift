import Diagnostics

/// One option of a directive, declared once: name, type, bounds, default and help.
///
/// Parsing, messages, the key's canonical form and the reference page all come from this declaration.
/// `Value` is what a directive reads: `options[Self.epochs]`.
package struct Option<Value: Sendable>: Sendable {
    package let declaration: Declaration
    /// nil for a value of another form.
    let decode: @Sendable (Canonical) -> Value?
    /// What stands where nothing was read: the default, nil, or for what must be given the least of its values. A
    /// directive that lists its options in `Declarations` never meets the last.
    let fallback: Value

    package var name: String { declaration.name }
}

extension Option {
    /// The same option, nil when it is not given.
    package var optional: Option<Value?> {
        var declaration = declaration
        declaration.optional = true
        let decode = decode
        return Option<Value?>(declaration: declaration, decode: { .some(decode($0)) }, fallback: nil)
    }
}

/// What a directive takes, in the order of its reference page.
///
///     static let options = Declarations(data, model, epochs)
package struct Declarations: Sendable {
    package let all: [Declaration]

    package init<each Value>(_ options: repeat Option<each Value>) {
        var all: [Declaration] = []
        for option in repeat each options { all.append(option.declaration) }
        self.init(all: all)
    }

    private init(all: [Declaration]) { self.all = all }

    package var names: [String] { all.map(\.name) }

    package static func + (first: Declarations, second: Declarations) -> Declarations {
        Declarations(all: first.all + second.all)
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
        /// A whole number, or a list of so many items: how often, or what for each time.
        case countOrList(of: Kind, count: ClosedRange<Int>)
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

/// What an option that names a directive holds: the id, which the plan has checked.
package struct DirectiveID: Sendable, Hashable, ExpressibleByStringLiteral {
    package let id: String

    package init(_ id: String) { self.id = id }
    package init(stringLiteral id: String) { self.init(id) }
}
