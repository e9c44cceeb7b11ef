import Chapters
import Execution
import Pages

/// Where a report is made: the folders of its chapters, data, results and pages, and which edition of it.
package struct Project: Sendable {
    /// The folder of Markdown chapters and `report.yml`.
    package var chapters: String
    /// The folder of datasets and weights.
    package var data: String
    /// The folder of the rendered report.
    package var output: String
    /// The folder of results and of what was rendered from them.
    package var state: String
    /// A profile of `report.yml`; nil for its plain parameters.
    package var profile: String?
    /// Parameters of `report.yml` with other values.
    package var assignments: [(name: String, value: String)]

    package init(
        chapters: String = "chapters", data: String = "data", output: String = "output", state: String = ".likeness",
        profile: String? = nil, assignments: [(name: String, value: String)] = []
    ) {
        self.chapters = chapters
        self.data = data
        self.output = output
        self.state = state
        self.profile = profile
        self.assignments = assignments
    }

    package var store: Store { Store(folder: state + "/store") }

    /// Whose pages they are, for the record beside them.
    func place(of book: Book) -> BookPlace {
        BookPlace(chapters: chapters, title: book.settings.title.description, seenFrom: output)
    }
}
