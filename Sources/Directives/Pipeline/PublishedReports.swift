import Execution
import Files
import Foundation
import Pages
import Synchronization

/// The numbers of the reports that were published from a folder, the newest last: what `changes` compares with.
///
/// A file a report, named by the moment of its publication; one whose numbers are those of the one before is not kept.
/// What was read of one stays in memory, since a preview holds every state of its report against the same.
package final class PublishedReports: Sendable {
    package struct Entry: Sendable, Codable {
        /// Seconds since 1970.
        package var published: Double
        /// The commit that was checked out then; nil where there is none.
        package var commit: String?
        package var results: [ResultNumbers]
    }

    private let folder: String
    /// By name, with the stamp of the file that was read.
    private let known = Mutex<[String: (stamp: Files.Stamp, entry: Entry)]>([:])

    package init(_ project: Project) { folder = project.state + "/published" }

    /// The newest stay.
    private static let most = 100
    private static let largest = 64 << 20
    private static let suffix = ".json"

    /// Oldest first; what cannot be read is none, and neither is what is no report.
    package var names: [String] {
        guard let own = try? OwnFolder(folder, followsLink: true), let entries = try? own.entries("") else { return [] }
        return entries.map(\.name).filter { Self.moment(of: $0) != nil }.sorted()
    }

    package func entry(_ name: String) -> Entry? {
        let path = folder + "/" + name
        guard let stamp = Files.stamp(of: path) else { return nil }
        if let known = known.withLock({ $0[name] }), known.stamp == stamp { return known.entry }
        guard let bytes = try? Files.read(path, limit: Self.largest),
            let entry = try? JSONDecoder().decode(Entry.self, from: Data(bytes))
        else { return nil }
        known.withLock { $0[name] = (stamp, entry) }
        return entry
    }

    /// Has in memory what the next report is most likely held against: the newest, and the one before if it is the same.
    func readNewest() {
        for name in names.suffix(2) { _ = entry(name) }
    }

    /// The newest report whose numbers differ from these.
    package func last(before numbers: [ResultNumbers]) -> Entry? {
        for name in names.reversed() {
            guard let entry = entry(name) else { continue }
            if !Changes(from: entry.results, to: numbers, since: "").isEmpty { return entry }
        }
        return nil
    }

    /// The newest that was published at this moment or before.
    package func last(atOrBefore moment: Date) -> Entry? {
        names.reversed().lazy.filter { (Self.moment(of: $0) ?? .distantFuture) <= moment }.compactMap(entry).first
    }

    /// The newest that was published from one of these commits.
    package func last(ofCommits commits: Set<String>) -> Entry? {
        names.reversed().lazy.compactMap(entry).first { $0.commit.map(commits.contains) ?? false }
    }

    /// Keeps the numbers of a report that was published, unless the last one had the same.
    ///
    /// - Parameter commit: asked for only when they are kept.
    /// - Returns: whether they are others than before.
    package func add(
        _ numbers: [ResultNumbers], at moment: Date = Date(), commit: @autoclosure () -> String?
    ) throws -> Bool {
        try Files.makeFolder(folder)
        let lock = try FileLock(folder)
        defer { withExtendedLifetime(lock) {} }
        try sweep()
        let names = names
        if let last = names.last.flatMap(entry), Changes(from: last.results, to: numbers, since: "").isEmpty {
            return false
        }
        let bytes = try canonicalJSON(
            Entry(published: moment.timeIntervalSince1970.rounded(), commit: commit(), results: numbers))
        // Two reports of one second have two names, which are in their order whatever the clock says.
        let next = names.last.flatMap(Self.moment).map { $0.addingTimeInterval(1) } ?? moment
        try Files.write(bytes, to: folder + "/" + Self.name(of: max(moment, next)))
        if let own = try OwnFolder(folder, followsLink: true) {
            for name in names.dropLast(Self.most - 1) { _ = try own.remove(name) }
        }
        // The one before is what the next report is held against.
        known.withLock { $0 = $0.filter { $0.key == names.last } }
        return true
    }

    /// Removes what a build that was killed left half written. The caller holds the lock: nobody else is writing.
    private func sweep() throws {
        guard let own = try OwnFolder(folder, followsLink: true) else { return }
        for entry in try own.entries() where StagedFile.target(of: entry.name).flatMap(Self.moment) != nil {
            _ = try own.remove(entry.name)
        }
    }

    /// `2026-01-23T14-05-06Z.json`: in the order of time, and a file name everywhere.
    private static func name(of moment: Date) -> String {
        moment.formatted(.iso8601).replacing(":", with: "-") + suffix
    }

    private static func moment(of name: String) -> Date? {
        guard name.hasSuffix(suffix), let time = name.firstIndex(of: "T") else { return nil }
        let text = name[..<time] + name[time...].dropLast(suffix.count).replacing("-", with: ":")
        return try? Date(String(text), strategy: .iso8601)
    }
}

extension PublishedReports.Entry {
    /// As a page names it: `2026-01-23 14:05 UTC`.
    package var date: String { timestamp(published) }
}
