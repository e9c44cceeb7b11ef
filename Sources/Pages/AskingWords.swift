/// The words of the query interface, in one place. Numbers stand where `%` does.
struct AskingWords: Sendable {
    let language: Language

    var withoutScript: String {
        say("With its script this place answers queries. Here are some of its answers, nearest first.")
    }

    /// What the script says, by the names under which it looks for them.
    var script: [(name: String, text: String)] {
        (Self.choosing + Self.photographs + Self.steps + Self.answers).map { ($0.name, say($0.text)) }
    }

    private func say(_ key: String) -> String { language.speaking { Phrase(key: key).text } }

    private static let choosing: [(name: String, text: String)] = [
        ("ask-static", "Choose one of the gallery's faces. For photographs of your own, type `likeness preview`."),
        ("ask-choose", "Choose one of % faces"),
        ("ask-find", "Find a person or a file"),
        ("ask-faces", "Faces of the gallery; arrow keys move, Enter asks"),
        ("ask-unfound", "Nobody is called that."),
        ("ask-loading", "The faces are being loaded."),
        (
            "ask-unloaded",
            "The faces could not be loaded: their file is missing beside this page. Build the report anew."
        ),
        ("ask-models", "Evaluations"),
        ("ask-k", "Answers"),
        ("ask-index", "Index"),
        ("ask-tree", "tree"),
        ("ask-flat", "brute force"),
        ("ask-with", "Only faces with"),
        ("ask-without", "Only faces without"),
        ("ask-any", "choose an attribute"),
        ("ask-drop-filter", "Leave out this condition"),
        ("ask-group", "Group by person"),
    ]

    private static let photographs: [(name: String, text: String)] = [
        ("ask-drop", "Drop a photograph here, paste one, or"),
        ("ask-file", "choose a file"),
        ("ask-camera", "use the camera"),
        ("ask-take", "Take the picture"),
        ("ask-stop", "Stop the camera"),
        (
            "ask-no-camera",
            "The camera cannot be used: it is missing, in use, or not allowed here. Choose a file instead."
        ),
        ("ask-large", "The photograph has more than 20 MB; scale it down."),
        ("ask-no-image", "That is no photograph: choose a JPEG, PNG or PNM file."),
        ("ask-elsewhere", "Only pictures of this report can be asked about by their address."),
        ("ask-unreached", "The server does not answer. Is `likeness preview` still running?"),
        ("ask-busy", "The server is busy; it is asked again in % s."),
        ("ask-asking", "Looking for faces."),
        ("ask-undrawn", "This browser cannot show the photograph; the server can read it."),
        ("ask-mark", "Mark a face by hand"),
        (
            "ask-marker",
            "Marked face: drag it, or move it with the arrow keys; Shift and an arrow key change its size, Enter asks"
        ),
        ("ask-marked", "Ask about the marked face"),
        ("ask-unmark", "Stop marking"),
        ("ask-address", "Address of this answer"),
        ("ask-download", "Download as JSON"),
    ]

    private static let steps: [(name: String, text: String)] = [
        ("ask-photograph", "Photograph"),
        ("ask-one", "One face was found."),
        ("ask-several", "% faces were found. Choose one."),
        ("ask-none", "No face was found. Dashed windows came furthest; mark the face by hand if there is one."),
        ("ask-by-hand", "One face, marked by hand."),
        ("ask-whole", "A face that is cut out already."),
        ("ask-face", "Face %"),
        ("ask-passed", "% of % stages passed"),
        ("ask-sees", "What each network sees"),
        ("ask-crop", "The face as it is cut out"),
        ("ask-seen", "Seen by %"),
        ("ask-search", "Search"),
        ("ask-nodes", "% of % nodes visited, % pruned"),
        ("ask-distances", "% of % distances computed"),
        ("ask-admitted", "% of % faces meet the conditions"),
        ("ask-exact", "exact"),
        ("ask-inexact", "not exact"),
        ("ask-dimensions", "% numbers in a vector"),
        ("ask-stage-decode", "reading"),
        ("ask-stage-scale", "scaling"),
        ("ask-stage-find", "looking for faces"),
        ("ask-stage-near-misses", "looking for near misses"),
        ("ask-stage-crop", "cutting out"),
        ("ask-stage-embed", "embedding"),
        ("ask-stage-search", "searching"),
    ]

    private static let answers: [(name: String, text: String)] = [
        ("ask-query", "Query"),
        ("ask-about", "Ask about %"),
        ("ask-rank", "Rank"),
        ("ask-distance", "Distance"),
        ("ask-matching", "Matching attributes"),
        ("ask-majority", "Attributes are compared with those that most answers have."),
        ("ask-same", "same person"),
        ("ask-other", "another person"),
        ("ask-itself", "the very photograph"),
        ("ask-from", "from rank"),
        ("ask-nobody", "Nobody here: even the nearest face lies beyond %, where the open set begins."),
        ("ask-nothing", "No face meets the conditions."),
        ("ask-told", "%: % answers, the nearest is % at distance %."),
        ("ask-ranks", "ranks"),
    ]
}
