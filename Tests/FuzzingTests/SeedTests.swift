import Files
import Foundation
import FuzzTargets
import TestSupport
import Testing

/// The seeds of `make fuzz` without sanitizers: samples of every format, and whatever fuzzing once found.
@Suite struct SeedTests {
    private static let seeds = Repository.root + "/Tests/Fuzzing/Seeds"

    @Test(arguments: FuzzTarget.all.map(\.name)) func keepsItsPromisesOnEverySeed(of name: String) throws {
        let target = try #require(FuzzTarget.named(name))
        let scratch = try Scratch()
        let files = try Files.list("\(Self.seeds)/\(name)").entries.map(\.name).sorted()
        #expect(!files.isEmpty)
        for file in files {
            let bytes = try Files.read("\(Self.seeds)/\(name)/\(file)")
            #expect(bytes.count <= 4096, "\(name)/\(file) is larger than a seed should be")
            #expect(throws: Never.self, "\(name)/\(file)") { try target.check(bytes, scratch) }
        }
    }

    @Test func everyFolderOfSeedsHasATarget() throws {
        let folders = try Files.list(Self.seeds).entries.map(\.name)
        #expect(Set(folders) == Set(FuzzTarget.all.map(\.name)))
    }
}
