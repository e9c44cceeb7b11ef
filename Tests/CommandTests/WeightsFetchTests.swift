import Files
import Foundation
import Synchronization
import Testing

/// Fetching from a server on this machine.
@Suite(.serialized) struct WeightsFetchTests {
    private static let content: [UInt8] = (0..<300_000).map { UInt8(truncatingIfNeeded: $0 &* 2_654_435_761 >> 7) }

    private func fetch(_ server: LocalServer, to path: String, accepting digest: Digest) async throws -> [Int] {
        let moments = Mutex<[Int]>([])
        let address = try #require(URL(string: "http://127.0.0.1:\(server.port)/weights.pth"))
        try await Download(address: address, path: path).run(accept: { $0 == digest }) { done, _ in
            moments.withLock { $0.append(done) }
        }
        return moments.withLock { $0 }
    }

    private func withFolder(_ work: (String) async throws -> Void) async throws {
        let folder = NSTemporaryDirectory() + "likeness-fetch-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try await work(folder + "/weights")
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
            let tests = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
            let binary = Files.folder(of: tests) + "/likeness"
            try #require(Files.exists(binary), "\(binary) is not built; run swift build")
            let (process, errors) = (Process(), Pipe())
            process.executableURL = URL(fileURLWithPath: binary)
            process.arguments = [
                "weights", "fetch", "mobilenet_v2", "--data", folder, "--from", "http://127.0.0.1:\(server.port)",
            ]
            process.standardError = errors
            try process.run()
            let text = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
            process.waitUntilExit()
            #expect(process.terminationStatus == 1)
            #expect(text.contains("is not the file that was expected"), "\(text)")
            #expect(text.split(separator: "\n").filter { $0.contains("error") }.count == 1, "\(text)")
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder + "/weights") == [])
        }
    }
}
