import Files
import Foundation
import Synchronization
import TestSupport
import Testing

/// Fetching from a server on this machine.
@Suite(.serialized) struct WeightsFetchTests {
    private static let content: [UInt8] = (0..<300_000).map { UInt8(truncatingIfNeeded: $0 &* 2_654_435_761 >> 7) }

    private func fetch(
        _ server: LocalServer, to path: String, accepting digest: Digest, limit: Int? = nil
    ) async throws -> [Int] {
        let moments = Mutex<[Int]>([])
        let address = try #require(URL(string: "http://127.0.0.1:\(server.port)/weights.pth"))
        var download = Download(address: address, path: path, expecting: .whole(digest))
        if let limit { download.byteLimit = limit }
        try await download.run { done, _ in moments.withLock { $0.append(done) } }
        return moments.withLock { $0 }
    }

    private func withFolder(_ work: (String) async throws -> Void) async throws {
        let folder = TemporaryFolder()
        defer { withExtendedLifetime(folder) {} }
        try await work(folder.path + "/weights")
    }

    @Test func fetchesVerifiesAndTellsHowFarItIs() async throws {
        try await withFolder { folder in
            let server = try LocalServer(Self.content)
            defer { server.stop() }
            let moments = try await fetch(server, to: folder + "/w.pth", accepting: Digest(of: Self.content))
            #expect(try Files.read(folder + "/w.pth") == Self.content)
            #expect(moments.last == Self.content.count)
            #expect(moments == moments.sorted())
            #expect(!Files.exists(folder + "/w.pth.part"))
        }
    }

    /// More pieces than may be kept: the connection waits instead of filling memory.
    @Test func whatArrivesIsNotQueuedWithoutBound() async throws {
        try await withFolder { folder in
            let server = try LocalServer([UInt8](repeating: 7, count: 8 << 20), lie: .noLength)
            defer { server.stop() }
            let address = try #require(URL(string: "http://127.0.0.1:\(server.port)/weights.pth"))
            let expected = Digest(of: [UInt8](repeating: 7, count: 8 << 20))
            let download = Download(address: address, path: folder + "/w.pth", expecting: .whole(expected))
            let reader = FileManager.default
            try await download.run { _, _ in _ = try? reader.contentsOfDirectory(atPath: folder) }
            #expect(download.queue.added > 2 * BoundedQueue.most)
            #expect(download.queue.mostKept <= BoundedQueue.most)
        }
    }

    @Test func aPartThatIsLargerThanAnyFileIsBegunAnew() async throws {
        try await withFolder { folder in
            let server = try LocalServer(Self.content)
            defer { server.stop() }
            try Files.makeFolder(folder)
            try Files.write([UInt8](repeating: 0, count: 400_000), to: folder + "/w.pth.part")
            _ = try await fetch(
                server, to: folder + "/w.pth", accepting: Digest(of: Self.content), limit: Self.content.count)
            #expect(try Files.read(folder + "/w.pth") == Self.content)
            #expect(server.ranges == [nil])
        }
    }

