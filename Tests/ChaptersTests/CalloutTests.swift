import Chapters
import Testing

/// Quotes that begin with `[!NOTE]`.
struct CalloutTests {
    @Test(arguments: [
        ("> [!NOTE]\n> One *two*.", "note(){p One em<two>.}"),
        ("> [!warning]\n> a\n>\n> - b", "warning(){p a; ul{p b}}"),
        ("> [!TIP] A *title* $x$\n> a\n> b", "tip(A em<title> math<x>){p a↵b}"),
        ("> [!CAUTION]\n>\n> a", "caution(){p a}"),
        ("> [!IMPORTANT]\n> ```swift\n> x\n> ```", "important(){fence(swift) \"x\\n\"}"),
        ("> [!QUESTION]\n> Why?\n>\n> So.\n>\n> $$ x $$", "question(){p Why? → p So.; math() \"x\"}"),
        ("> [!QUESTION] T\n>\n> Why $$ y $$ so?\n>\n> So.", "question(T){p Why; math() \"y\"; p so? → p So.}"),
        ("- > [!NOTE]\n  > a", "ul{note(){p a}}"), ("> > [!NOTE]\n> > a", "quote{note(){p a}}"),
        ("> [!NOTE]\n> a\n>\n> > [!TIP]\n> > b", "note(){p a; tip(){p b}}"),
        ("> \\[!NOTE]\n> a", "quote{p [!NOTE]↵a}"), ("> [!NOTE](b.md)", "quote{p link<b.md,,!NOTE>}"),
        ("> a [!NOTE]", "quote{p a [!NOTE]}"), ("> [! NOTE]", "quote{p [! NOTE]}"),
        ("> `[!NOTE]`", "quote{p code<[!NOTE]>}"),
    ])
    func aQuoteWithAMarkerIsACallOut(source: String, expected: String) {
        #expect(outline(source) == expected)
        #expect(read(source).diagnostics.isEmpty)
    }

    @Test(arguments: [
        (
            "> [!NOTICE]\n> a",
            "1:3-1:12 unknown-callout: there is no call-out '[!NOTICE]'; did you mean [!NOTE]?"
        ),
        (
            "> [!SPOILER]\n> a",
            "1:3-1:13 unknown-callout: there is no call-out '[!SPOILER]'; write [!NOTE], [!TIP], [!IMPORTANT], "
                + "[!WARNING], [!CAUTION] or [!QUESTION], or \\[!SPOILER] for these very characters"
        ),
        (
            "> [!TIP] Title\n",
            "1:3-1:9 empty-callout: this call-out has no text; write it in the lines below, each with '>'"
        ),
        (
            "a\n\n> [!QUESTION]\n> Why?\n> So.",
            "3:3-3:14 unanswered-question: this question has no answer; the first paragraph is the question, and the "
                + "answer follows behind a line of '>' alone"
        ),
        (
            "[!NOTE]\na",
            "1:1-1:8 stray-callout: '[!NOTE]' stays in the text: a call-out is a quote of its own; begin its lines with "
                + "'>', put an empty line before it, or write \\[!NOTE] for these very characters"
        ),
        (
            "> a\n>\n> [!NOTE]",
            "3:3-3:10 stray-callout: '[!NOTE]' stays in the text: a call-out is a quote of its own; begin its lines with "
                + "'>', put an empty line before it, or write \\[!NOTE] for these very characters"
        ),
    ])
    func whatIsWrongIsToldWithItsPlace(source: String, problem: String) {
        #expect(lines(read(source).diagnostics) == [problem])
    }

    @Test func referencesAndFencesInCallOutsAreFound() {
        let chapter = read("> [!QUESTION] @fig-a\n> @fig-b\n>\n> @fig-c\n>\n> ```x\n> ```").chapter
        var targets: [String] = []
        chapter.forEachInline { if case .reference(let reference) = $0 { targets.append(reference.target) } }
        var fences: [String] = []
        chapter.forEachFence { fences.append($0.info) }
        #expect(targets == ["a", "b", "c"])
        #expect(fences == ["x"])
    }

    @Test func labelsInCallOutsAreThoseOfTheBook() throws {
        let text = "# A\n\n> [!NOTE]\n> $$ x $$ {#eq-a}\n\n$$ y $$ {#eq-a}\n"
        let problems = try withFolder(["report.yml": "title: T", "01.md": text]) {
            Book.load(contentsOf: $0, displayedAs: "c").diagnostics
        }
        #expect(problems.map(\.code) == ["duplicate-label"])
    }
}
