import Faces
import Foundation
import Imaging
import Tensors

/// What a damaged set of portraits hides, and where: the ground truth for preprocessing's accounts.
package struct PortraitDamage: Sendable {
    /// In file order.
    package let planted: [Plant]

    package struct Plant: Sendable, Hashable {
        /// Position in the set.
        package var position: Int
        package var kind: Kind
    }

    /// Ways in which files of real collections are broken.
    package enum Kind: String, Sendable, Hashable, CaseIterable {
        case emptyFile = "empty-file"
        case cutShort = "cut-short"
        case cutInHeader = "cut-in-header"
        case overwritten = "overwritten"
        case impossibleSize = "impossible-size"
        case twelveBit = "twelve-bit"
        case text = "text"
        case zeroes = "zeroes"
        case webPage = "web-page"
        case cutPNG = "cut-png"
        case brokenLink = "broken-link"
        case noIdentity = "no-identity"
        /// Not a broken file: the only photograph of its person.
        case onlyImage = "only-image"

        /// What preprocessing counts it under.
        package var reason: FaceSet.PreprocessingReport.Reason {
            switch self {
            case .emptyFile: .empty
            case .cutShort, .cutInHeader, .cutPNG: .truncated
            case .overwritten: .damaged
            case .impossibleSize: .tooLarge
            case .twelveBit: .unsupported
            case .text, .zeroes, .webPage: .notAnImage
            case .brokenLink: .unreadable
            case .noIdentity: .noIdentity
            case .onlyImage: .onlyPhotograph
            }
        }
    }

    /// How many people get one photograph only: the share of them, at least one where three people are left.
    package static func singles(share: Double, identities: Int) -> Int {
        guard share > 0, identities > 3 else { return 0 }
        return min(max(1, Int((share * Double(identities)).rounded())), identities - 3)
    }

    /// Chooses files for a share of the set, and at least one of each kind where there are enough.
    ///
    /// Nobody loses more than half of the photographs, so that no person is left with one for another reason than the
    /// planted one. O(images).
    package init(share: Double, of set: PortraitSet) {
        guard share > 0 else {
            planted = []
            return
        }
        let counts = Dictionary(set.entries.map { ($0.identity, 1) }, uniquingKeysWith: +)
        var random = RandomNumbers(seed: set.seed, .damage)
        let kinds = Kind.allCases.filter { $0 != .onlyImage }
        let wanted = max(kinds.count, Int((share * Double(set.entries.count)).rounded()))
        var lost: [Int: Int] = [:]
        var planted: [Plant] = []
        for position in random.shuffled(Array(set.entries.indices)) where planted.count < wanted {
            let identity = set.entries[position].identity
            guard let count = counts[identity], (lost[identity, default: 0] + 1) * 2 < count else { continue }
            lost[identity, default: 0] += 1
            planted.append(Plant(position: position, kind: kinds[planted.count % kinds.count]))
        }
        for (position, entry) in set.entries.enumerated() where counts[entry.identity] == 1 {
            planted.append(Plant(position: position, kind: .onlyImage))
        }
        self.planted = planted.sorted { $0.position < $1.position }
    }

    /// `damage.txt`: file, kind and the reason that preprocessing should give, separated by tabs.
    package var list: String {
        planted.map { "\(PortraitSet.fileName($0.position))\t\($0.kind.rawValue)\t\($0.kind.reason.rawValue)\n" }
            .joined()
    }
}

extension PortraitDamage.Kind {
    /// The file's bytes after the damage; nil for a link that leads nowhere.
    func damaged(_ jpeg: [UInt8], _ image: Image) throws(ImageError) -> [UInt8]? {
        switch self {
        case .emptyFile: return []
        case .cutShort: return Array(jpeg.prefix(jpeg.count / 2))
        case .cutInHeader: return Array(jpeg.prefix(60))
        case .overwritten:
            // A marker where coefficients should be.
            var bytes = jpeg
            let middle = bytes.count / 2
            for offset in 0..<min(32, bytes.count - middle) {
                bytes[middle + offset] = offset.isMultiple(of: 2) ? 0xFF : 0xD9
            }
            return bytes
        case .impossibleSize:
            return changingFrame(of: jpeg) { $0.replaceSubrange(1..<5, with: [0xFF, 0xDC, 0xFF, 0xDC]) }
        case .twelveBit: return changingFrame(of: jpeg) { $0[0] = 12 }
        case .text: return Array("This picture has been removed by its owner.\n".utf8)
        case .zeroes: return [UInt8](repeating: 0, count: jpeg.count)
        case .webPage: return Array("<!DOCTYPE html>\n<html><head><title>404 Not Found</title></head></html>\n".utf8)
        case .cutPNG:
            let png = try image.png()
            return Array(png.prefix(png.count / 3))
        case .brokenLink: return nil
        case .noIdentity, .onlyImage: return jpeg
        }
    }

    /// Changes the frame header: precision, then height and width as two bytes each.
    private func changingFrame(of jpeg: [UInt8], _ change: (inout [UInt8]) -> Void) -> [UInt8] {
        var bytes = jpeg
        var place = 2
        while place + 9 < bytes.count, bytes[place] == 0xFF {
            let length = Int(bytes[place + 2]) << 8 | Int(bytes[place + 3])
            if bytes[place + 1] == 0xC0 {
                var frame = Array(bytes[place + 4..<place + 9])
                change(&frame)
                bytes.replaceSubrange(place + 4..<place + 9, with: frame)
                return bytes
            }
            place += 2 + length
        }
        return bytes
    }
}
