import Faces
import Files
import Foundation
import Pages
import Portraits
import Retrieval
import Tensors
import TestSupport
import Testing

/// What `suspects` says of drawn people, whose labels are known.
@Suite struct SuspectsTests {
    private static let chapter = """
        # A

        ```preprocess
        id: faces
        dataset: drawn
        scale_factor: 1.2
        min_neighbors: 3
        retry: 0
        test: 0.7
        queries: 4
        ```

        ```evaluate
        id: pixels
        data: faces
        model: pixels
        k: [3]
        ```

        ```suspects
        id: odd
        evaluate: pixels
        count: 24
        k: 3
        ```
        """

    /// Ten people, of whose photographs a share has a wrong label.
    private func project(mislabelled share: Double) throws -> SmallProject {
        let project = try SmallProject(chapter: Self.chapter, hasPortraits: false)
        let set = PortraitSet(identities: 10, images: 80, seed: 5)
        try set.write(
            to: project.folder + "/data/drawn", damage: PortraitDamage(share: 0, of: set),
            mislabels: PortraitMislabels(share: share, of: set), threads: 2
        ) { _ in true }
        return project
    }

    /// Tested faces by the plain definitions, from the stored vectors.
    private struct Tested {
        var faces: FaceSet
        var truth: TrueIdentities
        /// Squared distances of each query to the gallery.
        var distances: [[Double]]

        init(_ built: SmallProject.Built, _ project: SmallProject) throws {
            let result = try #require(built.results["faces"])
            faces = try JSONDecoder().decode(FaceSet.self, from: Data(result.bytes("faces.json")))
            truth = try TrueIdentities(contentsOf: project.folder + "/data/drawn/" + TrueIdentities.name)
            let evaluation = try #require(built.results["pixels"])
            let queries = try Matrix(npy: evaluation.bytes("queries.npy"), name: "queries")
            let gallery = try Matrix(npy: evaluation.bytes("gallery.npy"), name: "gallery")
            distances = (0..<queries.rows).map { query in
                (0..<gallery.rows).map { row in
                    zip(queries.row(query), gallery.row(row)).reduce(0) {
                        $0 + (Double($1.0) - Double($1.1)) * (Double($1.0) - Double($1.1))
                    }
                }
            }
        }

        func label(_ face: Int) -> String { faces.faces[face].identity }
        func isWrong(_ face: Int) throws -> Bool { try truth.identity(of: faces.faces[face].path) != label(face) }

        func isSuspect(_ query: Int) -> Bool {
            let label = label(faces.queries[query])
            let (own, others) = (
                faces.gallery.indices.filter { self.label(faces.gallery[$0]) == label },
                faces.gallery.indices.filter { self.label(faces.gallery[$0]) != label }
            )
            let nearest = { (rows: [Int]) in rows.map { distances[query][$0] }.min() ?? .infinity }
            return nearest(own) > nearest(others)
        }
    }

    private func groups(_ built: SmallProject.Built) throws -> [Gallery.Group] {
        let part = try #require(built.exhibits["odd"]?.parts.first)
        guard case .gallery(let gallery) = part else { return [] }
        return gallery.groups
    }

