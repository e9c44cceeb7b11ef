import Execution
import Files
import Foundation
import Testing

/// What is not of a store's making stays, wherever it lies.
@Suite struct ForeignFilesTests {
    private let key = String(repeating: "ab", count: 32)

    /// A store with a result that nothing keeps, beside a folder of somebody's.
    private func prepared() throws -> Workshop {
        let workshop = try Workshop()
        for text in ["one", "two", "three"] {
            try workshop.write("id: a\ntext: \(text)")
            try workshop.build()
        }
        try put("mine", "victim/thesis.txt", workshop)
        try put("mine", "victim/sub/photo.jpg", workshop)
        return workshop
    }

    private func put(_ text: String, _ name: String, _ workshop: Workshop) throws {
        try Files.write(Array(text.utf8), to: workshop.folder + "/" + name, syncsFile: false, syncsFolder: false)
    }

    private func files(_ folder: String) throws -> Set<String> {
        Set(try FileManager.default.subpathsOfDirectory(atPath: folder))
    }

    /// A folder of the store moved away and a link left in its place; within it, what a store would remove.
    @Test(arguments: ["objects", "results", "latest", "pins", "scratch", "failures", "objects/XX"])
    func aFolderThatIsALinkStopsACollection(name: String) throws {
        let workshop = try prepared()
        let object = try #require(try files(workshop.store.folder).first { $0.hasPrefix("objects/") && $0.count > 20 })
        let folder = name == "objects/XX" ? Files.folder(of: object) : name
        let (path, moved) = (workshop.store.folder + "/" + folder, workshop.folder + "/victim/moved")
        if Files.exists(path) { try FileManager.default.moveItem(atPath: path, toPath: moved) }
        try put("mine", "victim/moved/\(key)", workshop)
        try put("mine", "victim/moved/\(key).77-1.likeness-part", workshop)
        try put("mine", "victim/moved/\(key).data", workshop)
        try put("mine", "victim/moved/ab/\(key)", workshop)
        try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: moved)
        let before = try files(workshop.folder)
        let error = #expect(throws: StoreError.self) {
            try workshop.store.collect(keeping: [], unfinished: [], budget: 0, dryRun: false)
        }
        #expect(error?.description.contains("\(folder): is a link, and nothing behind a link is removed") == true)
        #expect(try files(workshop.folder) == before)
        // A build goes on with it, and sweeps nothing there.
        #expect(try workshop.build().results.failures.isEmpty)
        #expect(try before.isSubset(of: files(workshop.folder)))
    }

    /// A file that says what is kept, moved away and something else in its place.
    @Test(arguments: ["results", "latest", "pins"], ["link", "pipe", "folder"])
    func aRecordThatIsNoFileStopsACollection(folder: String, kind: String) throws {
        let workshop = try prepared()
        _ = try workshop.store.pin("a")
        let root = workshop.store.folder
        let name = try #require(try FileManager.default.contentsOfDirectory(atPath: root + "/" + folder).sorted().first)
        let path = "\(root)/\(folder)/\(name)"
        try FileManager.default.moveItem(atPath: path, toPath: workshop.folder + "/moved")
        switch kind {
        case "link":
            try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: workshop.folder + "/moved")
        case "pipe": mkfifo(path, 0o644)
        default: try Files.makeFolder(path)
        }
        let before = try files(workshop.folder)
        let error = #expect(throws: StoreError.self) {
            try workshop.store.collect(keeping: [], unfinished: [], budget: 0, dryRun: false)
        }
        #expect(
            error?.description.contains("\(folder)/\(name): is no regular file, so what it keeps is not known") == true)
        #expect(try files(workshop.folder) == before)
        if folder == "results", kind == "link" { #expect(try workshop.store.entries().count == 3) }
    }

    @Test func aStoreThatIsALinkIsNotCollected() throws {
        let workshop = try prepared()
        let moved = workshop.folder + "/moved"
        try FileManager.default.moveItem(atPath: workshop.store.folder, toPath: moved)
        try FileManager.default.createSymbolicLink(atPath: workshop.store.folder, withDestinationPath: moved)
        let before = try files(moved)
        #expect(throws: FileError.self) { try workshop.store.collect(keeping: [], budget: 0, dryRun: false) }
        #expect(try workshop.build().ran == [])
        #expect(try files(moved).isSuperset(of: before))
        #expect(try workshop.store.damages() == [])
        // What a build itself has written there it tidies up.
        try Files.write(Array("x".utf8), to: workshop.folder + "/data/f")
        try workshop.write("id: a\ntext: four\nfile: f")
        #expect(try workshop.build().results.failures.isEmpty)
        #expect(try workshop.leftovers() == [])
    }

    @Test func namesAndKindsThatNoStoreMakesStay() throws {
        let workshop = try prepared()
        let store = workshop.store.folder
        let own = [
            "thesis.txt", "objects/thesis.txt", "objects/zz/thesis.txt", "objects/ab/thesis.txt", "objects/cd/\(key)",
            "objects/ab/x.likeness-part", "objects/ab/\(key).likeness-part", "results/notes", "results/\(key).bak",
            "latest/a.txt",
            "pins/notes", "failures/notes.likeness-part", "scratch/notes", "scratch/mine/file",
            "scratch/\(key)/thesis.txt",
            "digests/mine.likeness-part", "scratch/x.1-2.likeness-part",
        ]
        for name in own { try put("mine", "store/" + name, workshop) }
        try FileManager.default.createDirectory(
            atPath: store + "/objects/ab/\(key.prefix(62))cc", withIntermediateDirectories: true)
        for link in [
            "objects/zy", "objects/ab/\(key.prefix(62))dd", "scratch/\(key)/training-1.safetensors",
            "scratch/\(key.prefix(62))ee",
        ] {
            try FileManager.default.createSymbolicLink(
                atPath: store + "/" + link, withDestinationPath: workshop.folder + "/victim")
        }
        try put("ours", "store/scratch/\(key)/outcomes", workshop)
        try put("ours", "store/scratch/\(key).data", workshop)
        try put("ours", "store/objects/ab/\(key)", workshop)
        try put("ours", "store/objects/ab/\(key).7-1.likeness-part", workshop)
        let before = try files(workshop.folder)
        let planned = try workshop.store.collect(keeping: [], unfinished: [], dryRun: true)
        #expect(try files(workshop.folder) == before)
        let done = try workshop.store.collect(keeping: [], unfinished: [], dryRun: false)
        #expect(done.bytes == planned.bytes && done.objectCount == planned.objectCount)
        #expect(done.results.count == 1)
        let gone = try before.subtracting(files(workshop.folder)).map { String($0.dropFirst("store/".count)) }
        let unkept = gone.filter { $0.hasPrefix("results/") || ($0.hasPrefix("objects/") && !$0.contains(key)) }
        #expect(
            Set(gone).subtracting(unkept) == [
                "scratch/\(key)/outcomes", "scratch/\(key).data", "objects/ab/\(key)",
                "objects/ab/\(key).7-1.likeness-part",
            ])
        #expect(
            Set(done.foreign).isSuperset(
                of: own.filter { !$0.hasPrefix("objects/zz") && !$0.hasPrefix("scratch/mine") }))
        #expect(Set(done.foreign).isSuperset(of: ["objects/zz", "objects/zy", "scratch/mine"]))
        #expect(try workshop.build().ran == [])
        #expect(try files(workshop.folder).isSuperset(of: before.subtracting(gone.map { "store/" + $0 })))
    }

    /// A step's scratch folder that somebody put something into.
    @Test func aFinishedStepRemovesOnlyWhatItLeft() throws {
        let workshop = try Workshop()
        try workshop.write("id: a\npause: true")
        #expect(throws: Interrupted.self) { try workshop.build() }
        let scratch = try #require(try workshop.leftovers().first { $0.hasSuffix("/half.rows") })
        let folder = Files.folder(of: scratch)
        try put("mine", "store/\(folder)/thesis.txt", workshop)
        #expect(try workshop.build().results.failures.isEmpty)
        #expect(try Set(workshop.leftovers()) == [folder, folder + "/thesis.txt"])
    }

    /// Nothing is known of what cannot be read, so nothing goes.
    @Test(arguments: ["results", "latest", "pins", "objects", "scratch", ".", "MANIFEST", "RECORD", "SEARCH"])
    func whatCannotBeReadStopsACollection(name: String) throws {
        let workshop = try prepared()
        _ = try workshop.store.pin("a")
        try put("x", "store/scratch/\(key)/outcomes", workshop)
        let before = try files(workshop.folder)
        var operations = FileOperations.system
        operations.openBelow = { folder, opened, flags in
            let isRefused =
                switch name {
                case "MANIFEST": opened.count == 64 && flags & O_DIRECTORY == 0
                case "RECORD": opened.hasSuffix(".json")
                default: opened == name
                }
            guard isRefused else { return FileOperations.system.openBelow(folder, opened, flags) }
            errno = EACCES
            return -1
        }
        // A folder whose names may be read and nothing else.
        operations.examine = { folder, found, status in
            guard name == "SEARCH", found.count == 64 else {
                return FileOperations.system.examine(folder, found, &status)
            }
            errno = EACCES
            return -1
        }
        let store = Store(folder: workshop.store.folder, operations: operations)
        let error = #expect(throws: FileError.self) {
            try store.collect(keeping: [], unfinished: [], budget: 0, dryRun: false)
        }
        #expect(error?.description.contains("Permission denied") == true)
        #expect(error?.path.hasPrefix(store.folder) == true)
        #expect(try files(workshop.folder) == before)
    }

    @Test func aManifestOfAnotherVersionStopsACollection() throws {
        let workshop = try prepared()
        let line = Array(#"{"format":"of the future"}"#.utf8)
        try Files.write(line + Array("\n\(Digest(of: line).hex)\n".utf8), to: workshop.store.folder + "/results/\(key)")
        let before = try files(workshop.folder)
        let error = #expect(throws: StoreError.self) {
            try workshop.store.collect(keeping: [], budget: 0, dryRun: false)
        }
        #expect(error?.description.contains("was written by another version of this program") == true)
        #expect(try files(workshop.folder) == before)
    }

    @Test func aDamagedRecordOfWhatCameLastStopsACollection() throws {
        let workshop = try prepared()
        try Files.write(Array("{".utf8), to: workshop.store.folder + "/latest/a.json")
        let error = #expect(throws: StoreError.self) { try workshop.store.collect(keeping: [], dryRun: false) }
        #expect(error?.description.contains("latest/a.json: is damaged; the next build") == true)
        #expect(try workshop.build().ran == [])
        #expect(try workshop.store.collect(keeping: [], dryRun: false).results.count == 2)
    }

    @Test(arguments: ["results", "objects", ".", "store"]) func aStoreThatCannotBeReadIsNotFoundSound(name: String)
        throws
    {
        let workshop = try prepared()
        var operations = FileOperations.system
        operations.openBelow = { folder, opened, flags in
            if opened == name { errno = EACCES }
            return opened == name ? -1 : FileOperations.system.openBelow(folder, opened, flags)
        }
        operations.open = { path, flags in
            if name == "store" { errno = EACCES }
            return name == "store" ? -1 : FileOperations.system.open(path, flags)
        }
        let store = Store(folder: workshop.store.folder, operations: operations)
        #expect(throws: FileError.self) { try store.damages() }
        #expect(throws: FileError.self) { try store.entries() }
        #expect(throws: FileError.self) {
            try Executor(store: store, interruption: Interruption(), events: { _ in }).run(workshop.plan().steps)
        }
    }

    @Test func noStoreIsNotASoundStore() throws {
        let workshop = try Workshop()
        #expect(throws: StoreError.self) { try workshop.store.damages() }
        #expect(try workshop.store.entries().isEmpty)
        #expect(try workshop.store.collect(keeping: [], dryRun: false).results.isEmpty)
    }

    /// Sizes in a manifest are what its writer says.
    @Test func sizesBeyondAllNumbersAreNoTrap() throws {
        let workshop = try prepared()
        let latest = try #require(workshop.store.latest("a"))
        let path = workshop.store.folder + "/results/\(latest.key.hex)"
        var line = String(decoding: try Files.read(path), as: UTF8.self).split(separator: "\n")[0].description
        line = line.replacingOccurrences(of: #""size":\d+"#, with: "\"size\":\(Int.max)", options: .regularExpression)
        try Files.write(Array("\(line)\n\(Digest(of: Array(line.utf8)).hex)\n".utf8), to: path)
        #expect(try workshop.store.entries().contains { $0.size == .max })
        _ = try workshop.store.collect(keeping: [], budget: 10, dryRun: true)
        try workshop.write("id: a\ntext: other")
        _ = try Estimate(workshop.store.status(of: workshop.plan().steps))
    }
}
