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