    @Test func plantedErrorsAreHeldAgainstTheList() throws {
        let project = try project(mislabelled: 0.2)
        let plan = project.plan()
        #expect(plan.steps.last?.work.data.map(\.path) == [project.folder + "/data/drawn/" + TrueIdentities.name])
        let built = try project.build()
        try expectPromisesKept(plan, built.exhibits)
        let tested = try Tested(built, project)
        let queries = tested.faces.queries
        let wrong = try queries.indices.filter { try tested.isWrong(queries[$0]) }
        let suspects = queries.indices.filter(tested.isSuspect)
        let found = suspects.filter(wrong.contains)
        try #require(wrong.count > 1 && found.count > 1 && suspects.count < queries.count && suspects.count <= 24)

        let values = built.values("odd")
        let count = { (values: [Int]) in Double(values.count) }
        #expect(values["planted"] == .count(wrong.count) && values["planted.found"] == .count(found.count))
        #expect(values["planted.recall"] == .number(count(found) / count(wrong)))
        #expect(values["planted.recall.chance"] == .number(count(suspects) / count(queries)))
        #expect(values["planted.precision"] == .number(count(found) / count(suspects)))
        #expect(values["planted.chance"] == .number(count(wrong) / count(queries)))
        let tail = HypergeometricDistribution(of: queries.count, marked: wrong.count, drawn: suspects.count)
            .atLeast(found.count)
        #expect(values["planted.p"] == .number(tail))

        let doubted = try #require(groups(built).last)
        #expect(doubted.title?.hasPrefix("Likely label errors") == true && doubted.items.count == 2 * suspects.count)
        let marked = doubted.items.filter { $0.title.contains("; wrong on purpose, truly ") }
        #expect(marked.count == found.count)
        guard case .table(let table)? = built.exhibits["odd"]?.parts.last else {
            Issue.record("there is no table")
            return
        }
        // As many as are planted, and the whole list, all of which is shown.
        let lengths = Set([min(wrong.count, suspects.count), suspects.count]).sorted()
        #expect(table.rows.map { $0[0] } == lengths.map { .count($0) })
        #expect(table.rows.last?[1] == .count(found.count))
        let first = doubted.items.enumerated().filter { $0.offset % 2 == 0 }.prefix(wrong.count).count {
            $0.element.title.contains("on purpose")
        }
        #expect(table.rows.first?[1] == .count(first))
        #expect(values["planted.first"] == .number(Double(first) / count(wrong)))
    }

    @Test func trueLabelsAreSaidToBeTrue() throws {
        let project = try project(mislabelled: 0)
        let built = try project.build()
        #expect(try #require(groups(built).last).title?.hasPrefix("Doubles") == true)
        guard case .note(let note)? = built.exhibits["odd"]?.parts.last else {
            Issue.record("nothing is said")
            return
        }
        #expect(note.text.contains("labels true by construction"), "\(note)")
        let values = built.values("odd")
        #expect(values["planted"] == .count(0) && values["planted.recall"] == nil)
        #expect(!built.page.contains("Likely label errors"))

        // Without the truth nothing is known of the labels, as of other people's.
        try FileManager.default.removeItem(atPath: project.folder + "/data/drawn/" + TrueIdentities.name)
        let others = try project.build()
        #expect(others.executed.contains("odd") && others.exhibits["odd"]?.parts.count == 1)
        #expect(try #require(groups(others).last).title?.hasPrefix("Likely label errors") == true)
        #expect(others.values("odd")["planted"] == nil && others.values("odd")["doubted"] == values["doubted"])
    }

    @Test func hubsSayHowManyOfTheirAnswersAreTheirOwnPersons() throws {
        let project = try project(mislabelled: 0)
        let built = try project.build()
        let tested = try Tested(built, project)
        let (queries, gallery) = (tested.faces.queries, tested.faces.gallery)
        var hits = [Int](repeating: 0, count: gallery.count)
        var own = hits
        for (query, distances) in tested.distances.enumerated() {
            for row in gallery.indices.sorted(by: { (distances[$0], $0) < (distances[$1], $1) }).prefix(3) {
                hits[row] += 1
                if tested.label(gallery[row]) == tested.label(queries[query]) { own[row] += 1 }
            }
        }
        let hub = try #require(gallery.indices.min { (-hits[$0], $0) < (-hits[$1], $1) })
        let asking = queries.count { tested.label($0) == tested.label(gallery[hub]) }
        let chance = Double(asking) / Double(queries.count)
        let values = built.values("odd")
        #expect(values["hub.hits"] == .count(hits[hub]) && values["hub.own"] == .count(own[hub]))
        #expect(values["hub.own.share"] == .number(Double(own[hub]) / Double(hits[hub])))
        #expect(values["hub.own.chance"] == .number(chance))
        let title = try #require(groups(built).first?.items.first?.title)
        let expected = String(
            format: "in %d of %d answers, %d of them its own person's (%.1f by chance)", hits[hub], queries.count,
            own[hub], chance * Double(hits[hub]))
        #expect(title == "\(tested.label(gallery[hub])): \(expected)")
    }
}
