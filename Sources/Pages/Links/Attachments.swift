import Diagnostics
import Files

/// The files beside the chapters that the text names: what the pages may show and hand out. A pure value, read once.
package struct Attachments: Sendable {
    /// A file below the chapters' folder.
    struct File: Sendable {
        /// From the chapters' folder, as the file system has it.
        var path: String
        var bytes: [UInt8]
        var digest: Digest

        init(path: String, bytes: [UInt8]) {
            (self.path, self.bytes, digest) = (path, bytes, Digest(of: bytes))
        }

        var name: String { path.utf8.split(separator: UInt8(ascii: "/")).last.flatMap { String($0) } ?? path }
    }

    enum Entry: Sendable {
        case file(File)
        /// Why it is not used and what to do: the end of a sentence about it.
        case refused(String)
    }

    /// By path from the chapters' folder, as the text has it. Names that Unicode calls equal are one.
    private(set) var entries: [String: Entry] = [:]
    /// What lies in a folder where something was looked for in vain, to say what may be meant.
    private(set) var neighbours: [String: [String]] = [:]

    /// None: for books without a folder.
    package static let none = Attachments()

    init() {}

    /// Of files in memory, by path from the chapters' folder.
    package init(files: [String: [UInt8]]) {
        for (path, bytes) in files { entries[path] = .file(File(path: path, bytes: bytes)) }
    }

    mutating func add(_ entry: Entry, at path: String) { entries[path] = entry }

    mutating func note(_ names: [String], in folder: String) { neighbours[folder] = names }

    /// What the pages depend on beside the chapters: each name with what was found under it.
    package var fingerprint: [String] {
        entries.map { path, entry in
            switch entry {
            case .file(let file): "\(path) \(file.digest.hex)"
            case .refused(let reason): "\(path) \(reason)"
            }
        }.sorted()
    }
}

/// Kinds of files that a report hands out: those that no browser runs.
enum FileKind {
    /// A page that opens a file of these shows or saves it; scripts in it do not run.
    private static let harmless: Set<String> = [
        "pdf", "ps", "eps", "djvu", "epub",
        "csv", "tsv", "txt", "log", "json", "jsonl", "ndjson", "yaml", "yml", "toml", "ini", "bib", "ris", "tex",
        "jpg", "jpeg", "png", "pgm", "ppm", "pnm", "gif", "webp", "avif", "tif", "tiff", "bmp",
        "mp3", "wav", "ogg", "flac", "mp4", "webm", "mov",
        "zip", "gz", "tgz", "bz2", "xz", "zst", "tar", "7z",
        "npy", "npz", "pth", "pt", "safetensors", "onnx", "h5", "hdf5", "mat", "parquet", "feather", "rds", "pkl",
        "doc", "docx", "xls", "xlsx", "ppt", "pptx", "odt", "ods", "odp", "rtf",
        "py", "ipynb", "r", "jl", "swift", "c", "h", "cpp", "rs", "go", "java", "sh", "m",
    ]

    static func isHarmless(_ name: String) -> Bool {
        guard let dot = name.utf8.lastIndex(of: UInt8(ascii: ".")), dot > name.startIndex else { return false }
        return harmless.contains(String(name[name.utf8.index(after: dot)...]).lowercased())
    }
}
