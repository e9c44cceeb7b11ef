import Diagnostics

extension Options {
    /// Checks a directive's entries against what its kind declares.
    ///
    /// All mistakes are listed; nil when there is one. `id` and `caption` are understood beside `declarations`.
    package static func read(
        _ block: DirectiveBlock, declarations: Declarations, parameters: [String: Settings.Parameter] = [:]
    ) -> (options: Options?, diagnostics: [Diagnostic]) {
        var reader = OptionReader(block, declarations: (Options.shared + declarations).all, parameters: parameters)
        let options = reader.read()
        return (options, reader.diagnostics)
    }
}

/// Reads one directive's options.
struct OptionReader {
    private let block: DirectiveBlock
    private let declarations: [Declaration]
    private var parameters: ParameterReader
    private(set) var diagnostics: [Diagnostic] = []
    private var references: [Options.Reference] = []
    private var prose: [String: Prose] = [:]
    /// Said with every mistake in a value that came from a parameter.
    private var notes: [Diagnostic.Note] = []

    init(_ block: DirectiveBlock, declarations: [Declaration], parameters: [String: Settings.Parameter]) {
        self.block = block
        self.declarations = declarations
        self.parameters = ParameterReader(parameters)
    }

    mutating func read() -> Options? {
        var values: [String: Canonical] = [:]
        var ranges: [String: SourceRange] = [:]
        for entry in block.entries {
            guard let declaration = declarations.first(where: { $0.name == entry.key.value }) else {
                unknown(entry.key)
                continue
            }
            ranges[declaration.name] = entry.value.range
            values[declaration.name] = value(entry.value, for: declaration)
        }
        for declaration in declarations where ranges[declaration.name] == nil {
            if let fallback = declaration.fallback {
                values[declaration.name] = fallback
            } else if declaration.optional {
                values[declaration.name] = Canonical.none
            } else {
                missing(declaration)
            }
        }
        guard !diagnostics.contains(where: { $0.severity == .error }) else { return nil }
        let order = Dictionary(declarations.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
        return Options(
            kind: block.kind, range: block.range, declarations: declarations, values: values, ranges: ranges,
            references: references.enumerated().sorted {
                (order[$0.element.name] ?? 0, $0.offset) < (order[$1.element.name] ?? 0, $1.offset)
            }.map(\.element),
            prose: prose, usedParameters: parameters.used)
    }

    /// `train 'resnet50-tuned'`, or `train` as long as it has no id.
    private lazy var subject: String = {
        for entry in block.entries where entry.key.value == "id" {
            if case .scalar(let id, _) = entry.value.value, !id.isEmpty { return "\(block.kind.value) '\(id)'" }
        }
        return block.kind.value
    }()

    private mutating func unknown(_ key: Located<String>) {
        let names = declarations.map(\.name)
        let near = suggestion(for: key.value, among: names)
        let hint = near.isEmpty ? "; it takes " + names.joined(separator: ", ") : near
        diagnostics.append(.error("unknown-option", "\(subject) has no option '\(key.value)'\(hint)", at: key.range))
    }

    private mutating func missing(_ declaration: Declaration) {
        // A misspelt name has been reported already; saying that the right one is missing helps nobody.
        let unknownNames = block.entries.map(\.key.value).filter { name in !declarations.contains { $0.name == name } }
        guard !unknownNames.contains(where: { nearest(to: $0, among: declarations.map(\.name)) == declaration.name })
        else { return }
        let what =
            declaration.name == "id"
            ? "a name of lower-case letters, digits and hyphens" : declaration.kind.expectation
        diagnostics.append(
            .error("missing-option", "\(subject) needs the option '\(declaration.name)', \(what)", at: block.kind.range)
        )
    }
}

// MARK: - Values

extension OptionReader {
    private mutating func value(_ written: Located<OptionValue>, for declaration: Declaration) -> Canonical? {
        notes = []
        guard let value = substituted(written) else { return nil }
        if case .scalar(let text, false) = value.value, Scalar.isNothing(text) {
            let hint =
                declaration.fallback.map { ", or leave the line out for \($0.written)" }
                ?? (declaration.optional ? ", or leave the line out" : "")
            return fail("empty-option", "\(declaration.name) has no value; write one\(hint)", at: value.range)
        }
        guard let result = check(value, declaration.kind, name: declaration.name) else { return nil }
        if declaration.name == Options.id.name, case .text(let id) = result, !Name.isIdentifier(id) {
            let hint = Name.slug(id).filter { $0.isASCII && $0 != "_" }
            return fail(
                "malformed-id",
                "an id consists of lower-case letters, digits and hyphens, not '\(id)'"
                    + (Invisible.first(in: id).map { "; \($0) stands in it" }
                        ?? (Name.isIdentifier(hint) ? "; write '\(hint)'" : "")),
                at: value.range)
        }
        return result
    }

