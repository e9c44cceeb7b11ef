/// A part of a page as a value: whatever text it is made from, the page's markup stays what it is.
package indirect enum HTML: Sendable {
    case text(String)
    case element(name: String, attributes: [Attribute], children: [HTML])
    case group([HTML])
    /// What is written as it stands: the HTML of a trusted book, a script's text.
    case raw(String)
    /// Markup that was written before.
    case written([Piece])

    /// Written markup up to an attribute that depends on the page, and the attribute.
    package struct Piece: Sendable, Hashable {
        package var markup: String
        package var attributes: [Attribute]

        package init(markup: String, attributes: [Attribute]) {
            self.markup = markup
            self.attributes = attributes
        }
    }

    package static let empty = HTML.group([])

    /// `.element("span", ["class": "title"], .text(title))`.
    package static func element(_ name: String, _ attributes: Attributes, _ children: HTML...) -> HTML {
        .element(name: name, attributes: attributes.list, children: children)
    }

    package static func element(_ name: String, _ children: HTML...) -> HTML {
        .element(name: name, attributes: [], children: children)
    }

    /// An element that ends its line.
    package static func line(_ name: String, _ attributes: Attributes, _ children: HTML...) -> HTML {
        .group([.element(name: name, attributes: attributes.list, children: children), "\n"])
    }

    package static func line(_ name: String, _ children: HTML...) -> HTML {
        .group([.element(name: name, attributes: [], children: children), "\n"])
    }

    /// An element whose children stand in lines of their own.
    package static func block(_ name: String, _ attributes: Attributes, _ children: HTML...) -> HTML {
        .group([.element(name: name, attributes: attributes.list, children: ["\n"] + children), "\n"])
    }

    package static func block(_ name: String, _ children: HTML...) -> HTML {
        .group([.element(name: name, attributes: [], children: ["\n"] + children), "\n"])
    }

    package static func joined(_ nodes: [HTML], separator: HTML) -> HTML {
        .group(nodes.enumerated().flatMap { $0 == 0 ? [$1] : [separator, $1] })
    }

    package var isEmpty: Bool {
        switch self {
        case .text(let text), .raw(let text): text.isEmpty
        case .element: false
        case .group(let nodes): nodes.allSatisfy(\.isEmpty)
        case .written(let pieces): pieces.allSatisfy { $0.markup.isEmpty && $0.attributes.isEmpty }
        }
    }

    /// The same for another page: what attributes that depend on the page become there.
    ///
    /// - Parameter change: from an attribute to those in its place. In raw HTML, values are and stay escaped as they are.
    package func mapped(_ change: (Attribute) -> [Attribute]) -> HTML {
        switch self {
        case .text: self
        case .element(let name, let attributes, let children):
            .element(
                name: name, attributes: attributes.flatMap { $0.dependsOnPage ? change($0) : [$0] },
                children: children.map { $0.mapped(change) })
        case .group(let nodes): .group(nodes.map { $0.mapped(change) })
        case .raw(let markup): .raw(TagRewriter.rewrite(markup, change))
        case .written(let pieces):
            .written(pieces.map { Piece(markup: $0.markup, attributes: $0.attributes.flatMap(change)) })
        }
    }
}

/// A literal is text, and so is what is interpolated into it.
extension HTML: ExpressibleByStringInterpolation {
    package init(stringLiteral value: String) { self = .text(value) }
}
