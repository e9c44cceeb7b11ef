import Files
import Foundation
import TestSupport
import Testing

/// What is refused before anybody is asked; what servers do is tried with the command's own tests.
@Suite struct DownloadTests {
    private let place = TemporaryFolder()

    private func run(_ address: String, _ expected: Download.Expectation) async throws {
        let address = try #require(URL(string: address))
        try await Download(address: address, path: place.path + "/below/file", expecting: expected).run { _, _ in
            Issue.record("nothing may be fetched")
        }
    }

    @Test(arguments: ["http", "ftp", "file", "data"]) func aPlaceThatProvesNothingIsNotAsked(scheme: String)
        async throws
    {
        let expectations: [Download.Expectation] =
            [.beginning("ab")] + (scheme == "http" ? [] : [.whole(Digest(of: []))])
        for expected in expectations {
            let error = await #expect(throws: DownloadError.self) { try await run("\(scheme)://localhost/x", expected) }
            #expect(error?.description.contains("use https, or give the digest") == true)
            #expect(try place.names() == [])
        }
    }

    /// Port 0 answers nobody.
    @Test(arguments: ["file", "link", "folder", "pipe"]) func whatStandsInTheWayStays(kind: String) async throws {
        let part = place.path + "/below/file.part"
        try place.put("mine", "mine")
        try Files.makeFolder(place.path + "/below")
        switch kind {
        case "file": try place.put("mine", "below/file")
        case "link": try place.link("below/file.part", to: "../mine")
        case "folder": try Files.makeFolder(part)
        default: mkfifo(part, 0o644)
        }
        let before = try place.names("below")
        let error = await #expect(throws: FileError.self) {
            try await run("https://localhost:0/x", .whole(Digest(of: [])))
        }
        #expect(error?.description.contains(kind == "file" ? "is there already" : "is in the way") == true)
        #expect(try place.names("below") == before)
        #expect(place.read("mine") == "mine")
    }
}
