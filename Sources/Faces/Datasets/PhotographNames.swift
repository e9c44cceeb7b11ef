import Files

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
        throw DatasetError(folder, "\(listing.unnamed) of the names are not UTF-8; rename these files")
    }
    var entries = listing.entries
    entries.sortNaturally { $0.name }
    return entries
}

/// The end of a name behind its last dot, in lower case; empty for a name without one, or that is one.
func nameExtension(_ name: String) -> String {
    guard let dot = name.utf8.lastIndex(of: UInt8(ascii: ".")), dot != name.startIndex else { return "" }
    return name[name.index(after: dot)...].lowercased()
}

/// Whether a name ends like that of an image that is read: `.jpg`, `.jpeg`, `.jpe`, `.jfif`, `.png`, `.pgm`, `.ppm`, `.pnm`.
package func isImageName(_ name: String) -> Bool {
    let imageExtensions: Set<String> = ["jpg", "jpeg", "jpe", "jfif", "png", "pgm", "ppm", "pnm"]
    return imageExtensions.contains(nameExtension(name))
}
