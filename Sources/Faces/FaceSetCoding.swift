import Archives
import Files
import Imaging
import Networks

/// Stored by columns: 200,000 faces are a dozen long lists instead of 200,000 small objects, which a JSON coder would
/// hold in gigabytes.
extension FaceSet: Codable {
    private enum Key: CodingKey {
        case dataset, archive, attributeNames, paths, entries, digests, pixels, identities, boxes, crops, attributes
        case train, queries, gallery, triplets, report, cropSize, rule
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(dataset, forKey: .dataset)
        try container.encodeIfPresent(archive, forKey: .archive)
        try container.encode(attributeNames, forKey: .attributeNames)
        try container.encode(faces.map(\.path), forKey: .paths)
        if archive != nil { try container.encode(faces.map { Column.text($0.entry) }, forKey: .entries) }
        try container.encode(faces.map(\.digest.hex), forKey: .digests)
        try container.encode(faces.map(\.pixels.hex), forKey: .pixels)
        try container.encode(faces.map(\.identity), forKey: .identities)
        try container.encode(faces.map { Column.text($0.box) }, forKey: .boxes)
        try container.encode(faces.map { Column.text($0.crop) }, forKey: .crops)
        if !attributeNames.isEmpty {
            try container.encode(faces.map { Column.text($0.attributes) }, forKey: .attributes)
        }
        try container.encode(train, forKey: .train)
        try container.encode(queries, forKey: .queries)
        try container.encode(gallery, forKey: .gallery)
        try container.encode(triplets.map { "\($0.anchor) \($0.positive) \($0.negative)" }, forKey: .triplets)
        try container.encode(report, forKey: .report)
        try container.encodeIfPresent(cropSize, forKey: .cropSize)
        try container.encodeIfPresent(rule, forKey: .rule)
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        func column(_ key: Key, count: Int) throws -> [String] {
            let values = try container.decode([String].self, forKey: key)
            guard values.count == count else {
                throw Column.mismatch(decoder, "\(key) has \(values.count) rows, not \(count)")
            }
            return values
        }
        func parsed<Value>(_ key: Key, _ text: String, _ value: Value?) throws -> Value {
            guard let value else { throw Column.mismatch(decoder, "\(key) holds '\(text)'") }
            return value
        }
        let names = try container.decode([String].self, forKey: .attributeNames)
        let archive = try container.decodeIfPresent(String.self, forKey: .archive)
        let paths = try container.decode([String].self, forKey: .paths)
        let entries = archive == nil ? nil : try column(.entries, count: paths.count)
        let digests = try column(.digests, count: paths.count)
        let pixels = try column(.pixels, count: paths.count)
        let identities = try column(.identities, count: paths.count)
        let boxes = try column(.boxes, count: paths.count)
        let crops = try column(.crops, count: paths.count)
        let attributes = names.isEmpty ? nil : try column(.attributes, count: paths.count)
        var faces: [Face] = []
        faces.reserveCapacity(paths.count)
        for index in paths.indices {
            faces.append(
                Face(
                    path: paths[index],
                    entry: try entries.map { try parsed(.entries, $0[index], Column.entry($0[index])) },
                    digest: try parsed(.digests, digests[index], Digest(hex: digests[index])),
                    pixels: try parsed(.pixels, pixels[index], Digest(hex: pixels[index])),
                    identity: identities[index],
                    box: try parsed(.boxes, boxes[index], Column.rectangle(boxes[index])),
                    crop: try parsed(.crops, crops[index], Column.rectangle(crops[index])),
                    attributes: try attributes.flatMap { column in
                        column[index].isEmpty
                            ? nil
                            : try parsed(
                                .attributes, column[index], Column.attributes(column[index], count: names.count))
                    }))
        }
        func indices(_ key: Key) throws -> [Int] {
            let indices = try container.decode([Int].self, forKey: key)
            guard indices.allSatisfy(faces.indices.contains) else {
                throw Column.mismatch(decoder, "\(key) leaves the faces")
            }
            return indices
        }
        let triplets = try container.decode([String].self, forKey: .triplets).map { text in
            let numbers = Column.numbers(text)
            guard numbers.count == 3, numbers.allSatisfy(faces.indices.contains) else {
                throw Column.mismatch(decoder, "triplets holds '\(text)'")
            }
            return Triplet(anchor: numbers[0], positive: numbers[1], negative: numbers[2])
        }
        self.init(
            dataset: try container.decode(String.self, forKey: .dataset), archive: archive, attributeNames: names,
            faces: faces, train: try indices(.train), queries: try indices(.queries), gallery: try indices(.gallery),
            triplets: triplets, report: try container.decode(PreprocessingReport.self, forKey: .report),
            cropSize: try container.decodeIfPresent(Int.self, forKey: .cropSize),
            rule: try container.decodeIfPresent(IdentitySplit.Rule.self, forKey: .rule))
    }
}

/// How one face's values are written in their columns.
private enum Column {
    static func text(_ rectangle: Rectangle) -> String {
        "\(rectangle.x) \(rectangle.y) \(rectangle.width) \(rectangle.height)"
    }

    static func rectangle(_ text: String) -> Rectangle? {
        let numbers = numbers(text)
        guard numbers.count == 4 else { return nil }
        return Rectangle(x: numbers[0], y: numbers[1], width: numbers[2], height: numbers[3])
    }

    /// A `+` or `-` for each attribute; nothing for none.
    static func text(_ attributes: [Int8]?) -> String {
        attributes.map { String(decoding: $0.map { $0 > 0 ? UInt8(ascii: "+") : UInt8(ascii: "-") }, as: UTF8.self) }
            ?? ""
    }

    static func attributes(_ text: String, count: Int) -> [Int8]? {
        let values = text.utf8.compactMap { byte -> Int8? in
            byte == UInt8(ascii: "+") ? 1 : byte == UInt8(ascii: "-") ? -1 : nil
        }
        return values.count == count && text.utf8.count == count ? values : nil
    }

    static func text(_ entry: ZipEntry?) -> String {
        entry.map { "\($0.offset) \($0.storedSize) \($0.size) \($0.isDeflated ? 1 : 0) \($0.checksum)" } ?? ""
    }

    static func entry(_ text: String) -> ZipEntry? {
        let numbers = numbers(text)
        guard numbers.count == 5, numbers.allSatisfy({ $0 >= 0 }), let checksum = UInt32(exactly: numbers[4]) else {
            return nil
        }
        return ZipEntry(
            offset: numbers[0], storedSize: numbers[1], size: numbers[2], isDeflated: numbers[3] == 1,
            checksum: checksum)
    }

    /// Whole numbers between spaces; empty when anything else is there.
    static func numbers(_ text: String) -> [Int] {
        var numbers: [Int] = []
        for word in text.split(separator: " ") {
            guard let number = Int(word) else { return [] }
            numbers.append(number)
        }
        return numbers
    }

    static func mismatch(_ decoder: any Decoder, _ problem: String) -> DecodingError {
        .dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: problem))
    }
}
