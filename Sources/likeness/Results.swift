import ArgumentParser
import Diagnostics
import Directives
import Pages

/// `likeness results`: the numbers of a result, for programs.
struct Results: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract:
            "Prints a result's values and tables as JSON, or a table of it as CSV; without ID, lists what there is.",
        discussion: "A build writes the same files beside its pages, in output/results. docs/results.md describes them."
    )

    enum Format: String, ExpressibleByArgument, CaseIterable { case json, csv }

    @OptionGroup var book: BookOptions

    @Argument(help: "The id of a directive.")
    var id: String?

    @Option(help: "json: values, tables and where they come from; csv: one table.")
    var format = Format.json

    @Option(help: "With --format csv, the name of a table: plot, table-2; the first one without it.")
    var table: String?

    func validate() throws {
        if table != nil, format != .csv || id == nil {
            throw ValidationError("--table goes with an ID and --format csv")
        }
    }

    func run() throws {
        let project = book.project()
        let checked = try CheckedBook.orExit(project)
        do {
            let found = try ResultFiles(checked, project)
            guard let id else { return try Self.list(found) }
            guard checked.plan[id] != nil else { throw UnknownID(id: id, known: checked.plan.steps.map(\.id)) }
            guard let file = found[id] else {
                let why = found.missing[id, default: []].joined(separator: "; ")
                Console.say(
                    "error: '\(id)' has no current result\(why.isEmpty ? "" : " (\(why))"); 'likeness build --only \(id)' computes it"
                )
                throw ExitCode(1)
            }
            switch format {
            case .json: try Console.results.print(lines: file.json, harmless: DisplayText.escaped(json:))
            case .csv: try Console.results.print(lines: chosenTable(of: file).csv)
            }
        } catch {
            throw Console.fail(error)
        }
    }

    private func chosenTable(of file: ResultFile) throws -> DataTable {
        let names = file.tables.map(\.name)
        guard let found = table.map({ name in file.tables.first { $0.name == name } }) ?? file.tables.first else {
            let problem =
                names.isEmpty
                ? "'\(file.id)' shows no table; --format json has its values"
                : "'\(file.id)' has no table '\(table ?? "")'; it has \(names.joined(separator: ", "))"
            Console.say("error: \(problem)")
            throw ExitCode(1)
        }
        return found
    }

    /// A line a result: id, kind, how many values, and its tables.
    private static func list(_ found: ResultFiles) throws {
        let width = found.files.map { DisplayText.columns(of: $0.id) }.max() ?? 0
        for file in found.files {
            let tables = file.tables.map(\.name).joined(separator: ", ")
            let values = file.valueCount == 1 ? "1 value" : "\(file.valueCount) values"
            try Console.results.print(
                "\(DisplayText.padded(file.id, to: width))  \(file.kind), \(values)\(tables.isEmpty ? "" : "; " + tables)"
            )
        }
        if !found.missing.isEmpty {
            Console.say(
                "\(found.missing.count) more are not computed yet, or out of date; 'likeness build' computes them")
        }
    }
}
