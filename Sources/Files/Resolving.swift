import Glibc

extension Files {
    /// A path with every link in it followed; nil when it leads nowhere.
    package static func resolved(_ path: String) -> String? {
        guard !path.utf8.contains(0), let found = realpath(path, nil) else { return nil }
        defer { free(found) }
        return String(validatingCString: found)
    }

    /// Whether a resolved path lies below a resolved folder.
    package static func lies(_ path: String, below folder: String) -> Bool {
        path.utf8.starts(with: (folder == "/" ? "/" : folder + "/").utf8)
    }
}
