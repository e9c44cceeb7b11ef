/// Which faces of a gallery are asked: those that have some attributes and lack others.
package struct AttributeFilter: Sendable, Hashable {
    /// By the attribute's place in `FaceSet.attributeNames`; 1 where a face must have it, -1 where it must not.
    private let wanted: [Int: Int8]

    package static let all = AttributeFilter()

    private init() { wanted = [:] }

    /// From names as people write them: case does not count, and a blank stands for an underscore.
    ///
    /// - Throws: `AttributeProblem` for a name that no attribute has, and for one that is asked for both ways.
    package init(with: [String], without: [String], among names: [String]) throws(AttributeProblem) {
        func plain(_ name: String) -> String { name.lowercased().replacing(" ", with: "_") }
        let places = Dictionary(names.enumerated().map { (plain($1), $0) }, uniquingKeysWith: { first, _ in first })
        var wanted: [Int: Int8] = [:]
        for (list, sign) in [(with, Int8(1)), (without, -1)] {
            for name in list {
                guard let place = places[plain(name)] else { throw .unknown(name, known: names) }
                if let earlier = wanted[place], earlier != sign { throw .contradiction(names[place]) }
                wanted[place] = sign
            }
        }
        self.wanted = wanted
    }

    package var isEmpty: Bool { wanted.isEmpty }

    /// Whether a face is asked; one without attributes only where nothing is wanted.
    func admits(_ attributes: [Int8]?) -> Bool {
        guard !wanted.isEmpty else { return true }
        guard let attributes else { return false }
        return wanted.allSatisfy { attributes.indices.contains($0.key) && attributes[$0.key] == $0.value }
    }
}

package enum AttributeProblem: Error, CustomStringConvertible {
    case unknown(String, known: [String])
    case contradiction(String)

    package var description: String {
        switch self {
        case .unknown(let name, let known) where known.isEmpty:
            "'\(name)' cannot be asked for: this dataset has no attributes"
        case .unknown(let name, let known):
            "no attribute is called '\(name)'; there are \(known.joined(separator: ", "))"
        case .contradiction(let name): "'\(name)' is asked for and excluded at once; leave one of them out"
        }
    }
}
