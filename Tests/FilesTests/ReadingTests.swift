import Files
import Foundation
import TestSupport
import Testing

/// Whole files and parts of them, and everything that is no such thing.
@Suite struct ReadingTests {
    private let place = TemporaryFolder()

    @Test(arguments: [0, 1, 4096, 100_000]) func aWholeFileIsRead(size: Int) throws {
        let bytes = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        try place.put(bytes, "file")
        #expect(try Files.read(place.path + "/file") == bytes)
        #expect(try Files.read(place.path + "/file", limit: size) == bytes)
        guard size > 0 else { return }
        let error = #expect(throws: FileError.self) { try Files.read(place.path + "/file", limit: size - 1) }
        #expect(error?.kind == .tooLarge)
    }

    @Test(arguments: [
        ("nowhere", FileError.Kind.unreadable), ("dangling", .unreadable), ("folder", .notAFile), ("pipe", .notAFile),
        ("/dev/zero", .notAFile), ("zero\0byte", .unreadable),
    ])
    func whatIsNoFileIsRefusedByName(name: String, kind: FileError.Kind) throws {
        try Files.makeFolder(place.path + "/folder")
        try place.link("dangling", to: "nowhere")
        mkfifo(place.path + "/pipe", 0o644)
        let path = name.hasPrefix("/") ? name : place.path + "/" + name
        let errors = [
            #expect(throws: FileError.self) { try Files.read(path) },
            #expect(throws: FileError.self) { try Files.stream(path) { _ in } },
            #expect(throws: FileError.self) { try RandomAccessFile(path) },
        ]
        for error in errors { #expect(error?.kind == kind && error?.path == path) }
    }

    @Test func namesAreToldApart() throws {
        try place.put("", "file")
        try Files.makeFolder(place.path + "/folder")
        try place.link("linked", to: "folder")
        try place.link("dangling", to: "nowhere")
        func names(_ holds: (String) -> Bool) -> [String] {
            ["file", "folder", "linked", "dangling", "nowhere", "file/below"].filter { holds(place.path + "/" + $0) }
        }
        #expect(names(Files.exists) == ["file", "folder", "linked", "dangling"])
        #expect(names(Files.isMissing) == ["nowhere", "file/below"])
        #expect(names(Files.isLink) == ["linked", "dangling"])
        #expect(names(Files.isFolder) == ["folder", "linked"])
    }

    @Test func partsAreReadAtAnyOffset() throws {
        let bytes = (0..<1000).map { UInt8(truncatingIfNeeded: $0) }
        try place.put(bytes, "file")
        let file = try RandomAccessFile(place.path + "/file")
        #expect(file.size == 1000)
        for range in [0..<0, 0..<1, 17..<400, 999..<1000, 1000..<1000, 0..<1000] {
            #expect(try file.read(at: range.lowerBound, count: range.count) == Array(bytes[range]))
        }
        for (offset, count) in [(-1, 1), (0, -1), (0, 1001), (1000, 1), (1001, 0), (1, .max), (.max, .max)] {
            #expect(throws: FileError.self) { try file.read(at: offset, count: count) }
        }
        // Cut meanwhile, the file is not what was opened.
        #expect(truncate(place.path + "/file", 500) == 0)
        #expect(try file.read(at: 0, count: 500).count == 500)
        let error = #expect(throws: FileError.self) { try file.read(at: 400, count: 200) }
        #expect(error?.description.contains("became shorter while it was read") == true)
    }
}
