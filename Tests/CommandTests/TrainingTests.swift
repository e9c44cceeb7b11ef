import Execution
import Files
import Foundation
import TestSupport
import Testing

/// Fine-tuning through the command.
@Suite struct TrainingTests {
    private func chapter(epochs: Int) -> String {
        """
        # All

        ```preprocess
        id: faces
        dataset: small
        test: 0.4
        ```

        ```train
        id: tuned
        data: faces
        model: mobilenet_v2
        weights: random
        unfreeze: 1
        epochs: \(epochs)
        batch: 2
        triplets: 4
        ```

        """
    }

    private func train(_ project: SmallProject, epochs: Int) throws -> (text: String, result: StepResult) {
        try project.write(chapter: chapter(epochs: epochs))
        let (status, text) = try project.run("build")
        try #require(status == 0, "\(text)")
        let store = project.store
        return (text, try #require(store.latest("tuned")))
    }

    private func seconds(_ result: StepResult) throws -> [Double] {
        struct Times: Codable { var epochs: [Double] }
        return try JSONDecoder().decode([Times].self, from: Data(result.bytes("times.json"))).flatMap(\.epochs)
    }

    @Test func moreEpochsContinueTheShorterRun() throws {
        let project = try SmallProject()
        let shorter = try train(project, epochs: 1)
        #expect(shorter.text.contains("epoch 1/1"))
        let continued = try train(project, epochs: 2)
        // The first epoch was not run again: nothing told of it, and its time is that of the former build.
        #expect(continued.text.contains("epoch 2/2"))
        #expect(!continued.text.contains("epoch 1/2"), "\(continued.text)")
        let (first, both) = (try seconds(shorter.result), try seconds(continued.result))
        #expect(both.count == 2 && both.prefix(1) == first[...])

        let other = try SmallProject()
        let whole = try train(other, epochs: 2)
        #expect(whole.text.contains("epoch 1/2") && whole.text.contains("epoch 2/2"))
        #expect(try seconds(whole.result).prefix(1) != first[...])
        let weights = try continued.result.bytes("weights.safetensors")
        #expect(try weights == whole.result.bytes("weights.safetensors"))
        #expect(try weights != shorter.result.bytes("weights.safetensors"))
        // So are its losses, distances and embeddings.
        #expect(continued.result.output == whole.result.output)

        try networksGoOut(of: other)
    }

    /// What is exported fits, and is the last result.
    private func networksGoOut(of project: SmallProject) throws {
        let safetensors = try project.run("weights", "export", "tuned")
        #expect(safetensors.status == 0 && safetensors.text.contains("tuned.safetensors: written"))
        let inspected = try project.run("weights", "inspect", "tuned.safetensors")
        #expect(inspected.status == 0 && inspected.text.contains("fits MobileNet-V2"), "\(inspected.text)")
        let onnx = try project.run("weights", "export", "tuned", "--format", "onnx", "--out", "x.onnx")
        #expect(onnx.status == 0 && (project.place.bytes("x.onnx")?.count ?? 0) > 9_000_000)
        try project.write(chapter: chapter(epochs: 3))
        let earlier = try project.run("weights", "export", "tuned")
        #expect(earlier.status == 0)
        #expect(
            earlier.text.contains("warning: this is an earlier result of 'tuned' (option epochs: 2 → 3)"),
            "\(earlier.text)")
        let unknown = try project.run("weights", "export", "tune")
        #expect(unknown.status == 1 && unknown.text.contains("no training has the id 'tune'; did you mean 'tuned'?"))
    }

    /// At the option that decides it, by epoch and step, and without a result.
    @Test func aTrainingThatDivergesIsToldAtItsStepSize() throws {
        let project = try SmallProject()
        let recipe = "epochs: 3\nlearning_rate: 1\noptimizer: sgd\ndistance: squared\nmargin: 100\nbn: drift"
        let text = chapter(epochs: 3).replacingOccurrences(of: "epochs: 3", with: recipe)
        try project.write(chapter: text)
        let (status, printed) = try project.run("build")
        #expect(status == 1)
        let line = 1 + text.components(separatedBy: "learning_rate")[0].count { $0 == "\n" }
        let wanted =
            "chapters/01-all.md:\(line):\\d+: error: train 'tuned' diverged in epoch \\d+, step \\d+; lower learning_rate"
        #expect(printed.range(of: wanted, options: .regularExpression) != nil, "\(printed)")
        #expect(project.store.latest("tuned") == nil)
    }

    @Test func thePageShowsDistancesAndThePlaneOfUnseenPeople() throws {
        let project = try SmallProject()
        _ = try train(project, epochs: 1)
        let page = String(decoding: try Files.read(project.folder + "/output/index.html"), as: UTF8.self)
        for title in ["negative, 5 %", "negative, 95 %", "positive, 25 %", "1st component, "] {
            #expect(page.contains(title), "\(title)")
        }
        #expect(page.contains("of 2 people of the test split, whom training never saw"))
        #expect(page.contains("alt=\"Active triplets: active "))
        #expect(page.range(of: #"alt="\d+ faces of 2 people in the plane"#, options: .regularExpression) != nil)
    }
}
