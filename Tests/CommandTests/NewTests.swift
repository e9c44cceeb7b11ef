import Files
import Foundation
import TestSupport
import Testing

/// `likeness new`: what somebody types first.
@Suite(.serialized) struct NewTests {
    private let place = TemporaryFolder()

    private func run(_ arguments: String..., in folder: TemporaryFolder? = nil) throws -> Command.Ended {
        try Command(built: "likeness", arguments, in: folder ?? place).run()
    }

    /// Runs a command in the book that was made.
    private func inBook(_ name: String, _ arguments: String) throws -> Command.Ended {
        let command = try Command(built: "likeness", [], in: place)
        return try Command("/bin/sh", ["-c", "cd '\(name)' && '\(command.program)' \(arguments)"], in: place).run()
    }

    /// The first photographs of people of the ORL faces, each in a folder.
    private func photographs(_ people: [String: Int]) throws {
        for (number, (name, count)) in people.sorted(by: { $0.key < $1.key }).enumerated() {
            for index in 1...count {
                let bytes = try Files.read("\(Repository.orl)/s\(number + 1)/\(index).pgm")
                try place.put(bytes, "my photos/\(name)/\(index).pgm")
            }
        }
    }

    /// No two people can be told apart by fewer.
    @Test(arguments: ["en", "vi"])
    func twoPeopleWithThreePhotographsAreEnoughForAPage(language: String) throws {
        try photographs(["Zoë": 3, "Bà Ngoại": 3])
        let made = try run("new", "a book", "--photographs", "my photos", "--language", language)
        #expect(made.status == 0, "\(made.text)")
        #expect(made.errors.contains("my photos: 6 photographs of 2 people, a folder each"))
        #expect(made.errors.contains("exactly one face in 6 of 6"))
        #expect(made.errors.contains("now type: cd 'a book' && likeness build --open"))
        let link = try FileManager.default.destinationOfSymbolicLink(atPath: place.path + "/a book/data/photographs")
        #expect(link == "../../my photos")

        let checked = try inBook("a book", "check")
        #expect(checked.status == 0 && checked.output == "4 chapters, 10 directives: no problems\n", "\(checked.text)")
        #expect(checked.errors.contains("likeness weights fetch mobilenet_v2"))
        let built = try inBook("a book", "build")
        #expect(built.status == 0, "\(built.text)")
        let page = try #require(place.read("a book/output/index.html"))
        #expect(page.contains("lang=\"\(language)\""))
        // A mark says what random weights are worth; nothing else is remarkable.
        let warnings = built.errors.split(separator: "\n").filter { $0.contains("warning: ") }
        #expect(warnings.count == 1 && warnings[0].contains("weights are not at hand"), "\(warnings)")
        #expect(try inBook("a book", "build").errors.contains("nothing to execute"))
    }

    @Test func withoutPhotographsPortraitsAreDrawn() throws {
        let made = try run("new", "drawn/")
        #expect(
            made.status == 0 && made.errors.contains("drawn/: a book about 320 portraits of 40 people"), "\(made.text)")
        #expect(try place.names() == ["drawn"])
        #expect(try place.names("drawn") == [".gitignore", "chapters", "data"])
        #expect(try place.names("drawn/data/portraits/img_align_celeba").count == 320)
        let checked = try inBook("drawn", "check")
        #expect(checked.status == 0 && checked.output == "4 chapters, 10 directives: no problems\n", "\(checked.text)")
    }

    /// Photographs that name nobody are shown; nobody is looked for.
    @Test(arguments: ["en", "vi"])
    func loosePhotographsMakeAShorterBook(language: String) throws {
        try photographs([".": 4])
        let made = try run("new", "book", "--photographs", place.path + "/my photos", "--language", language)
        #expect(made.status == 0, "\(made.text)")
        #expect(made.errors.contains("4 lie outside") && made.errors.contains("there is nobody to look for"))
        let built = try inBook("book", "build")
        #expect(built.status == 0 && built.errors.contains("executed 3 of 3 steps"), "\(built.text)")
        let names = try place.names("book/data/photographs")
        let link = place.path + "/book/data/photographs/" + (try #require(names.first))
        #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link) == place.path + "/my photos")
    }

    @Test func whatIsThereIsNotWrittenOver() throws {
        try photographs(["Ann": 3, "Ben": 3])
        try place.put("mine", "full/.notes")
        try place.put("mine", "file")
        try place.link("lost", to: "nowhere")
        for (folder, reason) in [
            ("full", "full: is not empty; name a folder that is not there yet"), ("file", "file: is a file"),
            ("lost", "lost: is a link that leads nowhere"), (".", ".: is the folder in which you are"),
            ("my photos/book", "my photos/book: lies in my photos"),
        ] {
            let refused = try run("new", folder, "--photographs", "my photos")
            #expect(refused.status == 1 && refused.errors.contains("error: " + reason), "\(refused.text)")
        }
        #expect(place.read("full/.notes") == "mine" && place.read("file") == "mine")
        #expect(try place.names() == ["file", "full", "lost", "my photos"])
        #expect(try place.names("my photos") == ["Ann", "Ben"])

        try Files.makeFolder(place.path + "/empty")
        #expect(try run("new", "empty", "--photographs", "my photos").status == 0)
        #expect(place.read("empty/chapters/report.yml") != nil)
    }

    @Test func photographsThatAreNotThereAreSaidAtOnce() throws {
        let refused = try run("new", "book", "--photographs", "nowhere")
        #expect(refused.status == 1 && refused.errors.contains("nowhere: is not there"), "\(refused.text)")
        #expect(try place.names().isEmpty)
    }

    /// What is interrupted, or finds no room, leaves nothing.
    @Test func aBookIsThereAsAWholeOrNotAtAll() throws {
        let small = try Command(built: "likeness", ["new", "book"], in: place).behind("ulimit -f 20; exec \"$@\"").run()
        #expect(small.status == 1 && small.errors.contains("error: "), "\(small.text)")
        #expect(try place.names().isEmpty)

        let running = try Command(built: "likeness", ["new", "book"], in: place).start()
        while try !place.names().contains(where: { $0.hasPrefix(".book.") }), running.process.isRunning { usleep(500) }
        kill(running.id, SIGINT)
        let stopped = running.end()
        #expect(stopped.status == 130 && stopped.errors.contains("interrupted; nothing was made"), "\(stopped.text)")
        #expect(try place.names().isEmpty)
    }
}
