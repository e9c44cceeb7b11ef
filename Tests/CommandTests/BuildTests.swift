import Files
import Foundation
import TestSupport
import Testing

/// What `likeness build` prints, returns and leaves.
@Suite(.serialized) struct BuildTests {
    @Test(arguments: [
        (#"dataset: """#, "is no folder below data"), ("dataset: .", "is no folder below data"),
        (#"dataset: "small\0x""#, "is no folder below data"), ("dataset: ../data/small", "must lie below data"),
        ("dataset: small\ncascade: ../haarcascades/haarcascade_eye", "is no cascade of opencv-data"),
    ])
    func anOptionNamesNoOtherPlace(options: String, message: String) throws {
        let project = try SmallProject()
        try project.write(chapter: "# A\n\n```preprocess\nid: faces\n\(options)\n```\n")
        let ran = try project.run("check")
        #expect(ran.status == 1 && ran.text.contains(message), "\(ran.text)")
    }

    /// oneDNN's variable takes the processor's newer instructions away.
    @Test func aProcessorThatMultipliesNoHalvesWorksInFloat32() throws {
        let project = try SmallProject(hasPortraits: false)
        var command = try project.command([
            "bench", "network", "--model", "mobilenet_v2", "--precision", "auto", "--batch", "1", "--size", "32",
            "--runs", "1",
        ])
        command.environment = ProcessInfo.processInfo.environment.merging(["ONEDNN_MAX_CPU_ISA": "AVX2"]) { $1 }
        let ran = try command.run()
        #expect(ran.status == 0 && ran.output.contains(#""precision":"f32""#), "\(ran.text)")
    }

    @Test func thePageIsOpenedOnceInTheBrowser() throws {
        let project = try SmallProject()
        try project.place.put("#!/bin/sh\necho \"$1\" >> \"$(dirname \"$0\")/opened\"\n", "browser")
        let browser = project.folder + "/browser"
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: browser)
        var command = try project.command(["build", "--open"])
        command.environment = ProcessInfo.processInfo.environment.merging(["BROWSER": browser]) { $1 }
        // The first build publishes early pages, and then the whole report; the second one finds it.
        for count in 1...2 {
            let ran = try command.run()
            #expect(ran.status == 0, "\(ran.text)")
            let limit = Date().addingTimeInterval(300)
            var opened: [Substring] = []
            while opened.count < count, Date() < limit {
                opened = (project.place.read("opened") ?? "").split(separator: "\n")
                usleep(500)
            }
            #expect(opened.count == count && opened.allSatisfy { $0.hasSuffix("/output/index.html") }, "\(opened)")
        }
        command.environment?["BROWSER"] = "no-such-browser"
        let ran = try command.run()
        #expect(ran.status == 0 && ran.text.contains("no browser could be started; open output/index.html yourself"))
    }

    private func claiming(_ text: String) -> String {
        SmallProject.chapter + "\n```claim\nid: said\nthat: \(text)\n```\n"
    }

    @Test func aFailedClaimFailsAStrictBuildAndLeavesTheReport() throws {
        let project = try SmallProject()
        try project.write(chapter: claiming("faces.found >= 24"))
        let holding = try project.run("build", "--strict")
        #expect(holding.status == 0, "\(holding.text)")
        let page = String(decoding: try Files.read(project.folder + "/output/index.html"), as: UTF8.self)
        #expect(page.contains("<strong>✓ holds:</strong> faces.found (24) ≥ 24"))
        #expect(page.contains("id=\"claim-said\""))

        try project.write(chapter: claiming("faces.found > 24"))
        let strict = try project.run("build", "--strict")
        #expect(strict.status == 1)
        #expect(
            strict.text.contains(
                "chapters/01-all.md:32:7: error: claim 'said' does not hold: faces.found (24) > 24 [failed-claim]"))
        #expect(try String(decoding: Files.read(project.folder + "/output/index.html"), as: UTF8.self) == page)

        let lenient = try project.run("build")
        #expect(lenient.status == 0)
        #expect(lenient.text.contains("warning: claim 'said' does not hold"))
        // And it is said again by the next build.
        #expect(try project.run("build").text.contains("warning: claim 'said' does not hold"))
        let failed = String(decoding: try Files.read(project.folder + "/output/index.html"), as: UTF8.self)
        #expect(failed.contains("<strong>✗ does not hold:</strong> faces.found (24) &gt; 24"))
    }

