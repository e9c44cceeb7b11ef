import Diagnostics
import Foundation

extension Book {
    /// What could be read of a book, and everything that is wrong with it.
    package struct Loaded: Sendable {
        package var book: Book
        /// The same in other languages, in the order of the settings.
        package var translations: [Book] = []
        package var diagnostics: [Diagnostic]
        /// The text of every file by the path that ranges name: what `DiagnosticFormatter` needs.
        package var sources: [String: String]
    }

    /// Reads a book, or throws all that is wrong with it.
    /// - Throws: `Problems`, when there is an error among the diagnostics.
    package init(
        contentsOf folder: String, displayedAs name: String? = nil, profile: String? = nil,
        set assignments: [(name: String, value: String)] = []
    ) throws(Problems) {
        let loaded = Book.load(contentsOf: folder, displayedAs: name, profile: profile, set: assignments)
        guard !loaded.diagnostics.contains(where: { $0.severity == .error }) else { throw Problems(loaded.diagnostics) }
        self = loaded.book
    }

    /// Reads `report.yml` and the chapters of a folder, as much as can be read.
    ///
    /// Chapters are the folder's own `*.md` files by name; hidden files and subfolders are left alone.
    /// Files that cannot be read are diagnostics that name the path.
    /// - Parameters:
    ///   - name: the folder as messages should show it.
    ///   - profile: the profile to use instead of the book's own choice.
    ///   - assignments: values for parameters, stronger than the profile's.
    package static func load(
        contentsOf folder: String, displayedAs name: String? = nil, profile: String? = nil,
        set assignments: [(name: String, value: String)] = []
    ) -> Loaded {
        let name = name ?? folder
        var loader = BookLoader(folder: folder, name: name)
        var loaded = loader.load(profile: profile, set: assignments)
        for language in loaded.book.settings.translations {
            var loader = BookLoader(folder: folder + "/" + language, name: loader.shown(language))
            let translated = loader.load(translating: loaded.book, into: language)
            loaded.translations.append(translated.book)
            loaded.diagnostics += translated.diagnostics
            loaded.sources.merge(translated.sources) { $1 }
        }
        return loaded
    }
}

private struct BookLoader {
    let folder: String
    let name: String
    var diagnostics: [Diagnostic] = []
    var sources: [String: String] = [:]

    init(folder: String, name: String) {
        self.folder = folder
        self.name = name
    }

    mutating func load(profile: String?, set assignments: [(name: String, value: String)]) -> Book.Loaded {
        let files = listing()
        let strangers = StrayFiles(folder: folder, name: name, files: files)
        var settings = SettingsReader(path: shown("report.yml"))
        // Whatever has that name is meant: what is no file is told.
        let isThere = files.contains("report.yml") || FileManager.default.fileExists(atPath: folder + "/report.yml")
        let text = isThere ? text(of: "report.yml") : nil
        var values = settings.read(text, profile: profile, set: assignments)
        if isThere, text == nil { values.areParametersKnown = false }
        diagnostics.append(contentsOf: settings.diagnostics)

        var chapters: [Chapter] = []
        var slugs: [String: String] = [:]
        for file in files.filter({ $0.hasSuffix(".md") && !$0.hasPrefix(".") }).sorted(by: Self.precedes) {
            let slug = slugs.isEmpty ? "index" : Self.slug(of: file)
            if let other = slugs[slug] {
                let reason =
                    slug == "index"
                    ? "'index' is the first chapter, \(other)" : "\(other) has the same page name '\(slug)'"
                diagnostics.append(.error("duplicate-chapter", "\(shown(file)) must be renamed: \(reason)"))
                continue
            }
            slugs[slug] = shown(file)
            guard slug.utf8.count <= Self.longestPage else {
                diagnostics.append(
                    .error(
                        "long-name",
                        "the name of \(shown(file)) makes a page's name of \(slug.utf8.count) bytes; rename it so that it has "
                            + "\(Self.longestPage) at most"))
                continue
            }
            guard let source = self.text(of: file) else { continue }
            let (chapter, problems) = Chapter.read(
                source, path: shown(file), slug: slug, parameters: values.parameters)
            chapters.append(chapter)
            diagnostics.append(contentsOf: problems)
        }
        // Where the settings could not be read, nobody knows which parameters there are.
        if !values.areParametersKnown { diagnostics.removeAll { $0.code == "unknown-parameter" } }
        diagnostics += strangers.problems()
        if slugs.isEmpty, diagnostics.isEmpty || !files.isEmpty {
            diagnostics.append(
                .error("no-chapters", "\(name) has no chapters; write the first into \(shown("01-introduction.md"))"))
        }
        if values.title.inlines.isEmpty { values.title = chapters.first?.title ?? Prose([.text(name)]) }
        diagnostics.append(contentsOf: LabelCheck.problems(in: chapters))
        return Book.Loaded(
            book: Book(settings: values, chapters: chapters), diagnostics: sortedByPlace(diagnostics), sources: sources)
    }

