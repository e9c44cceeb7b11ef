import Chapters
import Diagnostics
import Pages
import Testing

struct CalloutTests {
    private static func text(_ text: String) -> Block { .paragraph([.text(text)]) }

    private func question(_ title: String = "", _ text: String, _ answer: Block...) -> Block {
        .callout(
            Callout(
                kind: .question, title: title.isEmpty ? [] : [.text(title)], blocks: [Self.text(text)], answer: answer))
    }

    @Test(arguments: [
        ("en", ["Note", "Tip", "Important", "Warning", "Caution", "Question 1"]),
        ("vi", ["Ghi chú", "Mẹo", "Quan trọng", "Cảnh báo", "Thận trọng", "Câu hỏi 1"]),
    ])
    func everyKindSaysItsNameInTheLanguageOfTheBook(_ language: String, _ words: [String]) throws {
        let boxes = Callout.Kind.allCases.map { Block.callout(Callout(kind: $0, blocks: [Self.text("x")])) }
        let site = try Sample.site(boxes, language: language)
        for (kind, word) in zip(Callout.Kind.allCases, words) {
            #expect(site.text().contains("class=\"callout callout-\(kind)\""))
            #expect(site.text().contains("<p class=\"callout-title\">\(word)</p>\n<p>x</p>"), "\(word)")
        }
        #expect(site.diagnostics.isEmpty)
    }

    @Test func aTitleOfItsOwnStandsInPlaceOfTheKindWhichIsStillSaid() throws {
        let title: [Inline] = [.text("Mind "), .emphasis([.text("this")])]
        let page = try Sample.site([.callout(Callout(kind: .warning, title: title, blocks: [Self.text("x")]))]).text()
        #expect(page.contains("role=\"note\" aria-label=\"Warning\""))
        #expect(page.contains("<p class=\"callout-title\">Mind <em>this</em></p>"))
    }

    @Test func anAnswerIsFoldedBehindALineAndStandsAtTheEndForPaper() throws {
        let site = try Sample.site([
            question("T", "How?", .math(Sample.math("a"), label: "eq-a")),
            question("", "When?", Self.text("Now.")), Self.text("Last."),
        ])
        let page = site.text()
        #expect(page.contains("<p>How?</p>\n<details class=\"answer\">\n<summary>Answer</summary>\n"))
        #expect(page.components(separatedBy: "id=\"eq-a\"").count == 2)
        let end = try #require(page.range(of: "<div class=\"question-answers\">"))
        let last = try #require(page.range(of: "<p>Last.</p>"))
        #expect(last.lowerBound < end.lowerBound)
        let answers = page[end.lowerBound...]
        #expect(answers.contains("<p class=\"answers-title\">Answers</p>"))
        #expect(answers.contains("<p class=\"callout-title\">T</p>"))
        #expect(answers.contains("<p class=\"callout-title\">Question 1</p>\n<p>Now.</p>"))
        #expect(site.diagnostics.isEmpty)
    }

    @Test func aPageWithoutQuestionsHasNoAnswers() throws {
        let page = try Sample.site([.callout(Callout(kind: .note, blocks: [Self.text("x")]))]).text()
        #expect(!page.contains("class=\"question-answers\"") && !page.contains("<details class=\"answer\""))
    }

    @Test func mistakesInAnAnswerAreToldOnce() throws {
        let site = try Sample.site([question("", "Why?", .paragraph([Sample.reference(.figure, "nope")]))])
        #expect(site.codes == ["unknown-reference"])
    }

    @Test func theSearchIndexHoldsTitlesQuestionsAndAnswers() throws {
        let site = try Sample.site([question("Entitled", "Asked?", Self.text("Answered."))])
        #expect(
            site.text(try #require(site.files.first { $0.path.hasPrefix("assets/search-") }).path)
                .contains("Entitled Asked? Answered."))
    }

    @Test func boxesAreToldApartWithoutColour() throws {
        let style = try #require(try Sample.site([]).files.first { $0.path.hasSuffix(".css") })
        let text = String(decoding: style.bytes, as: UTF8.self)
        for mark in ["i", "+", "!", "!!", "\\00d7", "?"] {
            #expect(text.contains("content: \"\(mark)\";"), "\(mark)")
        }
        #expect(text.contains("details.answer { display: none; }"))
    }
}
