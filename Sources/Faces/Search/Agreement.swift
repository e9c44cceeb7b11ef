/// How many attributes two faces share.
package struct Agreement: Sendable, Hashable {
    package var same: Int
    package var of: Int
    /// Names of those that differ.
    package var differing: [String]

    package init(same: Int, of: Int, differing: [String]) {
        self.same = same
        self.of = of
        self.differing = differing
    }
}

/// What the answers' attributes are compared with.
package enum AttributeReference: Sendable, Hashable {
    /// Those of the photograph, which belongs to the dataset.
    case photograph([Int8])
    /// Those that most of the answers have: what a photograph from elsewhere probably shows. 0 where they are divided.
    case answers([Int8])

    package var attributes: [Int8] {
        switch self {
        case .photograph(let attributes), .answers(let attributes): attributes
        }
    }
}

extension FaceSearch {
    /// - Parameter photograph: the face of the set that the photograph shows, where it is one.
    /// - Returns: nil without attributes.
    package func reference(for hits: [FaceAnswer.Hit], photograph: Int?) -> AttributeReference? {
        if let own = photograph.flatMap({ faces.faces[$0].attributes }) { return .photograph(own) }
        let described = hits.compactMap { faces.faces[$0.face].attributes }
        guard !described.isEmpty, !faces.attributeNames.isEmpty else { return nil }
        return .answers(
            faces.attributeNames.indices.map { place in
                Int8(described.reduce(0) { $0 + ($1.indices.contains(place) ? Int($1[place]) : 0) }.signum())
            })
    }

    /// How far a face agrees with it; attributes in which it is undecided do not count.
    package func agreement(of face: Int, with reference: AttributeReference) -> Agreement? {
        guard let own = faces.faces[face].attributes else { return nil }
        var agreement = Agreement(same: 0, of: 0, differing: [])
        for (place, (mine, theirs)) in zip(own, reference.attributes).enumerated() where theirs != 0 {
            agreement.of += 1
            if mine == theirs {
                agreement.same += 1
            } else if faces.attributeNames.indices.contains(place) {
                agreement.differing.append(faces.attributeNames[place])
            }
        }
        return agreement
    }

    /// The hits by person, whose nearest face comes first first. O(hits).
    package func people(in hits: [FaceAnswer.Hit]) -> [(identity: String, ranks: [Int])] {
        var people: [(identity: String, ranks: [Int])] = []
        var places: [String: Int] = [:]
        for (index, hit) in hits.enumerated() {
            let identity = faces.faces[hit.face].identity
            if let place = places[identity] {
                people[place].ranks.append(index + 1)
            } else {
                places[identity] = people.count
                people.append((identity, [index + 1]))
            }
        }
        return people
    }
}