    @Test func aPartThatIsSomebodysFileIsNotWritten() async throws {
        try await withFolder { folder in
            let server = try LocalServer(Self.content)
            defer { server.stop() }
            try Files.makeFolder(folder)
            try Files.write([1, 2, 3], to: folder + "/mine")
            #expect(link(folder + "/mine", folder + "/w.pth.part") == 0)
            let error = await #expect(throws: FileError.self) {
                _ = try await fetch(server, to: folder + "/w.pth", accepting: Digest(of: Self.content))
            }
            #expect(error?.description.contains("w.pth.part: has another name too") == true)
            #expect(try Files.read(folder + "/mine") == [1, 2, 3])
        }
    }

    @Test func goesOnWhereItBrokeOff() async throws {
        try await withFolder { folder in
            let server = try LocalServer(Self.content, breakingOffAfter: [100_000, 50_000])
            defer { server.stop() }
            for _ in 0..<2 {
                let error = await #expect(throws: DownloadError.self) {
                    _ = try await fetch(server, to: folder + "/w.pth", accepting: Digest(of: Self.content))
                }
                #expect(error?.description.contains("what came is kept") == true)
                // The file appears only when it is whole.
                #expect(!Files.exists(folder + "/w.pth"))
            }
            _ = try await fetch(server, to: folder + "/w.pth", accepting: Digest(of: Self.content))
            #expect(try Files.read(folder + "/w.pth") == Self.content)
            #expect(server.ranges == [nil, "100000-", "150000-"])
        }
    }

    @Test func aFileThatWasWholeAlreadyIsOnlyVerified() async throws {
        try await withFolder { folder in
            let server = try LocalServer(Self.content)
            defer { server.stop() }
            try Files.write(Self.content, to: folder + "/w.pth.part")
            _ = try await fetch(server, to: folder + "/w.pth", accepting: Digest(of: Self.content))
            #expect(try Files.read(folder + "/w.pth") == Self.content)
            #expect(server.ranges == ["300000-"])
        }
    }

    @Test func aFileThatIsNotTheExpectedOneIsRemoved() async throws {
        try await withFolder { folder in
            let server = try LocalServer(Self.content)
            defer { server.stop() }
            let error = await #expect(throws: DownloadError.self) {
                _ = try await fetch(server, to: folder + "/w.pth", accepting: Digest(of: [1]))
            }
            #expect(error?.description.contains("is not the file that was expected") == true)
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == [])
        }
    }

    /// The command itself: an official name, another file behind it.
    @Test func theCommandRefusesOtherWeights() async throws {
        try await withFolder { folder in
            let server = try LocalServer(Self.content)
            defer { server.stop() }
            let arguments = [
                "weights", "fetch", "mobilenet_v2", "--data", folder, "--from", "http://127.0.0.1:\(server.port)",
                "--sha256", "b0353104" + String(repeating: "0", count: 56),
            ]
            let ended = try Command(built: "likeness", arguments, in: TemporaryFolder()).run()
            #expect(ended.status == 1)
            let text = ended.errors
            #expect(text.contains("is not the file that was expected"), "\(text)")
            #expect(text.split(separator: "\n").filter { $0.contains("error") }.count == 1, "\(text)")
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder + "/weights") == [])
        }
    }

    /// Of some networks there is one checkpoint only.
    @Test func aSecondRecipeThatIsNotThereIsASentence() throws {
        let ended = try Command(
            built: "likeness", ["weights", "fetch", "resnet18", "--second"], in: TemporaryFolder()
        ).run()
        #expect(ended.status == 1)
        #expect(ended.errors.contains("there is only one checkpoint of ResNet-18; leave --second out"))
    }

    private static let digest = Digest(of: content)

    /// Eight digits of a digest can be met by trying, and without https anybody on the way may try.
    @Test func withoutHTTPSOnlyAWholeDigestWillDo() async throws {
        try await withFolder { folder in
            let server = try LocalServer(Self.content)
            defer { server.stop() }
            for scheme in ["http", "HTTP", "ftp", "file"] {
                let address = try #require(URL(string: "\(scheme)://127.0.0.1:\(server.port)/w.pth"))
                let download = Download(
                    address: address, path: folder + "/w.pth", expecting: .beginning(String(Self.digest.hex.prefix(8))))
                let error = await #expect(throws: DownloadError.self) { try await download.run { _, _ in } }
                #expect(error?.description.contains("use https, or give the digest") == true)
            }
            #expect(server.ranges == [])
            #expect(!Files.exists(folder))
        }
    }

    @Test func aRedirectToAPlaceThatProvesNothingIsNotFollowed() async throws {
        try await withFolder { folder in
            let server = try LocalServer(Self.content, lie: .redirect("ftp://127.0.0.1/w.pth"))
            defer { server.stop() }
            let error = await #expect(throws: DownloadError.self) {
                _ = try await fetch(server, to: folder + "/w.pth", accepting: Self.digest)
            }
            #expect(error?.description.contains("leads on to ftp://127.0.0.1/w.pth, which is not https") == true)
        }
    }

    /// Whatever it says to be: three megabytes may inflate to two gigabytes.
    @Test(arguments: ["gzip", "deflate", "br", "x-unknown"]) func aCompressedBodyIsRefusedAtItsHead(encoding: String)
        async throws
    {
        try await withFolder { folder in
            let server = try LocalServer(Self.content, lie: .encoding(encoding))
            defer { server.stop() }
            let error = await #expect(throws: DownloadError.self) {
                _ = try await fetch(server, to: folder + "/w.pth", accepting: Self.digest)
            }
            #expect(error?.description.contains("the server sends the file compressed") == true)
            #expect(try Files.read(folder + "/w.pth.part") == [])
        }
    }

    /// Also where the server does not say beforehand how long the file is.
    @Test(arguments: [LocalServer.Lie.noLength, nil]) func anOverLongBodyIsNotKept(lie: LocalServer.Lie?) async throws {
        try await withFolder { folder in
            let server = try LocalServer(Self.content, lie: lie)
            defer { server.stop() }
            let error = await #expect(throws: DownloadError.self) {
                _ = try await fetch(server, to: folder + "/w.pth", accepting: Self.digest, limit: 200_000)
            }
            #expect(error?.description.contains("sends more than 0 MB") == true)
            #expect(((try? Files.read(folder + "/w.pth.part")) ?? []) == [])
            // One that is exactly as long as allowed is fetched.
            #expect(
                try await fetch(server, to: folder + "/w.pth", accepting: Self.digest, limit: 300_000).last == 300_000)
        }
    }

    @Test func anotherPartThanAskedForIsNotAppended() async throws {
        try await withFolder { folder in
            let server = try LocalServer(Self.content, lie: .otherRange(7))
            defer { server.stop() }
            try Files.write(Array(Self.content[..<1000]), to: folder + "/w.pth.part")
            let error = await #expect(throws: DownloadError.self) {
                _ = try await fetch(server, to: folder + "/w.pth", accepting: Self.digest)
            }
            #expect(error?.description.contains("another part than it was asked for") == true)
            _ = try await fetch(server, to: folder + "/w.pth", accepting: Self.digest)
            #expect(try Files.read(folder + "/w.pth") == Self.content)
        }
    }

    @Test(arguments: ["link", "pipe", "folder"]) func whatIsInThePartsPlaceStays(kind: String) async throws {
        try await withFolder { folder in
            let server = try LocalServer(Self.content)
            defer { server.stop() }
            try Files.write(Array("mine".utf8), to: folder + "/mine")
            let part = folder + "/w.pth.part"
            switch kind {
            case "link": try FileManager.default.createSymbolicLink(atPath: part, withDestinationPath: "mine")
            case "pipe": mkfifo(part, 0o644)
            default: try Files.makeFolder(part)
            }
            let error = await #expect(throws: FileError.self) {
                _ = try await fetch(server, to: folder + "/w.pth", accepting: Self.digest)
            }
            #expect(error?.description.contains("w.pth.part: is in the way: it is not a regular file") == true)
            #expect(try Files.read(folder + "/mine") == Array("mine".utf8))
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder).sorted() == ["mine", "w.pth.part"])
        }
    }

    @Test func anotherFileOfThatNameStays() async throws {
        try await withFolder { folder in
            let server = try LocalServer(Self.content)
            defer { server.stop() }
            try Files.write(Array("mine".utf8), to: folder + "/w.pth")
            let error = await #expect(throws: FileError.self) {
                _ = try await fetch(server, to: folder + "/w.pth", accepting: Self.digest)
            }
            #expect(error?.description.contains("w.pth: is there already, and is another file; move it away") == true)
            #expect(try Files.read(folder + "/w.pth") == Array("mine".utf8))
            #expect(server.ranges == [])
        }
    }
}
