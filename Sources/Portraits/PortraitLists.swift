import Tensors

/// CelebA's four lists for a set of portraits, in CelebA's own formats, and whom the photographs truly show.
struct PortraitLists {
    private(set) var identities = ""
    /// `identities` as it would be without wrong labels.
    private(set) var trueIdentities = ""
    private(set) var attributes: String
    private(set) var landmarks: String
    private(set) var partition = ""

    /// - Parameter unlisted: positions that no list mentions.
    init(of set: PortraitSet, unlisted: Set<Int>, _ mislabels: PortraitMislabels) {
        let listed = set.entries.indices.filter { !unlisted.contains($0) }
        attributes = "\(listed.count)\n" + Attribute.allCases.map(\.rawValue).joined(separator: " ") + "\n"
        landmarks =
            "\(listed.count)\nlefteye_x lefteye_y righteye_x righteye_y nose_x nose_y leftmouth_x leftmouth_y rightmouth_x rightmouth_y\n"
        let parts = Self.parts(of: set)
        for position in listed {
            let name = PortraitSet.fileName(position)
            let portrait = set.portrait(at: position)
            let identity = set.entries[position].identity
            identities += "\(name) \(mislabels.planted[position] ?? identity)\n"
            trueIdentities += "\(name) \(identity)\n"
            attributes += name + portrait.attributes.row.map { $0 > 0 ? "  1" : " -1" }.joined() + "\n"
            landmarks += name + portrait.landmarks.map { Self.column($0.x) + Self.column($0.y) }.joined() + "\n"
            partition += "\(name) \(parts[identity, default: 0])\n"
        }
    }

    /// 0 training, 1 validation, 2 test: eight, one and one tenths of the people.
    private static func parts(of set: PortraitSet) -> [Int: Int] {
        var random = RandomNumbers(seed: set.seed, .partition)
        let people = random.shuffled(Array(1...set.identities))
        let tenth = people.count / 10
        return Dictionary(
            uniqueKeysWithValues: people.enumerated().map {
                ($0.element, $0.offset < tenth ? 2 : $0.offset < 2 * tenth ? 1 : 0)
            })
    }

    /// Right-aligned in five columns.
    private static func column(_ value: Int) -> String {
        let text = String(value)
        return String(repeating: " ", count: max(1, 5 - text.count)) + text
    }
}
