import Faces
import TestSupport
import Testing

@Suite struct TrueIdentitiesTests {
    @Test(arguments: [
        ("1.jpg 1\n2.jpg\n", ":2: expected 'file identity', found 1 words"),
        ("1.jpg 1\n\n1.jpg 2\n", ":3: lists 1.jpg a second time"),
    ])
    func whatIsNoListIsToldWithItsPlace(text: String, problem: String) throws {
        let folder = try TemporaryFolder([TrueIdentities.name: text])
        let path = try #require(TrueIdentities.path(below: folder.path))
        let error = #expect(throws: DatasetError.self) { try TrueIdentities(contentsOf: path) }
        #expect(error.map { "\($0)" } == path + problem)
    }

    @Test func aPhotographWithoutALineIsTold() throws {
        let folder = try TemporaryFolder([TrueIdentities.name: "1.jpg 7\r\n"])
        let truth = try TrueIdentities(contentsOf: folder.path + "/" + TrueIdentities.name)
        let named = try ["img_align_celeba/1.jpg", "1.jpg"].map { try truth.identity(of: $0) }
        #expect(named == ["7", "7"])
        let error = #expect(throws: DatasetError.self) { try truth.identity(of: "img_align_celeba/2.jpg") }
        #expect(error.map { "\($0)".contains("has no line for 2.jpg, which is there; draw the dataset anew") } == true)
    }

    /// Datasets are read without the list, also where it stands beside the only folder of theirs.
    @Test func itIsFoundWhereADatasetIsAndNoSurpriseThere() throws {
        let inner = try TemporaryFolder([
            "celeba/img_align_celeba/1.jpg": "", "celeba/identity_CelebA.txt": "1.jpg 1\n",
            "celeba/likeness-true-identities.txt": "1.jpg 2\n",
        ])
        #expect(TrueIdentities.path(below: inner.path) == inner.path + "/celeba/likeness-true-identities.txt")
        #expect(try Dataset(contentsOf: inner.path).warnings == [])
        let people = try TemporaryFolder([
            "a/1.jpg": "", "b/1.jpg": "", "likeness-true-identities.txt": "1.jpg 2\n",
        ])
        #expect(try Dataset(contentsOf: people.path).warnings == [])
        let others = try TemporaryFolder(["a/1.jpg": "", "b/1.jpg": ""])
        #expect(TrueIdentities.path(below: others.path) == nil)
        #expect(TrueIdentities.path(below: "/nowhere") == nil)
    }
}
