import Diagnostics

/// Reads `report.yml` and applies the profile and `--set`.
struct SettingsReader {
    private let path: String
    private(set) var diagnostics: [Diagnostic] = []
    private var settings = Settings(title: Prose([]))
    /// Read as text when the parameters are known.
    private var title: Located<String>?
    private var subtitle: Located<String>?
    private var date: Located<String>?
    private var authors: [Located<String>] = []
    private var profiles: [Profile] = []
    private var base: [Parameter] = []
    private var defaultProfile: Located<String>?

    private struct Parameter {
        var name: String
        var value: OptionValue
    }

    private struct Profile {
        var name: Located<String>
        var reduced = false
        var parameters: [Parameter] = []
    }

    private static let keys = [
        "title", "subtitle", "authors", "date", "language", "translations", "trust", "profile", "profiles",
        "parameters",
    ]
    /// What a translation says in its own `report.yml`; all else is the original's.
    private static let words = ["title", "subtitle", "authors", "date"]

    /// The book of whose translation the settings are.
    private var original: Settings?
    private var known: [String] { original == nil ? Self.keys : Self.words }

    init(path: String) { self.path = path }

    /// - Parameter text: nil when the book has no `report.yml`; its title is then empty.
    mutating func read(
        _ text: String?, profile: String?, set assignments: [(name: String, value: String)]
    ) -> Settings {
        if let text { readFile(text) }
        let chosen = choose(profile)
        settings.profile = chosen?.name.value
        settings.reduced = chosen?.reduced ?? false
        for parameter in base {
            settings.parameters[parameter.name] = .init(value: parameter.value, origin: "report.yml")
        }
        if let chosen {
            for parameter in chosen.parameters {
                settings.parameters[parameter.name] = .init(
                    value: parameter.value, origin: "profile \(chosen.name.value)", isReduced: chosen.reduced)
            }
        }
        for assignment in assignments { set(assignment.name, assignment.value) }
        if chosen?.reduced == true { markReduced(chosen?.parameters.map(\.name) ?? []) }
        settings.title = title.map { prose($0) } ?? Prose([])
        settings.subtitle = subtitle.map { prose($0) }
        settings.date = date.map { prose($0) }
        settings.authors = authors.map { prose($0) }
        return settings
    }

    /// The settings of a translation: its own words, and all else as the original has it.
    mutating func read(_ text: String?, translating original: Settings, into language: String) -> Settings {
        self.original = original
        settings = original
        settings.language = language
        settings.translations = []
        if let text { readFile(text) }
        if let title { settings.title = prose(title) }
        if let subtitle { settings.subtitle = prose(subtitle) }
        if let date { settings.date = prose(date) }
        if !authors.isEmpty { settings.authors = authors.map { prose($0) } }
        return settings
    }

    /// What a reduced profile sets stays reduced, whatever `--set` makes of it, unless it is what the full report has.
    private mutating func markReduced(_ names: [String]) {
        let full = Dictionary(base.map { ($0.name, $0.value) }, uniquingKeysWith: { $1 })
        for name in names {
            guard let parameter = settings.parameters[name] else { continue }
            settings.parameters[name]?.isReduced = full[name].map { !$0.says(parameter.value) } ?? true
        }
    }

    private mutating func prose(_ text: Located<String>) -> Prose {
        let result = ProseReader.read(text.value, at: text.range, parameters: settings.parameters)
        diagnostics += result.diagnostics
        return result.prose
    }

    private mutating func error(_ code: String, _ message: String, at range: SourceRange?) {
        diagnostics.append(.error(code, message, at: range))
    }

    // MARK: - The file

    private mutating func readFile(_ text: String) {
        let table = LineTable(text)
        var reader = YAMLReader(text, path: path) { table.position(of: $0) }
        let root = reader.read()
        diagnostics.append(contentsOf: reader.diagnostics)
        guard let root else {
            settings.areParametersKnown = reader.diagnostics.isEmpty
            if reader.diagnostics.isEmpty { missingTitle() }
            return
        }
        guard case .mapping(let entries) = root.value else {
            settings.areParametersKnown = false
            return error("not-a-mapping", "report.yml consists of lines 'name: value'", at: root.range)
        }
        for entry in entries { read(entry) }
        // A misspelt title has been reported as such.
        if !entries.contains(where: { nearest(to: $0.key.value, among: known) == "title" }) { missingTitle() }
    }

