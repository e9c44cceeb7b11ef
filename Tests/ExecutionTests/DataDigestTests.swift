import Execution
import Files
import Foundation
import TestSupport
import Testing

@Suite struct DataDigestTests {
    /// A folder of three files.
    private final class Place {
        private let place: TemporaryFolder
        var folder: String { place.path }
        var data: String { folder + "/data" }
        var cache: String { folder + "/cache" }

        init() throws { place = try TemporaryFolder(["data/a": "a", "data/b": "b", "data/c/d": "c/d"]) }

        func digest(cached: Bool = true, now: Int64 = Files.now) throws -> Digest {
            try DataDigests(cache: cached ? cache : nil, now: { now }).digest(of: data)
        }

        /// What is remembered on disk.
        func manifest() throws -> (path: String, bytes: [UInt8]) {
            let name = try #require(FileManager.default.contentsOfDirectory(atPath: cache).first)
            return (cache + "/" + name, try Files.read(cache + "/" + name))
        }
    }

    @Test func theCacheNeverChangesADigest() throws {
        let place = try Place()
        let plain = try place.digest(cached: false)
        #expect(try place.digest() == plain)
        #expect(try place.digest() == plain)
        try Files.write(Array("other".utf8), to: place.data + "/b")
        let changed = try place.digest()
        #expect(changed != plain)
        #expect(try changed == place.digest(cached: false))
        try FileManager.default.moveItem(atPath: place.data + "/a", toPath: place.data + "/e")
        #expect(try place.digest() == place.digest(cached: false))
        #expect(try place.digest() != changed)
    }

    /// Files written just now may change again within the grain of their times: nothing of them is remembered.
    @Test func aFileChangedAMomentAgoIsNotRemembered() throws {
        let place = try Place()
        // However long ago that was by the machine's clock.
        let now = try #require(Files.stamp(of: place.data + "/a")).changed
        _ = try place.digest(now: now)
        let bytes = try place.manifest().bytes
        #expect(!String(decoding: bytes, as: UTF8.self).contains("c/d"))
        // Same size and, by force, the same modification time: still noticed.
        let date = try FileManager.default.attributesOfItem(atPath: place.data + "/a")[.modificationDate]
        let before = try place.digest(now: now)
        try Data("X".utf8).write(to: URL(fileURLWithPath: place.data + "/a"))
        try FileManager.default.setAttributes([.modificationDate: date as Any], ofItemAtPath: place.data + "/a")
        #expect(try place.digest(now: now) != before)
    }

    /// OpenCV's cascades were installed long ago.
    @Test func filesThatRestAreRemembered() throws {
        let place = try Place()
        let resting = "/usr/share/opencv4/haarcascades"
        let first = try DataDigests(cache: place.cache).digest(of: resting)
        #expect(String(decoding: try place.manifest().bytes, as: UTF8.self).contains("haarcascade_smile.xml"))
        #expect(try DataDigests(cache: place.cache).digest(of: resting) == first)
        #expect(try DataDigests().digest(of: resting) == first)
    }

    @Test func aStampSettlesAfterTwoSeconds() {
        let stamp = Files.Stamp(size: 1, modified: 5_000_000_000, changed: 6_000_000_000, inode: 1)
        #expect(!stamp.isSettled(at: 6_500_000_000))
        #expect(!stamp.isSettled(at: 8_000_000_000))
        #expect(stamp.isSettled(at: 8_000_000_001))
        #expect(!stamp.isSettled(at: 1_000_000_000))
    }

    @Test func aDamagedManifestIsWorthlessNotWrong() throws {
        let place = try Place()
        let right = try place.digest()
        let (path, whole) = try place.manifest()
        for at in whole.indices {
            var bytes = whole
            bytes[at] ^= 0xFF
            try Data(bytes).write(to: URL(fileURLWithPath: path))
            #expect(try place.digest() == right)
        }
        for count in stride(from: 0, to: whole.count, by: 7) {
            try Data(whole.prefix(count)).write(to: URL(fileURLWithPath: path))
            #expect(try place.digest() == right)
        }
    }

    @Test func linksAreFollowedAndCirclesEnd() throws {
        let place = try Place()
        try Files.write(Array("1".utf8), to: place.folder + "/elsewhere/x")
        try FileManager.default.createSymbolicLink(
            atPath: place.data + "/link", withDestinationPath: place.folder + "/elsewhere")
        let linked = try place.digest()
        try Files.write(Array("2".utf8), to: place.folder + "/elsewhere/x")
        #expect(try place.digest() != linked)
        try FileManager.default.createSymbolicLink(atPath: place.data + "/circle", withDestinationPath: place.data)
        let error = #expect(throws: StoreError.self) { try place.digest() }
        #expect(error?.message.contains("circle of links") == true)
    }
}
