import Files
import Glibc

extension Dataset {
    /// A folder per person, as the ORL faces come: `s1/1.pgm`, `s1/2.pgm`, …; LFW where `pairs.txt` lies beside.
    ///
    /// The identity is the folder's name. Hidden files are passed over; files that are not named like images, and those
    /// directly in `folder`, are told. What is named like an image is counted, whatever it is.
    init(folderPerPerson folder: String) throws(DatasetError) {
        var photographs: [Photograph] = []
        var loose: [String] = []
        var unknown: [String] = []
        var deeper: [(of: String, name: String)] = []
        var warnings: [String] = []
        // Links may lead to a folder that stands there already: its photographs would be counted twice, for two people.
        let people = try names(in: folder)
        var seen: [FolderIdentity: String] = [:]
        for (name, kind) in people where kind == .folder && !Files.isLink(folder + "/" + name) {
            if let identity = FolderIdentity(folder + "/" + name) { seen[identity] = name }
        }
        for (name, kind) in people {
            switch kind {
            case .folder:
                if name == PairList.name {
                    throw DatasetError(folder + "/" + name, "is a folder, not a file; put the list there, or rename it")
                }
                if let identity = FolderIdentity(folder + "/" + name) {
                    if let other = seen[identity], other != name {
                        warnings.append(
                            "\(folder)/\(name): leads to the same folder as \(other), and its photographs were not counted again"
                        )
                        continue
                    }
                    seen[identity] = name
                }
                for (file, kind) in try names(in: folder + "/" + name) {
                    if kind == .folder, !isImageName(file) {
                        deeper.append((of: folder + "/" + name, name: file))
                    } else if isImageName(file) {
                        photographs.append(Photograph(path: name + "/" + file, identity: name, attributes: nil))
                    } else {
                        unknown.append(name + "/" + file)
                    }
                }
            default:
                if isImageName(name) {
                    loose.append(name)
                } else if kind == .other, let problem = Files.irregularity(folder + "/" + name), name != PairList.name {
                    warnings.append("\(folder)/\(name): \(problem), and was passed over")
                } else {
                    unknown.append(name)
                }
            }
        }
        guard !photographs.isEmpty else {
            throw DatasetError(
                folder, EmptyDataset(folder, loose: loose, unknown: unknown).message, loose: loose.count)
        }
        warnings += deeperRemarks(deeper)
        if !loose.isEmpty {
            warnings.append(
                "\(folder): \(loose.count) images lie outside any person's folder and were not used (\(few(loose)))")
        }
        let strange = unknown.filter { !Self.companions.contains($0.lowercased()) }
        warnings += ForeignFiles(among: strange).remarks(in: folder)
        self.init(
            folder: folder, form: .folderPerPerson, photographs: photographs, unannotated: loose, warnings: warnings)
        if unknown.contains(PairList.name) { try readPairs(PairList.name) }
    }

    /// Files that datasets come with and that are no photographs, in lower case.
    static let companions: Set<String> = [
        PairList.name, "pairsdevtrain.txt", "pairsdevtest.txt", "people.txt", "peopledevtrain.txt", "peopledevtest.txt",
        "readme", "readme.txt", "readme.md", "license", "license.txt", TrueIdentities.name,
    ]
}

/// What tells folders apart, however many names they have.
struct FolderIdentity: Hashable {
    private var device: dev_t
    private var inode: ino_t

    init?(_ path: String) {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        (device, inode) = (status.st_dev, status.st_ino)
    }
}
