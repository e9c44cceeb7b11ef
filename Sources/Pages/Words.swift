/// The words that the report itself says, in the language of the book.
struct Words: Sendable {
    let language: Language

    var figure: String { say("Figure") }
    var table: String { say("Table") }
    var claim: String { say("Claim") }
    var holds: String { say("holds") }
    var fails: String { say("does not hold") }
    var equation: String { say("Equation") }
    var section: String { say("Section") }
    var chapter: String { say("Chapter") }
    var chapters: String { say("Chapters") }
    var onThisPage: String { say("On this page") }
    var contents: String { say("Contents") }
    var previous: String { say("Previous") }
    var next: String { say("Next") }
    var skip: String { say("Skip to the text") }
    var search: String { say("Search") }
    var searchHint: String { say("Search the report") }
    var noResults: String { say("Nothing found") }
    var copyCSV: String { say("Copy as CSV") }
    var copied: String { say("Copied") }
    var data: String { say("Data") }
    var close: String { say("Close") }
    var enlarge: String { say("Enlarge") }
    var query: String { say("Query") }
    var findSimilar: String { say("Find similar faces") }
    var rank: String { say("Rank") }
    var distance: String { say("Distance") }
    var matching: String { say("Matching attributes") }
    var samePerson: String { say("same person") }
    var otherPerson: String { say("another person") }
    var frame: String { say("Step") }
    var frameBack: String { say("One step back") }
    var frameOn: String { say("One step on") }
    var missesOnly: String { say("Misses only") }
    var before: String { say("Before") }
    var after: String { say("After") }
    var fromRank: String { say("from rank") }
    var showResult: String { say("Show it") }
    var failed: String { say("This result is missing") }
    var noResult: String { say("This step has no result yet.") }
    var beingComputed: String { say("Being computed") }
    var waitsFor: String { say("Waits for") }
    var queued: String { say("Comes later") }
    var outOfDate: String { say("What stands below is out of date") }
    var earlierOutOfDate: String { say("The earlier result is out of date") }
    var earlierResult: String { say("From an earlier result") }
    var isBeingComputed: String { say("This report is being computed and fills by itself") }
    var hasStopped: String { say("The computation of this report has stopped") }
    /// With a number in place of `%`.
    var aboutSeconds: String { say("about % s left") }
    var aboutMinutes: String { say("about % min left") }
    var linkHere: String { say("Link to this section") }
    var back: String { say("Back to the text") }
    var profile: String { say("Profile") }
    var from: String { say("from") }
    var to: String { say("to") }
    var lowest: String { say("lowest") }
    var treeExplorer: String {
        say("Click to move the query, or use the arrow keys; + and − change k. Shaded cells are visited leaves.")
    }
    var treeSearch: String { say("k = {0}: {1} of {2} leaves visited, {3} of {4} distances computed.") }
    var left: String { say("left") }
    var right: String { say("right") }
    var keys: String { say("/ searches, j and k move between sections") }
    var asking: AskingWords { AskingWords(language: language) }
    var note: String { say("Note") }
    var tip: String { say("Tip") }
    var important: String { say("Important") }
    var warning: String { say("Warning") }
    var caution: String { say("Caution") }
    var question: String { say("Question") }
    var answer: String { say("Answer") }
    var answers: String { say("Answers") }
    var onScreen: String { say("in the web report") }
    var changes: String { say("Changes") }

    /// How long something will still take, roughly.
    func about(seconds: Int) -> String {
        let isLong = seconds >= 90
        let number = isLong ? (seconds + 30) / 60 : max(5, (seconds + 4) / 5 * 5)
        return (isLong ? aboutMinutes : aboutSeconds).replacing("%", with: "\(number)")
    }

    static func of(_ tag: String) -> Words { Words(language: Language.of(tag)) }

    private func say(_ key: String) -> String { language.speaking { Phrase(key: key).text } }
}
