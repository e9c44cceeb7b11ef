/// Which attributes some chosen of many images have more often, or less often, than all of them.
package struct AttributeExcess: Sendable, Hashable, Codable {
    /// How many images are chosen, and how many there are.
    package let chosen: Int
    package let all: Int
    /// One for each attribute, in their order.
    package let attributes: [Attribute]

    package struct Attribute: Sendable, Hashable, Codable {
        /// How many of the chosen images, and of all, have it.
        package var chosen: Int
        package var all: Int
        /// Of Fisher's exact test, two-sided, in which every image counts as a draw of its own.
        package var p: Double
        /// The same, corrected for all attributes by Holm's method.
        package var corrected: Double
        /// The share of the chosen minus that of all, with its interval over people, who are resampled with all of
        /// their images; where all of the chosen agree, exact for as many people as they show. nil where the test sees
        /// nothing.
        package var difference: Estimate?

        /// Whether the test and the interval, in which images of one person count as alike, both speak against chance.
        package var isTelling: Bool { difference.map { $0.low > 0 || $0.high < 0 } ?? false }
    }

    /// O(images · attributes + samples · people · telling attributes).
    ///
    /// - Parameters:
    ///   - isChosen: of each image.
    ///   - people: whom each image shows.
    ///   - attributes: of each image, above 0 for each that it has; all rows have one length.
    package init(isChosen: [Bool], people: [String], attributes: [[Int8]], samples: Int = 1000, seed: UInt64 = 0) {
        precondition(isChosen.count == people.count && isChosen.count == attributes.count)
        let columns = attributes.first?.count ?? 0
        precondition(attributes.allSatisfy { $0.count == columns })
        let (all, chosen) = (isChosen.count, isChosen.count { $0 })
        (self.all, self.chosen) = (all, chosen)
        var found = (0..<columns).map { column in
            let having = attributes.indices.filter { attributes[$0][column] > 0 }
            let count = having.count { isChosen[$0] }
            let p = HypergeometricDistribution(of: all, marked: having.count, drawn: chosen)
                .atMostAsLikely(as: count)
            return Attribute(chosen: count, all: having.count, p: p, corrected: 1)
        }
        for (column, corrected) in TestFamily.holm(found.map(\.p)).enumerated() { found[column].corrected = corrected }

        let tested = found.indices.filter { found[$0].corrected < TestFamily.level }
        let crowd = Crowd(isChosen, people, attributes, tested)
        let resampling = PeopleResampling(people: crowd.people, samples: samples, seed: seed)
        let estimates = tested.isEmpty ? [] : resampling.estimates(within: -1...1, of: crowd.differences)
        for (column, estimate) in zip(tested, estimates) {
            found[column].difference = crowd.unanimous(found[column], of: chosen, all) ?? estimate
        }
        self.attributes = found
    }

    /// The attributes that tell the chosen images from the others, the least likely by chance first.
    package var telling: [Int] {
        attributes.indices.filter { attributes[$0].isTelling }.sorted {
            (attributes[$0].p, $0) < (attributes[$1].p, $1)
        }
    }
}

/// Counts of each person.
private struct Crowd: Sendable {
    private var chosen: [Double] = []
    private var all: [Double] = []
    /// For each attribute: the images of each person that have it.
    private var chosenHaving: [[Double]]
    private var allHaving: [[Double]]

    var people: Int { all.count }

    init(_ isChosen: [Bool], _ people: [String], _ attributes: [[Int8]], _ columns: [Int]) {
        var places: [String: Int] = [:]
        let persons = people.map { name in
            let place = places[name, default: places.count]
            places[name] = place
            return place
        }
        let none = [Double](repeating: 0, count: places.count)
        (chosen, all) = (none, none)
        chosenHaving = Array(repeating: none, count: columns.count)
        allHaving = chosenHaving
        for (image, person) in persons.enumerated() {
            all[person] += 1
            if isChosen[image] { chosen[person] += 1 }
            for (place, column) in columns.enumerated() where attributes[image][column] > 0 {
                allHaving[place][person] += 1
                if isChosen[image] { chosenHaving[place][person] += 1 }
            }
        }
    }

    /// The difference where all of the chosen images have an attribute, or none: whoever of the people is drawn, the
    /// chosen share is the same, and resampling would give too narrow an interval.
    func unanimous(_ attribute: AttributeExcess.Attribute, of count: Int, _ images: Int) -> Estimate? {
        guard attribute.chosen == 0 || attribute.chosen == count else { return nil }
        let share = Estimate(
            unanimous: attribute.chosen == 0 ? 0 : 1, people: chosen.count { $0 > 0 }, within: 0...1)
        let base = Double(attribute.all) / Double(images)
        return Estimate(mean: share.mean - base, low: share.low - base, high: share.high - base, people: people)
    }

    /// Of each attribute, for weights of people: its share of the chosen images minus that of all. 0 where nobody of
    /// whom an image is chosen has a weight: then nothing speaks for a difference.
    @Sendable func differences(_ weights: [Double]) -> [Double] {
        func sum(_ counts: [Double]) -> Double {
            var sum = 0.0
            for person in weights.indices { sum += weights[person] * counts[person] }
            return sum
        }
        let (chosen, all) = (sum(chosen), sum(all))
        return zip(chosenHaving, allHaving).map { chosen > 0 ? sum($0) / chosen - sum($1) / all : 0 }
    }
}