    @Test(arguments: [
        ("faces.found", "is not of the form 'id.value > 0.5'"),
        ("1 < 2", "compares two numbers; name a result on one side"),
        ("faces.found > grdi.x", "no directive has the id 'grdi'; did you mean 'grid'?"),
        ("faces.fuond > 3", "'faces' has no value 'fuond'; did you mean 'found'?"),
    ])
    func aClaimThatCannotBeReadIsToldAtItsPlace(text: String, message: String) throws {
        let project = try SmallProject()
        try project.write(chapter: claiming(text))
        let (status, printed) = try project.run("build")
        #expect(status == 1)
        #expect(printed.contains("chapters/01-all.md:32:7: error: "), "\(printed)")
        #expect(printed.contains(message), "\(printed)")
    }

    private static let mistakes = """
        See @fig-nope, @sec-nope and @fig-faces: [x](nope.md), $\\nosuch{x}$, ![x](nope.png), `=people.people .9s`,
        `=faces.fuond`, `=people.name .1f`.
        """

    @Test(arguments: ["check", "build"])
    func whatNeedsNoResultIsToldBeforeAnythingRuns(command: String) throws {
        let project = try SmallProject()
        try project.write(
            chapter: SmallProject.chapter + Self.mistakes + "\n\n```claim\nid: said\nthat: people.name > 1\n```\n")
        let (status, text) = try project.run(command)
        #expect(status == 1)
        for code in [
            "unknown-reference", "wrong-reference", "unknown-chapter", "unknown-math-command", "unknown-picture",
            "unknown-format", "unknown-value",
        ] { #expect(text.contains("[\(code)]"), "\(code): \(text)") }
        #expect(text.contains("10 errors"), "\(text)")
        #expect(!Files.exists(project.folder + "/.likeness/store"))
    }

    @Test func aRemarkAboutTheTextIsMadeOnce() throws {
        let project = try SmallProject()
        try project.write(chapter: SmallProject.chapter + "\n[x](javascript:alert)\n")
        let (status, text) = try project.run("build")
        #expect(status == 0, "\(text)")
        #expect(text.components(separatedBy: "[unsafe-link]").count == 2, "\(text)")
    }

    /// Files whose names are made from their content can only be damaged; a page may be somebody's own.
    @Test func aReportThatSomebodyDamagedIsWrittenAgain() throws {
        let project = try SmallProject()
        #expect(try project.run("build").status == 0)
        let report = try project.report()
        #expect(report.count > 5)
        for name in report.keys.sorted().filter({ $0.contains("/") }).prefix(isLong ? 100 : 4) {
            let path = project.folder + "/output/" + name
            let bytes = try Files.read(path)
            try Data(bytes.dropLast()).write(to: URL(fileURLWithPath: path))
            let (status, text) = try project.run("build")
            #expect(status == 0)
            #expect(text.contains("nothing to execute"))
            #expect(try Files.read(path) == bytes, "\(name)")
        }
    }

    @Test func aChangedSentenceRunsNothingAndIsShown() throws {
        let project = try SmallProject()
        #expect(try project.run("build").status == 0)
        try project.write(
            chapter: SmallProject.chapter.replacingOccurrences(of: "photographs.", with: "pictures of people."))
        let (status, text) = try project.run("build")
        #expect(status == 0)
        #expect(text.contains("nothing to execute: all 4 results are fresh"))
        let page = String(decoding: try Files.read(project.folder + "/output/index.html"), as: UTF8.self)
        #expect(page.contains("pictures of people."))
    }

    /// What is remembered of figures decides how long a build takes, never what the page shows.
    @Test(arguments: ["kept", "damaged", "gone"])
    func rememberedFiguresAreThoseThatWouldBeDrawn(memory: String) throws {
        let project = try SmallProject()
        #expect(try project.run("build").status == 0)
        let folder = project.folder + "/.likeness/rendered"
        let names = try FileManager.default.contentsOfDirectory(atPath: folder)
        #expect(names.count { $0.hasSuffix(".exhibit") } == 4)
        if memory == "gone" { try FileManager.default.removeItem(atPath: folder) }
        for name in names where memory == "damaged" {
            var bytes = try Files.read(folder + "/" + name)
            bytes[bytes.count / 2] ^= 1
            try Data(bytes).write(to: URL(fileURLWithPath: folder + "/" + name))
        }
        try project.write(chapter: SmallProject.chapter.replacingOccurrences(of: "photographs.", with: "pictures."))
        #expect(try project.run("build").status == 0)
        let shown = try project.report()

        // Drawn anew.
        try FileManager.default.removeItem(atPath: folder)
        try FileManager.default.removeItem(atPath: project.folder + "/output")
        #expect(try project.run("build").status == 0)
        #expect(try project.report() == shown)
        #expect(shown.values.contains { String(decoding: $0, as: UTF8.self).contains("pictures.") })
    }

    @Test func anEstimateNamesTimeMemoryAndDisk() throws {
        let project = try SmallProject()
        #expect(try project.run("build", "--dry-run").text.contains("4 of 4 steps would run; 4 never ran here"))
        #expect(try project.run("build").status == 0)
        #expect(try project.run("status").text.contains("all 4 results are fresh"))
        try project.write(chapter: SmallProject.chapter.replacingOccurrences(of: "test: 0.4", with: "test: 0.5"))
        let text = try project.run("build", "--dry-run").text
        let wanted =
            #"3 of 4 steps would run; going by their last runs, [\d.]+ (s|min \d+ s), up to [\d.]+ [MG]B of memory and [\d.]+ [kM]B on disk"#
        #expect(text.range(of: wanted, options: .regularExpression) != nil, "\(text)")
    }

    @Test func aDryRunProjectsEachStepAndTheWhole() throws {
        let project = try SmallProject()
        func told(_ arguments: String...) throws -> String {
            let (status, text) = try project.run(["build", "--dry-run"] + arguments)
            #expect(status == 0)
            return text
        }
        let first = try told()
        #expect(first.contains("\nprojected  step"), "\(first)")
        #expect(first.contains("4 that take less than a second each\n"), "\(first)")
        #expect(!first.contains("tried for"), "so little is not tried")
        #expect(first.contains("about: how many faces will be found is estimated"))
        #expect(first.contains(#/\nwhole(\s+about [\d.]+ s){3}/#))
        #expect(try !told("--only", "faces").contains("evaluate pixels"))
        #expect(try project.run("build").status == 0)
        #expect(try !told().contains("projected"), "nothing would run")
        try project.write(chapter: SmallProject.chapter.replacingOccurrences(of: "test: 0.4", with: "test: 0.5"))
        let again = try told()
        #expect(again.contains("take less than a second each") || again.contains("runs here, last on "), "\(again)")
    }

    @Test func aChangedPictureIsNoticedAndShown() throws {
        let project = try SmallProject()
        let picture = project.folder + "/chapters/my face.pgm"
        func write(_ gray: UInt8) throws {
            try Files.write(Array("P5 4 4 255\n".utf8) + Array(repeating: gray, count: 16), to: picture)
        }
        try write(20)
        try Files.write(Array("a,b\n".utf8), to: project.folder + "/chapters/table.csv")
        try project.write(chapter: "# One\n\n![A face](<my face.pgm>)\n\n[numbers](table.csv)\n")
        #expect(try project.run("build").status == 0)
        let first = try project.report()
        #expect(first.keys.count { $0.hasPrefix("images/") } == 1)
        #expect(first.contains { $0.key.hasPrefix("assets/table-") && $0.value == Array("a,b\n".utf8) })
        #expect(try project.run("status").text.contains("output/index.html is up to date"))

        try write(200)
        #expect(try project.run("status").text.contains("output/index.html would be rendered again"))
        #expect(try project.run("build").status == 0)
        let second = try project.report()
        #expect(second["index.html"] != first["index.html"])
        #expect(second.keys.count { $0.hasPrefix("images/") } == 1)
        #expect(try project.run("status").text.contains("output/index.html is up to date"))

        // A damaged one stops the build, and the report stays.
        try Files.write(Array("P5 4 4 255\n".utf8), to: picture)
        for command in ["check", "build"] {
            let (status, text) = try project.run(command)
            #expect(status == 1)
            #expect(
                text.contains("chapters/01-all.md:3:12: error: the picture 'my face.pgm' cannot be shown"), "\(text)")
        }
        #expect(try project.report() == second)
    }