    private mutating func missingTitle() {
        let start = Position(line: 1, column: 1)
        error(
            "missing-setting", "report.yml needs a title; write 'title: …'",
            at: SourceRange(path: path, start: start, end: start))
    }

    private mutating func read(_ entry: OptionValue.Entry) {
        if original != nil, Self.keys.contains(entry.key.value), !Self.words.contains(entry.key.value) {
            return error(
                "not-translated",
                "'\(entry.key.value)' is said once, in the report.yml of the original; a translation has its own "
                    + Self.words.joined(separator: ", "), at: entry.key.range)
        }
        switch entry.key.value {
        case "title": title = text(entry).map { Located($0, at: entry.value.range) }
        case "subtitle": subtitle = text(entry).map { Located($0, at: entry.value.range) }
        case "date": date = text(entry).map { Located($0, at: entry.value.range) }
        case "language": readLanguage(entry)
        case "translations": readTranslations(entry)
        case "authors": authors = texts(entry)
        case "trust": settings.trust = boolean(entry)
        case "profile": defaultProfile = text(entry).map { Located($0, at: entry.value.range) }
        case "profiles": readProfiles(entry)
        case "parameters": base = parameters(entry)
        case let name:
            let near = suggestion(for: name, among: known)
            let hint = near.isEmpty ? "; it knows " + known.joined(separator: ", ") : near
            error("unknown-setting", "report.yml has no setting '\(name)'\(hint)", at: entry.key.range)
        }
    }

    private mutating func mismatch(_ entry: OptionValue.Entry, _ expected: String) {
        let value = entry.value.value
        var hint = ""
        if case .scalar(let text, _) = value, let hidden = Invisible.first(in: text) {
            hint = "; \(hidden) stands in it"
        }
        error(
            "wrong-type", "\(entry.key.value) expects \(expected), not \(OptionReader.describe(value))\(hint)",
            at: entry.value.range)
    }

    private mutating func text(_ entry: OptionValue.Entry) -> String? {
        guard case .scalar(let text, let quoted) = entry.value.value else {
            mismatch(entry, "a text")
            return nil
        }
        if !quoted, Scalar.isNothing(text) {
            error(
                "empty-option", "\(entry.key.value) has no value; write one, or leave the line out",
                at: entry.value.range)
            return nil
        }
        return text
    }

    /// A list of texts, or one.
    private mutating func texts(_ entry: OptionValue.Entry) -> [Located<String>] {
        guard case .list(let items) = entry.value.value else {
            return text(entry).map { [Located($0, at: entry.value.range)] } ?? []
        }
        return items.compactMap { item in
            text(OptionValue.Entry(key: entry.key, value: item)).map { Located($0, at: item.range) }
        }
    }

    private mutating func boolean(_ entry: OptionValue.Entry) -> Bool {
        if case .scalar(let text, quoted: false) = entry.value.value, let value = Scalar.boolean(text) { return value }
        mismatch(entry, "true or false")
        return false
    }

    /// The language goes into the page's head, so its form is checked.
    private mutating func readLanguage(_ entry: OptionValue.Entry) {
        guard let language = text(entry) else { return }
        guard Self.isTag(language) else { return mismatch(entry, "a language tag such as 'en' or 'vi'") }
        settings.language = language
    }

    private static func isTag(_ text: String) -> Bool {
        text.utf8.allSatisfy { $0.isLetter || $0.isDigit || $0 == 0x2D } && text.utf8.first?.isLetter == true
    }

    /// Each is the name of a folder, too.
    private mutating func readTranslations(_ entry: OptionValue.Entry) {
        for language in texts(entry) {
            guard Self.isTag(language.value), language.value == language.value.lowercased() else {
                error(
                    "wrong-type",
                    "translations expects language tags such as [vi, fr] in lower case, not '\(language.value)'",
                    at: language.range)
                continue
            }
            guard !settings.translations.contains(language.value) else {
                error("wrong-type", "the translation '\(language.value)' is named twice", at: language.range)
                continue
            }
            settings.translations.append(language.value)
        }
    }

    // MARK: - Profiles and parameters

