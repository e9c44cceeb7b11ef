import Glibc

extension Files {
    /// A path with every link in it followed; nil when it leads nowhere.
    package static func resolved(_ path: String) -> String? {
        guard !path.utf8.contains(0), let found = realpath(path, nil) else { return nil }
        defer { free(found) }
        return String(validatingCString: found)
    }

    /// As `resolved`, for a path that may not be there yet: what is there is followed, the rest stays as it is written.
    package static func resolvedPlace(_ path: String) -> String {
        if let found = resolved(path) { return found }
        let above = folder(of: path)
        guard above != path else { return path }
        let last = path.split(separator: "/").last.map(String.init) ?? ""
        let place = resolvedPlace(above)
        return place == "/" ? "/" + last : place + "/" + last
    }

    /// Whether a resolved path lies below a resolved folder.
    package static func lies(_ path: String, below folder: String) -> Bool {
        path.utf8.starts(with: (folder == "/" ? "/" : folder + "/").utf8)
    }
}
