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
        let galleries = asked.galleries(of: people)
        let met = try galleries.flatMap { try Self.encounters(queries.vectors, gallery.vectors, asked, $0, check) }
        let shown = galleries.reduce(0) { $0 + asked.strangers(in: $1) } / Double(max(1, galleries.count))
        guard let calibration = OpenSet.calibrate(met, strangers: shown, testedStrangers: people.strangers)
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

    /// Whom each query meets among some faces of the gallery; without those who meet nobody else than themselves there.
    private static func encounters(
        _ queries: Matrix, _ gallery: Matrix, _ people: PeopleNumbers, _ faces: [Int], _ check: @escaping Check
    ) throws -> [OpenSet.Encounter] {
        let held = faces.map { people.gallery[$0] }
        let rows = Matrix(
            rows: faces.count, columns: gallery.columns, values: faces.flatMap { Array(gallery.row($0)) })
        // One more than anybody has faces: among so many there is a stranger.
        let most = (Dictionary(held.map { ($0, 1) }, uniquingKeysWith: +).values.max() ?? 0) + 1
        let found = try FlatIndex(rows, check: check).nearest(min(most, faces.count), to: queries, check: check)
        return people.queries.indices.compactMap { query in
            found[query].first { held[$0.index] != people.queries[query] }.map {
                OpenSet.Encounter(
                    asking: people.queries[query], stranger: held[$0.index], squaredDistance: $0.squaredDistance)
            }
        }
    }
}

extension PeopleNumbers {
    /// The faces of the gallery as galleries of the tested size, each of people of its own: one where there are no more.
    ///
    /// A small gallery has few people, and who they are decides much; several of them say more. O(gallery).
    fileprivate func galleries(of tested: PeopleNumbers) -> [[Int]] {
        let size = max(1, tested.gallery.count)
        let count = max(1, (gallery.count + size / 2) / size)
        var galleries = [[Int]](repeating: [], count: count)
        // Faces of one person stand together, and belong where the first of them does.
        var place = 0
        for (face, person) in gallery.enumerated() {
            if face == 0 || person != gallery[face - 1] { place = face * count / gallery.count }
            galleries[place].append(face)
        }
        return galleries.filter { !$0.isEmpty }
    }

    /// How many of these faces show somebody else than the query, on average.
    fileprivate func strangers(in faces: [Int]) -> Double {
        let sizes = Dictionary(faces.map { (gallery[$0], 1) }, uniquingKeysWith: +)
        let own = queries.reduce(0) { $0 + sizes[$1, default: 0] }
        return Double(faces.count) - Double(own) / Double(max(1, queries.count))
    }
}
