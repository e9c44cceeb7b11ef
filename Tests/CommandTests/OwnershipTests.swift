import Files
import Foundation
import TestSupport
import Testing

/// What the command writes and removes, and what it leaves to its owner.
@Suite struct OwnershipTests {
    private func prepared() throws -> SmallProject {
        let project = try SmallProject()
        try Files.write(npy(5, 2), to: project.folder + "/g.npy")
        try Files.makeFolder(project.folder + "/a")
        try FileManager.default.createSymbolicLink(atPath: project.folder + "/linked", withDestinationPath: "a")
        return project
    }

    private func search(_ project: SmallProject, _ out: String, _ distances: String? = nil) throws -> (
        status: Int32, text: String
    ) {
        let more = distances.map { ["--distances", $0] } ?? []
        let ran = try project.run(
            ["search", "--gallery", "g.npy", "--queries", "g.npy", "-k", "1", "--out", out] + more)
        return (ran.status, ran.text)
    }

    @Test(arguments: [
        ("i.npy", "i.npy"), ("i.npy", "./i.npy"), ("a/i.npy", "linked/i.npy"), ("l.npy", "a/t.npy"),
        ("/dev/null", "/dev/null"),
    ])
    func twoResultsNeedTwoFiles(out: String, distances: String) throws {
        let project = try prepared()
        try FileManager.default.createSymbolicLink(atPath: project.folder + "/l.npy", withDestinationPath: "a/t.npy")
        let (status, text) = try search(project, out, distances)
        #expect(status == 1)
        #expect(text.contains("--distances \(distances) is the same file as --out \(out); name another one"), "\(text)")
    }

    @Test(arguments: ["g.npy", "a/../g.npy", "l.npy"]) func whatIsSearchedIsNotReplaced(out: String) throws {
        let project = try prepared()
        try FileManager.default.createSymbolicLink(atPath: project.folder + "/l.npy", withDestinationPath: "g.npy")
        let (status, text) = try search(project, out)
        #expect(status == 1)
        #expect(text.contains("--out \(out) would replace g.npy"), "\(text)")
        #expect(try Files.read(project.folder + "/g.npy") == npy(5, 2))
    }

    @Test func onlyNumbersAreReplacedByNumbers() throws {
        let project = try prepared()
        try Files.write(Array("a.jpg\n".utf8), to: project.folder + "/list.txt")
        let (status, text) = try search(project, "list.txt")
        #expect(status == 1 && text.contains("--out list.txt is there and is no NumPy file; move it away"), "\(text)")
        #expect(try Files.read(project.folder + "/list.txt") == Array("a.jpg\n".utf8))
        try Files.write(npy(1, 1), to: project.folder + "/old.npy")
        #expect(try search(project, "old.npy").status == 0)
    }

    @Test(arguments: [["synthesize", ""], ["build", "--output", ""], ["detect", ""], ["check", "--chapters="]])
    func anEmptyNameIsNoPlace(arguments: [String]) throws {
        let project = try prepared()
        let ran = try project.run(arguments)
        #expect(ran.status != 0 && !ran.text.contains("error: :"), "\(ran.text)")
        if !arguments.contains("--chapters=") {
            #expect(ran.text.contains("is empty; say what is meant"), "\(ran.text)")
        }
    }

