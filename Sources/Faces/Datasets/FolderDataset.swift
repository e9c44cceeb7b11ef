import Files

extension Dataset {
    /// A folder per person, as the ORL faces come: `s1/1.pgm`, `s1/2.pgm`, …; LFW where `pairs.txt` lies beside.
    ///
    /// The identity is the folder's name. Hidden files are passed over; files that are not named like images, and those
    /// directly in `folder`, are told. What is named like an image is counted, whatever it is.
    init(folderPerPerson folder: String) throws(DatasetError) {
        var photographs: [Photograph] = []
        var loose: [String] = []
        var unknown: [String] = []
        for (name, kind) in try names(in: folder) {
            switch kind {
            case .folder:
                for (file, _) in try names(in: folder + "/" + name) {
                    if isImageName(file) {
                        photographs.append(Photograph(path: name + "/" + file, identity: name, attributes: nil))
                    } else {
                        unknown.append(name + "/" + file)
                    }
                }
            default:
                if isImageName(name) { loose.append(name) } else { unknown.append(name) }
            }
        }
        let isLFW = unknown.contains(PairList.name)
        var warnings: [String] = []
        if !loose.isEmpty {
            warnings.append("\(folder): \(loose.count) images lie outside any person's folder and were not used (\(few(loose)))")
        }
        let strange = unknown.filter { !Self.companions.contains($0.lowercased()) }
        if !strange.isEmpty {
            warnings.append("\(folder): \(strange.count) files are not named like images and were passed over (\(few(strange)))")
        }
        self.init(
            folder: folder, form: isLFW ? .lfw : .folderPerPerson, photographs: photographs, unannotated: loose,
            warnings: warnings)
        if isLFW {
            let list = try PairList(folder + "/" + PairList.name, photographs: self.photographs)
            pairs = list.pairs
            lists = [
                List(
                    path: PairList.name, count: list.mentioned, present: list.mentioned,
                    remark: "\(list.folds) folds, \(list.pairs.count) pairs")
            ]
        }
    }

    /// Files that datasets come with and that are no photographs, in lower case.
    private static let companions: Set<String> = [
        PairList.name, "pairsdevtrain.txt", "pairsdevtest.txt", "people.txt", "peopledevtrain.txt", "peopledevtest.txt",
        "readme", "readme.txt", "readme.md", "license", "license.txt",
    ]
}

/// The first few names, for a message.
func few(_ names: [String]) -> String {
    names.prefix(3).joined(separator: ", ") + (names.count > 3 ? ", …" : "")
}

/// The visible names in a folder with their kinds, numbers in numeric order (`s2` before `s10`), otherwise bytewise.
func names(in folder: String) throws(DatasetError) -> [(name: String, kind: Files.EntryKind)] {
    let listing: (entries: [(name: String, kind: Files.EntryKind)], unnamed: Int)
    do {
        listing = try Files.list(folder)
    } catch {
        throw DatasetError(folder, error.problem)
    }
    guard listing.unnamed == 0 else {
        throw DatasetError(folder, "\(listing.unnamed) names are not UTF-8; rename these files")
    }
    var entries = listing.entries
    entries.sortNaturally { $0.name }
    return entries
}

/// Whether a name ends like that of an image that is read: `.jpg`, `.jpeg`, `.png`, `.pgm`, `.ppm`, `.pnm`.
package func isImageName(_ name: String) -> Bool {
    guard let dot = name.utf8.lastIndex(of: UInt8(ascii: ".")), dot != name.startIndex else { return false }
    let imageExtensions: Set<String> = ["jpg", "jpeg", "png", "pgm", "ppm", "pnm"]
    return imageExtensions.contains(name[name.index(after: dot)...].lowercased())
}
