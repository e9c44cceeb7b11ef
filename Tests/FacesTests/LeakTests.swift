import Faces
import Files
import Foundation
import Testing

/// What a test set must not share with what a network learned from.
@Suite struct LeakTests {
    /// Faces of people with two photographs each: the first people train, the others are tested.
    private func set(_ dataset: String, train: [String], test: [String], mark: String = "") throws -> FaceSet {
        let people = train + test
        let all = people.flatMap { person in (1...2).map { (person: person, path: "\(person)/\($0).pgm") } }
        let first = 2 * train.count
        let content = all.map { Digest(of: Array((mark + $0.path).utf8)).hex }
        let columns: [String: Any] = [
            "dataset": dataset, "attributeNames": [String](), "paths": all.map(\.path),
            "digests": content, "pixels": content, "identities": all.map(\.person),
            "boxes": all.map { _ in "0 0 1 1" }, "crops": all.map { _ in "0 0 1 1" }, "train": Array(0..<first),
            "queries": test.indices.map { first + 2 * $0 }, "gallery": test.indices.map { first + 2 * $0 + 1 },
            "triplets": [String](), "report": ["found": all.count, "kept": all.count, "dropped": [String]()],
        ]
        return try JSONDecoder().decode(FaceSet.self, from: JSONSerialization.data(withJSONObject: columns))
    }

    @Test func whatIsTestedMustNotHaveBeenLearnedElsewhere() throws {
        let tested = try set("six", train: ["a", "b"], test: ["c", "d"])
        #expect(LeakCheck(tested).isClean)
        let clean = LeakCheck(tested, learnedFrom: try set("six", train: ["a", "e"], test: ["c", "b"], mark: "x"))
        #expect(clean.isClean && clean.sentence.contains("the other split that the network learned from"))
        let leak = LeakCheck(tested, learnedFrom: try set("six", train: ["a", "d"], test: ["c", "b"], mark: "x"))
        #expect(!leak.isClean && leak.learnedPeople == ["d"] && leak.learnedFiles.isEmpty)
        #expect(leak.sentence.contains("1 tested people are among those that the network learned from (d)"))
    }

    /// Names of people say nothing beyond their dataset; pixels do.
    @Test func anotherDatasetIsKnownByItsPixels() throws {
        let tested = try set("six", train: ["a"], test: ["c", "d"])
        let named = LeakCheck(tested, learnedFrom: try set("other", train: ["c", "d"], test: ["a"], mark: "x"))
        #expect(named.isClean)
        let copied = LeakCheck(tested, learnedFrom: try set("other", train: ["c", "e"], test: ["a"]))
        #expect(copied.learnedFiles == ["c/1.pgm", "c/2.pgm"] && !copied.isClean)
    }
}
