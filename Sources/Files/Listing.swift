import Glibc

extension Files {
    /// What stands under a name in a folder.
    package enum EntryKind: Sendable, Hashable { case file, folder, other }

    /// The visible names in a folder with their kinds, in the order of the file system; links are followed.
    ///
    /// Names that are not UTF-8 are told apart: nothing here could name them. O(names).
    ///
    /// - Throws: `FileError` when the folder cannot be listed.
    package static func list(_ folder: String) throws(FileError) -> (
        entries: [(name: String, kind: EntryKind)], unnamed: Int
    ) {
        guard let stream = opendir(folder) else { throw .last(.unreadable, folder, "cannot be listed") }
        defer { closedir(stream) }
        var entries: [(name: String, kind: EntryKind)] = []
        var unnamed = 0
        while true {
            errno = 0
            guard let entry = readdir(stream) else { break }
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                // `d_name` ends with a zero byte within the record.
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { chars -> String? in
                    chars[0] == 46 ? "." : String(validatingCString: chars)
                }
            }
            guard let name else {
                unnamed += 1
                continue
            }
            guard name != "." else { continue }
            switch Int32(entry.pointee.d_type) {
            case Int32(DT_REG): entries.append((name, .file))
            case Int32(DT_DIR): entries.append((name, .folder))
            default: entries.append((name, kind(of: folder + "/" + name)))
            }
        }
        // The end leaves it as it was.
        guard errno == 0 else { throw .last(.unreadable, folder, "cannot be listed to its end") }
        return (entries, unnamed)
    }

    /// What a path leads to; a link that leads nowhere is `other`.
    package static func kind(of path: String) -> EntryKind {
        var status = stat()
        guard stat(path, &status) == 0 else { return .other }
        return status.st_mode & S_IFMT == S_IFREG ? .file : status.st_mode & S_IFMT == S_IFDIR ? .folder : .other
    }

    /// Why what stands under a path cannot be read as a file; nil for a regular file, and where nothing stands.
    package static func irregularity(_ path: String) -> String? {
        var status = stat()
        guard lstat(path, &status) == 0 else { return nil }
        guard stat(path, &status) == 0 else {
            return isLink(path) ? "is a link that leads nowhere" : "cannot be examined"
        }
        switch status.st_mode & S_IFMT {
        case S_IFREG: return nil
        case S_IFDIR: return "is a folder, not a file"
        default: return "is a pipe or device, not a file"
        }
    }
}
