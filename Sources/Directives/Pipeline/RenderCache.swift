import Chapters
import Execution
import Files
import Foundation
import Pages
import Synchronization

/// What earlier builds made of results, so that one changed sentence draws nothing: a file an exhibit.
///
/// A file is named by the digest of everything that the exhibit was made from, and sealed with a digest of its content;
/// pictures and other files are found in the report itself, where their names are those of their content. Whatever is
/// missing or damaged is made again, and a cache that cannot be written costs time, nothing else. What the last rendering
/// used stays in memory for the next one with the same cache.
package final class RenderCache: Sendable {
    private let folder: String
    private let output: String
    private let program = Directives.program()
    private let state: Mutex<State>

    private struct State {
        /// Names that this rendering asked for.
        var used: Set<String> = []
        /// What this rendering made anew, to be kept with its markup.
        var fresh: [(place: Place, key: Digest, content: ExhibitContent)] = []
        /// In memory, by name.
        var known: [String: KeptExhibit] = [:]
        /// Files of the report that were read, by path: languages have most pictures in common.
        var files: [String: Site.File] = [:]
        /// What each directive showed last, by its place; as it was kept until a rendering ends.
        var shown: [String: Shown]
        var showing: [String: Shown] = [:]
    }

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

    package init(folder: String, output: String) {
        (self.folder, self.output) = (folder, output)
        state = Mutex(State(shown: Self.readShown(folder)))
    }

    /// The digest of everything that an exhibit is made from: the result, how it is to be shown, and by what program.
    ///
    /// - Returns: nil when the program cannot tell itself from another build of it.
    func key(of result: StepResult, _ step: PlannedStep, language: String) -> Digest? {
        guard let program else { return nil }
        var parts = [program, language, result.digest.hex]
        parts += step.options.all.flatMap { [$0.name, $0.value.keyText] }
        return Digest(of: Array(parts.map { "\($0.utf8.count) \($0)\n" }.joined().utf8))
    }

    func entry(_ key: Digest) -> KeptExhibit? { entry(named: Self.name(key)) }

    private func entry(named name: String) -> KeptExhibit? {
        let known = state.withLock { state in
            state.used.insert(name)
            return state.known[name]
        }
        if let known { return known }
        guard let entry = read(name) else { return nil }
        state.withLock { $0.known[name] = entry }
        return entry
    }

    /// Notes which entry shows a directive's result.
    func shows(_ result: StepResult, id: String, _ language: String, key: Digest) {
        let shown = Shown(output: result.output, name: Self.name(key))
        state.withLock { $0.showing[Place(language: language, id: id).name] = shown }
    }

    /// What a directive showed of a result, whatever its options were then.
    func lastShown(of result: StepResult, id: String, _ language: String) -> KeptExhibit? {
        let last = state.withLock { $0.shown[Place(language: language, id: id).name] }
        guard let last, last.output == result.output else { return nil }
        return entry(named: last.name)
    }

    /// Notes what was made anew; its markup follows with `keep`.
    func note(_ content: ExhibitContent, of id: String, _ language: String, key: Digest) {
        state.withLock { $0.fresh.append((Place(language: language, id: id), key, content)) }
    }

    /// Ends a rendering: keeps what it made and wrote; with a whole report, forgets what it did not ask for.
    ///
    /// - Parameter markups: by language and directive id.
    func keep(_ markups: [String: [String: ExhibitMarkup]], isWhole: Bool = true) {
        state.withLock { state in
            for made in state.fresh {
                guard let markup = markups[made.place.language]?[made.place.id] else { continue }
                let (content, name) = (made.content, Self.name(made.key))
                let entry = KeptExhibit(
                    numbering: content.numbering, values: content.values, facts: content.facts,
                    source: content.source, markup: markup)
                state.known[name] = entry
                write(entry, to: name)
            }
            keepShown(&state)
            if isWhole { sweep(state.used) }
            state.known = state.known.filter { state.used.contains($0.key) }
            (state.used, state.fresh, state.files) = ([], [], [:])
        }
    }

    private static func shownPath(_ folder: String) -> String { folder + "/shown" }

    private static func readShown(_ folder: String) -> [String: Shown] {
        guard let bytes = try? Files.read(shownPath(folder), limit: 16 << 20) else { return [:] }
        return (try? JSONDecoder().decode([String: Shown].self, from: Data(bytes))) ?? [:]
    }

    /// Of directives that show nothing now, what they showed before is kept.
    private func keepShown(_ state: inout State) {
        let all = state.shown.merging(state.showing) { $1 }
        state.showing = [:]
        guard all != state.shown, let bytes = try? canonicalJSON(all) else { return }
        state.shown = all
        try? Files.write(bytes, to: Self.shownPath(folder), syncsFile: false, syncsFolder: false)
    }

    /// Whatever else lies there stays, and so does what lies behind a link.
    private func sweep(_ used: Set<String>) {
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

    /// A file of the report as it stands, if its bytes still are those that its name was made from.
    private func file(_ path: String) -> Site.File? {
        if let known = state.withLock({ $0.files[path] }) { return known }
        guard let bytes = try? Files.read(output + "/" + path) else { return nil }
        let file = Site.File(path: path, bytes: bytes)
        guard file.isNamedByContent else { return nil }
        state.withLock { $0.files[path] = file }
        return file
    }

    /// The digest of an entry's bytes comes first.
    private func read(_ name: String) -> KeptExhibit? {
        guard let bytes = try? Files.read(folder + "/" + name), bytes.count > 32 else { return nil }
        let content = Array(bytes[32...])
        guard Digest(of: content) == Digest(bytes: bytes[..<32]) else { return nil }
        return KeptExhibit(content, file: file)
    }

    private func write(_ entry: KeptExhibit, to name: String) {
        let content = entry.bytes
        try? Files.write(
            Digest(of: content).bytes + content, to: folder + "/" + name, syncsFile: false, syncsFolder: false)
    }
}
