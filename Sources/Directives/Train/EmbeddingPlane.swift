import Execution
import Faces
import Foundation
import Networks
import Pages
import Retrieval
import Tensors

/// The few people whose faces are followed through a training.
package struct PlaneSample: Sendable {
    package static let mostPeople = 8
    package static let mostFaces = 8

    package let people: [String]
    /// Faces of every person, as indices into the set.
    package let faces: [[Int]]
    /// Whether they are test people; else there were fewer than two, and these are people who trained.
    package let isUnseen: Bool

    init(_ set: FaceSet) {
        self.init(tested: set.queries + set.gallery, trained: set.train, identities: set.faces.map(\.identity))
    }

    /// Test people with two faces at least, or else training people: those with the most faces, then the first by name.
    /// O(n log n).
    package init(tested: [Int], trained: [Int], identities: [String]) {
        let tested = Self.choose(tested, identities)
        isUnseen = tested.count >= 2
        let chosen = isUnseen ? tested : Self.choose(trained, identities)
        people = chosen.map(\.name)
        faces = chosen.map(\.faces)
    }

    private static func choose(_ indices: [Int], _ identities: [String]) -> [(name: String, faces: [Int])] {
        let members = Dictionary(grouping: indices, by: { identities[$0] })
        let able = members.map { (name: $0.key, faces: Array($0.value.sorted().prefix(mostFaces))) }
            .filter { $0.faces.count >= 2 }
            .sorted {
                $0.faces.count != $1.faces.count
                    ? $0.faces.count > $1.faces.count : naturallyPrecedes($0.name, $1.name)
            }
        return able.prefix(mostPeople).sorted { naturallyPrecedes($0.name, $1.name) }
    }

    /// Where a network puts these faces. Asks before every image whether to stop. O(faces).
    func view(
        of network: EmbeddingNetwork, _ set: FaceSet, _ part: String, _ step: StepContext
    ) throws -> EmbeddingPlane.View {
        let indices = faces.flatMap { $0 }
        let embeddings = try FaceEmbedder.network(network, .embedding).describe(
            indices, of: set, in: step, part: part)
        return EmbeddingPlane.View(embeddings, groups: faces.map(\.count))
    }
}

/// A few people's faces in the plane in which their embeddings vary most, before training and after it.
package struct EmbeddingPlane: Codable, Sendable {
    package struct View: Codable, Sendable {
        /// `points[person][face]`: two coordinates, in units of the distance between embeddings.
        package var points: [[[Double]]]
        /// The share of the variance that lies along each of the two; 0 where all embeddings are alike.
        package var explained: [Double]
        /// The mean distance between two faces of one person over that between faces of two people, in all dimensions; nil
        /// where all embeddings are alike.
        package var spread: Double?
    }

    var people: [String]
    var isUnseen: Bool
    var before: View
    var after: View

    init(_ sample: PlaneSample, before: View, after: View) {
        (people, isUnseen) = (sample.people, sample.isUnseen)
        (self.before, self.after) = (before, after)
    }
}

extension EmbeddingPlane.View {
    /// The first two principal components of embeddings whose rows are the groups one after the other.
    ///
    /// A component has no sign of its own: the first group lies on the positive side. O(rows² · columns + rows³).
    package init(_ embeddings: Matrix, groups: [Int]) {
        precondition(groups.reduce(0, +) == embeddings.rows)
        var coordinates = [[Double]](repeating: [0, 0], count: embeddings.rows)
        explained = [0, 0]
        // All components, since their variances add up to the whole.
        if let components = PrincipalComponents(
            fitting: embeddings, count: max(1, min(embeddings.rows, embeddings.columns)))
        {
            let total = components.variances.reduce(0, +)
            let all = components.coordinates(of: embeddings)
            for axis in 0..<min(2, components.variances.count) {
                explained[axis] = components.variances[axis] / total
                let values = (0..<embeddings.rows).map { Double(all.row($0).dropFirst(axis).first ?? 0) }
                let sign: Double = values.prefix(groups.first ?? 0).reduce(0, +) < 0 ? -1 : 1
                for row in coordinates.indices { coordinates[row][axis] = sign * values[row] }
            }
        }
        var rest = coordinates[...]
        points = groups.map { count in
            defer { rest = rest.dropFirst(count) }
            return Array(rest.prefix(count))
        }
        spread = Self.spread(
            of: embeddings, owners: groups.enumerated().flatMap { Array(repeating: $0.offset, count: $0.element) })
    }

