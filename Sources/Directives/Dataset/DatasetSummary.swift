import Execution
import Faces
import Imaging
import Tensors

/// What a `dataset` step keeps: counts, and which pictures it drew.
struct DatasetSummary: Codable {
    var name: String
    var form: Dataset.Form
    var archive: String?
    var unannotated: Int
    var lists: [List]
    var pairs: Int
    var statistics: DatasetStatistics
    var pictures: [Picture]

    struct List: Codable {
        var path: String
        var count: Int
        var present: Int
        var remark: String
    }

    /// A picture file among the artifacts.
    struct Picture: Codable {
        enum Role: String, Codable { case sample, person, attribute }

        var role: Role
        var file: Artifact<Image>
        /// Below the picture.
        var title: String
        /// What it stands with: a person, an attribute.
        var group: String
    }

    init(
        name: String, form: Dataset.Form, archive: String?, unannotated: Int, lists: [Dataset.List], pairs: Int,
        statistics: DatasetStatistics, pictures: [Picture]
    ) {
        self.name = name
        self.form = form
        self.archive = archive
        self.unannotated = unannotated
        self.lists = lists.map { List(path: $0.path, count: $0.count, present: $0.present, remark: $0.remark) }
        self.pairs = pairs
        self.statistics = statistics
        self.pictures = pictures
    }
}

/// Draws photographs for the page, by seed; what cannot be decoded is passed over for the next one.
struct SampleDrawing {
    private(set) var pictures: [DatasetSummary.Picture] = []
    /// With the pictures in it.
    private(set) var outcome = Outcome()
    private let dataset: Dataset
    private let source: PhotographSource
    private let seed: UInt64
    /// Asked before every photograph.
    private let check: Check

    private static func photograph(_ index: Int) -> Artifact<Image> { .png("photograph-\(index).png") }

    /// Photographs of one person, and of one attribute.
    private static let perPerson = 6
    private static let perAttribute = 1
    /// Broken photographs that are passed over before giving up on a place.
    private static let tries = 20
    /// Pictures on the page are no larger than this, in pixels.
    private static let largest = 360

    init(_ dataset: Dataset, seed: UInt64, check: @escaping Check) throws {
        self.check = check
        self.dataset = dataset
        source = try dataset.source()
        self.seed = seed
    }

    /// Photographs from all over the dataset, of different people as far as there are.
    mutating func sample(_ count: Int) throws {
        var random = RandomNumbers(seed: seed, .shownPhotographs)
        var candidates = Array(dataset.photographs.indices)
        random.shuffle(&candidates)
        var seen: Set<String> = []
        let fresh = candidates.filter { seen.insert(dataset.photographs[$0].identity).inserted }
        try add(
            count, from: fresh + candidates.filter { !fresh.prefix(count).contains($0) }.prefix(count), role: .sample
        ) {
            _ in ""
        }
    }

    /// A few photographs of each of some people who have several.
    mutating func people(_ count: Int) throws {
        var random = RandomNumbers(seed: seed, .shownPeople)
        let members = Dictionary(grouping: dataset.photographs.indices) { dataset.photographs[$0].identity }
        var names = members.filter { $0.value.count > 1 }.keys.sorted { naturallyPrecedes($0, $1) }
        random.shuffle(&names)
        for name in names.prefix(count) {
            try add(Self.perPerson, from: members[name] ?? [], role: .person) { _ in name }
        }
    }

    /// For each attribute, a photograph that has it and one that has not.
    mutating func attributes(_ names: [String]) throws {
        for name in names {
            guard let column = dataset.attributeNames.firstIndex(of: name) else { continue }
            var random = RandomNumbers(seed: seed, .shownAttributes, column)
            var candidates = Array(dataset.photographs.indices)
            random.shuffle(&candidates)
            for isPresent in [true, false] {
                let fitting = candidates.filter { index in
                    dataset.photographs[index].attributes.map { ($0[column] > 0) == isPresent } ?? false
                }
                try add(
                    Self.perAttribute, from: fitting, role: .attribute, title: isPresent ? "with" : "without"
                ) { _ in name }
            }
        }
    }

    private mutating func add(
        _ count: Int, from candidates: [Int], role: DatasetSummary.Picture.Role, title: String? = nil,
        group: (Int) -> String
    ) throws {
        var added = 0
        for index in candidates.prefix(count + Self.tries) where added < count {
            try check()
            let photograph = dataset.photographs[index]
            let file = Self.photograph(index)
            guard let image = try? source.image(of: photograph),
                (try? outcome.keep(image.fitting(Self.largest), as: file)) != nil
            else { continue }
            pictures.append(.init(role: role, file: file, title: title ?? photograph.path, group: group(index)))
            added += 1
        }
    }
}
