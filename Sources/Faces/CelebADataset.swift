import Files

/// Where CelebA's lists lie: in the dataset's folder itself, or in `Anno/` as the archive unpacks them.
enum CelebAAnnotations {
    static func folder(below folder: String) -> String? {
        [folder, folder + "/Anno"].first { Files.exists($0 + "/identity_CelebA.txt") }
    }
}

extension Dataset {
    /// CelebA's own layout: `img_align_celeba/000001.jpg`, `identity_CelebA.txt`, `list_attr_celeba.txt`.
    ///
    /// The attribute list may be missing; then photographs have no attributes. Every image of the folder is accounted
    /// for: one without an identity is unannotated. An identity or attribute line for an image that is not there is an
    /// oddity that is told, not an error, because people keep parts of CelebA. O(lines).
    init(celebA folder: String, annotations: String) throws(DatasetError) {
        let images = folder + "/img_align_celeba"
        guard Faces.isFolder(images) else {
            throw DatasetError(images, "is missing; unpack img_align_celeba.zip there")
        }
        let files = try names(in: images).filter(isImageName)
        let identities = try AnnotationList(annotations + "/identity_CelebA.txt").identities()
        let attributePath = annotations + "/list_attr_celeba.txt"
        let attributes = Files.exists(attributePath) ? try AnnotationList(attributePath).attributes() : nil

        var photographs: [Photograph] = []
        photographs.reserveCapacity(files.count)
        var unannotated: [String] = []
        for file in files {
            guard let identity = identities[file] else {
                unannotated.append("img_align_celeba/" + file)
                continue
            }
            let row = attributes?.rows[file]
            if attributes != nil, row == nil {
                throw DatasetError(attributePath, "has no line for \(file), which \(images) holds")
            }
            photographs.append(Photograph(path: "img_align_celeba/" + file, identity: identity, attributes: row))
        }
        var warnings: [String] = []
        let absent = identities.count - photographs.count
        if absent > 0 {
            warnings.append("\(annotations)/identity_CelebA.txt: \(absent) of its \(identities.count) images are not in \(images)")
        }
        if !unannotated.isEmpty {
            warnings.append("\(images): \(unannotated.count) images have no line in identity_CelebA.txt and were not used")
        }
        self.init(
            folder: folder, photographs: photographs, attributeNames: attributes?.names ?? [], unannotated: unannotated,
            warnings: warnings)
    }
}

/// One of CelebA's text lists: lines of words separated by runs of spaces; CRLF and trailing spaces are tolerated.
struct AnnotationList {
    let path: String
    private let bytes: [UInt8]

    init(_ path: String) throws(DatasetError) {
        self.path = path
        do {
            bytes = try Files.read(path, limit: 1 << 30)
        } catch {
            throw DatasetError(path, error.problem)
        }
    }

    /// `file identity` a line.
    func identities() throws(DatasetError) -> [String: String] {
        var identities: [String: String] = [:]
        try forEachLine { (number, words) throws(DatasetError) in
            guard words.count == 2 else {
                throw DatasetError(path, line: number, "expected 'file identity', found \(words.count) words")
            }
            guard identities.updateValue(try text(words[1], number), forKey: try text(words[0], number)) == nil else {
                throw DatasetError(path, line: number, "lists \(try text(words[0], number)) a second time")
            }
        }
        return identities
    }

    /// A count line, a line of names, then `file ±1 …` a line.
    func attributes() throws(DatasetError) -> (names: [String], rows: [String: [Int8]]) {
        var count: Int?
        var names: [String] = []
        var rows: [String: [Int8]] = [:]
        try forEachLine { (number, words) throws(DatasetError) in
            if count == nil {
                guard words.count == 1, let value = Int(try text(words[0], number)), value >= 0 else {
                    throw DatasetError(path, line: number, "expected the number of images on the first line")
                }
                count = value
            } else if names.isEmpty {
                for word in words { names.append(try text(word, number)) }
            } else {
                guard words.count == names.count + 1 else {
                    throw DatasetError(
                        path, line: number, "expected a file and \(names.count) values, found \(words.count) words")
                }
                var row: [Int8] = []
                row.reserveCapacity(names.count)
                for word in words.dropFirst() {
                    switch try text(word, number) {
                    case "1": row.append(1)
                    case "-1": row.append(-1)
                    case let other: throw DatasetError(path, line: number, "expected 1 or -1, found '\(other)'")
                    }
                }
                guard rows.updateValue(row, forKey: try text(words[0], number)) == nil else {
                    throw DatasetError(path, line: number, "lists \(try text(words[0], number)) a second time")
                }
            }
        }
        guard let count, count == rows.count else {
            throw DatasetError(path, line: 1, "announces \(count ?? 0) images, but lists \(rows.count)")
        }
        return (names, rows)
    }

    /// Calls `body` with the words of every line that has any.
    private func forEachLine(_ body: (Int, [ArraySlice<UInt8>]) throws(DatasetError) -> Void) throws(DatasetError) {
        var number = 0
        var start = 0
        while start < bytes.count {
            number += 1
            let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count
            let words = bytes[start..<end].split { $0 == 32 || $0 == 9 || $0 == 13 }
            if !words.isEmpty { try body(number, words) }
            start = end + 1
        }
    }

    private func text(_ word: ArraySlice<UInt8>, _ line: Int) throws(DatasetError) -> String {
        guard let text = String(validating: word, as: UTF8.self) else {
            throw DatasetError(path, line: line, "is not UTF-8")
        }
        return text
    }
}
