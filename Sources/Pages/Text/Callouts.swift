import Chapters
import Markup

extension PageWriter {
    /// A box with its title; of a question the answer is behind a line that opens it.
    mutating func callout(_ callout: Callout) -> HTML {
        let word = callout.kind.word(words)
        var title = inlines(callout.title)
        if callout.kind == .question, callout.title.isEmpty {
            questions += 1
            title = "\(word) \(questions)"
        }
        if title.isEmpty { title = .text(word) }
        let text = nested(callout.blocks)
        let answer = nested(callout.answer)
        if !callout.answer.isEmpty { answers.append((title, answer)) }
        return .block(
            "div", ["class": "callout callout-\(callout.kind)", "role": "note", "aria-label": word],
            .line("p", ["class": "callout-title"], title), text,
            callout.answer.isEmpty
                ? .empty
                : .block("details", ["class": "answer"], .line("summary", .text(words.answer)), answer))
    }

    /// The answers to the chapter's questions once more, for paper: there a question stands alone.
    ///
    /// What has a name has it where it stands first.
    func printedAnswers() -> HTML {
        guard !answers.isEmpty else { return .empty }
        let items = answers.map { title, answer in
            HTML.block(
                "div", .line("p", ["class": "callout-title"], title.withoutIDs), answer.withoutIDs)
        }
        return .block(
            "div", ["class": "question-answers"], .line("p", ["class": "answers-title"], .text(words.answers)),
            .group(items))
    }
}

extension HTML {
    fileprivate var withoutIDs: HTML { mapped { $0.name == "id" ? [] : [$0] } }
}

extension Callout.Kind {
    fileprivate func word(_ words: Words) -> String {
        switch self {
        case .note: words.note
        case .tip: words.tip
        case .important: words.important
        case .warning: words.warning
        case .caution: words.caution
        case .question: words.question
        }
    }
}