    /// Reads a translation: chapters under the names of the original's files. What it lacks stands there as in the original,
    /// and is told.
    mutating func load(translating original: Book, into language: String) -> Book.Loaded {
        let files = listing()
        let text = text(of: "report.yml")
        var settings = SettingsReader(path: shown("report.yml"))
        let words = settings.read(text, translating: original.settings, into: language)
        diagnostics += settings.diagnostics
        if language == original.settings.language {
            diagnostics.append(
                .error("own-language", "\(name) translates the book into '\(language)', in which it is written"))
        }
        var chapters: [Chapter] = []
        for chapter in original.chapters {
            let slug = chapter.slug + "." + language
            guard files.contains(chapter.file), let source = self.text(of: chapter.file) else {
                if !files.isEmpty {
                    diagnostics.append(
                        .warning("untranslated", "\(shown(chapter.file)) is missing: the chapter stays as it is"))
                }
                var stand = chapter
                stand.slug = slug
                chapters.append(stand)
                continue
            }
            var (translated, problems) = Chapter.read(
                source, path: shown(chapter.file), slug: slug, parameters: original.settings.parameters)
            problems += translated.takeAnchors(of: chapter)
            chapters.append(translated)
            diagnostics += problems
        }
        let known = Set(original.chapters.map(\.file))
        for file in files.sorted() where file.hasSuffix(".md") && !file.hasPrefix(".") && !known.contains(file) {
            let near = suggestion(for: file, among: known.sorted())
            diagnostics.append(
                .error("not-a-translation", "\(shown(file)) translates no chapter: none has that name\(near)"))
        }
        diagnostics += LabelCheck.problems(in: chapters)
        return Book.Loaded(
            book: Book(settings: words, chapters: chapters), diagnostics: sortedByPlace(diagnostics), sources: sources)
    }

    /// Room is left for what a file's name has while it is written.
    private static let longestPage = 200

    func shown(_ file: String) -> String { name.hasSuffix("/") ? name + file : name + "/" + file }

    private mutating func listing() -> [String] {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: folder, isDirectory: &isFolder) else {
            let remedy = "go to a book's folder, or make a book with 'likeness new'"
            diagnostics.append(.error("missing-folder", "there is no folder \(name); \(remedy)"))
            return []
        }
        guard isFolder.boolValue else {
            diagnostics.append(.error("missing-folder", "\(name) is not a folder"))
            return []
        }
        guard let files = try? FileManager.default.contentsOfDirectory(atPath: folder) else {
            diagnostics.append(.error("unreadable-folder", "the folder \(name) cannot be read"))
            return []
        }
        return files.filter { file in
            // A subfolder named like a chapter is a subfolder.
            var isFolder: ObjCBool = false
            return !FileManager.default.fileExists(atPath: folder + "/" + file, isDirectory: &isFolder)
                || !isFolder.boolValue
        }
    }

    private mutating func text(of file: String) -> String? {
        guard !leadsOut(file) else {
            let message = "\(shown(file)) leads out of the chapters' folder; put a copy into it"
            diagnostics.append(.error("refused-file", message))
            return nil
        }
        switch TextFile.read(folder + "/" + file, displayedAs: shown(file)) {
        case .success(let text):
            sources[shown(file)] = text
            return text
        case .failure(let refusal):
            diagnostics.append(refusal.diagnostic)
            return nil
        }
    }

    /// Whether a link leads out of the folder: a book from elsewhere must not publish its reader's files.
    private func leadsOut(_ file: String) -> Bool {
        func resolved(_ path: String) -> String? {
            guard let found = realpath(path, nil) else { return nil }
            defer { free(found) }
            return String(validatingCString: found)
        }
        guard let root = resolved(folder), let path = resolved(folder + "/" + file) else { return false }
        return !path.utf8.starts(with: (root == "/" ? root : root + "/").utf8)
    }

    /// By bytes, so that every machine reads the book in the same order.
    private static func precedes(_ a: String, _ b: String) -> Bool { a.utf8.lexicographicallyPrecedes(b.utf8) }

    /// `03-fine-tuning.md` is `fine-tuning`.
    private static func slug(of file: String) -> String {
        let stem = file.dropLast(3)
        let digits = stem.prefix { $0.isASCII && $0.isNumber }
        var rest = stem.dropFirst(digits.count)
        if !digits.isEmpty, let separator = rest.first, "-_ .".contains(separator) {
            rest = rest.dropFirst()
        } else {
            rest = stem
        }
        let slug = Name.slug(String(rest).replacing(".", with: "-"))
        return slug.isEmpty ? "chapter-" + (digits.isEmpty ? "0" : String(digits)) : slug
    }
}