    @Test func aBookOfThreeThousandDirectivesPlans() throws {
        let (status, text) = try SmallProject().run("bench", "report", "--chapters", "300", "--runs", "1")
        #expect(status == 0, "\(text)")
        #expect(text.contains("\"chapters\":300,\"directives\":3000,"), "\(text)")
    }

    @Test func aSingleFileCarriesEverything() throws {
        let project = try SmallProject()
        let second =
            "# More\n\nSee @fig-grid and [the first chapter](01-all.md). Not `<!--` nor `<script>`.\n\n## Part\n\nText. [data](a.csv)\n"
        try Files.write(Array("1,2".utf8), to: project.folder + "/chapters/a.csv")
        try Files.write(Array(second.utf8), to: project.folder + "/chapters/02-more.md")
        #expect(try project.run("build").status == 0)
        #expect(try project.report().count > 5)
        let (status, text) = try project.run("build", "--single-file")
        #expect(status == 0, "\(text)")
        #expect(try project.report().keys.sorted() == ["index.html"])
        let page = String(decoding: try Files.read(project.folder + "/output/index.html"), as: UTF8.self)
        for outside in ["src=\"images/", "href=\"images/", "srcset=\"images/", "href=\"assets/", ".html#"] {
            #expect(!page.contains(outside), "\(outside)")
        }
        #expect(page.contains("src=\"data:image/"))
        #expect(page.contains("<style>"))
        #expect(page.contains("window.likenessIndex"))
        // Nothing in a script begins another one or a comment.
        for script in page.matches(of: /<script[^>]*>([\s\S]*?)<\/script>/) {
            #expect(!script.1.contains("<!--") && !script.1.contains("<script"))
        }
        #expect(page.contains("href=\"data:application/octet-stream;base64,MSwy\" download=\"a-"))
        // Every address in the page leads somewhere, and nothing has two ids.
        let ids = page.matches(of: /<[^>]* id="([^"]+)"/).map { String($0.1) }
        #expect(Set(ids).count == ids.count)
        for match in page.matches(of: /href="#([^"]+)"/) { #expect(ids.contains(String(match.1)), "\(match.1)") }
        // Back to many files.
        #expect(try project.run("build").status == 0)
        #expect(try project.report().count > 5)
    }

    private static let failing = """
        # All

        See @tbl-bad and @tbl-good.

        ```preprocess
        id: faces
        dataset: small
        test: 0.4
        ```

        ```evaluate
        id: bad
        data: faces
        model: pixels
        k: [1, 60]
        ```

        ```evaluate
        id: good
        data: faces
        model: pixels
        k: [1]
        ```

        ```claim
        id: said
        that: bad.map > 0.1
        ```

        """

    @Test func aFailedStepCountsAmongItsKindAndFailsTheCommand() throws {
        let project = try SmallProject()
        try project.write(chapter: Self.failing)
        for arguments in [["--only", "bad"], ["--only", "said"]] {
            let ran = try project.run(["build", "--keep-going"] + arguments)
            #expect(ran.status == 1, "\(ran.text)")
        }
        let ran = try project.run("build", "--keep-going", "--format", "json")
        #expect(ran.status == 1)
        #expect(!ran.text.contains("wrong-reference") && !ran.text.contains("are fresh"), "\(ran.text)")
        #expect(ran.text.contains("executed 1 of 4 steps, 1 failed, 1 could not be tried"), "\(ran.text)")
        let failed = ran.text.split(separator: "\n").first { $0.contains("\"event\":\"failed\"") } ?? ""
        #expect(failed.contains("\"file\":\"chapters/01-all.md\"") && failed.contains("\"line\":15"), "\(failed)")
        #expect(ran.text.contains("\"event\":\"stopped\""))
        let page = String(decoding: try Files.read(project.folder + "/output/index.html"), as: UTF8.self)
        #expect(page.contains("Table\u{A0}2</a> and ") && page.contains("Table\u{A0}3</a>."))

        let unused = try project.run("build", "--only", "good", "--rerun", "bad")
        #expect(
            unused.status == 1 && unused.text.contains("--rerun bad does nothing beside --only good"), "\(unused.text)")
        #expect(try project.run("build", "--dry-run", "--format", "json").status == 64)
    }

    @Test func oneCauseOfFailuresIsToldOnce() throws {
        let project = try SmallProject()
        try Files.makeFolder(project.folder + "/data/nothing")
        try project.write(
            chapter: "# A\n\n```dataset\nid: d\ndataset: nothing\n```\n\n```preprocess\nid: p\ndataset: nothing\n```\n")
        let ran = try project.run("build", "--keep-going")
        #expect(ran.status == 1)
        #expect(ran.text.components(separatedBy: "holds no photographs").count == 2, "\(ran.text)")
        #expect(ran.text.contains("preprocess p fails of the same"), "\(ran.text)")
        #expect(ran.text.contains("executed 0 of 2 steps, 2 failed"), "\(ran.text)")
    }

    @Test(arguments: [
        (".likeness", "where results are kept"), (".likeness/store/objects", "where results are kept"),
        ("chapters", "is the folder of the chapters"), ("data", "is the folder of the data"),
        ("data/..//chapters/", "is the folder of the chapters"), ("/", "is the root of the file system"),
    ])
    func aReportIsNotPublishedAmongOtherThings(output: String, reason: String) throws {
        let project = try SmallProject()
        let ran = try project.run("build", "--output", output)
        #expect(ran.status == 1 && ran.text.contains(reason), "\(ran.text)")
        #expect(!Files.exists(project.folder + "/.likeness/store/results"), "told before anything ran")
        let long = try project.run("build", "--output", String(repeating: "x", count: 300))
        #expect(long.status == 1 && long.text.contains("File name too long"), "\(long.text)")
    }

    @Test func aBookThatAsksForTrustIsToldOf() throws {
        let project = try SmallProject()
        try project.write(chapter: "# A\n\n<b>b</b>\n")
        #expect(try !project.run("check").text.contains("asks for trust"))
        try Files.write(Array("title: T\ntrust: true\n".utf8), to: project.folder + "/chapters/report.yml")
        for command in ["check", "build"] {
            let ran = try project.run(command)
            #expect(ran.status == 0 && ran.text.contains("this book asks for trust"), "\(ran.text)")
        }
    }

    /// A time measured again is the same wherever it stands.
    @Test func timesMeasuredAgainAreShownEverywhere() throws {
        let project = try SmallProject()
        try project.write(
            chapter: SmallProject.chapter + """
                ```evaluate
                id: second
                data: faces
                model: eigenfaces
                k: [1, 2]
                against: pixels
                ```

                ```compare
                id: both
                of: [pixels, second]
                ```

                """)
        #expect(try project.run("build").status == 0)
        #expect(try project.run("build", "--rerun", "pixels").status == 0)
        let page = String(decoding: try Files.read(project.folder + "/output/index.html"), as: UTF8.self)
        func measured(_ id: String) -> Set<String> {
            let part = page.components(separatedBy: "id=\"tbl-\(id)\"").dropFirst().first ?? ""
            let figure = part.components(separatedBy: "</figure>").first ?? ""
            return Set(figure.matches(of: /data-value="([0-9.e-]{10,})">/).map { String($0.1) })
        }
        let times = page.contains("tbl-second") ? measured("pixels") : []
        #expect(!times.isEmpty)
        let shared = times.intersection(measured("second"))
        #expect(shared.count >= 2, "\(times) \(measured("second"))")
        #expect(measured("both").intersection(times).count >= 2, "\(measured("both"))")
    }
}
