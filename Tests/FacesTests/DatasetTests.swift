import Foundation
import Testing

import Faces

@Suite struct DatasetTests {
    @Test func readsAFolderPerPerson() throws {
        let folder = try TemporaryFolder(["s2/1.pgm": "", "s10/1.pgm": "", "s10/notes.txt": "", ".hidden/1.pgm": "", "lost.png": ""])
        let dataset = try Dataset(contentsOf: folder.path)
        #expect(dataset.photographs.map(\.path) == ["s2/1.pgm", "s10/1.pgm"])
        #expect(dataset.photographs.map(\.identity) == ["s2", "s10"])
        #expect(dataset.unannotated == ["lost.png"])
        #expect(dataset.warnings.count == 1)
    }

    @Test func readsCelebAWithCRLFAndTrailingSpaces() throws {
        let folder = try TemporaryFolder([
            "img_align_celeba/000001.jpg": "", "img_align_celeba/000002.jpg": "", "img_align_celeba/000003.jpg": "",
            "identity_CelebA.txt": "000001.jpg 2880\r\n000002.jpg 2880 \r\n",
            "list_attr_celeba.txt": "3\nBald  Young \n000001.jpg -1  1\n000002.jpg  1 -1 \n000003.jpg  1 -1 \n",
        ])
        let dataset = try Dataset(contentsOf: folder.path)
        #expect(dataset.attributeNames == ["Bald", "Young"])
        #expect(dataset.photographs.map(\.identity) == ["2880", "2880"])
        #expect(dataset.photographs[0].attributes == [-1, 1])
        #expect(dataset.unannotated == ["img_align_celeba/000003.jpg"])
    }

    @Test(arguments: [
        ("000001.jpg\n", "1\nBald\n000001.jpg 1\n", "identity_CelebA.txt:1: expected 'file identity', found 1 words"),
        ("000001.jpg 1\n000001.jpg 2\n", "1\nBald\n000001.jpg 1\n", "identity_CelebA.txt:2: lists 000001.jpg a second time"),
        ("000001.jpg 1\n", "1\nBald\n000001.jpg 0\n", "list_attr_celeba.txt:3: expected 1 or -1, found '0'"),
        ("000001.jpg 1\n", "1\nBald\n000001.jpg 1 1\n", "list_attr_celeba.txt:3: expected a file and 1 values, found 3 words"),
        ("000001.jpg 1\n", "2\nBald\n000001.jpg 1\n", "list_attr_celeba.txt:1: announces 2 images, but lists 1"),
        ("000001.jpg 1\n", "1\nBald\n000002.jpg 1\n", "list_attr_celeba.txt: has no line for 000001.jpg"),
    ])
    func saysWhichLineIsWrong(identities: String, attributes: String, message: String) throws {
        let folder = try TemporaryFolder([
            "img_align_celeba/000001.jpg": "", "identity_CelebA.txt": identities, "list_attr_celeba.txt": attributes,
        ])
        let error = #expect(throws: DatasetError.self) { try Dataset(contentsOf: folder.path) }
        #expect(error.map { "\($0)".contains(message) } == true, "\(String(describing: error))")
    }

    @Test func anEmptyFolderIsRefusedByName() throws {
        let folder = try TemporaryFolder([:])
        let error = #expect(throws: DatasetError.self) { try Dataset(contentsOf: folder.path) }
        #expect(error.map { "\($0)".hasPrefix(folder.path + ": holds no photographs") } == true)
    }
}

/// A folder with files that vanishes with its owner.
final class TemporaryFolder {
    let path: String

    init(_ files: [String: String]) throws {
        path = NSTemporaryDirectory() + "likeness-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        for (name, content) in files {
            let file = path + "/" + name
            try FileManager.default.createDirectory(
                atPath: (file as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
            try Data(content.utf8).write(to: URL(fileURLWithPath: file))
        }
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }
}
