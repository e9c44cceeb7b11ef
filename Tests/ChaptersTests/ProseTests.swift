import Chapters
import Diagnostics
import Testing

private let parameters: [String: Settings.Parameter] = [
    "epochs": .init(value: .scalar("3", quoted: false), origin: "report.yml"),
    "who": .init(value: .scalar("a*b*", quoted: false), origin: "report.yml"),
    "sizes": .init(value: .list([]), origin: "report.yml"),
    "n": .init(value: .scalar("7", quoted: false), origin: "report.yml"),
]

private func look(_ source: String) -> (text: String, problems: [String]) {
    let (chapter, problems) = Chapter.read(source, path: "a.md", slug: "a", parameters: parameters)
    return (chapter.blocks.map(describe).joined(separator: "\n"), lines(problems))
}

@Suite struct ProseParameterTests {
    @Test(arguments: [
        ("Trained for ${epochs} epochs", "p Trained for 3 epochs"),
        ("${epochs} at $5 and $6", "p 3 at $5 and $6"),
        ("$a$ ${epochs} $b$", "p math<a> 3 math<b>"), ("$t = ${epochs}$", "p math<t = 3>"),
        ("*${epochs}* [${epochs}](a${epochs}.html)", "p em<3> link<a3.html,,3>"), ("# E ${epochs}", "h1#e-3 E 3"),
        ("![${epochs}](a.png)", "p image<a.png,,3>"), ("${who}", "p a*b*"), ("$${epochs}", "p $3"),
        ("$${n}$$", "math() \"{n}\""),
        ("|${n}|\n|-|\n|${epochs}|", "table [Chapters.TextTable.Alignment.natural] 7 / 3"),
        (#"\${epochs} `${epochs}`"#, "p ${epochs} code<${epochs}>"), ("`=run${n}.map`", "p value<run7:map:>"),
        ("${a}_i$ and ${x} + 1$", "p math<{a}_i> and math<{x} + 1>"), ("> - ${n}", "quote{ul{p 7}}"),
    ])
    func proseSaysTheValueOfAParameter(source: String, text: String) {
        let found = look(source)
        #expect(found.text == text)
        #expect(found.problems == [])
    }

    @Test func aParameterThatIsNotThereIsNamedWithItsPlace() {
        #expect(
            look("For ${epoch} epochs, $5, $x$").problems == [
                #"1:5-1:13 unknown-parameter: there is no parameter 'epoch'; did you mean 'epochs'?; write \${epoch} for these very characters"#
            ])
        #expect(look("$t = ${epoch}$").problems.count == 1)
        #expect(
            look("a ${sizes}").problems == [
                "1:3-1:11 malformed-parameter: '${sizes}' is a list and cannot stand inside a text"
            ])
        #expect(
            look("a ${one two}, b ${").problems == [
                #"1:3-1:13 malformed-parameter: '${one two}' is no parameter; write ${name}, or \${ for these very characters"#,
                #"1:17-1:19 malformed-parameter: '${' is not closed; write ${name}, or \${ for these very characters"#,
            ])
    }
}

@Suite struct CaptionTests {
    private func caption(_ yaml: String) -> (text: String, problems: [String], used: [String]) {
        let source = "```train\nid: x\ncaption: \(yaml)\n```\n"
        guard let fence = fences(Chapter.read(source, path: "a.md", slug: "a").chapter.blocks).first,
            let block = DirectiveBlock.read(fence).block
        else { return ("", ["unread"], []) }
        let (options, problems) = Options.read(block, declarations: Declarations(), parameters: parameters)
        return (options?.caption.map { describe($0.inlines) } ?? "", lines(problems), options?.usedParameters ?? [])
    }

