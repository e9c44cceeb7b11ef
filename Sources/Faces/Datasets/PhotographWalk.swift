import Files

/// Photographs at any depth below a folder, by the rules of datasets: hidden names are passed over (`.ipynb_checkpoints`,
/// `._x`), links are followed, what is named like an image is taken whatever it is, and what cannot be read is told.
package struct PhotographWalk {
    /// Relative to the folder, by bytes.
    package private(set) var files: [String] = []
    /// Sentences about what could not be looked into.
    package private(set) var problems: [String] = []
    /// Sentences about what was passed over.
    package private(set) var remarks: [String] = []

    private let folder: String
    private var unknown: [String] = []
    private var folders = 0

    /// Most folders that are entered: a knot of links can have far more paths than folders.
    private static let mostFolders = 100_000

    package init(below folder: String) {
        self.folder = folder.count > 1 && folder.hasSuffix("/") ? String(folder.dropLast()) : folder
        enter("", ancestors: [])
        files.sort { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        if folders > Self.mostFolders {
            problems.append(
                "\(folder): has over \(Self.mostFolders) folders below it, and the others were not looked into; "
                    + "is there a knot of links?")
        }
        if !unknown.isEmpty {
            unknown.sortNaturally { $0 }
            remarks += ForeignFiles(among: unknown).remarks(in: self.folder)
        }
    }

    /// What to say where nothing was found.
    package var absence: String {
        "\(folder): " + EmptyDataset(folder, loose: [], unknown: unknown).reasons(below: true)
    }

    /// - Parameter prefix: the folder relative to the first one, with a slash behind it.
    private mutating func enter(_ prefix: String, ancestors: Set<FolderIdentity>) {
        folders += 1
        guard folders <= Self.mostFolders else { return }
        let path = prefix.isEmpty ? folder : folder + "/" + prefix.dropLast()
        guard let identity = FolderIdentity(path), !ancestors.contains(identity) else {
            remarks.append("\(path): leads back to a folder that it lies in, and was not entered again")
            return
        }
        let listing: (entries: [(name: String, kind: Files.EntryKind)], unnamed: Int)
        do throws(FileError) {
            listing = try Files.list(path)
        } catch {
            problems.append("\(error)")
            return
        }
        if listing.unnamed > 0 {
            problems.append("\(path): \(listing.unnamed) of the names are not UTF-8; rename these files")
        }
        for (name, kind) in listing.entries {
            if kind == .folder {
                enter(prefix + name + "/", ancestors: ancestors.union([identity]))
            } else if isImageName(name) {
                files.append(prefix + name)
            } else {
                unknown.append(prefix + name)
            }
        }
    }
}
