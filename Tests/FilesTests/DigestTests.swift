import Files
import Foundation
import TestSupport
import Testing

@Suite struct DigestTests {
    /// FIPS 180-2, appendix B, and the empty message.
    @Test(arguments: [
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (
            "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
        ),
    ])
    func bytesAndFilesHaveTheDigestsOfTheStandard(text: String, hex: String) throws {
        let place = try TemporaryFolder(["file": text])
        let digest = Digest(of: Array(text.utf8))
        #expect(digest.hex == hex && digest.description == hex && digest.short == hex.prefix(12))
        #expect(try Digest(contentsOf: place.path + "/file") == digest)
        #expect(Digest(hex: hex) == digest && Digest(bytes: digest.bytes) == digest)
        #expect(digest.bytes.count == 32)
        let written = try JSONEncoder().encode([digest])
        #expect(try JSONDecoder().decode([Digest].self, from: written) == [digest])
    }

    @Test(arguments: ["", "e3b0", String(repeating: "A", count: 64), String(repeating: "g", count: 64)])
    func nothingElseIsADigest(text: String) {
        #expect(Digest(hex: text) == nil)
        #expect(throws: DecodingError.self) {
            try JSONDecoder().decode([Digest].self, from: Data("[\"\(text)\"]".utf8))
        }
        #expect(Digest(bytes: Array(text.utf8)) == nil)
    }

    @Test func digestsAreOrderedByTheirDigits() {
        let digests = (0..<20).map { Digest(of: [$0]) }
        #expect(digests.sorted().map(\.hex) == digests.map(\.hex).sorted())
    }
}
