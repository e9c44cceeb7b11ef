import Files
import Imaging
import Pages
import TestSupport
import Testing

/// The whole line on a handful of real photographs: chapters → plan → results → pages.
@Suite(.serialized, .enabled(if: Files.exists(Repository.orl), "data/orl is missing; `make setup` fetches it"))
struct EndToEndTests {
    @Test func aBookBecomesAReport() throws {
        let project = try makeProject()
        let first = try project.build()
        #expect(first.executed == ["faces", "tuned", "pixels", "before", "after", "grid"])
        let page = first.page

        // Accounts: every file once.
        #expect(page.contains("images found"))
        #expect(page.contains("− image cut short"))
        #expect(page.contains("− not an image"))
        #expect(page.contains("− empty file"))
        #expect(first.values("faces")["found"] == .count(33))
        #expect(page.contains("id=\"fig-tuned\""))
        #expect(page.contains("id=\"tbl-after\""))
        #expect(page.contains("random weights"))
        #expect(page.contains("This dataset has no attributes"))
        #expect(page.contains("<math"))
        #expect(!page.contains("\\frac"))
        #expect(page.contains("alt=\"Triplet loss"))
        // Prose quotes results, and references are numbered.
        #expect(page.contains(#"Of <span class="value" data-source="faces.found">33</span> photographs"#))
        #expect(
            page.range(of: #"<a [^>]*href="[^"]*#fig-tuned"[^>]*>Figure 1</a>"#, options: .regularExpression) != nil)
        for picture in first.pictures { #expect(Files.exists(project.folder + "/output/" + picture), "\(picture)") }
        #expect(first.pictures.count > 20)

        // What was promised of every result before it was there is true of it.
        try expectPromisesKept(project.plan(), first.exhibits)

        // Unchanged: nothing runs, and the pages have the same bytes.
        let second = try project.build()
        #expect(second.executed == [])
        #expect(second.page == page)

        // One train's epochs: that train, its evaluation, its grid.
        let third = try project.build(set: ["epochs": "2"])
        #expect(third.executed == ["tuned", "after", "grid"])

        // More ranks than the gallery holds: a diagnostic with both numbers, at the value.
        let refused = try project.attempt(only: "pixels", set: ["depth": "1000"]).built.results
        let failure = try #require(refused.failures.first)
        #expect(failure.code == "k-too-large")
        #expect(failure.message.contains("k is 1000, but the gallery of 'faces' holds only"))
        #expect(failure.range?.start.line == 26)
    }

    /// Six people of ORL with five photographs each, and three broken files.
    private func makeProject() throws -> SmallProject {
        let project = try SmallProject(chapter: Self.chapter, settings: Self.settings, hasPortraits: false)
        try project.addORL(people: 6, photographs: 5, as: "six")
        let jpeg = try Image(contentsOf: Repository.orl + "/s7/1.pgm").jpeg(quality: 90)
        try project.place.put(Array(jpeg.prefix(jpeg.count / 2)), "data/six/s1/truncated.jpg")
        try project.place.put("not an image", "data/six/s1/text.jpg")
        try project.place.put("", "data/six/s1/empty.png")
        return project
    }

    private static let settings = """
        title: A small book
        parameters:
          epochs: 1
          depth: 4
        """

    private static let chapter = #"""
        # All

        Of `=faces.found` photographs, see @fig-tuned and $\frac{1}{2}$.

        ```preprocess
        id: faces
        dataset: six
        test: 0.34
        ```

        ```train
        id: tuned
        data: faces
        model: mobilenet_v2
        unfreeze: 1
        epochs: ${epochs}
        batch: 8
        precision: f32
        ```

        ```evaluate
        id: pixels
        data: faces
        model: pixels
        k:
          - 1
          - 2
          - ${depth}
        ```

        ```evaluate
        id: before
        data: faces
        model: mobilenet_v2
        k: [1, 2]
        precision: f32
        ```

        ```evaluate
        id: after
        data: faces
        train: tuned
        against: before
        k: [1, 2]
        precision: f32
        ```

        ```query-grid
        id: grid
        evaluate: after
        queries: 2
        ranks: 3
        ```
        """#
}
