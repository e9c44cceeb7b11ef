import Diagnostics
import Directives
import TestSupport
import Testing

/// A book in two languages: one execution, pages beside each other.
@Suite struct TranslationTests {
    private static let original = """
        # Faces {#sec-faces}

        There are `=faces.found` photographs, see @tbl-faces and @sec-split.

        ```preprocess
        id: faces
        dataset: small
        test: ${test}
        caption: What was found.
        ```

        ## The split

        $$
        a = b
        $$ {#eq-same}

        ## At the end {#sec-split}

        ```claim
        id: many
        that: faces.found > 3
        caption: There are several.
        ```
        """

    private static let translated = """
        # Khuôn mặt {#sec-faces}

        Có `=faces.found` ảnh, xem @tbl-faces và @sec-split.

        ```preprocess
        id: faces
        caption: Những gì tìm được.
        ```

        ## Chia tập

        $$
        a = b
        $$ {#eq-same}

        ## Cuối cùng

        ```claim
        id: many
        caption: Có nhiều.
        ```
        """

    private static let settings =
        "title: Faces\nsubtitle: Of people\ntranslations: [vi]\nparameters: {test: 0.4}\n"

    private func project(
        _ translated: String = Self.translated, settings: String = "title: Khuôn mặt\n"
    ) throws -> SmallProject {
        let project = try SmallProject(chapter: Self.original, settings: Self.settings)
        try project.place.put(translated, "chapters/vi/01-all.md")
        try project.place.put(settings, "chapters/vi/report.yml")
        return project
    }

    private func problems(_ translated: String, settings: String = "title: Khuôn mặt\n") throws -> [Diagnostic] {
        let project = try project(translated, settings: settings)
        return withExtendedLifetime(project) { CheckedBook(project.project()).diagnostics }
    }

    @Test func bothAreMadeFromOneExecution() throws {
        let project = try project()
        let built = try project.build()
        #expect(built.executed == ["faces", "many"])
        let page = try #require(project.place.read("output/index.vi.html"))
        #expect(page.contains(#"<html lang="vi">"#))
        #expect(page.contains("Những gì tìm được.") && !page.contains("What was found."))
        #expect(page.contains("Có nhiều.") && page.contains("Of people"))
        #expect(page.contains(#"href="index.html" hreflang="en" lang="en">English</a>"#))
        #expect(built.page.contains(#"href="index.vi.html" hreflang="vi" lang="vi">Tiếng Việt</a>"#))
        #expect(built.page.contains("What was found.") && !built.page.contains("Những gì tìm được."))
        // Places have one address in both.
        for id in ["sec-faces", "the-split", "sec-split", "eq-same", "tbl-faces", "claim-many"] {
            #expect(page.contains("id=\"\(id)\""), "\(id)")
            #expect(built.page.contains("id=\"\(id)\""), "\(id)")
        }
        // Pictures are shared.
        for picture in built.pictures where picture.hasSuffix(".jpg") { #expect(page.contains(picture)) }

        // A changed sentence of the translation draws its page anew and runs nothing.
        try project.place.put(
            Self.translated.replacing("Có nhiều.", with: "Có rất nhiều."), "chapters/vi/01-all.md")
        #expect(try project.build().executed == [])
        #expect(project.place.read("output/index.vi.html")?.contains("Có rất nhiều.") == true)
    }

    @Test func whatATranslationLacksIsTold() throws {
        let found = try problems("# Khuôn mặt {#sec-faces}\n\n## Cuối cùng {#sec-split}\n")
        #expect(
            found.map(\.message) == [
                "the section '#the-split' of the original is missing here",
                "the formula '#eq-same' of the original is missing here", "'faces' of the original is missing here",
                "'many' of the original is missing here",
            ])
        #expect(found.allSatisfy { $0.severity == .warning && $0.range?.path.hasSuffix("vi/01-all.md") == true })
        #expect(found.allSatisfy { $0.notes.count == 1 })
    }

    @Test func whatATranslationMayNotSayIsTold() throws {
        let option = try problems(Self.translated.replacing("id: faces", with: "id: faces\ntest: 0.5"))
        #expect(option.map(\.code) == ["not-translated"])
        #expect(option[0].message.contains("'test' is said once") && option[0].notes.count == 1)
        #expect(option[0].range?.start.line == 7)
        #expect(
            try problems(Self.translated.replacing("id: faces", with: "id: face")).map(\.code).contains("unknown-id"))
        #expect(
            try problems(Self.translated.replacing("```preprocess", with: "```dataset")).map(\.code).contains(
                "wrong-kind"))
        #expect(
            try problems(Self.translated.replacing("## Cuối cùng", with: "## Cuối cùng {#sec-other}")).map(\.code)
                == ["not-a-translation"])
        #expect(try problems(Self.translated + "\n\n## Thêm\n").map(\.code) == ["not-a-translation"])
        #expect(
            try problems(Self.translated, settings: "title: K\nparameters: {test: 0.5}\n").map(\.code)
                == ["not-translated"])
        #expect(try problems(Self.translated + "\n`=faces.fuond`\n").map(\.code) == ["unknown-value"])
    }

    @Test func filesOfATranslationBelongToChapters() throws {
        let project = try project()
        try project.place.put("# Khác\n", "chapters/vi/01-al.md")
        #expect(
            CheckedBook(project.project()).diagnostics.map(\.message) == [
                "\(project.folder)/chapters/vi/01-al.md translates no chapter: none has that name; did you mean '01-all.md'?"
            ])
    }

    /// A chapter without translation stands in the translated book as it is, so that references into it lead somewhere.
    @Test func anUntranslatedChapterStays() throws {
        let project = try project()
        try project.place.put("# More {#sec-more}\n\nText.\n", "chapters/02-more.md")
        let (built, problems) = try project.attempt()
        #expect(problems.map(\.code) == ["untranslated"])
        #expect(built.executed == ["faces", "many"])
        #expect(project.place.read("output/more.vi.html")?.contains("Text.") == true)
        #expect(project.place.read("output/index.vi.html")?.contains(#"href="more.vi.html""#) == true)
    }

    @Test(arguments: [
        ("translations: [vi, vi]", "named twice"), ("translations: [../x]", "language tags"),
        ("translations: [VI]", "lower case"), ("translations: [fr]", "there is no folder"),
        ("translations: [en]", "in which it is written"),
    ]) func languagesThatCannotBe(line: String, told: String) throws {
        let project = try project()
        try project.place.put("title: Faces\nparameters: {test: 0.4}\n\(line)\n", "chapters/report.yml")
        try project.place.put("title: F\n", "chapters/en/report.yml")
        let found = CheckedBook(project.project()).diagnostics
        #expect(found.contains { $0.severity == .error && $0.message.contains(told) }, "\(found)")
    }
}
