import Diagnostics

extension Option {
    /// A list whose items are declared like an option of their own.
    ///
    ///     static let depths = Option.list(of: .integer("k", in: 1...1000, "How many neighbours."), default: [10, 20, 50])
    ///
    /// Name, unit, help and role are the item's. A list of references adds an edge for each item.
    /// - Parameter count: how many items may be given; the default may also be empty.
    package static func list<Item>(
        of item: Option<Item>, count: ClosedRange<Int> = 1...1000, default fallback: [Item]? = nil
    ) -> Option where Value == [Item], Item: CanonicalConvertible {
        precondition(
            fallback.map { $0.isEmpty || count.contains($0.count) } ?? true,
            "the default list has too many or too few items")
        let declaration = item.declaration
        return Option(
            declaration.name, .list(of: declaration.kind, count: count), default: fallback, least: [],
            unit: declaration.unit, declaration.help, role: declaration.role,
            encode: { .list($0.map(\.canonical)) },
            decode: { if case .list(let values) = $0 { values.compactMap(item.decode) } else { nil } })
    }
}

/// What is done several times: so many times, or once for each of some numbers.
package enum Repetition: Sendable, Hashable {
    case times(Int)
    case each([Int])
}

extension Option<Repetition> {
    /// Whole numbers to do something for, or how many: `seeds: 3`, `seeds: [0, 7, 12]`.
    ///
    /// - Parameter count: how often at least and at most.
    package static func repetition(
        _ name: String, of bounds: ClosedRange<Int>, count: ClosedRange<Int>, default fallback: Int, _ help: String
    ) -> Option {
        Option(
            name, .countOrList(of: .integer(bounds), count: count), default: .times(fallback), least: .times(fallback),
            help, role: .computation,
            encode: {
                switch $0 {
                case .times(let number): .integer(number)
                case .each(let numbers): .list(numbers.map(Canonical.integer))
                }
            },
            decode: {
                switch $0 {
                case .integer(let number): .times(number)
                case .list(let items):
                    .each(items.compactMap { if case .integer(let number) = $0 { number } else { nil } })
                default: nil
                }
            })
    }
}

/// A value that a default can be written with.
package protocol CanonicalConvertible: Sendable {
    var canonical: Canonical { get }
}

extension Int: CanonicalConvertible { package var canonical: Canonical { .integer(self) } }
extension Double: CanonicalConvertible { package var canonical: Canonical { .number(self) } }
extension Bool: CanonicalConvertible { package var canonical: Canonical { .boolean(self) } }
extension String: CanonicalConvertible { package var canonical: Canonical { .text(self) } }
extension DirectiveID: CanonicalConvertible { package var canonical: Canonical { .text(id) } }
extension CanonicalConvertible where Self: RawRepresentable<String> {
    package var canonical: Canonical { .text(rawValue) }
}
