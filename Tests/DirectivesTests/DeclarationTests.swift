import Directives
import Foundation
import Testing

/// What directives declare, read beside their sources: an option that is declared and not listed would never be asked for,
/// and a part's name that is written twice could be written differently.
@Suite struct DeclarationTests {
    private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("Sources/Directives")

    /// The sources of each folder, by its name.
    private static func sources() throws -> [String: String] {
        var sources: [String: String] = [:]
        for path in try FileManager.default.subpathsOfDirectory(atPath: folder.path) where path.hasSuffix(".swift") {
            let text = try String(contentsOf: folder.appendingPathComponent(path), encoding: .utf8)
            sources[String(path.prefix { $0 != "/" }), default: ""] += text
        }
        return sources
    }

    @Test(arguments: allDirectives.map { "\($0)" })
    func everyDeclaredOptionIsListed(name: String) throws {
        let directive = try #require(allDirectives.first { "\($0)" == name })
        let source = try #require(
            Self.sources().values.first { $0.contains("enum \(name): ReportDirective") }, "\(name) has no source")
        let declared = source.matches(of: /static let \w+ = Option[.<][^"]*"(\w+)"/).map { String($0.1) }
        #expect(!declared.isEmpty)
        #expect(Set(declared).subtracting(directive.options.names).sorted() == [])
        #expect(Set(directive.options.names).count == directive.options.names.count)
    }

    @Test func aPartIsNamedOnceWhereItIsDeclared() throws {
        for (folder, source) in try Self.sources() {
            var names: Set<Substring> = []
            for line in source.split(separator: "\n") {
                guard let name = line.firstMatch(of: /"[^" ]+\.(json|png|npy|safetensors)"/)?.0 else { continue }
                let isDeclaration = line.contains(/static (let|var|func)|^        \.png/)
                #expect(isDeclaration, "\(folder): \(line)")
                #expect(names.insert(name).inserted, "\(folder) names \(name) twice")
            }
        }
    }
}
