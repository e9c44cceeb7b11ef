/// A formula as a tree: what the TeX reader yields and the MathML writer takes.
package indirect enum Formula: Sendable, Hashable {
    case row([Formula])
    /// A letter, or a word set upright such as `Sign`.
    case identifier(String, upright: Bool)
    case number(String)
    /// `+`, `=`, `(`: one symbol with its class, which decides the space around it.
    case symbol(String, Class)
    /// A delimiter of a given height in em (`\bigl(`), or one that grows with its row (`\middle|`) when nil.
    case delimiter(String, Class, height: Double?)
    /// `∑`: large in display, with limits above and below.
    case large(String)
    /// `log`, `max`: an upright word with operator spacing; `limits` puts scripts below in display.
    case named(String, limits: Bool)
    /// `\left( … \right)`; an empty delimiter is invisible.
    case fenced(open: String, body: Formula, close: String)
    case fraction(Formula, Formula, line: Bool)
    case root(Formula, index: Formula?)
    case scripts(base: Formula, below: Formula?, above: Formula?)
    /// A mark over or under the base; wide ones stretch: `\overline`, `\underbrace`.
    case accent(String, base: Formula, under: Bool, wide: Bool)
    /// `\overset`: something small above a symbol.
    case stacked(base: Formula, above: Formula)
    case text(String)
    /// Horizontal space in em.
    case space(Double)
    case table(rows: [[Formula]], Columns)
    case styled(Formula, display: Bool)
    /// What could not be read; shown as a marked word.
    case failure(String)

    /// The classes of The TeXbook's chapter 18, as far as they decide space.
    package enum Class: Sendable, Hashable {
        case ordinary, function, binary, relation, opening, closing, punctuation, space
    }

    package enum Columns: Sendable, Hashable {
        /// Matrices.
        case centered
        /// `cases`.
        case left
        /// `aligned`: right, left, right, left.
        case alternating
    }

    /// The parts of a row.
    var items: [Formula]? {
        if case .row(let items) = self { items } else { nil }
    }

    var kind: Class {
        switch self {
        case .symbol(_, let kind), .delimiter(_, let kind, _): kind
        case .large, .named: .function
        case .scripts(let base, _, _), .stacked(let base, _): base.kind
        case .space: .space
        default: .ordinary
        }
    }
}
