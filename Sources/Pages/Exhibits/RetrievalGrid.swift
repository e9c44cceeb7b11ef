/// Queries with their first ranks, as in the slides' figures 17 and 18.
package struct RetrievalGrid: Sendable {
    package struct Row: Sendable {
        package var query: Face
        package var hits: [Hit]
        /// The same query's answer before, shown above.
        package var before: [Hit]?

        package init(query: Face, hits: [Hit]) {
            self.query = query
            self.hits = hits
        }
    }

    package struct Face: Sendable {
        package var picture: Picture
        /// The person: `s12`, `identity 2880`.
        package var identity: String

        package init(picture: Picture, identity: String) {
            self.picture = picture
            self.identity = identity
        }
    }

    package struct Hit: Sendable {
        package var rank: Int  // from 1
        package var face: Face
        package var distance: Double
        package var isSamePerson: Bool
        /// Matching attributes and how many there are: 33 of 40; nil without attributes.
        package var matching: (same: Int, of: Int)?
        /// The attributes in which it differs from the query, by name.
        package var differing: [String] = []
        /// Its rank in the answer that this one is compared with: moved from 7 to 1.
        package var formerRank: Int?

        package init(
            rank: Int, face: Face, distance: Double, isSamePerson: Bool, matching: (same: Int, of: Int)? = nil
        ) {
            self.rank = rank
            self.face = face
            self.distance = distance
            self.isSamePerson = isSamePerson
            self.matching = matching
        }
    }

    package var rows: [Row]

    package init(rows: [Row]) { self.rows = rows }

    /// One row a hit.
    var table: Table {
        let hits = rows.enumerated().flatMap { number, row in row.hits.map { (number + 1, row.query, $0) } }
        return Table(
            columns: [
                .init("query"), .init("person"), .init("rank"), .init("found"), .init("distance"), .init("same person"),
            ],
            rows: hits.map { number, query, hit in
                [
                    .count(number), .text(query.identity.verbatim), .count(hit.rank),
                    .text(hit.face.identity.verbatim), .number(hit.distance, digits: 3),
                    .count(hit.isSamePerson ? 1 : 0),
                ]
            })
    }
}
