/// The numbers of a small book, such that its directives can do what they are asked with the faces that there are.
package struct BookNumbers: Sendable, Hashable {
    /// Share of the people who are asked for.
    package var testShare: Double
    /// For how many ranks retrieval is measured.
    package var ranks: [Int]
    /// How many queries, and answers of each, figures show.
    package var shownQueries: Int
    package var shownRanks: Int

    /// Most people who are asked for.
    private static let mostTested = 200
    /// Up to so many people all but one are asked for: nobody learns here, and one is left to calibrate on.
    private static let fewPeople = 10

    /// - Parameters:
    ///   - faces: how many each person has, two or more.
    ///   - isExact: whether that is known rather than expected.
    /// - Returns: nil where there are fewer than two people.
    package init?(faces: [Int], isExact: Bool) {
        guard faces.count >= 2 else { return nil }
        let people = faces.count
        let tested = people <= Self.fewPeople ? people - 1 : min(people / 2, Self.mostTested)
        testShare = min(max((100 * Double(tested) / Double(people)).rounded() / 100, 0.05), 0.95)
        // One face of each asks; whoever is drawn, the gallery has as many as those with the fewest leave.
        let gallery = faces.sorted().prefix(tested).reduce(0) { $0 + $1 - 1 }
        let sure = max(1, isExact ? gallery : gallery / 2)
        ranks = [1, 2, 5, 10, 20, 50].filter { $0 <= sure }
        shownQueries = min(4, tested)
        shownRanks = min(6, ranks.last ?? 1)
    }
}
