import Dispatch
import Files
import Foundation
import Portraits

/// A folder with a small book and data for it: 24 drawn portraits of six people in `data/small`, or what a test puts there.
package final class SmallProject: Sendable {
    package let place: TemporaryFolder
    package var folder: String { place.path }

    package init(
        chapter: String = SmallProject.chapter, settings: String = "title: A small book\n", hasPortraits: Bool = true
    ) throws {
        place = try TemporaryFolder(["chapters/report.yml": settings, "chapters/01-all.md": chapter])
        try Files.makeFolder(folder + "/data")
        if hasPortraits {
            try FileManager.default.copyItem(atPath: Self.portraits.get(), toPath: folder + "/data/small")
        }
    }

    package func write(chapter: String) throws { try place.put(chapter, "chapters/01-all.md") }

    private static let portraitFolder = NSTemporaryDirectory() + "likeness-portraits-" + UUID().uuidString

    /// Drawn once for all projects.
    private static let portraits: Result<String, any Error> = Result {
        let set = PortraitSet(identities: 6, images: 24, seed: 0)
        try set.write(to: portraitFolder, damage: PortraitDamage(share: 0, of: set), threads: 2) { _ in true }
        atexit { try? FileManager.default.removeItem(atPath: SmallProject.portraitFolder) }
        return portraitFolder
    }

    package static let chapter = """
        # All

        Of `=faces.found` photographs.

        ```dataset
        id: people
        dataset: small
        ```

        ```preprocess
        id: faces
        dataset: small
        test: 0.4
        ```

        ```evaluate
        id: pixels
        data: faces
        model: pixels
        k: [1, 2]
        ```

        ```query-grid
        id: grid
        evaluate: pixels
        queries: 2
        ranks: 2
        ```

        """
}