    @Test(arguments: [
        ("Loss of **x**, $\\alpha$ and `=x.map .1%`", "Loss of strong<x>, math<\\alpha> and value<x:map:.1%>"),
        ("'_After_ ${epochs} epochs, see @fig-x'", "em<After> 3 epochs, see ref<fig:x>"),
        ("1. no list", "1. no list"), ("'# no heading'", "# no heading"), ("'- a'", "- a"), ("[a](b)", ""),
        ("see [a](b.md)", "see link<b.md,,a>"), ("\">\\n    |a|\\n    |-|\"", ">↵    |a|↵    |-|"),
        ("|\n  a **b**\n  c\n", "a strong<b>↵c"), ("~", ""), ("'    code'", "code"), (#"'\${epochs}'"#, "${epochs}"),
    ])
    func aCaptionHasTheGrammarOfParagraphs(yaml: String, text: String) {
        let found = caption(yaml)
        #expect(found.text == text)
    }

    @Test func placesInACaptionAreThoseOfTheChapter() {
        #expect(caption("a `=X.y`").problems.first?.hasPrefix("3:12-3:18 malformed-value") == true)
        #expect(caption("'a ${epoch}'").problems.first?.hasPrefix("3:13-3:21 unknown-parameter") == true)
        #expect(caption("a[^1]").problems.first?.hasPrefix("3:11-3:15 unknown-footnote") == true)
        #expect(caption("'${epochs}'").used == ["epochs"])
    }

    @Test func titlesAreReadTheSameWay() throws {
        let files = [
            "report.yml": "title: On **faces**, ${n} of them\nsubtitle: $\\alpha$\nparameters: {n: 7}\n",
            "01.md": "# A *b* $c$ `=x.map`\n",
        ]
        let book = try withFolder(files) { Book.load(contentsOf: $0, displayedAs: "chapters") }.book
        #expect(describe(book.settings.title.inlines) == "On strong<faces>, 7 of them")
        #expect(describe(book.settings.subtitle?.inlines ?? []) == "math<\\alpha>")
        #expect(describe(book.chapters[0].title.inlines) == "A em<b> math<c> value<x:map:>")
    }
}

@Suite struct FrontMatterTests {
    @Test func theTitleIsRead() {
        #expect(look("---\ntitle: The *end* ${n}\n---\n\nText").text == "h1#the-end-7 The em<end> 7\np Text")
        #expect(look("\n---\ntitle: 'A: b'\n...\nText").text == "h1#a-b A: b\np Text")
        let chapter = Chapter.read("---\ntitle: Short\n---\n# The long one\n", path: "a.md", slug: "a").chapter
        #expect(chapter.title == "Short")
        #expect(chapter.blocks.map(describe) == ["h1#the-long-one The long one"])
    }

    @Test func whatIsNotReadIsNamed() {
        #expect(
            look("---\ntitle: A\nauthor: me\n---\n").problems == [
                "3:1-3:7 front-matter: 'author' is not read here: a chapter's front matter knows title, the rest stands in report.yml"
            ])
        #expect(look("---\ntitle: A\n\ntext").problems.first?.hasPrefix("1:1-1:4 unclosed-front-matter") == true)
        #expect(look("+++\ntitle = \"A\"\n+++\n").problems.first?.hasPrefix("1:1-1:4 front-matter") == true)
        #expect(look("---\ntitle: [a]\n---\n").problems == ["2:8-2:11 wrong-type: title expects a text, not a list"])
        #expect(look("---\ntitle: a: b\n---\n").problems.first?.hasPrefix("2:9-") == true)
        #expect(
            look("---\nid:\u{A0}x\n---\n").problems == [
                "2:4-2:6 invisible-character: a no-break space (U+00A0) stands here; YAML wants blanks; delete it and write a blank"
            ])
    }

    @Test func aRuleStaysARule() {
        #expect(look("---\n\nText\n\n---\n").text == "rule\np Text\nrule")
        #expect(look("---\nText\n---\n").text == "rule\nh2#text Text")
        #expect(look("---\n---\nText").text == "p Text")
    }
}

@Suite struct FootnoteTests {
    @Test func aFootnoteThatIsNotWrittenIsNamed() {
        #expect(
            look("A[^noet] [^b]\n\n[^note]: x\n\n[^B]: y\n").problems == [
                "1:2-1:9 unknown-footnote: there is no footnote 'noet'; did you mean 'note'?",
                "3:1-3:8 unused-footnote: the footnote 'note' is mentioned nowhere and is left out; write [^note] in the text",
            ])
        #expect(
            look("A[^x]").problems == [
                #"1:2-1:6 unknown-footnote: there is no footnote 'x'; write '[^x]: …' on a line of its own, or \[^x] for these very characters"#
            ])
        #expect(look("`[^x]` \\[^x] [^x](y) <b title='[^x]'>\n\n    [^y]: z\n").problems == [])
        #expect(look("```\n[^y]: z\n```\n").problems == [])
    }

    @Test func oneThatNobodyMentionsOrThatIsWrittenTwiceIsNamed() {
        #expect(
            look("A[^a]\n\n[^a]: x\n\n[^a]: y\n").problems == [
                "5:1-5:5 duplicate-footnote: the footnote 'a' is written twice; rename one"
            ])
        #expect(
            look("> A\n>\n> [^b]: x\n").problems == [
                "3:3-3:7 unused-footnote: the footnote 'b' is mentioned nowhere and is left out; write [^b] in the text"
            ])
    }
}

