import Diagnostics

/// A directive's options, checked against their declarations.
///
///     let epochs = options[Self.epochs]
package struct Options: Sendable {
    /// An id that an option names, with its place and the kinds it may have.
    package struct Reference: Sendable, Hashable {
        package var name: String
        package var id: String
        package var kinds: [String]
        package var range: SourceRange

        /// - Parameter kinds: what the id may be of; none for any kind.
        package init(name: String, id: String, kinds: [String] = [], range: SourceRange) {
            self.name = name
            self.id = id
            self.kinds = kinds
            self.range = range
        }
    }

    /// The directive's kind and the whole fence.
    package let kind: Located<String>
    package let range: SourceRange
    package let declarations: [Declaration]
    /// The parameters that this directive's text mentions, sorted.
    package let usedParameters: [String]
    /// In declaration order; the items of a list one by one.
    package let references: [Reference]
    private let values: [String: Canonical]
    private let ranges: [String: SourceRange]
    /// Options of running text as they are read.
    private let prose: [String: Prose]

    init(
        kind: Located<String>, range: SourceRange, declarations: [Declaration], values: [String: Canonical],
        ranges: [String: SourceRange], references: [Reference], prose: [String: Prose],
        usedParameters: Set<String>
    ) {
        self.prose = prose
        self.kind = kind
        self.range = range
        self.declarations = declarations
        self.values = values
        self.ranges = ranges
        self.references = references
        self.usedParameters = usedParameters.sorted()
    }

    /// The value given, or the default.
    package subscript<Value>(option: Option<Value>) -> Value {
        values[option.name].flatMap(option.decode) ?? option.fallback
    }

    /// The options that a step's key is made of: of role `computation`, in declaration order, without references.
    ///
    /// An optional one that is not given is left out, so that adding such an option to a directive keeps its results.
    package var computation: [(name: String, value: Canonical)] {
        declarations.compactMap { declaration in
            guard declaration.role == .computation, !declaration.kind.isReference,
                let value = values[declaration.name], value != .none
            else { return nil }
            return (declaration.name, value)
        }
    }

    /// Every option with its value, in declaration order.
    package var all: [(name: String, value: Canonical)] {
        declarations.compactMap { declaration in values[declaration.name].map { (declaration.name, $0) } }
    }

    /// The same with some options as if they had not been given. References stay.
    package func withDefaults(for names: Set<String>) -> Options {
        var values = values
        for declaration in declarations where names.contains(declaration.name) && !declaration.kind.isReference {
            values[declaration.name] = declaration.fallback ?? (declaration.optional ? Canonical.none : nil)
        }
        return with(values)
    }

    /// The same with another whole number for an option.
    package func setting(_ option: Option<Int>, to number: Int) -> Options {
        with(values.merging([option.name: .integer(number)]) { $1 })
    }

    private func with(_ values: [String: Canonical]) -> Options {
        Options(
            kind: kind, range: range, declarations: declarations, values: values, ranges: ranges,
            references: references, prose: prose, usedParameters: Set(usedParameters))
    }

    /// The same where others say what they say: those that they give.
    func saying(_ others: Options) -> Options {
        let given = others.values.filter { others.ranges[$0.key] != nil }
        return Options(
            kind: kind, range: range, declarations: declarations, values: values.merging(given) { $1 },
            ranges: ranges.merging(others.ranges) { $1 }, references: references,
            prose: prose.merging(others.prose) { $1 }, usedParameters: Set(usedParameters))
    }

    /// Where the option's value is written; nil when it is not given.
    package func range<Value>(of option: Option<Value>) -> SourceRange? { ranges[option.name] }
    package func range(of name: String) -> SourceRange? { ranges[name] }

    package var id: String { self[Self.id] }
    package var caption: Prose? { prose[Self.caption.name] }

    /// The name by which others refer to the directive.
    package static let id = Option<String>.text(
        "id", "The name of the directive, unique in the book: lower-case letters, digits and hyphens.",
        role: .presentation)
    package static let caption = Option.prose("caption", "The sentence below the result.").optional
    package static let folded = Option.boolean(
        "folded", default: false, "Whether only the caption is seen until a reader opens it.", role: .presentation)
    /// What every directive takes beside its own options.
    package static let shared = Declarations(id, caption, folded)
}

extension Declaration.Kind {
    var isReference: Bool {
        switch self {
        case .reference: true
        case .list(let item, _), .countOrList(let item, _): item.isReference
        default: false
        }
    }
}