    /// The pictures of a report would be photographs of the next build.
    @Test(arguments: ["data/small", "data/small/report", "linked-data/small/report"])
    func aReportIsNotPublishedIntoWhatItIsMadeOf(output: String) throws {
        let project = try prepared()
        try FileManager.default.createSymbolicLink(atPath: project.folder + "/linked-data", withDestinationPath: "data")
        let ran = try project.run("build", "--output", output)
        #expect(
            ran.status == 1 && ran.text.contains("\(output): lies in data/small, which 'people' reads"), "\(ran.text)")
        #expect(!Files.exists(project.folder + "/.likeness/store/results"), "told before anything ran")
    }

    @Test func aPlaceThatCannotBePublishedToIsToldBeforeTheWork() throws {
        let project = try prepared()
        try Files.write(Array("<html>my own".utf8), to: project.folder + "/site/index.html")
        for output in ["site", "chapters/report.yml/site"] {
            let ran = try project.run("build", "--output", output)
            #expect(ran.status == 1 && ran.text.contains("error: "), "\(ran.text)")
            #expect(!Files.exists(project.folder + "/.likeness/store/results"))
        }
        #expect(try Files.read(project.folder + "/site/index.html") == Array("<html>my own".utf8))
    }

    @Test func linksAndDevicesStayWhatTheyAre() throws {
        let project = try prepared()
        for (name, target) in [("i.npy", "a/there.npy"), ("n.npy", "/dev/null")] {
            try FileManager.default.createSymbolicLink(atPath: project.folder + "/" + name, withDestinationPath: target)
        }
        let (status, text) = try search(project, "i.npy", "n.npy")
        #expect(status == 0, "\(text)")
        #expect(Files.isLink(project.folder + "/i.npy") && Files.isLink(project.folder + "/n.npy"))
        #expect(try Files.read(project.folder + "/a/there.npy").starts(with: [0x93] + "NUMPY".utf8))
        #expect(try FileManager.default.contentsOfDirectory(atPath: project.folder + "/a") == ["there.npy"])
    }

    private func embed(_ project: SmallProject, _ out: String) throws -> (status: Int32, text: String) {
        let ran = try project.run(
            "embed", "--model", "resnet50", "--weights", "none.pth", "--images", "data/small", "--out", out)
        return (ran.status, ran.text)
    }

    /// Writing into a pipe waits for a reader, and nobody asked for that name.
    @Test func aPipeInTheListsPlaceIsToldBeforeTheWork() throws {
        let project = try prepared()
        mkfifo(project.folder + "/v.txt", 0o644)
        let (status, text) = try embed(project, "v.npy")
        #expect(status == 1 && text.contains("v.txt: is no regular file"), "\(text)")
    }

    /// A place that cannot be written is told before the weights are read.
    @Test(arguments: ["chapters/report.yml/x.npy", "folder.npy", "/proc/x.npy"]) func thePlaceIsTriedBeforeTheWork(
        out: String
    ) throws {
        let project = try prepared()
        try Files.makeFolder(project.folder + "/folder.npy")
        let (status, text) = try embed(project, out)
        #expect(status == 1)
        #expect(!text.contains("none.pth"), "\(text)")
        #expect(text.contains(out.split(separator: "/").first ?? ""), "\(text)")
    }

    @Test(arguments: ["", "my notes\n", "sitting\nstanding\n", "a.jpg\n", "a.jpg\nb.jpg\nc.jpg\n", "a.jpg\nb.jpg"])
    func aListOfSomebodysIsNotReplaced(list: String) throws {
        let project = try prepared()
        try Files.write(Array(list.utf8), to: project.folder + "/list.txt")
        for hasVectors in [false, true] {
            if hasVectors { try Files.write(npy(2, 3), to: project.folder + "/list.npy") }
            let (status, text) = try embed(project, "list.npy")
            #expect(status == 1)
            #expect(text.contains("list.txt: is there already and was not written with list.npy"), "\(text)")
            #expect(try Files.read(project.folder + "/list.txt") == Array(list.utf8))
        }
    }

    @Test func aListOfOursIsReplaced() throws {
        let project = try prepared()
        try Files.write(npy(2, 3), to: project.folder + "/list.npy")
        try Files.write(Array("x/a.jpg\nb.png\n".utf8), to: project.folder + "/list.txt")
        // On to the weights, which are not there.
        #expect(try embed(project, "list.npy").text.contains("none.pth"))
    }

    @Test func foreignFilesAndLinksInTheMemoryOfFiguresStay() throws {
        let project = try SmallProject()
        #expect(try project.run("build").status == 0)
        let folder = project.folder + "/.likeness/rendered"
        let key = String(repeating: "ab", count: 32)
        let own = ["notes.txt", "\(key).txt", "x.figure", "\(key).figure.likeness-part", "x.likeness-part"]
        let ours = ["\(key).figure", "\(key).exhibit.7-1.likeness-part"]
        for name in own + ours { try Files.write(Array("x".utf8), to: folder + "/" + name) }
        try project.write(chapter: SmallProject.chapter + "More.\n")
        #expect(try project.run("build").status == 0)
        let names = try FileManager.default.contentsOfDirectory(atPath: folder)
        #expect(Set(own).isSubset(of: names))
        #expect(Set(ours).isDisjoint(with: names))

        let victim = project.folder + "/victim"
        try FileManager.default.moveItem(atPath: folder, toPath: victim)
        try Files.write(Array("mine".utf8), to: victim + "/\(key).figure")
        try FileManager.default.createSymbolicLink(atPath: folder, withDestinationPath: victim)
        let before = try Set(FileManager.default.contentsOfDirectory(atPath: victim))
        try project.write(chapter: SmallProject.chapter + "Yet more.\n")
        #expect(try project.run("build").status == 0)
        #expect(try before.isSubset(of: FileManager.default.contentsOfDirectory(atPath: victim)))
    }

    @Test func anOwnPageInTheOutputStopsAPublication() throws {
        let project = try SmallProject()
        #expect(try project.run("build").status == 0)
        let path = project.folder + "/output/index.html"
        for flags in [[], ["--single-file"]] {
            try Files.write(Array("<html>my own".utf8), to: path)
            let (status, text) = try project.run(["build"] + flags)
            #expect(status == 1)
            #expect(
                text.contains("output/index.html: was changed since this report was published; move it away"), "\(text)"
            )
            #expect(try Files.read(path) == Array("<html>my own".utf8))
        }
    }

    @Test func collectingTellsWhatItLeavesAndWhatStopsIt() throws {
        let project = try SmallProject()
        #expect(try project.run("build").status == 0)
        let store = project.folder + "/.likeness/store"
        try Files.write([], to: store + "/thesis.txt")
        let (status, text) = try project.run("store", "gc")
        #expect(status == 0)
        #expect(text.contains(".likeness/store/thesis.txt: is not of this store; it stays"), "\(text)")
        if Files.exists(store + "/scratch") { try FileManager.default.removeItem(atPath: store + "/scratch") }
        try FileManager.default.createSymbolicLink(
            atPath: store + "/scratch", withDestinationPath: project.folder + "/data")
        let stopped = try project.run("store", "gc")
        #expect(stopped.status == 1)
        #expect(
            stopped.text.contains(".likeness/store/scratch: is a link, and nothing behind a link is removed"),
            "\(stopped.text)")
        #expect(Files.exists(project.folder + "/data/small/identity_CelebA.txt"))
    }

    @Test func aStoreThatCannotBeReadIsNotFoundEmpty() throws {
        let project = try SmallProject()
        #expect(try project.run("build").status == 0)
        let results = project.folder + "/.likeness/store/results"
        try FileManager.default.moveItem(atPath: results, toPath: project.folder + "/moved")
        try Files.write([], to: results)
        for arguments in [["status"], ["why", "faces"], ["build", "--dry-run"], ["store", "list"], ["store", "gc"]] {
            let ran = try project.run(arguments)
            #expect(
                ran.status == 1 && ran.text.contains("store/results: is in the way: it is not a folder"), "\(ran.text)")
        }
    }

    @Test func damagedRecordsAreToldByWhateverMeetsThem() throws {
        let project = try SmallProject()
        #expect(try project.run("build").status == 0)
        let store = project.folder + "/.likeness/store"
        let manifest = try #require(
            try FileManager.default.contentsOfDirectory(atPath: store + "/results").sorted().first)
        try Files.write(Array("x".utf8), to: store + "/results/" + manifest)
        let collected = try project.run("store", "gc", "--dry-run")
        #expect(collected.text.contains("results/\(manifest): is damaged and keeps nothing"), "\(collected.text)")
        try Files.write(Array("x".utf8), to: store + "/latest/faces.json")
        let verified = try project.run("store", "verify")
        #expect(verified.status == 1 && verified.text.contains("latest/faces.json: is damaged"), "\(verified.text)")
    }

    @Test(arguments: [
        ["--dry-run", "--rerun", "faces"], ["--only", "faces", "--single-file"], ["--only", "faces", "--strict"],
    ])
    func flagsThatWouldBeDroppedAreRefused(flags: [String]) throws {
        let project = try SmallProject()
        let ran = try project.run(["build"] + flags)
        #expect(ran.status == 64 && ran.text.contains(flags[0]), "\(ran.text)")
    }

    /// A dataset larger than memory is hashed a piece at a time: the process could not hold the gigabyte.
    @Test func dataAreHashedInLittleMemory() throws {
        let project = try SmallProject()
        let path = project.folder + "/data/small/archive.bin"
        try Files.write([], to: path)
        #expect(truncate(path, 1 << 30) == 0)
        var command = try project.command(["status"]).behind("ulimit -v 700000; exec \"$@\"")
        command.environment = ProcessInfo.processInfo.environment.merging(["OPENBLAS_NUM_THREADS": "1"]) { $1 }
        let ended = try command.run()
        #expect(ended.status == 0, "\(ended.text)")
    }
}
