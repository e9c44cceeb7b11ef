import Faces
import Foundation
import Glibc
import TestSupport
import Testing

@Suite struct WalkTests {
    private func link(_ path: String, to target: String) throws {
        try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: target)
    }

    @Test func hiddenNamesAreNoPhotographsAndLinksAreFollowed() throws {
        let elsewhere = try TemporaryFolder(["deep/7.png": ""])
        let folder = try TemporaryFolder([
            "b/2.jpg": "", "a.jfif": "", ".ipynb_checkpoints/2-checkpoint.jpg": "", "b/._2.jpg": "", ".hidden.png": "",
            "Thumbs.db": "",
            "b/3.webp": "",
        ])
        try link(folder.path + "/linked", to: elsewhere.path)
        try link(folder.path + "/one.png", to: elsewhere.path + "/deep/7.png")
        let walk = PhotographWalk(below: folder.path)
        #expect(walk.files == ["a.jfif", "b/2.jpg", "linked/deep/7.png", "one.png"])
        #expect(walk.problems.isEmpty)
        #expect(
            walk.remarks == [
                "\(folder.path): 1 file ends in .webp, which is not read (b/3.webp): convert it to JPEG or PNG",
                "\(folder.path): 1 file is not named like an image and was passed over (Thumbs.db)",
            ])
    }

    @Test func aCircleOfLinksIsEnteredOnce() throws {
        let folder = try TemporaryFolder(["a/b/1.jpg": ""])
        try link(folder.path + "/a/b/up", to: "../..")
        let walk = PhotographWalk(below: folder.path + "/")
        #expect(walk.files == ["a/b/1.jpg"])
        #expect(
            walk.remarks == ["\(folder.path)/a/b/up: leads back to a folder that it lies in, and was not entered again"]
        )
    }

    @Test func whatCannotBeReadIsLeftForDecodingToRefuseOrTold() throws {
        let folder = try TemporaryFolder(["1.jpg": ""])
        try link(folder.path + "/broken.jpg", to: "nowhere")
        mkfifo(folder.path + "/pipe.png", 0o600)
        let bytes: [CChar] = Array(folder.path.utf8CString.dropLast()) + [47, -1, 46, 106, 112, 103, 0]
        close(open(bytes, O_CREAT | O_WRONLY, 0o600))
        let walk = PhotographWalk(below: folder.path)
        #expect(walk.files == ["1.jpg", "broken.jpg", "pipe.png"])
        #expect(walk.problems == ["\(folder.path): 1 of the names are not UTF-8; rename these files"])
    }

    @Test func aFolderThatCannotBeListedIsTold() throws {
        let missing = PhotographWalk(below: "/proc/self/fdinfo/none")
        #expect(missing.files.isEmpty)
        #expect(missing.remarks.count + missing.problems.count == 1)
        guard getuid() != 0 else { return }  // root lists everything
        let folder = try TemporaryFolder(["a/1.jpg": "", "b/2.jpg": ""])
        chmod(folder.path + "/b", 0)
        defer { chmod(folder.path + "/b", 0o700) }
        let walk = PhotographWalk(below: folder.path)
        #expect(walk.files == ["a/1.jpg"])
        #expect(walk.problems.count == 1 && walk.problems[0].hasPrefix("\(folder.path)/b: cannot be listed"))
    }

    @Test func saysWhatLiesThereInstead() throws {
        let folder = try TemporaryFolder(["a/1.webp": "", "x.zip": ""])
        #expect(
            PhotographWalk(below: folder.path).absence
                == "\(folder.path): holds no images (looked for .jpg, .jpeg, .jfif, .png, .pgm, .ppm, .pnm, also in folders below); "
                + "1 file ends in .webp, which is not read (a/1.webp): convert it to JPEG or PNG; x.zip is packed: unpack what is in there"
        )
    }
}
