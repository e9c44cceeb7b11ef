import Chapters
import Files

extension Attachments {
    /// What a book's links and pictures may cost to be read.
    package struct Limits: Sendable {
        /// Of one file, and of all together, in bytes.
        package var file = 32 << 20
        package var total = 256 << 20

        package init(file: Int = 32 << 20, total: Int = 256 << 20) { (self.file, self.total) = (file, total) }
    }

    /// Reads what a book's links and pictures name in the chapters' folder, each file once.
    ///
    /// Only regular files below the folder are read: no `..` out of it, no link out of it. What lies elsewhere, is too
    /// large or cannot be read is kept as a reason, for the writer to tell at the place that names it.
    ///
    /// - Parameter captions: of the book's directives.
    package static func read(
        for book: Book, captions: [Prose] = [], in folder: String, limits: Limits = Limits()
    ) -> Attachments {
        var reader = AttachmentReader(book: book, folder: folder, limits: limits)
        func look(_ inline: Inline) {
            switch inline {
            case .link(let destination, _, _, _): reader.look(for: destination, isPicture: false)
            case .image(let source, _, _, _, _): reader.look(for: source, isPicture: true)
            default: break
            }
        }
        for chapter in book.chapters { chapter.forEachInline(look) }
        for prose in captions + [book.settings.title] + [book.settings.subtitle].compactMap({ $0 }) {
            for inline in prose.inlines { inline.visit(look) }
        }
        return reader.attachments
    }
}

private struct AttachmentReader {
    let pages: ChapterNames
    let trust: Bool
    let folder: String
    let root: String?
    let limits: Attachments.Limits
    var attachments = Attachments()
    private var left: Int
    private var asked: Set<String> = []

    init(book: Book, folder: String, limits: Attachments.Limits) {
        pages = ChapterNames(book)
        trust = book.settings.trust
        self.folder = folder
        root = Files.resolved(folder)
        self.limits = limits
        left = limits.total
    }

    mutating func look(for written: String, isPicture: Bool) {
        guard let root, asked.insert("\(isPicture) \(written)").inserted, case .local(let local) = Address(written)
        else { return }
        var missing: String?
        for (path, _) in Address.readings(of: local) {
            guard !path.isEmpty, isPicture || pages.chapter(named: path) == nil else { return }
            guard let parts = Address.parts(of: path, from: []), !parts.isEmpty else { continue }
            let name = parts.joined(separator: "/")
            if attachments.entries[name] != nil { return }
            if let place = place(of: parts) {
                return attachments.add(entry(place, name, below: root, isPicture: isPicture), at: name)
            }
            missing = missing ?? parts.dropLast().joined(separator: "/")
        }
        if let missing { note(missing) }
    }

    /// Where a file of this name lies: also one whose letters are composed otherwise.
    private func place(of parts: [String]) -> String? {
        let exact = folder + "/" + parts.joined(separator: "/")
        if Files.exists(exact) { return exact }
        guard parts.contains(where: { !$0.utf8.allSatisfy { $0 < 0x80 } }) else { return nil }
        var place = folder
        for part in parts {
            let entries = (try? Files.list(place).entries) ?? []
            guard let found = entries.first(where: { $0.name == part }) else { return nil }
            place += "/" + found.name
        }
        return place
    }

    private mutating func entry(_ place: String, _ name: String, below root: String, isPicture: Bool)
        -> Attachments.Entry
    {
        guard let path = Files.resolved(place) else {
            return .refused("is a link that leads nowhere; mend or remove it")
        }
        guard Files.lies(path, below: root) else {
            return .refused("leads out of the chapters' folder; put a copy into it")
        }
        switch Files.kind(of: path) {
        case .folder: return .refused("is a folder; name a file in it")
        case .other: return .refused("is no regular file; put a copy of its content beside the chapter")
        case .file: break
        }
        guard isPicture || trust || FileKind.isHarmless(name) else {
            return .refused(
                "is of a kind that a browser may run or that nobody knows; pack it into a .zip, or set 'trust: true' in report.yml"
            )
        }
        do {
            let bytes = try Files.read(path, limit: min(limits.file, left))
            left -= bytes.count
            return .file(.init(path: String(path.utf8.dropFirst(root.utf8.count + 1)) ?? name, bytes: bytes))
        } catch {
            guard error.kind == .tooLarge else { return .refused(error.problem) }
            return .refused(
                left < limits.file
                    ? "makes the files beside the chapters larger than \(limits.total >> 20) MB together; use fewer or smaller ones"
                    : "is larger than \(limits.file >> 20) MB; make it smaller, or link to it on the network")
        }
    }

    private mutating func note(_ folder: String) {
        guard attachments.neighbours[folder] == nil else { return }
        let place = folder.isEmpty ? self.folder : self.folder + "/" + folder
        guard let root, let path = Files.resolved(place), path == root || Files.lies(path, below: root) else { return }
        let names = ((try? Files.list(path).entries) ?? []).filter { $0.kind == .file && !$0.name.hasPrefix(".") }
        attachments.note(names.map(\.name).sorted().prefix(1000).map { $0 }, in: folder)
    }
}
