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
        package var isPinned: Bool
    }

    /// Every readable result, the newest first. O(results).
    package func entries() -> [Entry] {
        let latest = Set(directiveIDs().compactMap { latestKeys($0).first })
        return names(in: "results").compactMap { name -> Entry? in
            guard let result = try? manifest("\(folder)/results/\(name)") else { return nil }
            return Entry(
                result: result, size: result.size, isLatest: latest.contains(result.key),
                isPinned: Files.exists(pinPath(result.key)))
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

    /// Every directive that ever had a result.
    func directiveIDs() -> [String] { names(in: "latest").map { String($0.dropLast(".json".count)) } }

    /// Names in a folder of the store, sorted; none when it is not there.
    func names(in name: String) -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: "\(folder)/\(name)")) ?? []).sorted()
    }

    /// Everything below `objects`, unfinished files included.
    func objectPaths() -> [String] {
        names(in: "objects").flatMap { prefix in names(in: "objects/\(prefix)").map { "\(folder)/objects/\(prefix)/\($0)" } }
    }

    func size(of path: String) -> Int {
        var status = stat()
        return lstat(path, &status) == 0 ? Int(status.st_size) : 0
    }
}
