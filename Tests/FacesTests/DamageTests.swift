import Faces
import Files
import Foundation
import Imaging
import TestSupport
import Testing

/// Broken files of every kind, planted among sound ones: the report names each, once, by its reason.
@Suite struct DamageTests {
    /// A JPEG with a corner of its own: no two are the same photograph.
    private func tagged(_ portrait: Image, _ tag: Int) throws -> [UInt8] {
        var image = portrait
        for y in image.height - 8..<image.height {
            let end = (y + 1) * image.width * image.channels
            for place in end - 8 * image.channels..<end { image.pixels[place] = UInt8(2 * tag) }
        }
        return try image.jpeg(quality: 90)
    }

    @Test func theAccountSaysExactlyWhatWasPlanted() throws {
        let portrait = DrawnFaces.image("portrait")
        let jpeg = try portrait.jpeg(quality: 90)
        let png = try portrait.png()
        let folder = TemporaryFolder()
        func put(_ bytes: [UInt8], _ name: String) throws {
            try Files.write(bytes, to: "\(folder.path)/set/\(name)", syncsFolder: false)
        }
        for person in ["ann", "bob"] {
            for number in 1...3 {
                try put(tagged(portrait, person == "ann" ? number : 10 + number), "\(person)/\(number).jpg")
            }
        }
        try put(png, "bob/really-a-png.jpg")  // the content decides: kept
        var planted: [FaceSet.PreprocessingReport.Reason: [String]] = [:]
        func plant(_ bytes: [UInt8], _ name: String, _ reason: FaceSet.PreprocessingReport.Reason) throws {
            try put(bytes, name)
            planted[reason, default: []].append(name)
        }
        try plant(Array(jpeg.prefix(jpeg.count / 2)), "ann/a-truncated.jpg", .truncated)
        try plant(Array(jpeg.prefix(160)), "ann/b-header-only.jpg", .truncated)
        let zeros = [UInt8](repeating: 0, count: jpeg.count / 2)
        try plant(Array(jpeg.prefix(jpeg.count - zeros.count)) + zeros, "ann/c-zero-tail.jpg", .truncated)
        try plant([], "ann/empty.jpg", .empty)
        try plant(Array("this is a text".utf8), "ann/text.jpg", .notAnImage)
        var forged = png
        forged.replaceSubrange(16..<24, with: [0, 0, 0xFF, 0xFF, 0, 0, 0xFF, 0xFF])
        try plant(forged, "ann/forged-size.png", .damaged)  // its header's checksum is wrong now
        try plant(Array("P5 60000 60000 255\n".utf8), "ann/huge.pgm", .tooLarge)
        try plant(tagged(portrait, 1), "bob/twin.jpg", .duplicate)
        try plant(Image(decoding: tagged(portrait, 2), name: "a").png(), "ann/saved-again.png", .duplicate)
        try plant(Array("GIF89a........".utf8), "bob/animation.jpg", .unsupported)
        try plant(try DrawnFaces.image("clouds").jpeg(quality: 90), "bob/nobody.jpg", .noFace)
        try plant(try DrawnFaces.image("crowd").jpeg(quality: 90), "bob/crowd.jpg", .severalFaces)
        try plant(tagged(portrait, 99), "carl/1.jpg", .onlyPhotograph)
        try plant(tagged(portrait, 98), "dora/1.jpg", .onlyFace)
        try plant([], "dora/2.jpg", .empty)
        try plant(tagged(portrait, 97), "loose.jpg", .noIdentity)
        try FileManager.default.createDirectory(
            atPath: folder.path + "/set/ann/folder.jpg", withIntermediateDirectories: false)
        planted[.notAFile] = ["ann/folder.jpg"]
        if getuid() != 0 {  // root reads everything
            try plant(tagged(portrait, 96), "ann/locked.jpg", .unreadable)
            try FileManager.default.setAttributes(
                [.posixPermissions: 0], ofItemAtPath: folder.path + "/set/ann/locked.jpg")
        }

        let preprocessing = Preprocessing(
            detection: SingleFace(cascade: try Fixtures.cascade("frontalface_default")), testShare: 0.5,
            queriesPerIdentity: 1, seed: 0)
        let faces = try preprocessing.run(try Dataset(contentsOf: folder.path + "/set"), name: "set") { _ in }
        for reason in FaceSet.PreprocessingReport.Reason.allCases {
            #expect(Set(faces.report[reason].map(\.path)) == Set(planted[reason] ?? []), "\(reason)")
            #expect(faces.report[reason].count == planted[reason]?.count ?? 0, "\(reason)")
        }
        #expect(faces.report.kept == 7)
        #expect(
            faces.report[.duplicate].map(\.detail) == [
                "has the same pixels as ann/2.jpg", "has the same bytes as ann/1.jpg, of ann, not bob",
            ])
        #expect(
            faces.warnings == [
                "\(folder.path)/set: 1 photographs stand under two people, and only the first counts: "
                    + "bob/twin.jpg has the same bytes as ann/1.jpg, of ann, not bob"
            ])
        #expect(LeakCheck(faces).isClean)
        #expect(faces.faces.map(\.path).contains("bob/really-a-png.jpg"))
        #expect(faces.report.found == faces.report.kept + faces.report.dropped.reduce(0) { $0 + $1.count })
        #expect(faces.report.found == 7 + planted.values.reduce(0) { $0 + $1.count })

        // The report survives its stored form, and says the same of a dataset in another order of files.
        let stored = try JSONDecoder().decode(FaceSet.self, from: JSONEncoder().encode(faces))
        #expect(stored.report[.truncated] == faces.report[.truncated])
        #expect(stored.faces.map(\.path) == faces.faces.map(\.path))
        #expect(stored.faces.map(\.crop) == faces.faces.map(\.crop))
        #expect(stored.faces.map(\.pixels) == faces.faces.map(\.pixels))
        #expect(stored.triplets == faces.triplets)
    }

    @Test func aPhotographInAZipIsReadLikeAFile() throws {
        let portrait = DrawnFaces.image("portrait")
        let people = ["1", "1", "2", "2"]
        let lists = [
            "identity_CelebA.txt": people.enumerated().map { "\($0.offset).jpg \($0.element)\n" }.joined(),
            "list_attr_celeba.txt": "4\nBald Young\n" + people.indices.map { "\($0).jpg 1 -1\n" }.joined(),
        ]
        let plain = try TemporaryFolder(lists)
        let zipped = try TemporaryFolder(lists)
        var files: [ZipFixture.File] = []
        for index in people.indices {
            let bytes = try tagged(portrait, index)
            try Files.write(bytes, to: "\(plain.path)/celeba/img_align_celeba/\(index).jpg")
            files.append(.init("img_align_celeba/\(index).jpg", bytes, isDeflated: index % 2 == 0))
        }
        try Files.write(ZipFixture.zip(files), to: zipped.path + "/celeba/img_align_celeba.zip")
        for folder in [plain, zipped] {
            for name in lists.keys {
                try Files.write(try Files.read("\(folder.path)/\(name)"), to: "\(folder.path)/celeba/\(name)")
            }
        }
        let sets = try [plain, zipped].map { folder in
            try Preprocessing(
                detection: SingleFace(cascade: try Fixtures.cascade("frontalface_default")), testShare: 0.5,
                queriesPerIdentity: 1, seed: 0
            ).run(try Dataset(contentsOf: folder.path + "/celeba"), name: "celeba") { _ in }
        }
        #expect(sets[0].faces.map(\.path) == sets[1].faces.map(\.path))
        #expect(sets[0].faces.map(\.digest) == sets[1].faces.map(\.digest))
        #expect(sets[0].triplets == sets[1].triplets)
        var again = try JSONDecoder().decode(FaceSet.self, from: JSONEncoder().encode(sets[1]))
        #expect(again.faces.map(\.entry) == sets[1].faces.map(\.entry))
        #expect(again.faces[0].attributes == [1, -1])
        #expect(again.folder == nil, "another program may find the photographs elsewhere")
        again.folder = zipped.path + "/celeba"
        for index in again.faces.indices {
            #expect(try again.image(of: index) == sets[0].image(of: index))
        }
    }
}
