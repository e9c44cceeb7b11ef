import Foundation
import TestSupport
import Testing

@Suite struct DetectTests {
    @Test func aFolderIsSearchedAsDatasetsAreAndWhatIsWrongIsTold() throws {
        let project = try SmallProject()
        let folder = project.folder + "/pictures"
        for (name, text) in [
            ("a/1.pgm", "P5 30 30 255\n" + String(repeating: "x", count: 900)), (".ipynb_checkpoints/1.pgm", "P5"),
            ("a/._1.pgm", "P5"),
            ("notes.txt", ""), ("b/2.webp", ""),
        ] {
            let path = "\(folder)/\(name)"
            try FileManager.default.createDirectory(
                atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
            try Data(text.utf8).write(to: URL(fileURLWithPath: path))
        }
        try FileManager.default.createSymbolicLink(atPath: folder + "/a/again", withDestinationPath: "..")
        let sound = try project.run("detect", "pictures")
        #expect(sound.status == 0)
        #expect(sound.text.contains(#"{"boxes":[],"image":"pictures/a/1.pgm"}"#))
        #expect(!sound.text.contains("checkpoints") && !sound.text.contains("._1"))
        #expect(
            sound.text.contains(
                "warning: pictures: 1 file is not named like an image and was passed over (notes.txt)"))
        #expect(
            sound.text.contains(
                "warning: pictures: 1 file ends in .webp, which is not read (b/2.webp): convert it to JPEG or PNG"))
        #expect(sound.text.contains("warning: pictures/a/again: leads back to a folder that it lies in"))

        try FileManager.default.createSymbolicLink(atPath: folder + "/b/3.png", withDestinationPath: "nowhere")
        let broken = try project.run("detect", "pictures")
        #expect(broken.status == 1)
        #expect(broken.text.contains(#""image":"pictures/a/1.pgm""#))
        #expect(broken.text.contains("error: pictures/b/3.png: cannot be opened"))

        let nothing = try project.run("detect", "pictures/b/2.webp", "chapters")
        #expect(nothing.status == 1)
        #expect(nothing.text.contains("error: chapters: holds no images (looked for .jpg"))
    }
}
