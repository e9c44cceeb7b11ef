import Directives
import Execution
import Files
import Foundation
import Ranks
import TestSupport
import Testing

/// A book that is built by several ranks, as threads of this process: results are those of one, byte for byte.
@Suite(.serialized) struct RanksBuildTests {
    private static let chapter = """
        # All

        ```preprocess
        id: faces
        dataset: small
        test: 0.4
        ```

        ```train
        id: trained
        data: faces
        model: mobilenet_v2
        epochs: 1
        batch: 3
        triplets: 4
        head: components
        ```

        ```evaluate
        id: tuned
        data: faces
        train: trained
        k: [1, 2]
        normalize: true
        ```

        ```evaluate
        id: pixels
        data: faces
        model: pixels
        k: [1, 2]
        ```
        """
    private static let ids = ["faces", "trained", "tuned", "pixels"]

    private func outputs(_ results: Results) -> [String: Digest] {
        Dictionary(
            Self.ids.compactMap { id in results[id].map { (id, $0.output) } }, uniquingKeysWith: { first, _ in first })
    }

    private func build(_ project: SmallProject, on count: Int) throws -> [String: Digest] {
        try ThreadRanks.run(count, serving: rankJobs) { (ranks) throws in
            let (built, problems) = try project.attempt(ranks: ranks)
            #expect(problems.isEmpty, "\(problems)")
            return outputs(built.results)
        }
    }

    @Test func resultsAreThoseOfOneRank() throws {
        let alone = try build(SmallProject(chapter: Self.chapter), on: 1)
        #expect(alone.count == Self.ids.count)
        for count in [2, 3, 4] {
            #expect(try build(SmallProject(chapter: Self.chapter), on: count) == alone, "\(count) ranks")
        }
    }

    /// An interruption in any step, and another number of ranks afterwards.
    @Test(arguments: ["preprocess", "train", "evaluate"]) func goesOnAfterAnInterruption(kind: String) throws {
        let alone = try build(SmallProject(chapter: Self.chapter), on: 1)
        let project = try SmallProject(chapter: Self.chapter)
        try ThreadRanks.run(3, serving: rankJobs) { (ranks) throws in
            let interruption = Interruption()
            #expect(throws: Interrupted.self) {
                try project.attempt(interruption: interruption, ranks: ranks) { event in
                    if case .progress(let position, let progress) = event, position.title.hasPrefix(kind),
                        progress.done > 0
                    {
                        interruption.request(signal: SIGINT)
                    }
                }
            }
        }
        #expect(try build(project, on: 2) == alone)
    }

    /// The others' photographs are gone: the first rank still has what it read before.
    @Test func otherDataAreRefusedByRankAndHost() throws {
        let project = try SmallProject(chapter: Self.chapter)
        let data = project.folder + "/data/small"
        let fingerprint = DataFingerprint(path: data, stamps: "another file system", digest: "other bytes")
        let failure = #expect(throws: RankFailure.self) {
            try ThreadRanks.run(2, serving: [Held.self]) { (ranks) throws in
                try ranks.together(Held(fingerprint: fingerprint)) { try $0.gather([]) }
            }
        }
        #expect(
            failure?.description.hasPrefix("rank 1 on thread-1: \(data): holds other data than on the first rank")
                == true)
        let same = DataFingerprint(
            path: data, stamps: "another file system", digest: try DataDigests().digest(of: data).hex)
        #expect(throws: Never.self) { try same.check() }
    }
}

/// Holds its data against the first rank's.
private struct Held: RankJob {
    let fingerprint: DataFingerprint

    func run(on ranks: Ranks) throws {
        try fingerprint.check()
        _ = try ranks.gather([])
    }
}
