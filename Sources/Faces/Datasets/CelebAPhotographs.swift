import Archives
import Files

/// CelebA's photographs by name.
struct CelebAPhotographs {
    /// In path order.
    private(set) var files: [(name: String, entry: ZipEntry?)] = []
    /// What a photograph's path begins with.
    let prefix: String
    let archive: String?
    private(set) var warnings: [String] = []
    /// Lists that call photographs otherwise than they are.
    var renamings: [String] = []
    let indices: [String: Int]
    /// By the name without its end; nil for two photographs of one such name.
    private(set) var stems: [String: Int?] = [:]
    /// Of the list read last.
    var tally = Tally()

    struct Tally {
        var count = 0
        var present = 0
        /// The first line, and the first about a photograph that is not there.
        var first: (line: Int, name: String)?
        var absent: (line: Int, name: String)?
    }

    init(folder: String, photographs: CelebALayout.Photographs) throws(DatasetError) {
        var unknown: [String] = []
        let place: String
        switch photographs {
        case .folder(let path):
            prefix = path.isEmpty ? "" : path + "/"
            archive = nil
            place = path.isEmpty ? folder : folder + "/" + path
            // Where photographs lie beside the lists, what is no photograph is no surprise.
            let isMixed = path.isEmpty || path == "Img"
            var folders: [String] = []
            for (name, kind) in try names(in: place) {
                if kind == .folder, !isImageName(name), !isMixed {
                    folders.append(name)
                } else if isImageName(name), kind != .folder || !isMixed {
                    files.append((name, nil))
                } else if !isMixed {
                    unknown.append(name)
                }
            }
            warnings += deeperRemarks(folders.map { (of: place, name: $0) })
        case .archive(let path):
            archive = path
            place = folder + "/" + path
            var elsewhere: [String] = []
            (prefix, files) = try Self.entries(of: place, unknown: &unknown, elsewhere: &elsewhere)
            if !elsewhere.isEmpty {
                warnings.append(
                    "\(place): \(elsewhere.count) photographs lie outside \(prefix) and were not used (\(few(elsewhere)))"
                )
            }
        }
        guard !files.isEmpty else {
            throw DatasetError(place, EmptyDataset(place, loose: [], unknown: unknown).message)
        }
        warnings += ForeignFiles(among: unknown).remarks(in: place)
        var indices: [String: Int] = [:]
        indices.reserveCapacity(files.count)
        for (index, file) in files.enumerated() where indices.updateValue(index, forKey: file.name) != nil {
            throw DatasetError(place, "holds \(file.name) twice")
        }
        self.indices = indices
    }

    /// The photographs of an archive: those of its only folder that has any, or of the one named as CelebA names it.
    private static func entries(
        of path: String, unknown: inout [String], elsewhere: inout [String]
    ) throws(DatasetError) -> (prefix: String, files: [(name: String, entry: ZipEntry?)]) {
        let directory: ZipDirectory
        do {
            directory = try ZipDirectory(RandomAccessFile(path))
        } catch {
            let problem = (error as? ZipError)?.problem ?? (error as? FileError)?.problem ?? "\(error)"
            let isWhole = (error as? ZipError)?.kind == .unsupported
            throw DatasetError(
                path, problem + "; " + (isWhole ? ZipError.unsupportedAdvice : "fetch the archive again"))
        }
        var folders: [String: [(name: String, entry: ZipEntry?)]] = [:]
        for (name, entry) in directory.entries where !name.hasSuffix("/") && !name.hasPrefix("__MACOSX/") {
            let end = name.utf8.lastIndex(of: UInt8(ascii: "/")).map { name.utf8.index(after: $0) } ?? name.startIndex
            let file = String(name[end...])
            if !file.hasPrefix("."), isImageName(file) {
                folders[String(name[..<end]), default: []].append((file, entry))
            } else {
                unknown.append(name)
            }
        }
        let known = folders.keys.filter { prefix in
            [CelebALayout.images, CelebALayout.lossless].contains { prefix == $0 + "/" || prefix.hasSuffix("/\($0)/") }
        }
        let chosen = folders.count == 1 ? Array(folders.keys) : known
        guard chosen.count < 2, folders.isEmpty || chosen.count == 1 else {
            throw DatasetError(
                path,
                "holds photographs in \(folders.count) folders (\(few(folders.keys.sorted().map { $0.isEmpty ? "none" : $0 }))): "
                    + "pack those of one, in a folder named \(CelebALayout.images)")
        }
        let prefix = chosen.first ?? ""
        for (folder, others) in folders where folder != prefix { elsewhere += others.map { folder + $0.name } }
        elsewhere.sortNaturally { $0 }
        unknown.sortNaturally { $0 }
        var files = folders[prefix] ?? []
        files.sortNaturally { $0.name }
        return (prefix, files)
    }

    /// A photograph by its name without folders and without its end, where there is only one.
    mutating func index(looselyNamed name: String) -> Int? {
        if stems.isEmpty {
            for (index, file) in files.enumerated() {
                let stem = withoutExtension(file.name)
                stems[stem] = .some(stems[stem] == nil ? index : nil)
            }
        }
        let start = name.utf8.lastIndex { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "\\") }.map {
            name.utf8.index(after: $0)
        }
        let base = String(name[(start ?? name.startIndex)...])
        return indices[base] ?? stems[base] ?? stems[withoutExtension(base)] ?? nil
    }
}

/// A name up to its last dot.
func withoutExtension(_ path: String) -> String {
    path.utf8.lastIndex(of: UInt8(ascii: ".")).map { String(path[..<$0]) } ?? path
}
