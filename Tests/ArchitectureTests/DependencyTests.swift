import Files
import Foundation
import TestSupport
import Testing

/// What docs/Architecture.md claims about the rooms, read from the imports themselves.
@Suite struct DependencyTests {
    /// From the top of the house to its ground; a target may import those below it.
    private static let order = [
        "likeness", "Preview", "NewBook", "Directives", "Pages", "Math", "Markup", "Assets", "Execution", "Chapters",
        "Portraits", "Faces", "Networks", "Checkpoints", "Retrieval", "Tensors", "Drawing", "Imaging", "Archives",
        "Cluster", "Ranks", "Files", "Diagnostics",
    ]
    private static let report: Set<String> = ["Pages", "Math", "Markup", "Assets", "Execution", "Chapters"]
    private static let engine: Set<String> = ["Portraits", "Faces", "Networks", "Checkpoints", "Retrieval", "Tensors"]

    /// The modules that a target's files import.
    private func imports(of target: String) throws -> Set<String> {
        let folder = URL(fileURLWithPath: Repository.root + "/Sources/" + target)
        let files = try #require(FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil))
        var modules: Set<String> = []
        for case let file as URL in files where file.pathExtension == "swift" {
            for line in try String(contentsOf: file, encoding: .utf8).split(separator: "\n") {
                let words = line.split(separator: " ")
                guard words.count >= 2, let index = words.firstIndex(of: "import"), index <= 1 else { continue }
                modules.insert(String(words[words.count > index + 2 ? index + 2 : index + 1].prefix { $0 != "." }))
            }
        }
        return modules
    }

    @Test(arguments: order)
    func importsPointDown(target: String) throws {
        let position = try #require(Self.order.firstIndex(of: target))
        let above = Set(Self.order[..<position])
        #expect(try imports(of: target).isDisjoint(with: above))
    }

    @Test(arguments: ["Pages", "Math", "Markup", "Execution", "Chapters"])
    func theReportNeverImportsTheEngine(target: String) throws {
        #expect(try imports(of: target).isDisjoint(with: Self.engine))
    }

    @Test(arguments: [
        "Portraits", "Faces", "Networks", "Checkpoints", "Retrieval", "Tensors", "Drawing", "Imaging", "Archives",
        "Cluster", "Ranks", "Files",
    ])
    func theEngineNeverHearsOfChapters(target: String) throws {
        #expect(try imports(of: target).isDisjoint(with: Self.report))
    }

    @Test func everyTargetIsInTheTour() throws {
        let tour = try Repository.read("docs/Architecture.md")
        let targets = try FileManager.default.contentsOfDirectory(atPath: Repository.root + "/Sources")
        for target in targets where !target.hasPrefix("C") || Self.order.contains(target) {
            #expect(tour.contains("| `\(target)` |"), "docs/Architecture.md says nothing about \(target)")
            #expect(Self.order.contains(target), "\(target) has no place in the order")
        }
    }

    /// Every file and folder that documents name in backquotes is there, below the package, its sources or its tests.
    @Test(arguments: [
        "docs/Architecture.md", "docs/writing-a-directive.md", "CONTRIBUTING.md", "Tests/Fuzzing/README.md",
    ])
    func whatIsNamedIsThere(document: String) throws {
        let known = try ["Sources", "Tests", "docs"].flatMap { folder in
            try FileManager.default.subpathsOfDirectory(atPath: Repository.root + "/" + folder).map {
                "/\(folder)/\($0)"
            }
        }
        // Examples of what somebody would add, and places that a build makes.
        let examples = [
            "ResNeXt", "<", "*", " ", "…", ".build", ".likeness", "data/", "output/", "findings/",
        ]
        for match in try Repository.read(document).matches(of: /`([A-Za-z.][^`\n]*\/[^`\n]*|[A-Za-z+]+\.swift)`/) {
            let name = String(match.1)
            guard !examples.contains(where: name.contains) else { continue }
            let isThere =
                Files.exists(Repository.root + "/" + name)
                || known.contains { $0.hasSuffix("/" + name) || $0.hasSuffix("/" + name + ".swift") }
            #expect(isThere, "\(document) names \(name)")
        }
    }
}