    private mutating func readProfiles(_ entry: OptionValue.Entry) {
        guard case .mapping(let entries) = entry.value.value else { return mismatch(entry, "profiles by name") }
        for item in entries {
            guard case .mapping(let fields) = item.value.value else {
                mismatch(item, "a mapping such as {reduced: true, parameters: {epochs: 1}}")
                continue
            }
            var profile = Profile(name: item.key)
            for field in fields {
                switch field.key.value {
                case "reduced": profile.reduced = boolean(field)
                case "parameters": profile.parameters = parameters(field)
                case let name:
                    let near = suggestion(for: name, among: ["reduced", "parameters"])
                    error(
                        "unknown-setting",
                        "profile '\(item.key.value)' has no setting '\(name)'\(near.isEmpty ? "; it knows reduced, parameters" : near)",
                        at: field.key.range)
                }
            }
            profiles.append(profile)
        }
    }

    private mutating func parameters(_ entry: OptionValue.Entry) -> [Parameter] {
        guard case .mapping(let entries) = entry.value.value else {
            mismatch(entry, "parameters by name")
            settings.areParametersKnown = false
            return []
        }
        return entries.compactMap { item in
            tellNested(item.value, in: item.key.value)
            guard Name.isParameter(item.key.value) else {
                error(
                    "malformed-parameter",
                    "a parameter's name consists of letters, digits, '-' and '_', not '\(item.key.value)'",
                    at: item.key.range)
                return nil
            }
            if case .mapping = item.value.value {
                mismatch(item, "one value or a list")
                return nil
            }
            return Parameter(name: item.key.value, value: item.value.value)
        }
    }

    /// A parameter in a parameter's value stays as it is written, which nobody means.
    private mutating func tellNested(_ value: Located<OptionValue>, in name: String) {
        switch value.value {
        case .scalar(let text, _):
            guard let inner = Self.parameter(in: text) else { return }
            diagnostics.append(
                .warning(
                    "nested-parameter",
                    "'${\(inner)}' stays as it is written: the parameter '\(name)' cannot hold another one; write the value",
                    at: value.range))
        case .list(let items): for item in items { tellNested(item, in: name) }
        case .mapping: break
        }
    }

    /// The first `${name}` of a text.
    private static func parameter(in text: String) -> Substring? {
        var rest = text[...]
        while let open = rest.firstRange(of: "${") {
            rest = rest[open.upperBound...]
            guard let close = rest.firstIndex(of: "}") else { return nil }
            if Name.isParameter(rest[..<close]) { return rest[..<close] }
        }
        return nil
    }

    private mutating func choose(_ name: String?) -> Profile? {
        let known = profiles.map(\.name.value)
        let list = known.isEmpty ? "report.yml declares none" : "known: " + known.joined(separator: ", ")
        guard let wanted = name ?? defaultProfile?.value else { return nil }
        if let found = profiles.first(where: { $0.name.value == wanted }) { return found }
        let near = suggestion(for: wanted, among: known)
        let separator = near.isEmpty ? "; " : " "
        error(
            "unknown-profile", "there is no profile '\(wanted)'\(near)\(separator)\(near.isEmpty ? list : "(\(list))")",
            at: name == nil ? defaultProfile?.range : nil)
        return nil
    }

    private mutating func set(_ name: String, _ value: String) {
        guard settings.parameters[name] != nil else {
            let known = settings.parameters.keys.sorted()
            let near = suggestion(for: name, among: known)
            let list = known.isEmpty ? "report.yml declares none" : "known: " + known.joined(separator: ", ")
            return error(
                "unknown-parameter",
                "--set \(name)=\(value): there is no parameter '\(name)'\(near.isEmpty ? "; \(list)" : "\(near) (\(list))")",
                at: nil)
        }
        // Brackets and quotes are read as in report.yml; everything else is taken as it is.
        var result = OptionValue.scalar(value, quoted: false)
        if let first = value.first, "[\"'".contains(first) {
            let table = LineTable(value)
            var reader = YAMLReader(value, path: "--set \(name)") { table.position(of: $0) }
            switch reader.read()?.value {
            case .some(.mapping), nil:
                return error(
                    "malformed-parameter", "--set \(name)=\(value): this is neither a value nor a list", at: nil)
            case .some(let read): result = read
            }
        }
        settings.parameters[name] = .init(value: result, origin: "--set")
    }
}
