import Files
import Glibc

/// Where a book is to stand, and the folder beside it in which it is written until it is whole.
struct Place {
    /// What was asked for.
    private let name: String
    /// The same with every link followed.
    let final: String
    let staged: String

    /// - Throws: `FileError` where something stands there already.
    init(_ folder: String) throws(FileError) {
        let end = folder.lastIndex { $0 != "/" } ?? folder.startIndex
        name = String(folder[...end])
        final = Files.resolvedPlace(name)
        staged = "\(Files.folder(of: final))/.\(final.split(separator: "/").last ?? "").\(getpid())\(Files.unfinished)"
        func refusal(_ problem: String) -> FileError {
            FileError(.unwritable, folder, "\(problem); name a folder that is not there yet")
        }
        if final == Files.resolved(".") { throw refusal("is the folder in which you are") }
        if Files.exists(name), !Files.isFolder(name) { throw refusal(Files.irregularity(name) ?? "is a file") }
        guard let held = try OwnFolder(final) else { return }
        guard try held.entries().isEmpty else { throw refusal("is not empty") }
    }

    /// Makes a link below the staged folder to one that somebody named: relative where they named it so, so that both can move
    /// together.
    func link(_ name: String, to folder: String) throws(FileError) {
        let target = folder.hasPrefix("/") ? folder : way(from: Files.folder(of: final + "/" + name), to: folder)
        guard symlink(target, staged + "/" + name) == 0 else {
            throw .last(.unwritable, self.name + "/" + name, "cannot be made a link")
        }
    }

    private func way(from place: String, to folder: String) -> String {
        let start = place.split(separator: "/")
        let end = Files.resolvedPlace(folder).split(separator: "/")
        let shared = zip(start, end).prefix { $0.utf8.elementsEqual($1.utf8) }.count
        return (Array(repeating: "..", count: start.count - shared) + end.dropFirst(shared)).joined(separator: "/")
    }

    /// Puts the staged folder into its place.
    func commit() throws(FileError) {
        try Files.sync(folder: staged)
        guard rename(staged, final) == 0 else { throw .last(.unwritable, name, "cannot be made") }
        try Files.sync(folder: Files.folder(of: final))
    }

    /// Removes the staged folder.
    func discard() { removeAll(staged) }

    /// Files, links themselves, and folders: nothing behind a link is touched.
    private func removeAll(_ folder: String) {
        guard let held = try? OwnFolder(folder), let entries = try? held.entries() else { return }
        for entry in entries {
            let path = folder + "/" + entry.name
            if entry.kind == .folder { removeAll(path) } else { unlink(path) }
        }
        rmdir(folder)
    }
}