    /// The value with parameters put in; nil after an error.
    private mutating func substituted(_ written: Located<OptionValue>) -> Located<OptionValue>? {
        let (value, problems, used) = parameters.substitute(in: written)
        diagnostics.append(contentsOf: problems)
        notes = used.map { parameter in
            Diagnostic.Note(
                "'${\(parameter.name)}' is \(OptionReader.describe(parameter.value)), set by \(parameter.origin)")
        }
        return problems.isEmpty ? value : nil
    }

    private mutating func fail(_ code: String, _ message: String, at range: SourceRange) -> Canonical? {
        diagnostics.append(.error(code, message, at: range, notes: notes))
        return nil
    }

    private mutating func check(_ value: Located<OptionValue>, _ kind: Declaration.Kind, name: String) -> Canonical? {
        if case .list(let item, let count) = kind { return checkList(value, item, count, kind, name: name) }
        if case .countOrList(let item, let count) = kind {
            if case .list = value.value { return checkList(value, item, count, kind, name: name) }
            guard case .scalar(let text, false) = value.value, let number = Scalar.integer(text) else {
                return mismatch(value, kind, name: name)
            }
            return count.contains(number) ? .integer(number) : mismatch(value, kind, name: name, code: "out-of-bounds")
        }
        guard case .scalar(let text, let quoted) = value.value else { return mismatch(value, kind, name: name) }
        switch kind {
        case .text: return .text(text)
        case .prose:
            let result = ProseReader.read(text, at: value.range, parameters: parameters.parameters)
            diagnostics += result.diagnostics
            parameters.used.formUnion(result.parameters)
            prose[name] = result.prose
            return .text(text)
        case .boolean:
            guard !quoted, let result = Scalar.boolean(text) else { return mismatch(value, kind, name: name) }
            return .boolean(result)
        case .integer(let bounds):
            guard !quoted, let result = Scalar.integer(text) else { return mismatch(value, kind, name: name) }
            return bounds.contains(result) ? .integer(result) : mismatch(value, kind, name: name, code: "out-of-bounds")
        case .number(let bounds):
            guard !quoted, let result = Scalar.number(text) else { return mismatch(value, kind, name: name) }
            return bounds.contains(result) ? .number(result) : mismatch(value, kind, name: name, code: "out-of-bounds")
        case .choice(let choices):
            if choices.contains(text) { return .text(text) }
            let near = Invisible.first(in: text).map { "; \($0) stands in it" } ?? suggestion(for: text, among: choices)
            return fail("unknown-choice", "\(name) expects \(kind.expectation), not '\(text)'\(near)", at: value.range)
        case .reference(let kinds):
            guard Name.isIdentifier(text) else { return mismatch(value, kind, name: name) }
            references.append(Options.Reference(name: name, id: text, kinds: kinds, range: value.range))
            return .text(text)
        case .list, .countOrList: return nil
        }
    }

    private mutating func checkList(
        _ value: Located<OptionValue>, _ item: Declaration.Kind, _ count: ClosedRange<Int>, _ kind: Declaration.Kind,
        name: String
    ) -> Canonical? {
        guard case .list(let items) = value.value else { return mismatch(value, kind, name: name) }
        guard count.contains(items.count) else {
            return fail(
                "out-of-bounds",
                "\(name) expects \(kind.expectation), not \(items.count == 0 ? "an empty list" : "\(items.count)")",
                at: value.range)
        }
        let checked = items.map { check($0, item, name: name) }
        let values = checked.compactMap(\.self)
        return values.count == items.count ? .list(values) : nil
    }

    /// `epochs expects a whole number from 1 to 1000, not 'ten'`
    private mutating func mismatch(
        _ value: Located<OptionValue>, _ kind: Declaration.Kind, name: String, code: String = "wrong-type"
    ) -> Canonical? {
        var hint = ""
        if case .scalar(let text, true) = value.value {
            switch kind {
            case .integer where Scalar.integer(text) != nil, .number where Scalar.number(text) != nil,
                .boolean where Scalar.boolean(text) != nil:
                hint = "; leave the quotes out"
            default: break
            }
        }
        if case .list = kind, case .scalar(let text, _) = value.value { hint = "; write [\(text)]" }
        if case .scalar(let text, _) = value.value, let hidden = Invisible.first(in: text) {
            hint = "; \(hidden) stands in it"
        }
        let found = OptionReader.describe(value.value)
        return fail(code, "\(name) expects \(kind.expectation), not \(found)\(hint)", at: value.range)
    }

    static func describe(_ value: OptionValue) -> String {
        switch value {
        case .scalar(let text, quoted: false): "'\(text)'"
        case .scalar(let text, quoted: true): "the text \"\(text)\""
        case .list: "a list"
        case .mapping: "a mapping"
        }
    }
}
