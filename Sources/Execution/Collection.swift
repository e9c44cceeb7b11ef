import Files
import Foundation

/// What a collection removed, or would remove.
package struct CollectedGarbage: Sendable {
    package var results: [StepResult] = []
    package var objectCount = 0
    /// Unfinished steps whose key nothing asks for any more.
    package var scratchCount = 0
    /// Of objects and unfinished steps together.
    package var bytes = 0
    /// Of the objects that stay.
    package var keptBytes = 0
}

extension Store {
    /// Removes results that nothing keeps, then objects that no result names, what interrupted writes left among them.
    ///
    /// What the book reaches and what is pinned stays whatever happens. The last two results of every directive stay as
    /// well while everything fits the budget; else the largest of them go first.
    ///
    /// - Parameters:
    ///   - keys: the results that the book reaches.
    ///   - unfinished: the keys whose unfinished steps may go on; nil when they are not all known, and all stay.
    ///   - budget: bytes of all objects that stay; nil for as many as there are.
    ///   - dryRun: tells what would go, and removes nothing.
    ///
    /// The caller holds the store alone, as `lockForCollection` gives it.
    package func collect(
        keeping keys: Set<Digest>, unfinished: Set<Digest>? = nil, budget: Int? = nil, dryRun: Bool
    ) throws -> CollectedGarbage {
        let entries = entries()
        let former = Set(directiveIDs().flatMap { latestKeys($0) })
        var kept = entries.filter { keys.contains($0.result.key) || $0.isPinned }.map(\.result)
        var spare = entries.map(\.result).filter { former.contains($0.key) && !Set(kept.map(\.key)).contains($0.key) }
        // By size, not by age: a clock that was wrong once decides nothing.
        spare.sort { ($0.size, $0.key) < ($1.size, $1.key) }
        while let budget, !spare.isEmpty, Self.bytes(of: kept + spare) > budget { spare.removeLast() }
        kept += spare

        var collection = CollectedGarbage(keptBytes: Self.bytes(of: kept))
        let keptKeys = Set(kept.map(\.key))
        collection.results = entries.map(\.result).filter { !keptKeys.contains($0.key) }
        let named = Set(kept.flatMap(\.blobs).map(\.digest.hex))
        let orphans = objectPaths().filter { !named.contains(($0 as NSString).lastPathComponent) }
        let scratch = unfinished.map { keys in
            names(in: "scratch").filter { name in !keys.contains { name.hasPrefix($0.hex) } }.map { "\(folder)/scratch/\($0)" }
        } ?? []
        collection.objectCount = orphans.count
        collection.scratchCount = scratch.count
        collection.bytes = orphans.reduce(0) { $0 + size(of: $1) } + scratch.reduce(0) { $0 + size(below: $1) }
        guard !dryRun else { return collection }

        // Manifests first: a manifest must never name an object that is gone.
        for result in collection.results { unlink(manifestPath(result.key)) }
        try Files.makeFolder(folder + "/results", with: operations)
        try Files.sync(folder: folder + "/results", with: operations)
        for path in orphans { unlink(path) }
        for path in scratch { try? FileManager.default.removeItem(atPath: path) }
        return collection
    }

    /// Keeps the last result of the directive `id` through every collection.
    ///
    /// - Returns: its key; nil when it never had a result.
    package func pin(_ id: String) throws -> Digest? {
        guard let key = latest(id)?.key else { return nil }
        try Files.write(Array(id.utf8), to: pinPath(key), with: operations)
        return key
    }

    /// Lets go of every pinned result of the directive `id`.
    ///
    /// - Returns: how many there were.
    package func unpin(_ id: String) -> Int {
        let pins = names(in: "pins").map { "\(folder)/pins/\($0)" }
        return pins.count { (try? Files.read($0)) == Array(id.utf8) && unlink($0) == 0 }
    }

    /// Of distinct objects: results share them.
    private static func bytes(of results: [StepResult]) -> Int { Set(results.flatMap(\.blobs)).reduce(0) { $0 + $1.size } }

    private func size(below path: String) -> Int {
        let inside = (try? FileManager.default.subpathsOfDirectory(atPath: path)) ?? []
        return size(of: path) + inside.reduce(0) { $0 + size(of: path + "/" + $1) }
    }
}
