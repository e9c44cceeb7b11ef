import Chapters
import Execution
import Files
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

extension Project {
    /// What would keep the report from being published is told before hours of work.
    func tryOutput(of book: Book, beside steps: [PlannedStep]) throws {
        let place = Files.resolvedPlace(output)
        func refusal(_ reason: String) -> FileError {
            FileError(.unwritable, output, "\(reason); name a folder of its own, such as 'output'")
        }
        let results = Files.resolvedPlace(state)
        if place == "/" { throw refusal("is the root of the file system") }
        if place == results || Files.lies(place, below: results) {
            throw refusal("lies in \(state), where results are kept")
        }
        if place == Files.resolvedPlace(chapters) { throw refusal("is the folder of the chapters") }
        if place == Files.resolvedPlace(data) { throw refusal("is the folder of the data") }
        // Pictures of a report among photographs would be taken for some of them at the next build.
        for step in steps {
            for source in step.work.data {
                guard let folder = Files.resolved(source.path), place == folder || Files.lies(place, below: folder)
                else { continue }
                throw FileError(
                    .unwritable, output,
                    "lies in \(source.path), which '\(step.id)' reads; name another folder")
            }
        }
        try Site.tryPlace(output, for: self.place(of: book))
    }
}
