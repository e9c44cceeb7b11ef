import Chapters
import Diagnostics
import Testing

/// What an author sees who has made a dozen mistakes: all of them, each at its place.
@Suite struct ManyMistakesTests {
    private let intro = """
        # Introduction {#sec-intro}

        The loss `=tuned.loss .3q` falls. So does `=TOP(10)`.

        ```train
        id: tuned
        data: faces
        epoch: 10
        rate: fast
        ```

        $$ x $$ {#loss}

        """
    private let models = """
        # Models {#sec-intro}

        - Ơ list

          ```train
          id: Tuned Model
          data: [a]
          epochs: ${epoch}
          ```

        ```train now
        id: second
        ```

        ```train
        id: third
        id: fourth
        ```

        ```train
        id: fifth
        epochs: 0
        """

    @Test func listsThemAll() throws {
        let declarations = Declarations(
            Option.reference("data", to: ["preprocess"], "The faces."),
            Option.integer("epochs", in: 1...1000, default: 10, "How often."),
            Option.number("rate", in: 0...1, default: 0.1, "How fast."))
        let files = ["report.yml": "title: T\nprofil: x\nparameters: {epochs: 3}", "01-a.md": intro, "02-b.md": models]
        let loaded = try withFolder(files) { Book.load(contentsOf: $0, displayedAs: "chapters") }
        var problems = loaded.diagnostics
        for fence in loaded.book.chapters.flatMap({ fences($0.blocks) }) {
            let (block, mistakes) = DirectiveBlock.read(fence)
            problems += mistakes
            guard let block else { continue }
            problems +=
                Options.read(block, declarations: declarations, parameters: loaded.book.settings.parameters).diagnostics
        }
        let text = DiagnosticFormatter(sources: loaded.sources, color: false).format(problems)
        #expect(
            text == """
                chapters/01-a.md:3:10: error: '.3q' is no number format; use one such as '.3f', '.1%', ',d' or '.2e' [unknown-format]
                3 | The loss `=tuned.loss .3q` falls. So does `=TOP(10)`.
                  |          ^~~~~~~~~~~~~~~~~
                chapters/01-a.md:3:43: error: `=TOP(10)` names no value; write `=id.path` or `=id.path .3f`, or ``=TOP(10)`` for code [malformed-value]
                3 | The loss `=tuned.loss .3q` falls. So does `=TOP(10)`.
                  |                                           ^~~~~~~~~~
                chapters/01-a.md:8:1: error: train 'tuned' has no option 'epoch'; did you mean 'epochs'? [unknown-option]
                8 | epoch: 10
                  | ^~~~~
                chapters/01-a.md:9:7: error: rate expects a number from 0 to 1, not 'fast' [wrong-type]
                9 | rate: fast
                  |       ^~~~
                chapters/01-a.md:12:11: error: an equation's label starts with 'eq-': write {#eq-loss} [malformed-label]
                12 | $$ x $$ {#loss}
                   |           ^~~~
                chapters/02-b.md:1:1: error: the label 'sec-intro' is used twice [duplicate-label]
                1 | # Models {#sec-intro}
                  | ^~~~~~~~~~~~~~~~~~~~~
                chapters/01-a.md:1:1: note: it is first used here
                1 | # Introduction {#sec-intro}
                  | ^~~~~~~~~~~~~~~~~~~~~~~~~~~
                chapters/02-b.md:6:7: error: an id consists of lower-case letters, digits and hyphens, not 'Tuned Model'; write 'tuned-model' [malformed-id]
                6 |   id: Tuned Model
                  |       ^~~~~~~~~~~
                chapters/02-b.md:7:9: error: data expects the id of a directive of kind 'preprocess', not a list [wrong-type]
                7 |   data: [a]
                  |         ^~~
                chapters/02-b.md:8:11: error: there is no parameter 'epoch'; did you mean 'epochs'? [unknown-parameter]
                8 |   epochs: ${epoch}
                  |           ^~~~~~~~
                chapters/02-b.md:11:10: error: nothing may follow the name 'train'; options stand below, one 'name: value' a line [directive-words]
                11 | ```train now
                   |          ^~~
                chapters/02-b.md:17:1: error: 'id' is given twice [duplicate-key]
                17 | id: fourth
                   | ^~
                chapters/02-b.md:16:1: note: it is first given here
                16 | id: third
                   | ^~
                chapters/02-b.md:20:1: warning: this fence is not closed; end it with a line of ``` [unclosed-fence]
                20 | ```train
                   | ^~~~~~~~
                chapters/02-b.md:20:4: error: train 'fifth' needs the option 'data', the id of a directive of kind 'preprocess' [missing-option]
                20 | ```train
                   |    ^~~~~
                chapters/02-b.md:22:9: error: epochs expects a whole number from 1 to 1000, not '0' [out-of-bounds]
                22 | epochs: 0
                   |         ^
                chapters/report.yml:2:1: error: report.yml has no setting 'profil'; did you mean 'profile'? [unknown-setting]
                2 | profil: x
                  | ^~~~~~
                14 errors, 1 warning

                """)
    }
}
