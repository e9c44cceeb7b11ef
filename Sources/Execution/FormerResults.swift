extension Store {
    /// The last results of some steps, where they belong together: each was made from the very results of the others
    /// that are the last ones now. What a build would make anew is among them.
    ///
    /// - Parameter links: of every step that uses others: its id, and by option names whose results it must have been
    ///   made from.
    /// - Returns: nil where one is missing, or was made from others.
    package func formerResults(_ links: [(id: String, uses: [(name: String, id: String)])]) -> [String: StepResult]? {
        var results: [String: StepResult] = [:]
        for id in links.flatMap({ [$0.id] + $0.uses.map(\.id) }) where results[id] == nil {
            guard let result = latest(id) else { return nil }
            results[id] = result
        }
        for link in links {
            for use in link.uses {
                guard let user = results[link.id], let used = results[use.id],
                    user.components.contains(Key.Component(.step, use.name, .text(used.output.hex)))
                else { return nil }
            }
        }
        return results
    }

    /// Whether a result was made with the options that a step has now, by the same version of the engine, and where
    /// that is asked for, of the same data.
    package func isMade(_ result: StepResult, as step: PlannedStep, ofSameData: Bool) throws -> Bool {
        let tags: Set<Key.Component.Tag> = ofSameData ? [.kind, .option, .data] : [.kind, .option]
        var wanted = Key.settings(of: step)
        if ofSameData {
            let digests = DataDigests(for: self)
            wanted += try step.work.data.map { .init(.data, $0.name, .text(try digests.digest(of: $0.path).hex)) }
        }
        return Set(result.components.filter { tags.contains($0.tag) }) == Set(wanted)
    }
}
