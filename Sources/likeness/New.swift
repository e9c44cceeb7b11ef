import ArgumentParser
import Diagnostics
import Directives
import Execution
import Files
import NewBook
import Portraits

/// `likeness new DIR`: a small book to begin with.
struct New: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Makes a small book about a folder of photographs, or about portraits that are drawn for it.",
        discussion: """
            The photographs are looked at, read where they are and never changed: data/photographs is a link to them. \
            A folder per person, CelebA and LFW are known; loose photographs show nobody by name.

            'cd DIR && likeness build --open' shows the book; its chapters and settings are text to go on with.
            """)

    @Argument(help: ArgumentHelp("The folder of the book, which is not there yet, or empty.", valueName: "dir"))
    var folder: String

    @Option(help: ArgumentHelp("Photographs that the book is about.", valueName: "folder"))
    var photographs: String?

    @Option(help: "The language of the book: \(NewBook.Language.allCases.map(\.rawValue).joined(separator: " or ")).")
    var language = NewBook.Language.en

    func run() throws {
        let interrupted = "interrupted; nothing was made"
        let signals = Signals(leaving: interrupted)
        let line = ProgressLine()
        do {
            try NewBook.check(folder, photographs: photographs)
            let subject = try photographs.map { try look(at: $0, line) } ?? .portraits(people: 40, images: 320)
            let book = NewBook(subject, language: language)
            let interruption = signals.interruption
            try interruption.check()
            try book.write(to: folder) { done in
                if done.isMultiple(of: 80) { line.show("drawing \(done) portraits") }
                return interruption.requestedSignal == nil
            }
            line.clear()
            tell(book)
        } catch is PortraitsStopped, is Interrupted {
            line.clear()
            Console.say(interrupted)
            throw ExitCode(signals.exitStatus)
        } catch {
            line.clear()
            throw Console.fail(error)
        }
    }

    /// Says what lies in the folder of photographs.
    private func look(at path: String, _ line: ProgressLine) throws -> NewBook.Subject {
        let found = try PhotographFolder(path)
        line.print("\(path): \(found.summary)")
        guard case .people(let dataset) = found else { return .photographs(folder: path, found, nil) }
        for warning in dataset.warnings { line.print("warning: \(warning)") }
        let survey = try FaceSurvey(dataset, cascade: "\(cascadeFolder)/haarcascade_frontalface_default.xml") {
            line.show("looking at photographs \($0)/\($1)")
        }
        line.clear()
        line.print("\(path): \(survey.summary)")
        return .photographs(folder: path, found, survey)
    }

    private func tell(_ book: NewBook) {
        switch book.subject {
        case .portraits(let people, let images):
            Console.say("\(folder): a book about \(images) portraits of \(people) people who do not exist")
        case .photographs:
            Console.say(
                book.numbers == nil
                    ? "\(folder): a book that shows the photographs; without two people of whom two faces each are found, "
                        + "there is nobody to look for"
                    : "\(folder): a book about them")
        }
        Console.say("now type: cd \(quoted(folder)) && likeness build --open")
    }

    /// A name as a shell takes it.
    private func quoted(_ name: String) -> String {
        let isPlain = name.utf8.allSatisfy {
            (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0) || $0 >= 0x80
                || Array("/._-".utf8).contains($0)
        }
        return isPlain && !name.hasPrefix("-")
            ? name : "'\(name.split(separator: "'", omittingEmptySubsequences: false).joined(separator: #"'\''"#))'"
    }
}

extension NewBook.Language: ExpressibleByArgument {}
