import Files

/// Why a folder yields no photographs: what lies there instead, and what to do about it.
struct EmptyDataset {
    private let folder: String
    /// Names like those of images that lie outside any person's folder.
    private let loose: [String]
    /// Other names.
    private let unknown: [String]

    init(_ folder: String, loose: [String], unknown: [String]) {
        self.folder = folder
        self.loose = loose
        self.unknown = unknown
    }

    /// A sentence for an error about the folder.
    var message: String { "holds no photographs" + reasons(below: false) }

    /// - Parameter below: whether folders in folders were searched as well.
    func reasons(below: Bool) -> String {
        var reasons: [String] = []
        if !loose.isEmpty {
            reasons.append(
                "in folders of people, but \(loose.count) lie outside (\(few(loose))): "
                    + "put each person's into a folder with a name")
        }
        reasons += ForeignFiles(among: unknown).reasons
        if !packed.isEmpty {
            reasons.append("\(few(packed)) \(packed.count == 1 ? "is" : "are") packed: unpack what is in there")
        }
        if below {
            let found = reasons.isEmpty ? "" : "; " + reasons.joined(separator: "; ")
            return "holds no images (looked for .jpg, .jpeg, .jfif, .png, .pgm, .ppm, .pnm, also in folders below)"
                + found
        }
        if let deeper {
            reasons.append("there is \(deeper), deeper down: name the folder whose folders are people")
        }
        if reasons.isEmpty { return "; expected a folder per person, or CelebA's img_align_celeba with its lists" }
        return (loose.isEmpty ? "; " : " ") + reasons.joined(separator: "; ")
    }

    private static let archives: Set<String> = ["zip", "tar", "tgz", "gz", "xz", "bz2", "7z", "rar"]

    private var packed: [String] { unknown.filter { Self.archives.contains(nameExtension($0)) } }

    /// The first photograph that lies deeper than people's folders do.
    private var deeper: String? {
        guard let names = try? names(in: folder) else { return nil }
        // A few are enough: this is for a sentence.
        for name in names.prefix(20) where name.kind == .folder {
            for inner in ((try? Faces.names(in: "\(folder)/\(name.name)")) ?? []).prefix(20) where inner.kind == .folder
            {
                let files = (try? Faces.names(in: "\(folder)/\(name.name)/\(inner.name)")) ?? []
                if let file = files.first(where: { isImageName($0.name) }) {
                    return "\(name.name)/\(inner.name)/\(file.name)"
                }
            }
        }
        return nil
    }
}