@Suite struct BuriedFenceTests {
    @Test(arguments: [
        ("<div>\n```train\nid: x\n```\n</div>", BuriedFence.Container.html, "2:1-2:9"),
        ("<!--\n\n```train\n```\n-->", .comment, "3:1-3:9"), ("<pre>\n~~~ train\n~~~\n</pre>", .verbatim, "2:1-2:10"),
        ("text\n\n    ```train\n    ```", .indentation, "3:5-3:13"),
        ("- a\n\n      ```train\n", .indentation, "3:7-3:15"),
        ("> <div>\n> ```train", .html, "2:3-2:11"), ("- <details>\n  ```train", .html, "2:3-2:11"),
        ("<details><summary>x</summary>\n```train\n", .html, "2:1-2:9"),
        ("[^a]\n\n[^a]: b\n\n        ```train\n", .indentation, "5:9-5:17"),
    ])
    func aFenceThatMarkdownTakesForSomethingElseIsKept(source: String, container: BuriedFence.Container, range: String)
    {
        let chapter = Chapter.read(source, path: "a.md", slug: "a").chapter
        #expect(chapter.buried.map(\.info) == ["train"])
        #expect(chapter.buried.first.map { "\($0.container)" } == "\(container)")
        #expect(place(chapter.buried.first?.range) == range)
    }

    @Test(arguments: [
        "<div>\n\n```train\n```\n\n</div>", "- a\n  ```train\n  ```", "> a\n> ```train\n> ```", "> a\n```train\n```",
        "|a|\n|-|\n|b|\n```train\n```", "a\n```train\n```", "1. a\n  ```train\n  ```",
    ])
    func elsewhereItIsAFence(source: String) {
        let chapter = Chapter.read(source, path: "a.md", slug: "a").chapter
        #expect(fences(chapter.blocks).map(\.info) == ["train"])
        #expect(chapter.buried.isEmpty)
    }
}

@Suite struct StrayFileTests {
    @Test func whatSomebodyMeantForAChapterOrForSettingsIsNamed() throws {
        let files = [
            "report.yml": "title: T", "01.md": "# A", "02.MD": "x", "03.markdown": "x", "04.md.txt": "x", "05.qmd": "x",
            "06.md\u{200B}": "x", "report.yaml": "x", "_quarto.yml": "x", "part/07.md": "x", "part/deep/08.Rmd": "x",
            "vi/report.yml": "title: T", "vi/01.md": "# A", "part/a.png": "x", ".git/x.md": "x", "notes.txt": "x",
            "data.csv": "x", ".#01.md": "x", "01.md~": "x", "09.md/x.txt": "x",
        ]
        let problems = try withFolder(files) { Book.load(contentsOf: $0, displayedAs: "c") }.diagnostics
        #expect(
            problems.map { "\($0.severity) \($0.message)" } == [
                "error c/02.MD is not read: the name of a chapter ends in '.md'; rename it to 02.md, or move it elsewhere",
                "error c/03.markdown is not read: the name of a chapter ends in '.md'; rename it to 03.md, or move it elsewhere",
                "error c/04.md.txt is not read: rename it to 04.md, or move it elsewhere",
                "error c/05.qmd is not read: the name of a chapter ends in '.md'; rename it to 05.md, or move it elsewhere",
                "error c/06.md\u{200B} is not read: the name of a chapter ends in '.md'; rename it to 06.md, or move it elsewhere",
                "warning c/_quarto.yml is not read: settings are read from report.yml only",
                "error c/report.yaml is not read: settings are read from report.yml only; rename it, or move it elsewhere",
                "warning c/09.md is a folder and is not read as a chapter",
                "warning c/part/07.md is not read: chapters stand in c itself; move it there, or give its folder a report.yml if it is a book of its own",
                "warning c/part/deep/08.Rmd is not read: chapters stand in c itself; move it there, or give its folder a report.yml if it is a book of its own",
            ])
    }
}

@Suite struct InvisibleCharacterTests {
    private func problems(_ body: String) -> [String] {
        let source = "```train\n\(body)\n```\n"
        guard let fence = fences(Chapter.read(source, path: "a.md", slug: "a").chapter.blocks).first else {
            return ["no fence"]
        }
        let (block, problems) = DirectiveBlock.read(fence)
        guard let block else { return lines(problems) }
        let epochs = Option.integer("epochs", in: 1...9, default: 1, "How often.")
        let data = Option.reference("data", to: ["x"], "Faces.").optional
        return lines(Options.read(block, declarations: Declarations(epochs, data)).diagnostics)
    }

