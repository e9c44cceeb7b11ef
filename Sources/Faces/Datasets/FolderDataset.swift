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
        guard !photographs.isEmpty else {
            throw DatasetError(folder, EmptyDataset(folder, loose: loose, unknown: unknown).message)
        }
        var warnings: [String] = []
        if !loose.isEmpty {
            warnings.append(
                "\(folder): \(loose.count) images lie outside any person's folder and were not used (\(few(loose)))")
        }
        let strange = unknown.filter { !Self.companions.contains($0.lowercased()) }
        if !strange.isEmpty {
            warnings.append(
                "\(folder): \(strange.count) files are not named like images and were passed over (\(few(strange)))")
        }
        self.init(
            folder: folder, form: .folderPerPerson, photographs: photographs, unannotated: loose, warnings: warnings)
        if unknown.contains(PairList.name) { try readPairs(PairList.name) }
    }

    /// Files that datasets come with and that are no photographs, in lower case.
    static let companions: Set<String> = [
        PairList.name, "pairsdevtrain.txt", "pairsdevtest.txt", "people.txt", "peopledevtrain.txt", "peopledevtest.txt",
        "readme", "readme.txt", "readme.md", "license", "license.txt",
    ]
}
