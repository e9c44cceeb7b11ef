/// Files that are not named like images: photographs in formats that are not decoded are told apart, with what to do.
struct ForeignFiles {
    /// By the end of their names.
    private let photographs: [(kind: String, names: [String])]
    private let others: [String]

    /// Formats that people have photographs in and that are not decoded.
    private static let formats: Set<String> = [
        "webp", "bmp", "gif", "tif", "tiff", "heic", "heif", "avif", "jp2", "raw", "dng", "npy",
    ]

    init(among names: [String]) {
        let kinds = Dictionary(grouping: names) { nameExtension($0) }
        photographs = kinds.filter { Self.formats.contains($0.key) }.map { (kind: $0.key, names: $0.value) }
            .sorted { $0.kind < $1.kind }
        others = names.filter { !Self.formats.contains(nameExtension($0)) }
    }

    /// A part of a sentence for each format.
    var reasons: [String] {
        photographs.map { kind, names in
            let (files, them) = names.count == 1 ? ("1 file ends", "it") : ("\(names.count) files end", "them")
            // What telephones write.
            let tool = ["heic", "heif"].contains(kind) ? ", for instance with heif-convert" : ""
            return "\(files) in .\(kind), which is not read (\(few(names))): convert \(them) to JPEG or PNG\(tool)"
        }
    }

    /// Sentences about what was passed over in a folder.
    func remarks(in folder: String) -> [String] {
        var found = reasons
        if !others.isEmpty {
            let what =
                others.count == 1
                ? "1 file is not named like an image and was"
                : "\(others.count) files are not named like images and were"
            found.append("\(what) passed over (\(few(others)))")
        }
        return found.map { "\(folder): \($0)" }
    }
}