    private static func spread(of embeddings: Matrix, owners: [Int]) -> Double? {
        var sums = [0.0, 0.0]
        var counts = [0, 0]
        for row in 0..<embeddings.rows {
            for other in 0..<row {
                let square = zip(embeddings.row(row), embeddings.row(other)).reduce(0.0) { sum, pair in
                    let difference = Double(pair.0) - Double(pair.1)
                    return sum + difference * difference
                }
                let kind = owners[row] == owners[other] ? 0 : 1
                sums[kind] += square.squareRoot()
                counts[kind] += 1
            }
        }
        guard counts[0] > 0, counts[1] > 0, sums[1] > 0 else { return nil }
        return sums[0] / Double(counts[0]) / (sums[1] / Double(counts[1]))
    }

    fileprivate func panel(_ title: Phrase) -> ScatterPlot.Panel {
        func label(_ name: Phrase, _ axis: Int) -> Phrase {
            "\(name) component, \(Numeral.fixed(100 * explained[axis], digits: 0)) % of the variance"
        }
        return .init(
            title: title, xLabel: label("1st", 0), yLabel: label("2nd", 1),
            points: points.map { $0.map { Plot.Point(x: $0[0], y: $0[1]) } })
    }
}

extension EmbeddingPlane {
    var plot: ScatterPlot {
        ScatterPlot(
            groups: people, groupLabel: "person", memberLabel: "face",
            panels: [before.panel("Before training"), after.panel("After training")], alternative: sentence)
    }

    private var faceCount: Int { before.points.reduce(0) { $0 + $1.count } }

    /// What the planes say, from the data.
    private var sentence: Phrase {
        let text: Phrase =
            "\(faceCount) faces of \(people.count) people in the plane of their embeddings' first two principal components"
        if let before = before.spread, let after = after.spread {
            return """
                \(text); faces of one person lie \(Numeral.fixed(before, digits: 2)) times as far apart as faces of two people before \
                training, \(Numeral.fixed(after, digits: 2)) times after it
                """
        }
        return text
    }

    /// Whose faces these are, and how much of the embeddings the planes show.
    var note: Phrase {
        let whose: Phrase =
            isUnseen
            ? "people of the test split, whom training never saw"
            : "people who trained, since fewer than two were held back for testing"
        let text: Phrase = """
            The planes show \(faceCount) faces of \(people.count) \(whose): those with the most faces, \
            \(PlaneSample.mostFaces) at most of each. Their two axes hold \
            \(percent(before.explained)) of the embeddings' variance before training and \(percent(after.explained)) after it.
            """
        if let before = before.spread, let after = after.spread {
            return """
                \(text) In all dimensions, two faces of one person lie on average \(Numeral.fixed(before, digits: 2)) times as far \
                apart as two faces of two people before training, and \(Numeral.fixed(after, digits: 2)) times after it.
                """
        }
        return text
    }

    private func percent(_ explained: [Double]) -> String {
        "\(Numeral.fixed(100 * explained.reduce(0, +), digits: 0)) %"
    }

    /// For prose and claims.
    var values: [String: Quotable] {
        var values: [String: Quotable] = ["plane.people": .count(people.count), "plane.faces": .count(faceCount)]
        for (name, view) in [("before", before), ("after", after)] {
            values["plane.\(name).explained"] = .number(view.explained.reduce(0, +))
            values["plane.\(name).spread"] = view.spread.map { .number($0) }
        }
        return values
    }
}
