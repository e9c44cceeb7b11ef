import Faces
import Foundation
import TestSupport
import Testing

@Suite struct DatasetTests {
    @Test func readsAFolderPerPerson() throws {
        let folder = try TemporaryFolder([
            "s2/1.pgm": "", "s10/1.pgm": "", "s10/notes.txt": "", ".hidden/1.pgm": "", "lost.png": "",
        ])
        let dataset = try Dataset(contentsOf: folder.path)
        #expect(dataset.photographs.map(\.path) == ["s2/1.pgm", "s10/1.pgm"])
        #expect(dataset.photographs.map(\.identity) == ["s2", "s10"])
        #expect(dataset.unannotated == ["lost.png"])
        #expect(
            dataset.warnings == [
                "\(folder.path): 1 images lie outside any person's folder and were not used (lost.png)",
                "\(folder.path): 1 file is not named like an image and was passed over (s10/notes.txt)",
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
        (
            "000001.jpg 1\n000001.jpg 2\n", "1\nBald\n000001.jpg 1\n",
            "identity_CelebA.txt:2: lists 000001.jpg a second time"
        ),
        ("000001.jpg 1\n", "1\nBald\n000001.jpg 0\n", "list_attr_celeba.txt:3: expected 1 or -1, found '0'"),
        (
            "000001.jpg 1\n", "1\nBald\n000001.jpg 1 1\n",
            "list_attr_celeba.txt:3: expected a file and 1 values, found 3 words"
        ),
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
        #expect(
            dataset.warnings.contains {
                $0.hasSuffix("1 file is not named like an image and was passed over (Thumbs.db)")
            })
        #expect(
            dataset.warnings.contains {
                $0.hasSuffix("Anno/identity_CelebA.csv:4: describes 3.jpg, which is not there")
            })
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
        let folder = try TemporaryFolder([
            "img_align_celeba/1.jpg": "", "list_attr_celeba.csv": "image_id,Bald\n1.jpg,1\n",
        ])
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
        ("1 1\nAnn 1 x\n", ":2: expected a photograph's number after 'Ann'"),
        ("1 1\nAnn 1\n", ":2: expected 'name 1 2' or 'name 1 other 2', found 2 words"),
        ("pairs\n", ":1: expected the number of folds and of pairs in each, such as '10 300'"),
    ])
    func lfwPairsAreChecked(text: String, message: String) throws {
        let folder = try TemporaryFolder(["Ann/Ann_0001.jpg": "", "Ann/Ann_0002.jpg": "", "pairs.txt": text])
        let error = #expect(throws: DatasetError.self) { try Dataset(contentsOf: folder.path) }
        #expect(error.map { "\($0)".hasSuffix("pairs.txt" + message) } == true, "\(String(describing: error))")
    }

    @Test func aPartOfLFWIsReadWithTheWholeList() throws {
        let folder = try TemporaryFolder([
            "Ann/Ann_0001.jpg": "", "Ann/Ann_0002.jpg": "", "Bob/Bob_0001.jpg": "",
            "pairs.txt": "1 2\nAnn 1 2\nCarl 1 2\nAnn 2 Bob 1\nAnn 9 Bob 1\n",
        ])
        let dataset = try Dataset(contentsOf: folder.path)
        #expect(dataset.pairs.map { [$0.first, $0.second] } == [[0, 1], [1, 2]])
        #expect(dataset.pairs.map(\.isSamePerson) == [true, false])
        #expect(dataset.lists.map { [$0.count, $0.present] } == [[6, 3]])
        #expect(dataset.lists.map(\.remark) == ["1 folds, 2 of 4 pairs"])
        #expect(
            dataset.warnings == [
                folder.path
                    + "/pairs.txt:3: names Carl/Carl_0001, which is not there, as 1 further pairs do; such pairs are left out"
            ])
    }

    private static let two = ["000001", "000002"]

    /// Photographs and what lists call them, where that can be told apart safely.
    @Test(arguments: [
        ("img_align_celeba_png/%.png", "%.jpg"), ("img_align_celeba/%.JPG", "%.jpg"),
        ("img_align_celeba/%.jpg", "img_align_celeba/%.jpg"),
        ("img_align_celeba/%.jpg", "celeba\\img_align_celeba\\%.jpg"), ("img_align_celeba/%.jpg", "%"),
        ("Img/img_align_celeba_png/%.png", "%"),
        ("img_align_celeba/%.jfif", "%.jpg"), ("%.jpg", "%.jpg"), ("Img/%.jpg", "%.jpg"),
        ("CelebA/img_align_celeba/%.jpg", "%.jpg"),
    ])
    func readsCelebAsOtherForms(photographs: String, listed: String) throws {
        func name(_ form: String, _ number: String) -> String { form.replacingOccurrences(of: "%", with: number) }
        let inner = photographs.hasPrefix("CelebA/") ? "CelebA/" : ""
        var files = Dictionary(uniqueKeysWithValues: Self.two.map { (name(photographs, $0), "") })
        files[inner + "identity_CelebA.txt"] = Self.two.map { name(listed, $0) + " 7\n" }.joined()
        files[inner + "list_attr_celeba.txt"] = "2\nBald\n" + Self.two.map { name(listed, $0) + " 1\n" }.joined()
        let folder = try TemporaryFolder(files)
        let dataset = try Dataset(contentsOf: folder.path)
        #expect(dataset.photographs.map(\.path) == Self.two.map { name(photographs, $0) })
        #expect(dataset.photographs.map(\.identity) == ["7", "7"] && dataset.form == .celebA)
        #expect(dataset.lists.map(\.present) == [2, 2])
        #expect(dataset.lists.map(\.path) == [inner + "identity_CelebA.txt", inner + "list_attr_celeba.txt"])
    }

    @Test func aRenamingIsTold() throws {
        let folder = try TemporaryFolder(["img_align_celeba/1.png": "", "identity_CelebA.txt": "1.jpg 7\n2.jpg 7\n"])
        let dataset = try Dataset(contentsOf: folder.path)
        #expect(
            dataset.warnings.contains(
                folder.path + "/identity_CelebA.txt: calls 1.png 1.jpg, and was read with the names that are there"))
    }

    /// As soon as one name fits exactly, names are taken as they stand.
    @Test func anExactNameWinsOverItsLikes() throws {
        let folder = try TemporaryFolder([
            "img_align_celeba/1.jpg": "", "img_align_celeba/1.png": "", "identity_CelebA.txt": "1.jpg 7\n2.jpg 7\n",
        ])
        let dataset = try Dataset(contentsOf: folder.path)
        #expect(dataset.photographs.map(\.path) == ["img_align_celeba/1.jpg"])
        #expect(dataset.unannotated == ["img_align_celeba/1.png"])
    }

    @Test func twoPhotographsOfOneNameAreNotTakenForEachOther() throws {
        let folder = try TemporaryFolder([
            "img_align_celeba/1.jpg": "", "img_align_celeba/1.png": "", "img_align_celeba/2.png": "",
            "identity_CelebA.txt": "1 7\n2 7\n",
        ])
        #expect(try Dataset(contentsOf: folder.path).photographs.map(\.path) == ["img_align_celeba/2.png"])
    }

    @Test func aPersonsFoldersMayLieDeeper() throws {
        let folder = try TemporaryFolder([
            "lfw/lfw-funneled/Ann/Ann_0001.jpg": "", "lfw/lfw-funneled/Ann/Ann_0002.jpg": "",
            "lfw/lfw-funneled/Bob/Bob_0001.jpg": "", "lfw/lfw-funneled/pairs.txt": "1 1\nAnn 1 2\nAnn 1 Bob 1\n",
        ])
        let dataset = try Dataset(contentsOf: folder.path)
        #expect(
            dataset.photographs.map(\.path) == [
                "lfw/lfw-funneled/Ann/Ann_0001.jpg", "lfw/lfw-funneled/Ann/Ann_0002.jpg",
                "lfw/lfw-funneled/Bob/Bob_0001.jpg",
            ])
        #expect(dataset.photographs.map(\.identity) == ["Ann", "Ann", "Bob"])
        #expect(dataset.folder == folder.path && dataset.form == .lfw && dataset.pairs.count == 2)
        #expect(dataset.lists.map(\.path) == ["lfw/lfw-funneled/pairs.txt"])
    }

    @Test func pairsMayLieBesideTheFolderOfPeople() throws {
        let folder = try TemporaryFolder([
            "lfw/Ann/Ann_0001.jpg": "", "lfw/Ann/Ann_0002.jpg": "", "lfw/Bob/Bob_0001.jpg": "",
            "pairs.txt": "1 1\nAnn 1 2\nAnn 1 Bob 1\n",
            "odd.csv": "",
        ])
        let dataset = try Dataset(contentsOf: folder.path)
        #expect(
            dataset.photographs.map(\.path) == ["lfw/Ann/Ann_0001.jpg", "lfw/Ann/Ann_0002.jpg", "lfw/Bob/Bob_0001.jpg"])
        #expect(dataset.form == .lfw && dataset.pairs.count == 2 && dataset.lists.map(\.path) == ["pairs.txt"])
        #expect(
            dataset.warnings == ["\(folder.path): 1 file is not named like an image and was passed over (odd.csv)"])
    }

    /// One person alone is a person, not a folder of people.
    @Test func onePersonIsNoFolderOfPeople() throws {
        let folder = try TemporaryFolder(["ann/1.jpg": "", "ann/old/2.jpg": ""])
        #expect(try Dataset(contentsOf: folder.path).photographs.map(\.path) == ["ann/1.jpg"])
    }

    @Test(arguments: [
        (
            ["a/1.webp": "", "a/2.webp": ""],
            ": holds no photographs; 2 files end in .webp, which is not read (a/1.webp, a/2.webp): convert them to JPEG or PNG"
        ),
        (
            ["1.jpg": "", "2.jpg": ""],
            ": holds no photographs in folders of people, but 2 lie outside (1.jpg, 2.jpg): put each person's into a folder with a name"
        ),
        (["faces.zip": ""], ": holds no photographs; faces.zip is packed: unpack what is in there"),
        (
            ["train/ann/1.jpg": "", "test/bob/1.jpg": ""],
            ": holds no photographs; there is test/bob/1.jpg, deeper down: name the folder whose folders are people"
        ),
        (
            ["a/notes.txt": ""],
            ": holds no photographs; expected a folder per person, or CelebA's img_align_celeba with its lists"
        ),
        (
            ["img_align_celeba/1.webp": "", "identity_CelebA.txt": "1.jpg 7\n"],
            "/img_align_celeba: holds no photographs; 1 file ends in .webp, which is not read (1.webp): convert it to JPEG or PNG"
        ),
        (
            ["img_align_celeba/7.png": "", "identity_CelebA.txt": "\n1.jpg 7\n2.jpg 7\n"],
            ": 1 photographs, none of them listed: there is 7.png, line 2 of identity_CelebA.txt says 1.jpg"
        ),
        (
            ["img_align_celeba/7.png": "", "identity_CelebA.txt": ""],
            ": 1 photographs, none of them listed: there is 7.png, identity_CelebA.txt lists nobody"
        ),
    ])
    func saysWhatIsThereInsteadOfPhotographs(files: [String: String], message: String) throws {
        let folder = try TemporaryFolder(files)
        let error = #expect(throws: DatasetError.self) { try Dataset(contentsOf: folder.path) }
        #expect(error.map { "\($0)" } == folder.path + message)
    }

    @Test func manyAttributesAreCorrelatedWhereTheyVaryMost() throws {
        let names = (0..<100).map { "A\($0)" }
        // Attribute i is that of photographs below i: those in the middle vary most.
        let rows = (0..<100).map { row in
            "\(row).jpg " + (0..<100).map { row < $0 ? "1" : "-1" }.joined(separator: " ") + "\n"
        }
        var files = Dictionary(uniqueKeysWithValues: (0..<100).map { ("img_align_celeba/\($0).jpg", "") })
        files["identity_CelebA.txt"] = (0..<100).map { "\($0).jpg 1\n" }.joined()
        files["list_attr_celeba.txt"] = "100\n\(names.joined(separator: " "))\n" + rows.joined()
        let folder = try TemporaryFolder(files)
        let statistics = DatasetStatistics(try Dataset(contentsOf: folder.path))
        #expect(statistics.attributes.count == 100)
        #expect(statistics.correlated == Array(18..<82))
        #expect(statistics.correlations.count == 64 && statistics.correlations.allSatisfy { $0.count == 64 })
        #expect(statistics.extremes != nil)
    }

    @Test func statisticsCountAndCorrelate() throws {
        let rows = ["1 1 -1", "1 1 1", "-1 -1 1", "-1 -1 1"]
        let folder = try TemporaryFolder([
            "img_align_celeba/0.jpg": "", "img_align_celeba/1.jpg": "", "img_align_celeba/2.jpg": "",
            "img_align_celeba/3.jpg": "", "identity_CelebA.txt": "0.jpg a\n1.jpg a\n2.jpg a\n3.jpg b\n",
            "list_attr_celeba.txt": "4\nA B C\n"
                + rows.enumerated().map { "\($0.offset).jpg \($0.element)\n" }.joined(),
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

    /// There is no correlation with what never varies.
    @Test func whatNobodyHasIsNotCorrelated() throws {
        let folder = try TemporaryFolder([
            "img_align_celeba/0.jpg": "", "img_align_celeba/1.jpg": "",
            "identity_CelebA.txt": "0.jpg a\n1.jpg a\n",
            "list_attr_celeba.txt": "2\nA B C\n0.jpg 1 -1 1\n1.jpg -1 -1 1\n",
        ])
        let statistics = DatasetStatistics(try Dataset(contentsOf: folder.path))
        #expect(
            statistics.correlations.map { $0.map(\.isNaN) } == [
                [false, true, true], [true, true, true], [true, true, true],
            ])
        #expect(statistics.correlations[0][0] == 1 && statistics.extremes == nil)
    }

    @Test func anEmptyFolderIsRefusedByName() throws {
        let folder = TemporaryFolder()
        let error = #expect(throws: DatasetError.self) { try Dataset(contentsOf: folder.path) }
        #expect(error.map { "\($0)".hasPrefix(folder.path + ": holds no photographs") } == true)
    }
}
