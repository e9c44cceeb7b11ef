import ArgumentParser
import Directives
import Files

/// `likeness weights export ID`.
struct WeightsExport: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Writes the network that a training of the report left, for other programs.",
        discussion: """
            The training must have been computed by 'likeness build'. Both forms hold backbone and embedding head; \
            docs/interchange.md has the lines that read them.
            """)

    enum Format: String, ExpressibleByArgument, CaseIterable { case safetensors, onnx }

    @Argument(help: "A training's id.")
    var id: String

    @Option(help: "safetensors holds the weights under torchvision's names, onnx the whole network.")
    var format = Format.safetensors

    @Option(help: ArgumentHelp("The file to write; by default ID.safetensors or ID.onnx.", valueName: "file"))
    var out: String?

    @Option(name: .customLong("run"), help: "Which run, from 1, of a training with several seeds or splits.")
    var number = 1

    @OptionGroup var book: BookOptions

    func run() throws {
        let project = book.project()
        let checked = try CheckedBook.orExit(project)
        do {
            let path = out ?? "\(id).\(format.rawValue)"
            let output = try OutputFile(path)
            let network = try TrainedNetwork(id, run: number, of: checked.plan, in: project.store)
            if let remark = network.remark { Console.say("warning: \(remark)") }
            try output.write(format == .onnx ? network.onnx() : network.safetensors())
            Console.say("\(path): written")
        } catch {
            throw Console.fail(error)
        }
    }
}
