import Execution
import Files
import Foundation
import TestSupport
import Testing

@Suite struct StoreTests {
    private enum Damage: CaseIterable {
        case flip, cutToNothing, cutToOne, cutInHalf, cutByOne, zeros, swap, link, remove
    }

    /// Paths of all objects and manifests of a store.
    private func files(_ store: Store) throws -> [String] {
        let walk = try #require(FileManager.default.enumerator(atPath: store.folder))
        var paths: [String] = []
        while let name = walk.nextObject() as? String {
            let isFile = walk.fileAttributes?[.type] as? FileAttributeType == .typeRegular
            if isFile, name.hasPrefix("objects/") || name.hasPrefix("results/") {
                paths.append(store.folder + "/" + name)
            }
        }
        return paths.sorted()
    }

    private func apply(_ damage: Damage, to path: String, other: String, _ random: inout SystemRandomNumberGenerator)
        throws
    {
        var bytes = Array(try Files.read(path))
        switch damage {
        case .flip where !bytes.isEmpty:
            bytes[Int.random(in: 0..<bytes.count, using: &random)] ^= 1 << UInt8.random(in: 0..<8, using: &random)
        case .flip, .cutToNothing: bytes = []
        case .cutToOne: bytes = Array(bytes.prefix(1))
        case .cutInHalf: bytes = Array(bytes.prefix(bytes.count / 2))
        case .cutByOne: bytes = Array(bytes.dropLast())
        case .zeros: bytes = Array(repeating: 0, count: bytes.count)
        case .swap: bytes = try Files.read(other)
        case .link:
            try FileManager.default.removeItem(atPath: path)
            return try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: "/dev/null")
        case .remove: return try FileManager.default.removeItem(atPath: path)
        }
        try overwrite(path, with: bytes)
    }

    @Test func noDamagedByteIsEverUsed() throws {
        var random = SystemRandomNumberGenerator()
        let workshop = try Workshop()
        try workshop.write("id: a\ntext: abc", "id: b\ntext: de\nof: a", "id: c\ntext: f\nof: b")
        let sound = try workshop.build().results
        let expected = try ["a", "b", "c"].map { try #require(sound[$0]).bytes("text") }
        var caught = 0
        for number in 0..<(isLong ? 5000 : 200) {
            // Only objects that results name: damage to the others could go unseen, and would do no harm.
            _ = try workshop.store.collect(keeping: [], dryRun: false)
            let paths = try files(workshop.store)
            let path = try #require(paths.randomElement(using: &random))
            let other = try #require(paths.filter { $0 != path }.randomElement(using: &random))
            let before = try Files.read(path)
            let damage = try #require(Damage.allCases.randomElement(using: &random))
            try apply(damage, to: path, other: other, &random)
            let changed = (try? Files.read(path)) != before

            // Every other time by a clock an hour on, so that what was written a moment ago has rested and its stamp counts.
            let clock: Int64 = number % 2 == 0 ? 0 : 3600
            let (ran, results) = try workshop.build(clock: clock)
            let found = try ["a", "b", "c"].map { try #require(results[$0]).bytes("text") }
            #expect(found == expected, "\(damage) of \(path)")
            #expect(changed == !ran.isEmpty, "\(damage) of \(path)")
            if changed { caught += 1 }
            // Measurements differ from run to run; everything that is stored must be sound again.
            #expect(try workshop.build(clock: clock).ran == [], "\(damage) of \(path)")
        }
        print("damaged objects caught and recomputed: \(caught)")
    }

    @Test func verifyNamesWhatIsDamaged() throws {
        let workshop = try Workshop()
        try workshop.write("id: a\ntext: abc")
        try workshop.build()
        let none = try workshop.store.damages()
        #expect(none.isEmpty)
        let object = try #require(try files(workshop.store).first { $0.contains("/objects/") })
        try Data("other".utf8).write(to: URL(fileURLWithPath: object))
        let changed = try workshop.store.damages()
        #expect(changed.count == 1)
        try FileManager.default.removeItem(atPath: object)
        let missing = try workshop.store.damages()
        #expect(missing.count == 1)
    }

    @Test func buildsAtOnceComputeEachKeyOnce() async throws {
        let workshop = try Workshop()
        try workshop.write("id: a\ntext: abc", "id: b\ntext: de\nof: a", "id: c\ntext: f\nof: b")
        let runs = try await withThrowingTaskGroup(of: [String].self) { group in
            for _ in 0..<8 { group.addTask { try workshop.build().ran } }
            return try await group.reduce(into: []) { $0 += $1 }
        }
        #expect(runs.sorted() == ["a", "b", "c"])
    }

    @Test func anUnwritableStoreIsNamed() throws {
        let workshop = try Workshop()
        try workshop.write("id: a")
        try Files.write([], to: workshop.folder + "/store")
        let error = #expect(throws: FileError.self) { try workshop.build() }
        #expect(error?.path == workshop.folder + "/store")
    }
}
