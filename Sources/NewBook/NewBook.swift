import Faces
import Files
import Portraits
import Tensors

/// A small book to begin with: chapters and settings for somebody's photographs, or for portraits that are drawn for it.
package struct NewBook: Sendable {
    /// What the book is about.
    package enum Subject: Sendable {
        /// A folder of photographs, which are read where they are.
        case photographs(folder: String, PhotographFolder, FaceSurvey?)
        /// So many drawn people and portraits of them.
        case portraits(people: Int, images: Int)
    }

    package enum Language: String, CaseIterable, Sendable { case en, vi }

    package var subject: Subject
    package var language: Language

    package init(_ subject: Subject, language: Language) {
        self.subject = subject
        self.language = language
    }

    /// What the chapters can be computed with; nil where there are no two people to tell apart.
    package var numbers: BookNumbers? {
        switch subject {
        case .photographs(_, _, let survey):
            survey.flatMap { BookNumbers(faces: $0.faces, isExact: $0.isExact) }
        // The cascade misses few of them.
        case .portraits(let people, let images):
            BookNumbers(faces: Array(repeating: images / people, count: people), isExact: false)
        }
    }

    /// Writes the book beside its place and moves it there at once: a power cut leaves all of it or nothing of that name.
    ///
    /// - Parameters:
    ///   - folder: not there yet, or empty.
    ///   - progress: called with the number of drawn portraits; returns false to stop.
    /// - Throws: `FileError`; `PortraitsStopped`. Nothing is left then.
    package func write(to folder: String, progress: @escaping @Sendable (Int) -> Bool = { _ in true }) throws {
        let place = try Place(folder)
        try Files.makeFolder(Files.folder(of: place.final))
        try Files.makeFolder(place.staged)
        do {
            try fill(place, progress)
            try place.commit()
        } catch {
            place.discard()
            throw error
        }
    }

    /// Throws as `write` does where the book could not be put into a folder.
    package static func check(_ folder: String, photographs: String?) throws(FileError) {
        let place = try Place(folder)
        guard let photographs, let read = Files.resolved(photographs) else { return }
        if place.final == read || Files.lies(place.final, below: read) {
            throw FileError(
                .unwritable, folder,
                "lies in \(photographs), and what is built there would be read as photographs; name a folder beside it")
        }
    }

    private func fill(_ place: Place, _ progress: @escaping @Sendable (Int) -> Bool) throws {
        for (name, text) in texts { try Files.write(Array(text.utf8), to: place.staged + "/" + name) }
        let data = place.staged + "/data"
        try Files.makeFolder(data + "/weights")
        switch subject {
        case .portraits(let people, let images):
            let set = PortraitSet(identities: people, images: images, seed: 1)
            try set.write(
                to: data + "/" + Self.portraits, damage: PortraitDamage(share: 0, of: set), threads: Threads.count,
                progress: progress)
        case .photographs(let folder, .people, _):
            try place.link("data/" + Self.photographs, to: folder)
        case .photographs(let folder, .loose, _):
            try Files.makeFolder(data + "/" + Self.photographs)
            try place.link("data/\(Self.photographs)/\(Template.everybody(in: language))", to: folder)
        }
        try Files.sync(folder: data)
    }

    private static let photographs = "photographs"
    private static let portraits = "portraits"
    private var dataset: String { if case .portraits = subject { Self.portraits } else { Self.photographs } }

    /// All files but data: name → text.
    private var texts: [(String, String)] {
        let chapters: [Template]
        var values = ["dataset": dataset, "origin": Template.origin(of: subject, in: language)]
        if let numbers {
            chapters = [.photographs, .vectors, .evaluation, .asking]
            let setting: FaceSurvey.Setting
            if case .photographs(_, _, let survey?) = subject { setting = survey.setting } else { setting = .drawn }
            values.merge(setting.values) { $1 }
            values.merge(numbers.values) { $1 }
        } else {
            chapters = [.unknown, .network]
        }
        let settings: Template = numbers == nil ? .fewSettings : .settings
        return [
            ("chapters/report.yml", settings.text(in: language, values)),
            (".gitignore", "/.likeness/\n/data/\n/output/\n"),
        ]
            + chapters.enumerated().map { number, chapter in
                ("chapters/0\(number + 1)-\(chapter.fileName).md", chapter.text(in: language))
            }
    }
}

extension FaceSurvey.Setting {
    /// For drawn portraits, which are as large as CelebA's photographs.
    fileprivate static let drawn = Self(minSize: 0, minNeighbors: 9)

    fileprivate var values: [String: String] {
        [
            "min_size": "\(minSize)", "min_neighbors": "\(minNeighbors)", "margin_top": "\(margins.top)",
            "margin_bottom": "\(margins.bottom)", "margin_side": "\(margins.side)", "crop_size": "\(cropSize)",
        ]
    }
}

extension BookNumbers {
    fileprivate var values: [String: String] {
        [
            "test": "\(testShare)", "ranks": "[\(ranks.map(String.init).joined(separator: ", "))]",
            "queries": "\(shownQueries)", "shown": "\(shownRanks)",
        ]
    }
}
