import Chapters
import Diagnostics
import Directives
import Execution
import Files
import Foundation
import Pages
import TestSupport
import Testing

/// What is missing outside the text is told once, with what to do about it.
@Suite struct OneCauseTests {
    @Test func aMissingCelebAIsOneErrorThatSaysWhereItIsToBeHad() throws {
        let fences = (1...10).map { "```dataset\nid: d\($0)\ndataset: celeba\n```\n\n" }.joined()
        let folder = try TemporaryFolder(["01.md": "# A\n\n" + fences])
        let book = Book.load(contentsOf: folder.path).book
        let problems = #expect(throws: Problems.self) { try Plan(book, directives: allDirectives, data: "nowhere") }
        #expect(problems?.diagnostics.map(\.code) == ["missing-dataset"])
        let error = try #require(problems?.diagnostics.first)
        #expect(error.range?.start.line == 5)
        #expect(error.notes.contains { $0.message.contains("https://mmlab.ie.cuhk.edu.hk/projects/CelebA.html") })
        #expect(
            error.notes.contains {
                $0.message.contains("img_align_celeba.zip") && $0.message.contains("identity_CelebA.txt")
            })
        #expect(error.notes.last?.message.contains("01.md:10:10") == true)
        #expect(error.notes.count == 3)
    }

    /// A mistake has its own place each time, though its words are the same.
    @Test func anAuthorsMistakesAreToldAtEachPlace() throws {
        let fences = (1...3).map { "```triplets\nid: t\($0)\ndata: nobody\n```\n\n" }.joined()
        let folder = try TemporaryFolder(["01.md": fences])
        let book = Book.load(contentsOf: folder.path).book
        let problems = #expect(throws: Problems.self) { try Plan(book, directives: allDirectives, data: "nowhere") }
        #expect(problems?.diagnostics.map(\.code) == ["unknown-id", "unknown-id", "unknown-id"])
    }

    /// A file that is nearly named right would be passed over, and random numbers taken instead.
    @Test(arguments: ["mobilenet_v2.pth", "MobileNet_v2-a.pth", "mobilenet_v2-a.PTH", "mobilenetv2-b.safetensors"])
    func weightsThatAreNearlyNamedRightAreTold(name: String) throws {
        let folder = NSTemporaryDirectory() + "likeness-" + UUID().uuidString
        defer { try? FileManager.default.removeItem(atPath: folder) }
        func codes(_ file: String, weights: String) throws -> [Diagnostic] {
            try? FileManager.default.removeItem(atPath: folder)
            try Files.write([1], to: "\(folder)/data/weights/\(file)")
            let fence = "```evaluate\nid: e\ndata: nobody\nmodel: mobilenet_v2\nweights: \(weights)\n```\n"
            try Files.write(Array(fence.utf8), to: folder + "/chapters/01.md")
            let book = Book.load(contentsOf: folder + "/chapters").book
            let found = Plan.load(book, directives: allDirectives, data: folder + "/data").diagnostics
            return found.filter { $0.code == "unused-weights" }
        }
        let told = try codes(name, weights: "imagenet")
        #expect(told.count == 1)
        // What make notes about addresses that it could not reach is nobody's checkpoint.
        #expect(try codes(".mobilenet_v2-tried", weights: "imagenet").isEmpty)
        #expect(told.first?.message.contains("data/weights/\(name) is not named mobilenet_v2-….pth") == true)
        #expect(try codes(name, weights: "random").isEmpty)
        #expect(try codes("mobilenet_v2-a.pth", weights: "imagenet").isEmpty)
        #expect(try codes("resnet50.pth", weights: "imagenet").isEmpty)
    }
}
