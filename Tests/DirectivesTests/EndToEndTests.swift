import Directives
import Faces
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

        try answerQueries(project)

        // More ranks than the gallery holds: a diagnostic with both numbers, at the value.
        let refused = try project.attempt(only: "pixels", set: ["depth": "1000"]).built.results
        let failure = try #require(refused.failures.first)
        #expect(failure.code == "k-too-large")
        #expect(failure.message.contains("k is 1000, but the gallery of 'faces' holds only"))
        #expect(failure.range?.start.line == 26)
    }

    /// Each evaluation answers about its own queries as it ranked them.
    private func answerQueries(_ project: SmallProject) throws {
        let searches = FaceSearches(project.project(["epochs": "2"]))
        let facts = try searches.list()
        #expect(facts.map(\.id) == ["pixels", "before", "after"])
        #expect(facts.allSatisfy { $0.isReady && $0.remark == nil && $0.gallery ?? 0 > 4 })
        for facts in facts {
            let loaded = try searches.search(facts.id)
            let faces = loaded.search.faces
            for query in faces.queries {
                let bytes = try Files.read(project.folder + "/data/six/" + faces.faces[query].path)
                let asked = FaceQuery(evaluations: [facts.id], k: 4)
                let found = try searches.find(in: bytes, name: "photograph", for: asked)
                let answer = try searches.answer(found, asked, carriesPictures: false) { _, _ in nil }
                let part = try #require(answer.answers.first)
                #expect(part.identity == faces.faces[query].identity && part.neighbours.count == 4)
                let nearest = try loaded.search.nearest(4, to: loaded.search.vector(of: faces.image(of: query)))
                #expect(part.neighbours.map(\.path) == nearest.hits.map { faces.faces[$0.face].path })
                #expect(part.neighbours.map(\.distance) == nearest.hits.map(\.distance))
            }
        }
        // With settings that have not been built yet, the last results answer, and say so; not where faces are found
        // otherwise.
        let later = try FaceSearches(project.project(["epochs": "3"])).list()
        #expect(later.map(\.isReady) == [true, true, true])
        #expect(later[0].remark == nil)
        #expect(later[2].remark == "an earlier result: 'tuned' would run again (option epochs: 2 → 3)")
        let deeper = try FaceSearches(project.project(["depth": "3"])).list()
        #expect(deeper.map(\.isReady) == [false, true, true])
        #expect(
            deeper[0].problem
                == "evaluation 'pixels' is out of date (option k: [1, 2, 4] → [1, 2, 3]); "
                + "'likeness build --only pixels' computes it anew"
        )
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
