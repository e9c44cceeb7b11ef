import Chapters
import Diagnostics

/// The chapters by the names under which links know them.
struct ChapterNames: Sendable {
    private var byFile: [String: Int] = [:]
    private var byPage: [String: Int] = [:]
    let chapters: [Chapter]

    init(_ book: Book) {
        chapters = book.chapters
        for (index, chapter) in chapters.enumerated() {
            byFile[chapter.file] = index
            byPage[chapter.page] = index
        }
    }

    /// By its file, wherever it is said to lie, or by its page. `Dictionary` compares names as Unicode does.
    func chapter(named path: String) -> Chapter? {
        let name = path.utf8.split(separator: UInt8(ascii: "/")).last.flatMap { String($0) } ?? ""
        if let index = byFile[name] { return chapters[index] }
        guard let parts = Address.parts(of: path, from: []), parts.count == 1 else { return nil }
        return byPage[parts[0]].map { chapters[$0] }
    }

    var files: [String] { chapters.map(\.file) }
}

/// Where the links and pictures of the text lead. The one place that knows what may become an address in a page.
struct Destinations {
    enum Target {
        /// Out of the report.
        case outside(String)
        /// A page of the report, or a place in it.
        case place(page: String, anchor: String?)
        case file(Attachments.File)
        case nowhere(Problem)
    }

    struct Problem {
        var severity = Diagnostic.Severity.error
        var code: String
        var message: String
        /// What was written, and what may have been meant, as the message shows them.
        var wanted = ""
        var candidates: @Sendable () -> [String] = { [] }
    }

    private let names: ChapterNames
    private let attachments: Attachments
    /// By page: the ids that a link may name, and the one that the page has for each.
    private let anchors: [String: [String: String]]

    init(_ book: Book, _ numbering: Numbering, _ attachments: Attachments) {
        names = ChapterNames(book)
        self.attachments = attachments
        var anchors = numbering.anchors
        if book.settings.trust {
            for chapter in book.chapters {
                for id in RawHTML.ids(in: chapter) where anchors[chapter.page]?[id] == nil {
                    anchors[chapter.page, default: [:]][id] = id
                }
            }
        }
        self.anchors = anchors
    }

    func link(_ written: String, from chapter: Chapter) -> Target {
        switch Address(written) {
        case .outside(let address): return .outside(address)
        case .refused(let reason):
            return .nowhere(
                Problem(
                    severity: .warning, code: "unsafe-link",
                    message: "the link '\(Self.shown(written))' is left out: it \(reason)"))
        case .local(let local): return self.local(local, written, from: chapter)
        }
    }

    private func local(_ local: String, _ written: String, from chapter: Chapter) -> Target {
        let readings = Address.readings(of: local)
        for (path, place) in readings {
            if path.isEmpty { return self.place(place ?? "", in: chapter, isOwn: true) }
            if let target = names.chapter(named: path) {
                return self.place(place ?? "", in: target, isOwn: target.page == chapter.page)
            }
            guard let parts = Address.parts(of: path, from: []), !parts.isEmpty else { continue }
            switch attachments.entries[parts.joined(separator: "/")] {
            case .file(let file): return .file(file)
            case .refused(let reason):
                return .nowhere(Problem(code: "refused-file", message: "the file '\(Self.shown(written))' \(reason)"))
            case nil: continue
            }
        }
        return .nowhere(missing(readings.first?.path ?? local, written))
    }

    /// A place in a chapter, or its beginning.
    private func place(_ name: String, in chapter: Chapter, isOwn: Bool) -> Target {
        let known = anchors[chapter.page] ?? [:]
        if let anchor = known[name] ?? known[Address.decoded(name)] {
            return .place(page: chapter.page, anchor: anchor)
        }
        if name.isEmpty || name == "top" { return .place(page: chapter.page, anchor: nil) }
        return .nowhere(
            Problem(
                code: "unknown-anchor",
                message: "there is no '#\(Self.shown(name))' in \(isOwn ? "this chapter" : chapter.file)",
                wanted: "#" + name, candidates: { known.keys.map { "#" + $0 } }))
    }

    private func missing(_ path: String, _ written: String) -> Problem {
        let shown = Self.shown(written)
        guard let parts = Address.parts(of: path, from: []) else {
            return Problem(
                code: "refused-file",
                message: "the link '\(shown)' leads out of the chapters' folder; put a copy into it")
        }
        let name = parts.last ?? ""
        if name.lowercased().hasSuffix(".md") {
            return Problem(
                code: "unknown-chapter", message: "there is no chapter '\(Self.shown(name))'", wanted: name,
                candidates: { [names] in names.files })
        }
        return Problem(
            code: "unknown-file", message: "there is no file '\(shown)' beside the chapter", wanted: name,
            candidates: { [attachments] in attachments.neighbours[parts.dropLast().joined(separator: "/")] ?? [] })
    }

    /// A picture's file.
    func picture(_ written: String) -> Target {
        let shown = Self.shown(written)
        switch Address(written) {
        case .outside(let address):
            return .nowhere(
                Problem(
                    code: "external-picture",
                    message:
                        "the picture '\(shown)' lies on the network; keep a copy beside the chapter and write ![…](\(Self.name(in: address)))"
                ))
        case .refused(let reason):
            // Which schemes a link may have does not matter to a picture.
            let isEmpty = shown.isEmpty
            return .nowhere(
                Problem(
                    code: "unknown-picture",
                    message: isEmpty
                        ? "a picture \(reason)"
                        : "the picture '\(shown)' is not shown: only files beside the chapter are; keep a copy there and name it"
                ))
        case .local(let local):
            let readings = Address.readings(of: local)
            for (path, _) in readings {
                guard let parts = Address.parts(of: path, from: []), !parts.isEmpty else { continue }
                switch attachments.entries[parts.joined(separator: "/")] {
                case .file(let file): return .file(file)
                case .refused(let reason):
                    return .nowhere(Problem(code: "refused-file", message: "the picture '\(shown)' \(reason)"))
                case nil: continue
                }
            }
            guard let parts = Address.parts(of: readings.first?.path ?? local, from: []) else {
                return .nowhere(
                    Problem(
                        code: "refused-file",
                        message: "the picture '\(shown)' leads out of the chapters' folder; put a copy into it"))
            }
            return .nowhere(
                Problem(
                    code: "unknown-picture", message: "there is no picture '\(shown)' beside the chapter",
                    wanted: parts.last ?? "",
                    candidates: { [attachments] in attachments.neighbours[parts.dropLast().joined(separator: "/")] ?? []
                    }))
        }
    }

    /// The name under which a copy of a picture on the network would be kept.
    private static func name(in address: String) -> String {
        let path = address.utf8.prefix { $0 != UInt8(ascii: "?") && $0 != UInt8(ascii: "#") }
        let last = path.split(separator: UInt8(ascii: "/")).last.flatMap { String($0) } ?? ""
        let isName =
            last.utf8.contains(UInt8(ascii: ".")) && last.utf8.count <= 60
            && last.utf8.allSatisfy {
                (0x30...0x39).contains($0) || (0x41...0x5A).contains($0 & 0xDF) || "-_.".utf8.contains($0)
            }
        return isName ? last : "picture.jpg"
    }

    /// An address as a message shows it: not a megabyte of it.
    private static func shown(_ text: String) -> String {
        text.unicodeScalars.count <= 80 ? text : String(String.UnicodeScalarView(text.unicodeScalars.prefix(79))) + "…"
    }
}
