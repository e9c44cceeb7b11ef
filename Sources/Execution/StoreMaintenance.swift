import Files

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

    /// Every usable result, the newest first. O(results).
    ///
    /// - Throws: `FileError` when the store cannot be read.
    package func entries() throws -> [Entry] {
        guard let own = try own(followsLink: true) else { return [] }
        let inventory = try Inventory(of: own, followsLinks: true)
        let latest = Set(inventory.latest.compactMap { latestKeys(String($0.name.dropLast(".json".count))).first })
        let pinned = Set(inventory.pins.map(\.name))
        return inventory.manifests.compactMap { file -> Entry? in
            guard let result = try? manifest("\(folder)/\(file.path)") else { return nil }
            return Entry(
                result: result, size: result.size, isLatest: latest.contains(result.key),
                isPinned: pinned.contains(result.key.hex))
        }.sorted {
            ($0.result.environment.finished, $0.result.key.hex) > ($1.result.environment.finished, $1.result.key.hex)
        }
    }

    /// Whether the store, if there is one, can be looked into: an unreadable one looks like one without results.
    ///
    /// - Throws: `FileError` for the first part that cannot be read.
    package func checkReadable() throws {
        if let own = try own(followsLink: true) { _ = try Inventory(of: own, followsLinks: true) }
    }

    /// Everything that is wrong: objects whose bytes do not match their name, manifests that cannot be read or that
    /// name objects which are not there. Reads every byte. O(stored bytes).
    ///
    /// - Throws: `FileError` when the store cannot be read, and `StoreError` when there is none.
    package func damages(progress: (_ done: Int, _ total: Int) -> Void = { _, _ in }) throws -> [String] {
        guard let own = try own(followsLink: true) else {
            throw StoreError(path: folder, message: "is not there: nothing was built here yet")
        }
        let inventory = try Inventory(of: own, followsLinks: true)
        var damages = inventory.foreign.filter { $0.hasPrefix("objects/") || $0.hasPrefix("results/") }
            .map { "\(folder)/\($0): is of no use to this store" }
        for (index, file) in inventory.objects.enumerated() {
            progress(index, inventory.objects.count)
            guard let digest = Digest(hex: file.name) else { continue }
            do {
                try check(digest)
            } catch {
                damages.append("\(error)")
            }
        }
        for file in inventory.latest {
            let path = "\(folder)/\(file.path)"
            do {
                _ = try latestKeys(in: Files.read(path, limit: Self.recordBytes), path: path)
            } catch {
                damages.append("\(error)")
            }
        }
        for file in inventory.manifests {
            let path = "\(folder)/\(file.path)"
            do {
                let result = try manifest(path)
                guard result.key.hex == file.name else {
                    damages.append("\(path): holds the result of another key; the step will run again")
                    continue
                }
                for blob in result.blobs where !Files.exists(objectPath(blob.digest)) {
                    damages.append(
                        "\(path): names an object that is missing (\(blob.digest.short)); the step will run again")
                }
            } catch {
                damages.append("\(error)")
            }
        }
        return damages
    }
}
