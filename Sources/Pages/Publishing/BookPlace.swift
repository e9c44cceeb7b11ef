import Files
import Foundation

/// Whose pages lie in a folder: its record says where their chapters are.
package struct BookPlace: Sendable, Hashable, Codable {
    /// The folder of the chapters as seen from the folder of the pages: both may move together, and nobody who is handed the
    /// pages learns where they were made.
    private(set) package var chapters: String
    package var title: String

    /// - Parameter output: the folder of the pages, which need not be there yet.
    package init(chapters: String, title: String, seenFrom output: String) {
        let from = Files.resolvedPlace(output).split(separator: "/")
        let to = Files.resolvedPlace(chapters).split(separator: "/")
        let shared = zip(from, to).prefix { $0 == $1 }.count
        let way = Array(repeating: "..", count: from.count - shared) + to.dropFirst(shared).map(String.init)
        self.chapters = way.isEmpty ? "." : way.joined(separator: "/")
        self.title = title
    }

    /// Refuses a folder with the pages of another book, which would be lost. Chapters that were renamed or moved are no other
    /// book: where they stood there are none any more.
    func refuse(_ other: BookPlace?, in root: String) throws(FileError) {
        guard let other, other.chapters != chapters else { return }
        let place = Files.resolvedPlace(root + "/" + other.chapters)
        let names = (try? FileManager.default.contentsOfDirectory(atPath: place)) ?? []
        guard names.contains(where: { $0.lowercased().hasSuffix(".md") }) else { return }
        throw FileError(
            .unwritable, root,
            "holds the report '\(other.title)' of the chapters in \(place), whose pages would go; name another folder for this "
                + "one, or remove that report")
    }
}