    @Test(arguments: [
        ("id: x\nepochs:\u{A0}3", "3:8-3:10", "a no-break space (U+00A0)"),
        ("id: x\n\u{A0}epochs: 3", "3:1-3:3", "a no-break space (U+00A0)"),
        ("id: x\nepo\u{200B}chs: 3", "3:4-3:7", "a zero-width space (U+200B)"),
        ("id: x\nepochs\u{2060}: 3", "3:7-3:10", "a word joiner (U+2060)"),
        ("id: x\nepochs: 3\u{A0}", "3:10-3:12", "a no-break space (U+00A0)"),
        ("id: x\nepochs: \u{FEFF}3", "3:9-3:12", "a byte order mark (U+FEFF)"),
        ("\u{FEFF}id: x", "2:1-2:4", "a byte order mark (U+FEFF)"),
        ("id: x\u{2028}epochs: 3", "2:6-2:9", "a line break that editors do not show (U+2028)"),
        ("id: x\nepochs: 3 # \u{85}data: y", "3:13-3:15", "a line break that editors do not show (U+0085)"),
        ("id: x\nepochs: \u{202E}3", "3:9-3:12", "a change of writing direction (U+202E)"),
        ("id: x\ncaption: 'a \u{2067}b'", "3:13-3:16", "a change of writing direction (U+2067)"),
        ("id: x\n\tepochs: 3", "3:1-3:2", "a tab (U+0009)"), ("id: x\nepochs:\t3", "", ""),
        ("id: x\ndata: fa\u{AD}ces", "3:7-3:14", "a soft hyphen (U+00AD)"),
        ("id: x\u{200D}y", "2:5-2:10", "a zero-width joiner (U+200D)"),
        ("id: x\nepochs: 3\u{1}", "3:10-3:11", "a control character (U+0001)"),
        ("id: x\ndata:\n  -\u{3000}a", "4:3-4:8", "a space that is no blank (U+3000)"),
    ])
    func isNamedAtItsPlace(body: String, range: String, name: String) {
        let found = problems(body)
        guard !range.isEmpty else { return #expect(found == []) }
        #expect(found.count == 1)
        #expect(found.first?.hasPrefix(range + " ") == true && found.first?.contains(name) == true, "\(found)")
    }

    @Test func insideATextItIsText() {
        for caption in [
            "10\u{A0}000 faces", "'\u{A0}x '", "שלום\u{200F}", "a\u{200B}b", "👩\u{200D}🔬 x", "\"\\u2067x\"",
        ] {
            #expect(problems("id: x\ncaption: \(caption)") == [], "\(caption)")
        }
    }

    @Test func settingsAreReadTheSameWay() throws {
        func problems(_ text: String) throws -> [String] {
            let files = ["report.yml": text, "01.md": "# A"]
            return lines(try withFolder(files) { Book.load(contentsOf: $0, displayedAs: "c") }.diagnostics)
        }
        #expect(
            try problems("title: T\nparameters:\n  n: 2\n  epochs:\u{A0}3\n").first?.hasPrefix(
                "4:10-4:12 invisible-character") == true)
        #expect(
            try problems("title: T\nparameters:\n  epochs:\u{A0}3\n") == [
                "3:3-3:13 wrong-type: parameters expects parameters by name, not 'epochs:\u{A0}3'; a no-break space (U+00A0) stands in it"
            ])
    }
}

@Suite struct TableLimitTests {
    @Test func cellsThatNobodyWroteAreBounded() {
        let wide = "|" + String(repeating: "a|", count: 4000) + "\n|" + String(repeating: "-|", count: 4000)
        let source = "# A\n\n" + wide + String(repeating: "\n|", count: 3500) + "\n\nafter\n"
        let (chapter, problems) = Chapter.read(source, path: "a.md", slug: "a")
        #expect(problems.map(\.code) == ["table-too-large"])
        #expect(problems.first?.range?.start == Position(line: 3, column: 1))
        #expect(chapter.blocks.count == 3)
        #expect(!chapter.blocks.contains { if case .table = $0 { true } else { false } })
    }

    @Test func columnsAreBounded() {
        let wide = String(repeating: "|", count: 40_000) + "\n" + String(repeating: "|-", count: 40_000)
        #expect(look(wide).problems.map { $0.contains("a table may have 1000 columns; this one has 40001") } == [true])
        let hundred = "|" + String(repeating: "a|", count: 100) + "\n|" + String(repeating: "-|", count: 100) + "\n|b|"
        #expect(look(hundred).problems == [])
    }

    @Test func manyTablesCountTogetherAndInQuotes() {
        let one =
            "> |" + String(repeating: "a|", count: 200) + "\n> |" + String(repeating: "-|", count: 200)
            + String(repeating: "\n> |", count: 100) + "\n\n"
        #expect(look(one).problems == [])
        #expect(look(String(repeating: one, count: 3)).problems.first?.contains("table-too-large") == true)
    }

    @Test func rulesAndHeadingsAreNoTables() {
        #expect(look("A\n---\n\n" + String(repeating: "- - -\n", count: 60_000)).problems == [])
    }
}
