import Directives
import Faces
import Imaging

/// What a query asks for, from the names and values of an address or a form: strictly, so that a misspelt name is told.
struct QueryParameters {
    struct Unsound: Error, CustomStringConvertible { let description: String }

    private var values: [String: [String]] = [:]

    /// Of both, those that may stand more than once are lists.
    static let single: Set<String> = ["k", "index", "face", "box", "whole"]
    static let lists: Set<String> = ["model", "with", "without"]

    /// - Parameter others: names that mean something else at this address.
    mutating func add(_ pairs: [(name: String, value: String)], others: Set<String> = []) throws(Unsound) {
        for (name, value) in pairs where !others.contains(name) {
            guard Self.single.contains(name) || Self.lists.contains(name) else {
                throw Unsound(
                    description: "'\(name)' is no parameter of a query; there are "
                        + (Self.lists.union(Self.single)).sorted().joined(separator: ", "))
            }
            if Self.single.contains(name), values[name] != nil {
                throw Unsound(description: "'\(name)' is given twice; give it once")
            }
            values[name, default: []].append(value)
        }
    }

    /// The query, whose missing parts are those of another one where there is one.
    func query(or former: FaceQuery? = nil) throws(Unsound) -> FaceQuery {
        var query = former ?? FaceQuery(evaluations: [])
        if let models = values["model"] { query.evaluations = models }
        if let k = try integer("k") { query.k = k }
        if let name = values["index"]?.first {
            guard let index = FaceSearch.Index(rawValue: name) else {
                throw Unsound(description: "index is '\(name)'; it is tree or flat")
            }
            query.index = index
        }
        // An empty one takes a former filter away.
        if let with = values["with"] { query.with = with.filter { !$0.isEmpty } }
        if let without = values["without"] { query.without = without.filter { !$0.isEmpty } }
        if let face = try integer("face") {
            guard face >= 0 else { throw Unsound(description: "face is \(face); faces are counted from 0") }
            query.face = face
        }
        if let text = values["whole"]?.first {
            guard text == "1" else { throw Unsound(description: "whole is '\(text)'; it is 1, or left out") }
            query.isWhole = true
        }
        if let text = values["box"]?.first {
            guard query.face == nil else {
                throw Unsound(
                    description: "face and box are both given; face chooses one that was found, box marks another")
            }
            query.box = try Self.box(text)
        }
        return query
    }

    private func integer(_ name: String) throws(Unsound) -> Int? {
        guard let text = values[name]?.first else { return nil }
        guard let number = Int(text) else { throw Unsound(description: "\(name) is '\(text)'; it is a whole number") }
        return number
    }

    /// Coordinates that no image has are refused, so that sums of them are numbers.
    private static func box(_ text: String) throws(Unsound) -> Rectangle {
        let numbers = text.split(separator: ",", omittingEmptySubsequences: false).map { Int($0) ?? -1 }
        guard numbers.count == 4, numbers.allSatisfy({ (0...DecodingLimits.side).contains($0) }), numbers[2] > 0,
            numbers[3] > 0
        else {
            throw Unsound(description: "box is '\(text)'; it is x,y,width,height in whole pixels of the photograph")
        }
        return Rectangle(x: numbers[0], y: numbers[1], width: numbers[2], height: numbers[3])
    }
}
