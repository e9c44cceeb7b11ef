import Chapters
import Execution
import Files
import Foundation
import Pages

/// What earlier builds made of results, so that one changed sentence draws nothing: a file an exhibit.
///
/// A file is named by the digest of everything that the exhibit was made from, and sealed with a digest of its content;
/// pictures and other files are found in the report itself, where their names are those of their content. Whatever is
/// missing or damaged is made again, and a cache that cannot be written costs time, nothing else. What the last rendering
/// used stays in memory for the next one with the same cache.
package final class RenderCache {
    private let folder: String
    private let output: String
    /// Names that this rendering asked for.
    private var used: Set<String> = []
    /// What this rendering made anew, to be kept with its markup.
    private var fresh: [(place: Place, key: Digest, content: ExhibitContent)] = []
    /// In memory, by name.
    private var known: [String: Entry] = [:]
    /// What each directive showed last, by its place; as it was kept until a rendering ends.
    private lazy var shown = readShown()
    private var showing: [String: Shown] = [:]

    /// Of a directive in one of the report's languages.
    private struct Place {
        var language: String
        var id: String

        /// As the file of what was shown has it.
        var name: String { language + " " + id }
    }

    private struct Shown: Codable, Equatable {
        /// The output of a result.
        var output: Digest
        /// Of the entry.
        var name: String
    }
    private let program = Directives.program()

    package init(folder: String, output: String) {
        self.folder = folder
        self.output = output
    }

    /// The part of an exhibit that comes from its result.
    struct Entry {
        var numbering: Exhibit.Numbering
        var values: [String: Quotable]
        var facts: [Provenance.Fact]
        var source: String?
        var markup: ExhibitMarkup
    }

    /// The digest of everything that an exhibit is made from: the result, how it is to be shown, and by what program.
    ///
    /// - Returns: nil when the program cannot tell itself from another build of it.
    func key(of result: StepResult, _ step: PlannedStep, language: String) throws -> Digest? {
        guard let program else { return nil }
        var parts = [program, language]
        parts.append(Digest(of: try canonicalJSON(result)).hex)
        parts += step.options.all.flatMap { [$0.name, $0.value.keyText] }
        return Digest(of: Array(parts.map { "\($0.utf8.count) \($0)\n" }.joined().utf8))
    }

    func entry(_ key: Digest) -> Entry? { entry(named: Self.name(key)) }

    private func entry(named name: String) -> Entry? {
        used.insert(name)
        if let entry = known[name] { return entry }
        guard let stored = read(name) else { return nil }
        let files = stored.files.map(file)
        guard !files.contains(nil) else { return nil }
        let entry = Entry(
            numbering: stored.numbering, values: stored.values, facts: stored.facts, source: stored.source,
            markup: ExhibitMarkup(
                pieces: stored.pieces, files: files.compactMap(\.self), isWide: stored.isWide, isAsked: stored.isAsked,
                tables: stored.tables))
        known[name] = entry
        return entry
    }

    /// Notes which entry shows a directive's result.
    func shows(_ result: StepResult, id: String, _ language: String, key: Digest) {
        showing[Place(language: language, id: id).name] = Shown(output: result.output, name: Self.name(key))
    }

    /// What a directive showed of a result, whatever its options were then.
    func lastShown(of result: StepResult, id: String, _ language: String) -> Entry? {
        guard let last = shown[Place(language: language, id: id).name], last.output == result.output else { return nil }
        return entry(named: last.name)
    }

    /// Notes what was made anew; its markup follows with `keep`.
    func note(_ content: ExhibitContent, of id: String, _ language: String, key: Digest) {
        fresh.append((Place(language: language, id: id), key, content))
    }

    /// Ends a rendering: keeps what it made and wrote; with a whole report, forgets what it did not ask for.
    ///
    /// - Parameter markups: by language and directive id.
    func keep(_ markups: [String: [String: ExhibitMarkup]], isWhole: Bool = true) {
        for made in fresh {
            guard let markup = markups[made.place.language]?[made.place.id] else { continue }
            let (content, files) = (made.content, markup.files.map(\.path))
            known[Self.name(made.key)] = Entry(
                numbering: content.numbering, values: content.values, facts: content.facts, source: content.source,
                markup: markup)
            write(
                Stored(
                    numbering: content.numbering, values: content.values, facts: content.facts,
                    source: content.source, pieces: markup.pieces, files: files, isWide: markup.isWide,
                    isAsked: markup.isAsked, tables: markup.tables),
                to: Self.name(made.key))
        }
        keepShown()
        if isWhole { sweep() }
        known = known.filter { used.contains($0.key) }
        (used, fresh) = ([], [])
    }

    private var shownPath: String { folder + "/shown" }

    private func readShown() -> [String: Shown] {
        guard let bytes = try? Files.read(shownPath, limit: 16 << 20) else { return [:] }
        return (try? JSONDecoder().decode([String: Shown].self, from: Data(bytes))) ?? [:]
    }

    /// Of directives that show nothing now, what they showed before is kept.
    private func keepShown() {
        let all = shown.merging(showing) { $1 }
        showing = [:]
        guard all != shown, let bytes = try? canonicalJSON(all) else { return }
        shown = all
        try? Files.write(bytes, to: shownPath, syncsFile: false, syncsFolder: false)
    }

    /// Whatever else lies there stays, and so does what lies behind a link.
    private func sweep() {
        let name = String(folder.split(separator: "/").last ?? "")
        guard let own = try? OwnFolder(Files.folder(of: folder), followsLink: true),
            let entries = try? own.entries(name)
        else { return }
        for entry in entries where !used.contains(entry.name) && Self.isMade(entry.name) {
            _ = try? own.remove(name + "/" + entry.name)
        }
    }

    private static func name(_ key: Digest) -> String { key.hex + ".exhibit" }

    /// `ab12….exhibit`, whole or half written, and `ab12….figure` of earlier versions.
    private static func isMade(_ name: String) -> Bool {
        let parts = (StagedFile.target(of: name) ?? name).split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 2 && Digest(hex: String(parts[0])) != nil
            && (parts[1] == "figure" || parts[1] == "exhibit")
    }

    private struct Stored: Codable {
        var numbering: Exhibit.Numbering
        var values: [String: Quotable]
        var facts: [Provenance.Fact]
        var source: String?
        var pieces: ExhibitMarkup.Pieces
        var files: [String]
        var isWide: Bool
        var isAsked: Bool
        var tables: [DataTable]
    }

    /// A file of the report as it stands, if its bytes still are those that its name was made from.
    private func file(_ path: String) -> Site.File? {
        guard let bytes = try? Files.read(output + "/" + path), Site.isNamed(path, byContent: bytes) else { return nil }
        return Site.File(path: path, bytes: bytes)
    }

    private func read(_ name: String) -> Stored? {
        guard let bytes = try? Files.read(folder + "/" + name), let end = bytes.lastIndex(of: UInt8(ascii: "\n"))
        else { return nil }
        let content = Array(bytes[..<end])
        guard Digest(of: content).hex.utf8.elementsEqual(bytes[(end + 1)...]) else { return nil }
        return try? JSONDecoder().decode(Stored.self, from: Data(content))
    }

    private func write(_ value: Stored, to name: String) {
        guard let content = try? canonicalJSON(value) else { return }
        let bytes = content + Array("\n\(Digest(of: content).hex)".utf8)
        try? Files.write(bytes, to: folder + "/" + name, syncsFile: false, syncsFolder: false)
    }
}
