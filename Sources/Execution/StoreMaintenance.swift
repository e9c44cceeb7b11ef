import Files
import Foundation

/// Looking after a store: what it holds, whether it is sound, what may go.
extension Store {
    /// A stored result, as `store list` tells of it.
    package struct Entry: Sendable {
        package var result: StepResult
        /// Bytes of its blobs; blobs that results share count for each.
        package var size: Int
        /// Whether it is the last result of its directive.
        package var isLatest: Bool
    }

    /// Every readable result, the newest first. O(results).
    package func entries() -> [Entry] {
        let latest = latestKeys()
        return names(in: "results").compactMap { name -> Entry? in
            guard let result = try? manifest("\(folder)/results/\(name)") else { return nil }
            return Entry(
                result: result, size: result.blobs.reduce(0) { $0 + $1.size }, isLatest: latest.contains(result.key))
        }.sorted { ($0.result.environment.finished, $0.result.key.hex) > ($1.result.environment.finished, $1.result.key.hex) }
    }

    /// Everything that is wrong: objects whose bytes do not match their name, manifests that cannot be read or that
    /// name objects which are not there. Reads every byte. O(stored bytes).
    package func damages(progress: (_ done: Int, _ total: Int) -> Void = { _, _ in }) -> [String] {
        var damages: [String] = []
        let objects = objectPaths()
        for (index, path) in objects.enumerated() {
            progress(index, objects.count)
            let name = (path as NSString).lastPathComponent
            guard let digest = Digest(hex: name) else {
                damages.append("\(path): is no object of this store")
                continue
            }
            do {
                _ = try blob(digest)
            } catch {
                damages.append("\(error)")
            }
        }
        for name in names(in: "results") {
            let path = "\(folder)/results/\(name)"
            guard let result = try? manifest(path), result.key.hex == name else {
                damages.append("\(path): is damaged; the step will run again")
                continue
            }
            for blob in result.blobs where !Files.exists(objectPath(blob.digest)) {
                damages.append("\(path): names an object that is missing (\(blob.digest.short)); the step will run again")
            }
        }
        return damages
    }

    /// What a collection removed, or would remove.
    package struct Collection: Sendable {
        package var results: [StepResult] = []
        package var objectCount = 0
        package var bytes = 0
    }

    /// Removes results that nothing keeps, then objects that no result names, then what interrupted writes left.
    ///
    /// - Parameters:
    ///   - keys: the results that the book reaches; the last result of every directive is kept beside them.
    ///   - dryRun: tells what would go, and removes nothing.
    ///
    /// The caller holds the store's lock.
    package func collect(keeping keys: Set<Digest>, dryRun: Bool) throws -> Collection {
        var collection = Collection()
        let kept = keys.union(latestKeys())
        var named: Set<String> = []
        for entry in entries() {
            if kept.contains(entry.result.key) {
                named.formUnion(entry.result.blobs.map(\.digest.hex))
            } else {
                collection.results.append(entry.result)
            }
        }
        let orphans = objectPaths().filter { !named.contains(($0 as NSString).lastPathComponent) }
        for path in orphans {
            collection.objectCount += 1
            collection.bytes += size(of: path)
        }
        guard !dryRun else { return collection }
        // Manifests first: a manifest must never name an object that is gone.
        for result in collection.results { unlink("\(folder)/results/\(result.key.hex)") }
        try Files.makeFolder(folder + "/results")
        try Files.sync(folder: folder + "/results")
        for path in orphans { unlink(path) }
        return collection
    }

    private func latestKeys() -> Set<Digest> {
        Set(names(in: "latest").compactMap { latestKey(String($0.dropLast(".json".count))) })
    }

    /// Names in a folder of the store, sorted; none when it is not there.
    private func names(in name: String) -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: "\(folder)/\(name)")) ?? []).sorted()
    }

    /// Everything below `objects`, unfinished files included.
    private func objectPaths() -> [String] {
        names(in: "objects").flatMap { prefix in names(in: "objects/\(prefix)").map { "\(folder)/objects/\(prefix)/\($0)" } }
    }

    private func size(of path: String) -> Int {
        var status = stat()
        return lstat(path, &status) == 0 ? Int(status.st_size) : 0
    }
}

extension StepResult {
    /// Every blob that the result names.
    var blobs: [Blob] { Array(artifacts.values) + Array(measurements.values) }
}
