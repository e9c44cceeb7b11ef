import Chapters
import Directives
import Execution
import Files
import Foundation
import Pages

// What the program remembers on disk may have been written by somebody else. Digests that seal it are put right here,
// as whoever forges a record would.

extension FuzzTarget {
    /// A result's manifest and the record of a directive's last results: listed, verified, collected.
    static let manifest = FuzzTarget(name: "manifest", longest: 4096) { bytes, scratch in
        let folder = try scratch.emptyFolder("manifest")
        let parcel = Parcel(bytes, names: ["result", "latest", "failure"])
        let key = String(repeating: "ab", count: 32)
        let line = (parcel.files["result"] ?? []).map { $0 == 0x0A ? 0x20 : $0 }
        try Scratch.write(line + Array("\n\(Digest(of: line).hex)\n".utf8), to: "\(folder)/store/results/\(key)")
        try Scratch.write(parcel.files["latest"] ?? [], to: folder + "/store/latest/run.json")
        try Scratch.write(parcel.files["failure"] ?? [], to: folder + "/store/failures/run.json")
        try Scratch.write([1], to: folder + "/own.txt")

        let store = Store(folder: folder + "/store", operations: withoutSync)
        for result in ((try? store.entries()) ?? []).map(\.result) + [store.latest("run")].compactMap({ $0 }) {
            _ = (result.output, result.size)
            _ = timestamp(result.environment.finished) + duration(result.environment.seconds)
        }
        _ = try? store.damages()
        for dryRun in [true, false] { _ = try? store.collect(keeping: [], budget: 1000, dryRun: dryRun) }
        try promise(Files.exists(folder + "/own.txt"), "a file beside the store is gone")
    }

    /// What is remembered of data files: whatever it says, a digest is that of the bytes.
    static let digests = FuzzTarget(name: "digests", longest: 2048) { bytes, scratch in
        let folder = try scratch.emptyFolder("digests")
        let file = folder + "/data/a.txt"
        let content = Array("one\n".utf8)
        try Scratch.write(content, to: file)
        // Heading, two digests and two numbers, their digest; entries; the digest of all that.
        let heading = Array("likeness digests 2\n".utf8)
        let head = heading + bytes.prefix(80) + [UInt8](repeating: 0, count: max(0, 80 - bytes.count))
        let body = head + Digest(of: head).bytes + bytes.dropFirst(80)
        let cache = folder + "/cache"
        for path in [file, folder + "/data"] {
            try Scratch.write(body + Digest(of: body).bytes, to: cache + "/" + Digest(of: Array(path.utf8)).hex)
            let found = try DataDigests(cache: cache, operations: withoutSync).digest(of: path)
            let computed = try DataDigests().digest(of: path)
            try promise(found == computed, "the digest of \(path) is not that of its bytes")
        }
    }

    /// `.likeness-site.json` in a folder that holds more than a report: publishing removes nothing that is not ours.
    static let siteRecord = FuzzTarget(name: "site-record", longest: 2048) { bytes, scratch in
        let folder = try scratch.emptyFolder("site")
        let strangers = [
            "own.html", "assets/own.css", "images/own.png", "notes.txt", "more/own.html", "../site-own.html",
        ]
        for name in strangers { try Scratch.write(Array(name.utf8), to: folder + "/" + name) }
        try Scratch.write(bytes, to: folder + "/.likeness-site.json")
        _ = Site.isPublished(from: Digest(of: []), in: folder)
        try emptySite.get().publish(to: folder, origin: Digest(of: []), with: withoutSync)
        for name in strangers {
            try promise((try? Files.read(folder + "/" + name)) == Array(name.utf8), "\(name) is gone or changed")
        }
        try promise(Site.isPublished(from: Digest(of: []), in: folder), "what was published is not known to be")
    }

    private static let emptySite = Result {
        let chapter = Chapter.read("# One\n", path: "chapters/01-one.md", slug: "index").chapter
        return try Site(
            Report(book: Book(settings: Settings(title: "One"), chapters: [chapter]), exhibits: [:], directives: [:]))
    }

    private static let withoutSync: FileOperations = {
        var operations = FileOperations.system
        operations.sync = { _ in 0 }
        return operations
    }()
}
