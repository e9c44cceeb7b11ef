import Tensors

/// How well a threshold tells who is in the gallery and who is not.
package struct OpenSetResult: Sendable, Codable {
    /// Distance, not squared.
    package var threshold: Double
    package var calibration: OpenSet.Calibration
    package var outcome: OpenSet.Outcome
    /// By growing threshold.
    package var errors: [OpenSet.Errors]
}

extension OpenSetResult {
    /// At the threshold of which the calibration's people promise that it takes at most one in twenty for somebody when their own
    /// faces are absent; nil with fewer than two of them.
    init?(
        _ full: FullRanking, _ people: PeopleNumbers, _ queries: LabelledVectors, _ gallery: LabelledVectors,
        _ check: @escaping Check
    ) throws {
        guard queries.people.count >= 2, gallery.vectors.rows >= 1, !full.nearestOwn.isEmpty else { return nil }
        let asked = PeopleNumbers(queries: queries.people, gallery: gallery.people)
        // One more than anybody has faces: among so many there is a stranger, unless the gallery shows nobody else.
        let most = (asked.relevant.max() ?? 0) + 1
        let found = try FlatIndex(gallery.vectors, check: check)
            .nearest(min(most, gallery.vectors.rows), to: queries.vectors, check: check)
        let met = asked.queries.indices.compactMap { query in
            found[query].first { asked.gallery[$0.index] != asked.queries[query] }.map {
                OpenSet.Encounter(
                    asking: asked.queries[query], stranger: asked.gallery[$0.index], squaredDistance: $0.squaredDistance
                )
            }
        }
        guard
            let calibration = OpenSet.calibrate(
                met, strangers: asked.strangers, testedStrangers: people.strangers)
        else { return nil }
        self.calibration = calibration
        let limit = calibration.threshold
        threshold = Double(max(0, limit)).squareRoot()
        let identified = zip(full.nearestOwn, full.nearestStrangers).map { $0 < $1 && $0 <= limit ? 1.0 : 0 }
        let strange = people.queries.indices.map { query in
            OpenSet.Encounter(
                asking: people.queries[query], stranger: full.strangers[query] ?? people.queries[query],
                squaredDistance: full.nearestStrangers[query])
        }
        outcome = OpenSet.Outcome(
            identified: PeopleSample(identified, of: people.queries).estimate(),
            falselyAccepted: OpenSet.acceptance(strange, at: limit))
        errors = OpenSet.errors(nearestOwn: full.nearestOwn, nearestStrangers: full.nearestStrangers)
    }
}
