import Archives
import Faces
import Files
import Foundation
import TestSupport
import Testing

@Suite struct ArchiveTests {
    private let lists = ["identity_CelebA.txt": "1.jpg 7\n2.jpg 7\n10.jpg 8\n"]

    private func folder(_ zip: [UInt8]) throws -> TemporaryFolder {
        let folder = try TemporaryFolder(lists)
        try Files.write(zip, to: folder.path + "/img_align_celeba.zip")
        return folder
    }

    private func entry(_ name: String, _ text: String, isDeflated: Bool, claimedSize: Int? = nil) -> ZipFixture.File {
        .init("img_align_celeba/" + name, Array(text.utf8), isDeflated: isDeflated, claimedSize: claimedSize)
    }

    @Test func aZipStandsForItsFolder() throws {
        let folder = try folder(
            ZipFixture.zip([
                .init("img_align_celeba/", []), entry("10.jpg", "ten", isDeflated: true),
                entry("2.jpg", "two", isDeflated: false),
                entry("1.jpg", String(repeating: "one", count: 50_000), isDeflated: true),
                .init("__MACOSX/img_align_celeba/._1.jpg", []),
            ]))
        let dataset = try Dataset(contentsOf: folder.path)
        #expect(dataset.photographs.map(\.path) == ["1", "2", "10"].map { "img_align_celeba/\($0).jpg" })
        #expect(dataset.photographs.map(\.identity) == ["7", "7", "8"])
        #expect(dataset.archive == "img_align_celeba.zip")
        #expect(dataset.warnings.isEmpty)
        let source = try dataset.source()
        let texts = try dataset.photographs.map {
            String(decoding: try source.bytes(of: $0.path, entry: $0.entry), as: UTF8.self)
        }
        #expect(texts == [String(repeating: "one", count: 50_000), "two", "ten"])
    }

    @Test(arguments: ["", "celeba/", "celeba/img_align_celeba/", "img_align_celeba_png/"])
    func aZipMayHaveAnotherPrefix(_ prefix: String) throws {
        let names = ["1.jpg", "2.jpg", "10.jpg"]
        let folder = try folder(
            ZipFixture.zip(names.map { .init(prefix + $0, Array($0.utf8)) } + [.init("\(prefix)readme.txt", [])]))
        let dataset = try Dataset(contentsOf: folder.path)
        #expect(dataset.photographs.map(\.path) == names.map { prefix + $0 })
        let source = try dataset.source()
        #expect(
            try dataset.photographs.map { try source.bytes(of: $0.path, entry: $0.entry) }
                == names.map { Array($0.utf8) })
    }

    @Test func aZipOfSeveralFoldersIsReadWhereOneHasCelebAsName() throws {
        let both = try folder(ZipFixture.zip([.init("x/img_align_celeba/1.jpg", []), .init("x/img_celeba/1.jpg", [])]))
        #expect(try Dataset(contentsOf: both.path).photographs.map(\.path) == ["x/img_align_celeba/1.jpg"])
        let neither = try folder(ZipFixture.zip([.init("a/1.jpg", []), .init("b/2.jpg", []), .init("3.jpg", [])]))
        let error = #expect(throws: DatasetError.self) { try Dataset(contentsOf: neither.path) }
        #expect(
            error?.message
                == "holds photographs in 3 folders (none, a/, b/): pack those of one, in a folder named img_align_celeba"
        )
    }

    @Test func aZipWithoutPhotographsSaysWhatItHolds() throws {
        let folder = try folder(ZipFixture.zip([.init("img_align_celeba/1.webp", [])]))
        let error = #expect(throws: DatasetError.self) { try Dataset(contentsOf: folder.path) }
        #expect(error?.message.hasPrefix("holds no photographs; 1 file ends in .webp") == true)
    }

    @Test func anEntryThatUnpacksToMoreThanItMayIsRefusedBeforeItCosts() throws {
        let folder = try folder(
            ZipFixture.zip([
                entry("1.jpg", "x", isDeflated: true, claimedSize: 3 << 30),
                entry("2.jpg", "x", isDeflated: true, claimedSize: 200 << 20),
                entry("10.jpg", "x", isDeflated: false, claimedSize: 2),
            ]))
        let dataset = try Dataset(contentsOf: folder.path)
        let source = try dataset.source()
        let errors = dataset.photographs.map { photograph in
            #expect(throws: ZipError.self) { try source.bytes(of: photograph.path, entry: photograph.entry) }?.kind
        }
        #expect(errors == [.tooLarge, .damaged, .damaged])
    }

    @Test func everyTruncationAndFlippedByteIsAnErrorOrHarmless() throws {
        let whole = ZipFixture.zip([entry("1.jpg", "one", isDeflated: true), entry("2.jpg", "two", isDeflated: false)])
        let folder = try folder(whole)
        let path = folder.path + "/img_align_celeba.zip"
        for count in 0..<whole.count {
            try Data(whole.prefix(count)).write(to: URL(fileURLWithPath: path))
            #expect(throws: DatasetError.self) { try Dataset(contentsOf: folder.path) }
        }
        for at in whole.indices {
            var bytes = whole
            bytes[at] ^= 0x41
            try Data(bytes).write(to: URL(fileURLWithPath: path))
            guard let dataset = try? Dataset(contentsOf: folder.path), let source = try? dataset.source() else {
                continue
            }
            for photograph in dataset.photographs {
                guard let bytes = try? source.bytes(of: photograph.path, entry: photograph.entry) else { continue }
                #expect([Array("one".utf8), Array("two".utf8)].contains(bytes), "byte \(at)")
            }
        }
    }
}
