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
        #expect(dataset.warnings == [
            "\(folder.path): 1 images lie outside any person's folder and were not used (lost.png)",
            "\(folder.path): 1 files are not named like images and were passed over (s10/notes.txt)",
        ])
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

    private static let names = "1.jpg 7\n2.jpg 7\n"

    @Test func readsCelebAFromCSVInItsUnpackedFolders() throws {
        let folder = try TemporaryFolder([
            "Img/img_align_celeba/1.jpg": "", "Img/img_align_celeba/2.jpg": "", "Img/img_align_celeba/Thumbs.db": "",
            "Anno/identity_CelebA.csv": "image_id,identity\r\n1.jpg,7\r\n2.jpg,7\r\n3.jpg,9\r\n",
            "Anno/list_attr_celeba.csv": "\u{FEFF}image_id,Bald,Young\n\"1.jpg\",1, -1 \n2.jpg,-1,1\n",
            "Anno/list_landmarks_align_celeba.csv": "image_id,lefteye_x,lefteye_y\n1.jpg,69,109\n2.jpg,70,-3\n",
            "Eval/list_eval_partition.csv": "image_id,partition\n1.jpg,0\n2.jpg,2\n",
        ])
        let dataset = try Dataset(contentsOf: folder.path)
        #expect(dataset.photographs.map(\.path) == ["Img/img_align_celeba/1.jpg", "Img/img_align_celeba/2.jpg"])
        #expect(dataset.photographs.map(\.attributes) == [[1, -1], [-1, 1]])
        #expect(dataset.lists.map(\.remark) == ["", "2 attributes", "1 landmarks", "training 1, validation 0, test 1"])
        #expect(dataset.lists.map(\.present) == [2, 2, 2, 2])
        #expect(dataset.warnings.count == 2)
        #expect(dataset.warnings.contains { $0.hasSuffix("1 files are not named like images and were passed over (Thumbs.db)") })
        #expect(dataset.warnings.contains { $0.hasSuffix("Anno/identity_CelebA.csv:4: describes 3.jpg, which is not there") })
    }

    @Test(arguments: [
        ("list_landmarks_align_celeba.txt", "2\na b\n1.jpg 1 2\n2.jpg 1 x\n", ":4: expected a whole number, found 'x'"),
        ("list_landmarks_align_celeba.txt", "3\na b\n1.jpg 1 2\n2.jpg 1 2\n", ":1: announces 3 images, but lists 2"),
        ("list_eval_partition.txt", "1.jpg 0\n2.jpg 3\n", ":2: expected 'file 0', 'file 1' or 'file 2'"),
        ("list_eval_partition.txt", "1.jpg 0\n1.jpg 0\n", ":2: lists 1.jpg a second time"),
        ("list_attr_celeba.txt", "2\nBald Bald\n", ":2: names the column 'Bald' twice"),
        ("list_attr_celeba.txt", "", ":1: expected the number of images on the first line"),
        ("list_attr_celeba.csv", "image_id,Bald\n1.jpg,1\n2.jpg,\n", ":3: expected 1 or -1, found ''"),
    ])
    func everyListIsCheckedWithItsLine(name: String, text: String, message: String) throws {
        let folder = try TemporaryFolder([
            "img_align_celeba/1.jpg": "", "img_align_celeba/2.jpg": "", "identity_CelebA.txt": Self.names, name: text,
        ])
        let error = #expect(throws: DatasetError.self) { try Dataset(contentsOf: folder.path) }
        #expect(error.map { "\($0)".hasSuffix(name + message) } == true, "\(String(describing: error))")
    }

    @Test func aLineThatIsNotUTF8IsNamed() throws {
        let folder = try TemporaryFolder(["img_align_celeba/1.jpg": ""])
        let list = folder.path + "/identity_CelebA.txt"
        try Data(Array("1.jpg 7\n2.jpg ".utf8) + [0xFF, 0x0A]).write(to: URL(fileURLWithPath: list))
        let error = #expect(throws: DatasetError.self) { try Dataset(contentsOf: folder.path) }
        #expect(error.map { "\($0)" } == list + ":2: is not UTF-8")
    }

    @Test func attributesWithoutIdentitiesAskForThem() throws {
        let folder = try TemporaryFolder(["img_align_celeba/1.jpg": "", "list_attr_celeba.csv": "image_id,Bald\n1.jpg,1\n"])
        let error = #expect(throws: DatasetError.self) { try Dataset(contentsOf: folder.path) }
        #expect(error.map { "\($0)".contains("neither identity_CelebA.txt nor identity_CelebA.csv") } == true)
    }

    @Test func readsLFWWithItsPairs() throws {
        let folder = try TemporaryFolder([
            "Ann_A/Ann_A_0001.jpg": "", "Ann_A/Ann_A_0002.jpg": "", "Bob/Bob_0001.jpg": "",
            "pairs.txt": "1\t1\r\nAnn_A\t1\t2\r\nAnn_A\t2\tBob\t1\r\n",
        ])
        let dataset = try Dataset(contentsOf: folder.path)
        #expect(dataset.form == .lfw)
        #expect(dataset.pairs.map { [$0.first, $0.second] } == [[0, 1], [1, 2]])
        #expect(dataset.pairs.map(\.isSamePerson) == [true, false])
        #expect(dataset.warnings.isEmpty)
    }

    @Test(arguments: [
        ("1 1\nAnn 1 2\n", ":1: announces 1 pairs of each kind, but lists 1 and 0"),
        ("1 1\nAnn 1 3\n", ":2: names Ann/Ann_0003, which is not there"),
        ("1 1\nAnn 1\n", ":2: expected 'name 1 2' or 'name 1 other 2', found 2 words"),
        ("pairs\n", ":1: expected the number of folds and of pairs in each, such as '10 300'"),
    ])
    func lfwPairsAreChecked(text: String, message: String) throws {
        let folder = try TemporaryFolder(["Ann/Ann_0001.jpg": "", "Ann/Ann_0002.jpg": "", "pairs.txt": text])
        let error = #expect(throws: DatasetError.self) { try Dataset(contentsOf: folder.path) }
        #expect(error.map { "\($0)".hasSuffix("pairs.txt" + message) } == true, "\(String(describing: error))")
    }

    @Test func statisticsCountAndCorrelate() throws {
        let rows = ["1 1 -1", "1 1 1", "-1 -1 1", "-1 -1 1"]
        let folder = try TemporaryFolder([
            "img_align_celeba/0.jpg": "", "img_align_celeba/1.jpg": "", "img_align_celeba/2.jpg": "",
            "img_align_celeba/3.jpg": "", "identity_CelebA.txt": "0.jpg a\n1.jpg a\n2.jpg a\n3.jpg b\n",
            "list_attr_celeba.txt": "4\nA B C\n" + rows.enumerated().map { "\($0.offset).jpg \($0.element)\n" }.joined(),
        ])
        let statistics = DatasetStatistics(try Dataset(contentsOf: folder.path))
        #expect(statistics.people == 2)
        #expect(statistics.sizes.map { [$0.photographs, $0.people] } == [[1, 1], [3, 1]])
        #expect(statistics.attributes.map(\.count) == [2, 2, 3])
        #expect(statistics.correlations[0][1] == 1)
        #expect(abs(statistics.correlations[0][2] + 1 / 3.0.squareRoot()) < 1e-12)
        let extremes = try #require(statistics.extremes)
        #expect(extremes.together == (0, 1) && extremes.apart == (0, 2))
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
