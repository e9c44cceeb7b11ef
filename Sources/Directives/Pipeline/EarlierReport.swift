import Files
import Foundation
import Pages

/// An earlier report, to hold the present one against.
package struct EarlierReport {
    package let numbers: [ResultNumbers]
    /// As a reader names it: `2026-01-23 14:05 UTC`, `commit 1a2b3c4`.
    package let name: String

    /// Why there is none.
    package struct Missing: Error, CustomStringConvertible {
        package let description: String
    }

    /// The newest of those whose numbers are not those of now; nil where there is none.
    package init?(before numbers: [ResultNumbers], among published: PublishedReports) {
        guard let entry = published.last(before: numbers) else { return nil }
        self.init(entry)
    }

    /// The last one that was published at or before a moment or a commit.
    ///
    /// - Parameter text: `2026-01-23`, `2026-01-23 14:05` (UTC), or whatever `git` takes for a commit.
    /// - Throws: `Missing`.
    package init(since text: String, in project: Project) throws {
        let published = PublishedReports(project)
        let known = published.names.first.flatMap(published.entry).map { "; the oldest is of \($0.date)" } ?? ""
        if let moment = Self.moment(text) {
            guard let entry = published.last(atOrBefore: moment) else {
                throw Missing(description: "no report was published here by \(text)\(known)")
            }
            self.init(entry)
            return
        }
        let repository = Repository(folder: Files.folder(of: project.output))
        guard let commit = repository.commit(text) else {
            throw Missing(
                description: "'\(text)' is neither a date such as 2026-01-23 nor a commit of the repository here")
        }
        let path = project.output.split(separator: "/").last.map(String.init) ?? project.output
        let kept = repository.files(in: path + "/results", of: commit, endingWith: ".json")
            .compactMap { try? ResultNumbers(json: $0) }
        if !kept.isEmpty {
            self.init(kept, of: "commit \(commit.prefix(10))")
            return
        }
        guard let entry = published.last(ofCommits: repository.history(of: commit)) else {
            throw Missing(
                description:
                    "commit \(commit.prefix(10)) holds no \(path)/results, and no report was published here from it or a commit before it\(known)"
            )
        }
        self.init(entry)
    }

    /// The numbers in another report's folder: `results/*.json` of it, or the files themselves.
    ///
    /// - Throws: `Missing`; `FileError` for a file that cannot be read.
    package init(in folder: String) throws {
        let place = Files.isFolder(folder + "/results") ? folder + "/results" : folder
        guard Files.isFolder(place) else { throw Missing(description: "there is no folder \(folder)") }
        let names = try FileManager.default.contentsOfDirectory(atPath: place).filter { $0.hasSuffix(".json") }.sorted()
        let numbers = try names.map { name in
            let path = place + "/" + name
            do {
                return try ResultNumbers(json: try Files.read(path, limit: 64 << 20))
            } catch let error as FileError {
                throw error
            } catch {
                throw Missing(description: "\(path) is no result of a report")
            }
        }
        guard !numbers.isEmpty else {
            throw Missing(description: "\(place) holds no result of a report: a build writes them to output/results")
        }
        self.init(numbers, of: folder)
    }

    private init(_ numbers: [ResultNumbers], of name: String) { (self.numbers, self.name) = (numbers, name) }

    private init(_ entry: PublishedReports.Entry) { self.init(entry.results, of: entry.date) }

    /// The end of a day, or of a minute.
    private static func moment(_ text: String) -> Date? {
        let formatter = DateFormatter()
        formatter.locale = Locale(identifier: "en_US_POSIX")
        formatter.timeZone = TimeZone(identifier: "UTC")
        formatter.isLenient = false
        for (format, rest) in [("yyyy-MM-dd", 86399.0), ("yyyy-MM-dd HH:mm", 59), ("yyyy-MM-dd'T'HH:mm", 59)] {
            formatter.dateFormat = format
            if let date = formatter.date(from: text) { return date.addingTimeInterval(rest) }
        }
        return try? Date(text, strategy: .iso8601)
    }
}
