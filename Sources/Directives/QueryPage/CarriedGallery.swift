import Faces
import Pages

/// What a page carries of a gallery, beside its picture and its vectors. Rows are counted among the faces carried.
struct CarriedGallery: Codable {
    struct Face: Codable {
        /// In the `FaceSet`.
        var number: Int
        /// In `people`.
        var person: Int
        var path: String
        /// A bit for each name, four to a hexadecimal digit, the first one highest; nil for a face without any.
        var attributes: String?
    }

    struct Evaluation: Codable {
        var id: String
        var describer: String
        /// Numbers in a vector as the evaluation has it, and as the page does.
        var dimensions: Int
        var columns: Int
        var scale: Double
        var threshold: Double?
        /// Share of the first ranks at which the page's answers are the exact ones.
        var agreement: Double
        /// Whether another program made the vectors, so that a photograph from elsewhere has none.
        var isGiven: Bool?
    }

    struct Example: Codable {
        struct Hit: Codable {
            var face: Int
            var distance: Double
        }

        var query: Int
        var hits: [Hit]
    }

    /// Faces of the whole gallery.
    var gallery: Int
    var sheet: FaceSheet
    var people: [String]
    var attributes: [String]
    var faces: [Face]
    var evaluations: [Evaluation] = []
    var examples: [Example] = []

    init(_ set: FaceSet, rows: [Int]) {
        let numbers = rows.map { set.gallery[$0] }
        let chosen = numbers.map { set.faces[$0] }
        let people = Set(chosen.map(\.identity)).sorted(by: naturallyPrecedes)
        let places = Dictionary(people.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
        gallery = set.gallery.count
        sheet = FaceSheet(crops: chosen.map(\.crop))
        attributes = set.attributeNames
        self.people = people
        faces = zip(numbers, chosen).map { number, face in
            Face(
                number: number, person: places[face.identity] ?? 0, path: face.path,
                attributes: face.attributes.map(Self.digits))
        }
    }

    private static func digits(_ attributes: [Int8]) -> String {
        stride(from: 0, to: attributes.count, by: 4).map { start in
            let digit = (0..<4).reduce(0) { digit, place in
                let isSet = start + place < attributes.count && attributes[start + place] > 0
                return 2 * digit + (isSet ? 1 : 0)
            }
            return String(digit, radix: 16)
        }.joined()
    }

    /// What a reader should know of answers that the page computes.
    func note(ranks: Int) -> Phrase {
        let (count, people) = (Numeral.count(faces.count), Numeral.count(people.count))
        let carried: Phrase =
            faces.count < gallery
            ? """
            The page carries \(count) faces of \(Numeral.count(gallery)), of \(people) people who were drawn with a seed; a served \
            page asks the whole gallery.
            """
            : "The page carries the \(count) faces of the gallery, of \(people) people."
        let shares = evaluations.map { evaluation -> Phrase in
            // Rounded down: 100 % is said of all ranks alone.
            let percent = Numeral.fixed((evaluation.agreement * 1000).rounded(.down) / 10, digits: 1)
            return "\(percent) % for \(evaluation.id)"
        }
        let agreement: Phrase = """
            Of its answers, computed in whole numbers of 16 bits, so many stand at the very rank where exact search puts them, \
            among the first \(ranks): \(shares.joined(separator: ", ")).
            """
        let shortened = evaluations.filter { $0.columns < $0.dimensions }.map { evaluation -> Phrase in
            """
            Vectors of \(evaluation.id) have \(Numeral.count(evaluation.dimensions)) numbers; the page has their coordinates \
            along \(evaluation.columns) principal components.
            """
        }
        let given = evaluations.filter { $0.isGiven == true }.map { evaluation -> Phrase in
            """
            \(evaluation.id) answers about photographs of the dataset alone: its vectors were given, and nothing here makes one of \
            another photograph.
            """
        }
        return ([carried, agreement] + shortened + given).joined(separator: " ")
    }
}
