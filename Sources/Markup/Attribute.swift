/// An attribute of an element, its value as the reader shall get it.
package struct Attribute: Sendable, Hashable {
    package var name: String
    /// nil: the name stands alone, as in `disabled`.
    package var value: String?

    package init(_ name: String, _ value: String?) {
        self.name = name
        self.value = value
    }

    /// Attributes that name a file or a page, or a place in one.
    package static let addresses: Set<String> = ["href", "src", "srcset", "xlink:href"]
    /// Attributes that name elements of their own page.
    package static let ids: Set<String> = [
        "id", "for", "aria-labelledby", "aria-describedby", "aria-controls", "headers", "list",
    ]

    /// Whether its value depends on the page in which the element stands.
    var dependsOnPage: Bool { Self.addresses.contains(name) || Self.ids.contains(name) }
}

/// What an attribute may be given: text, numbers, and truth values for attributes that are there or not.
package protocol AttributeValue {
    func attribute(named name: String) -> Attribute?
}

extension String: AttributeValue {
    package func attribute(named name: String) -> Attribute? { Attribute(name, self) }
}

extension Int: AttributeValue {
    package func attribute(named name: String) -> Attribute? { Attribute(name, String(self)) }
}

extension Bool: AttributeValue {
    package func attribute(named name: String) -> Attribute? { self ? Attribute(name, nil) : nil }
}

/// An element's attributes in their order; one whose value is nil is left out.
package struct Attributes: Sendable, ExpressibleByDictionaryLiteral {
    var list: [Attribute]

    package init(_ list: [Attribute]) { self.list = list }

    package init(dictionaryLiteral elements: (String, (any AttributeValue)?)...) {
        list = elements.compactMap { $1?.attribute(named: $0) }
    }

    package static func + (left: Attributes, right: Attributes) -> Attributes { Attributes(left.list + right.list) }
}
