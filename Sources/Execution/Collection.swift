import Files

/// What a collection removed, or would remove.
package struct CollectedGarbage: Sendable {
    package var results: [StepResult] = []
    package var objectCount = 0
    /// Unfinished steps whose key nothing asks for any more.
    package var scratchCount = 0
    /// Of objects and unfinished steps together.
    package var bytes = 0
    /// What lies in the store and is not of its making; it stays.
    package var foreign: [String] = []
    /// Manifests that cannot be used, so that they keep nothing; they stay.
    package var damaged: [String] = []
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
    /// - Throws: before anything is removed, when a part of the store cannot be read, is a link, or is not understood: what
    ///   is kept is then not known. `StoreError` or `FileError`.
    package func collect(
        keeping keys: Set<Digest>, unfinished: Set<Digest>? = nil, budget: Int? = nil, dryRun: Bool
    ) throws -> CollectedGarbage {
        guard let own = try own() else { return CollectedGarbage() }
        let inventory = try Inventory(of: own)
        if let link = inventory.linked.first {
            throw StoreError(
                path: folder + "/" + link,
                message: "is a link, and nothing behind a link is removed; put the folder itself there")
        }
        if let path = inventory.misplaced.first {
            throw StoreError(
                path: folder + "/" + path,
                message: "is no regular file, so what it keeps is not known; put the file itself there, or remove it")
        }
        let (results, damaged) = try results(inventory, own)
        let pinned = Set(inventory.pins.map(\.name))
        let former = try Set(
            inventory.latest.flatMap {
                try latestKeys(in: own.read($0.path, limit: Self.recordBytes), path: folder + "/" + $0.path)
            })
        var kept = results.filter { keys.contains($0.key) || pinned.contains($0.key.hex) }
        let keptAnyway = Set(kept.map(\.key))
        var spare = results.filter { former.contains($0.key) && !keptAnyway.contains($0.key) }
        // By size, not by age: a clock that was wrong once decides nothing.
        spare.sort { ($0.size, $0.key) < ($1.size, $1.key) }
        while let budget, !spare.isEmpty, Self.bytes(of: kept + spare) > budget { spare.removeLast() }
        kept += spare

        var collection = CollectedGarbage(foreign: inventory.foreign, damaged: damaged, keptBytes: Self.bytes(of: kept))
        let keptKeys = Set(kept.map(\.key))
        collection.results = results.filter { !keptKeys.contains($0.key) }
        let named = Set(kept.flatMap(\.blobs).map(\.digest.hex))
        let orphans = inventory.objects.filter { !named.contains($0.name) } + inventory.parts
        let steps = unfinished.map { keys in inventory.unfinished.filter { !keys.contains($0.key) } } ?? []
        collection.objectCount = orphans.count
        collection.scratchCount = steps.reduce(0) { $0 + $1.files.count }
        collection.bytes = (orphans + steps.flatMap(\.files)).reduce(0) { $0.addingLimited($1.size) }
        guard !dryRun else { return collection }

        // Manifests first: a manifest must never name an object that is gone.
        for result in collection.results { try own.remove("results/" + result.key.hex) }
        if !collection.results.isEmpty { try Files.sync(folder: folder + "/results", with: operations) }
        for file in orphans { try own.remove(file.path) }
        for step in steps { try own.remove(step) }
        return collection
    }

    /// The results that can be used, and the manifests that cannot: a damaged one names nothing; one that another program
    /// wrote names what we do not know.
    private func results(
        _ inventory: Inventory, _ own: OwnFolder
    ) throws -> (usable: [StepResult], damaged: [String]) {
        var damaged: [String] = []
        let usable = try inventory.manifests.compactMap { file -> StepResult? in
            let path = folder + "/" + file.path
            let bytes = try own.read(file.path, limit: Self.recordBytes)
            guard let line = Self.sealedLine(bytes) else {
                damaged.append(file.path)
                return nil
            }
            guard let result = decoded(line) else {
                throw StoreError(
                    path: path,
                    message: "was written by another version of this program; use that one, or remove the file")
            }
            if result.key.hex != file.name { damaged.append(file.path) }
            return result.key.hex == file.name ? result : nil
        }
        return (usable, damaged)
    }

    /// Keeps the last result of the directive `id` through every collection.
    ///
    /// - Returns: its key; nil when it never had a result.
    package func pin(_ id: String) throws -> Digest? {
        try checkReadable()
        guard let key = latest(id)?.key else { return nil }
        try Files.write(Array(id.utf8), to: pinPath(key), with: operations)
        return key
    }

    /// Lets go of every pinned result of the directive `id`.
    ///
    /// - Returns: how many there were.
    package func unpin(_ id: String) throws -> Int {
        guard let own = try own() else { return 0 }
        return try Inventory(of: own).pins.count {
            try own.read($0.path, limit: Self.recordBytes) == Array(id.utf8) && own.remove($0.path)
        }
    }

    /// The store's folder, for removing what is ours in it; nil when there is no store.
    ///
    /// - Parameter followsLink: for what this very build has written, wherever the author keeps the store.
    func own(followsLink: Bool = false) throws(FileError) -> OwnFolder? {
        try OwnFolder(folder, followsLink: followsLink, with: operations)
    }

    /// Of distinct objects: results share them.
    private static func bytes(of results: [StepResult]) -> Int {
        Set(results.flatMap(\.blobs)).reduce(0) { $0.addingLimited($1.size) }
    }
}

extension Int {
    /// A sum of sizes, which somebody may have made up.
    package func addingLimited(_ other: Int) -> Int {
        let (sum, isTooLarge) = addingReportingOverflow(other)
        return isTooLarge ? .max : sum
    }
}
