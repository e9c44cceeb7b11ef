import Faces
import Files
import Foundation
import Imaging
import Testing

/// What stands where a list or a photograph should, and is neither.
@Suite struct IrregularFileTests {
    private let image: [UInt8]

    init() throws { image = try Image(width: 2, height: 1, channels: 1, pixels: [7, 9]).png() }

    private func withFolder(_ work: (String) throws -> Void) throws {
        let folder = NSTemporaryDirectory() + "likeness-irregular-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try Files.makeFolder(folder)
        try work(folder)
    }

    private func write(_ text: String, _ path: String) throws { try Files.write(Array(text.utf8), to: path) }

    @Test(arguments: ["identity_CelebA", "list_attr_celeba", "list_landmarks_align_celeba", "list_eval_partition"])
    func aListThatIsNoFileIsTold(list: String) throws {
        for kind in ["link", "folder", "pipe"] {
            try withFolder { folder in
                try Files.makeFolder(folder + "/img_align_celeba")
                try Files.write(image, to: folder + "/img_align_celeba/000001.png")
                try write("000001.png 1\n", folder + "/identity_CelebA.txt")
                let path = "\(folder)/\(list).txt"
                unlink(path)
                switch kind {
                case "link": symlink("/nonexistent/list", path)
                case "folder": try Files.makeFolder(path)
                default: mkfifo(path, 0o644)
                }
                let error = try #require(#expect(throws: DatasetError.self) { try Dataset(contentsOf: folder) })
                let words = ["link": "is a link that leads nowhere", "folder": "is a folder", "pipe": "is a pipe"]
                #expect("\(error)".hasPrefix("\(path): \(words[kind] ?? "")"), "\(error)")
            }
        }
    }

    @Test func aFolderNamedLikeThePairsIsTold() throws {
        try withFolder { folder in
            try Files.makeFolder(folder + "/pairs.txt")
            try Files.makeFolder(folder + "/a")
            try Files.write(image, to: folder + "/a/a_0001.png")
            let error = try #require(#expect(throws: DatasetError.self) { try Dataset(contentsOf: folder) })
            #expect("\(error)".hasPrefix("\(folder)/pairs.txt: is a folder, not a file"))
        }
    }

    @Test func foldersWithinAPersonAreCounted() throws {
        try withFolder { folder in
            for place in ["a", "b/2020"] {
                try Files.makeFolder("\(folder)/\(place)")
                for number in 1...2 { try Files.write(image, to: "\(folder)/\(place)/\(number).png") }
            }
            let found = try Dataset(contentsOf: folder)
            #expect(found.warnings.count == 1)
            #expect(found.warnings.first?.hasPrefix("\(folder)/b/2020: holds 2 photographs deeper down") == true)
        }
    }

    @Test func aLinkToAPersonIsNoOtherPerson() throws {
        try withFolder { folder in
            try Files.makeFolder(folder + "/b")
            try Files.write(image, to: folder + "/b/1.png")
            symlink("b", folder + "/a")
            let found = try Dataset(contentsOf: folder)
            #expect(found.photographs.map(\.identity) == ["b"])
            #expect(
                found.warnings == [
                    "\(folder)/a: leads to the same folder as b, and its photographs were not counted again"
                ])
        }
    }

    @Test func namesThatDifferInTheirBytesAloneAreTwoPeople() throws {
        try withFolder { folder in
            for name in ["\u{E9}", "e\u{301}", "\u{E9} (2)"] {
                try Files.makeFolder("\(folder)/\(name)")
                for number in 1...2 { try Files.write(image, to: "\(folder)/\(name)/\(number).png") }
            }
            let found = try Dataset(contentsOf: folder)
            #expect(Set(found.photographs.map(\.identity)).count == 3)
            #expect(Dictionary(grouping: found.photographs, by: \.identity).values.allSatisfy { $0.count == 2 })
            #expect(DatasetStatistics(found).people == 3)
            #expect(found.warnings.count == 1)
            let told = "in different characters of Unicode; the second one is called"
            #expect(found.warnings.first?.contains(told) == true)
        }
    }

    @Test func namesInListsThatDifferInTheirBytesAloneAreTwoPeople() throws {
        try withFolder { folder in
            try Files.makeFolder(folder + "/img_align_celeba")
            for number in 1...4 { try Files.write(image, to: "\(folder)/img_align_celeba/00000\(number).jpg") }
            try write(
                "000001.jpg \u{E9}\n000002.jpg e\u{301}\n000003.jpg \u{E9}\n000004.jpg e\u{301}\n",
                folder + "/identity_CelebA.txt")
            let found = try Dataset(contentsOf: folder)
            #expect(found.photographs.map(\.identity) == ["\u{E9}", "\u{E9} (2)", "\u{E9}", "\u{E9} (2)"])
            #expect(found.warnings.count == 1)
        }
    }

    @Test(arguments: [("a 1 1", "with itself"), ("a 1 a 2", "as two people")])
    func pairsThatCompareNobodyAreRefused(line: String, told: String) throws {
        try withFolder { folder in
            try Files.makeFolder(folder + "/a")
            for number in 1...2 { try Files.write(image, to: "\(folder)/a/a_000\(number).png") }
            try write("1\n\(line)\n", folder + "/pairs.txt")
            let error = try #require(#expect(throws: DatasetError.self) { try Dataset(contentsOf: folder) })
            #expect("\(error)".contains("pairs.txt:2: pairs") && "\(error)".contains(told), "\(error)")
        }
    }
}
