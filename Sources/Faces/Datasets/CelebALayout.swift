import Files

/// Where the parts of a CelebA lie: as the archive unpacks them (`Img/`, `Anno/`, `Eval/`), as CSV files from Kaggle, or
/// all in one folder; photographs as files, beside the lists if need be, or in `img_align_celeba.zip`.
struct CelebALayout {
    static let images = "img_align_celeba"
    /// The same photographs without JPEG's losses; the lists are those of the others.
    static let lossless = images + "_png"
    /// Folders with names of CelebA's own.
    static let folders: Set<String> = [images, lossless, "Img", "Anno", "Eval"]

    /// The folder of photographs or the zip that holds them, relative to the dataset's folder.
    var photographs: Photographs
    /// A zip beside photographs that are unpacked.
    private(set) var ignoredArchive: String?
    /// Each list by its name, relative to the dataset's folder; `identity` is always there.
    var identity: String
    var attributes: String?
    var landmarks: String?
    var partition: String?

    enum Photographs {
        case folder(String)
        case archive(String)
    }

    /// Where photographs lie beside other things, relative to the dataset's folder; nil where there are none.
    private static func looseImages(in folder: String) throws(DatasetError) -> String? {
        for place in ["", "Img"] where Files.isFolder(folder + "/" + place) {
            if try names(in: folder + "/" + place).contains(where: { $0.kind != .folder && isImageName($0.name) }) {
                return place
            }
        }
        return nil
    }

    /// Nil where nothing speaks of CelebA: then it is another dataset.
    ///
    /// - Throws: `DatasetError` for a CelebA that lacks its identities or its photographs, or has a list twice.
    init?(below folder: String) throws(DatasetError) {
        func list(_ name: String) throws(DatasetError) -> String? {
            let candidates = ["", "Anno/", "Eval/"].flatMap { ["\($0)\(name).txt", "\($0)\(name).csv"] }
            let found = candidates.filter { Files.exists(folder + "/" + $0) }
            for name in found {
                guard let problem = Files.irregularity(folder + "/" + name) else { continue }
                throw DatasetError(folder + "/" + name, problem + "; put the list there, or remove it")
            }
            guard found.count < 2 else {
                throw DatasetError(
                    folder, "holds \(found.joined(separator: " and ")): keep one of them, they may differ")
            }
            return found.first
        }
        let identity = try list("identity_CelebA")
        attributes = try list("list_attr_celeba")
        landmarks = try list("list_landmarks_align_celeba")
        partition = try list("list_eval_partition")
        let places = [Self.images, Self.lossless].map { name in ["", "Img/", name + "/"].map { $0 + name } }
        let unpacked = places.flatMap { $0.reversed() }.first { Files.kind(of: folder + "/" + $0) == .folder }
        let zipped = places.joined().map { $0 + ".zip" }.first { Files.kind(of: folder + "/" + $0) == .file }
        guard identity != nil || (attributes != nil && (unpacked != nil || zipped != nil)) else { return nil }
        for name in places.joined() {
            // A zip may be a folder, unpacked under its own name: then there is no zip.
            for (path, fits) in [(folder + "/" + name, Files.EntryKind.folder), (folder + "/" + name + ".zip", .file)]
            where Files.exists(path) && Files.kind(of: path) == .other {
                let problem = Files.irregularity(path) ?? "cannot be examined"
                throw DatasetError(
                    path, "\(problem); put the \(fits == .folder ? "photographs" : "archive") there, or remove it")
            }
        }
        guard let identity else {
            throw DatasetError(
                folder,
                "holds CelebA's attributes, but neither identity_CelebA.txt nor identity_CelebA.csv: without it nobody is known; put it there"
            )
        }
        self.identity = identity
        if let unpacked {
            photographs = .folder(unpacked)
            ignoredArchive = zipped
        } else if let zipped {
            photographs = .archive(zipped)
        } else if let place = try Self.looseImages(in: folder) {
            photographs = .folder(place)
        } else {
            throw DatasetError(
                folder + "/" + Self.images, "is missing; put img_align_celeba.zip there, unpacked or not")
        }
    }
}
