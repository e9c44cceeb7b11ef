import Faces
import Files
import Foundation
import Imaging
import Portraits
import TestSupport
import Testing

@Suite struct PortraitSetTests {
    private func write(
        _ set: PortraitSet, damage: PortraitDamage? = nil, mislabels: PortraitMislabels = .none, threads: Int = 2
    ) throws -> TemporaryFolder {
        let folder = TemporaryFolder()
        try set.write(
            to: folder.path, damage: damage ?? PortraitDamage(share: 0, of: set), mislabels: mislabels, threads: threads
        ) { _ in true }
        return folder
    }

    /// Every picture and list by its path.
    private func contents(_ folder: TemporaryFolder) throws -> [String: [UInt8]] {
        let names = try FileManager.default.subpathsOfDirectory(atPath: folder.path).filter {
            $0.hasSuffix("jpg") || $0.hasSuffix("txt")
        }
        return Dictionary(uniqueKeysWithValues: names.map { ($0, (try? Files.read(folder.path + "/" + $0)) ?? []) })
    }

    private func lines(_ path: String) throws -> [[String]] {
        String(decoding: try Files.read(path, limit: 1 << 24), as: UTF8.self).split(separator: "\n").map {
            $0.split(separator: " ").map(String.init)
        }
    }

    @Test(arguments: [(1, 1, 0), (7, 7, 0), (7, 9, 0), (10, 40, 1), (40, 800, 3)])
    func everybodyGetsTheirShare(identities: Int, images: Int, single: Int) {
        let set = PortraitSet(identities: identities, images: images, seed: 2, single: single)
        let counts = Dictionary(set.entries.map { ($0.identity, 1) }, uniquingKeysWith: +)
        #expect(set.entries.count == images)
        #expect(Set(counts.keys) == Set(1...identities))
        #expect(Set(set.entries).count == images, "no photograph twice")
        if images >= 2 * identities { #expect(counts.values.count { $0 == 1 } == single) }
    }

    @Test func theProjectsOwnReaderTakesItForACelebA() throws {
        let set = PortraitSet(identities: 6, images: 30, seed: 9)
        let folder = try write(set)
        let dataset = try Dataset(contentsOf: folder.path)
        #expect(dataset.photographs.count == 30 && dataset.unannotated.isEmpty && dataset.warnings.isEmpty)
        #expect(dataset.attributeNames == Attribute.allCases.map(\.rawValue))
        for (position, photograph) in dataset.photographs.enumerated() {
            #expect(photograph.path == "img_align_celeba/" + PortraitSet.fileName(position))
            #expect(photograph.identity == String(set.entries[position].identity))
            #expect(photograph.attributes == set.portrait(at: position).attributes.row)
            let image = try Image(contentsOf: folder.path + "/" + photograph.path)
            #expect(image.width == 178 && image.height == 218)
        }
        let landmarks = try lines(folder.path + "/list_landmarks_align_celeba.txt")
        #expect(landmarks[0] == ["30"] && landmarks[1].count == 10 && landmarks.count == 32)
        #expect(landmarks.dropFirst(2).allSatisfy { $0.count == 11 && $0.dropFirst().allSatisfy { Int($0) != nil } })
    }

    @Test func thePartitionIsByPerson() throws {
        let set = PortraitSet(identities: 20, images: 60, seed: 1)
        let folder = try write(set)
        let partition = try lines(folder.path + "/list_eval_partition.txt")
        #expect(partition.count == 60)
        var parts: [Int: Set<String>] = [:]
        for (entry, line) in zip(set.entries, partition) { parts[entry.identity, default: []].insert(line[1]) }
        #expect(parts.values.allSatisfy { $0.count == 1 })
        let people = parts.values.compactMap(\.first)
        let sizes: [Int] = ["0", "1", "2"].map { part in people.filter { $0 == part }.count }
        #expect(sizes == [16, 2, 2])
    }

    @Test func threadsDoNotChangeAByte() throws {
        let set = PortraitSet(identities: 5, images: 24, seed: 4)
        let damage = PortraitDamage(share: 0.1, of: set)
        let one = try write(set, damage: damage, threads: 1)
        let three = try write(set, damage: damage, threads: 3)
        let first = try contents(one)
        #expect(first.count >= 24 + 6)
        #expect(try contents(three) == first)
    }

    @Test func wrongLabelsChangeTheIdentityListAlone() throws {
        let set = PortraitSet(identities: 5, images: 30, seed: 4)
        let mislabels = PortraitMislabels(share: 0.2, of: set)
        #expect(mislabels.planted.count == 6)
        let (sound, wrong) = (try write(set), try write(set, mislabels: mislabels))
        var (first, second) = (try contents(sound), try contents(wrong))
        #expect(first[TrueIdentities.name] == first["identity_CelebA.txt"])
        let listed = second.removeValue(forKey: "identity_CelebA.txt")
        #expect(first.removeValue(forKey: "identity_CelebA.txt") != listed && first == second)

        let dataset = try Dataset(contentsOf: wrong.path)
        #expect(dataset.photographs.count == 30 && dataset.warnings.isEmpty)
        let path = try #require(TrueIdentities.path(below: wrong.path))
        let truth = try TrueIdentities(contentsOf: path)
        for (position, photograph) in dataset.photographs.enumerated() {
            let own = set.entries[position].identity
            let shown = try truth.identity(of: photograph.path)
            #expect(shown == String(own))
            #expect(photograph.identity == String(mislabels.planted[position] ?? own))
            #expect(mislabels.planted[position] != own)
        }
    }

    @Test func aLargerShareKeepsWhatASmallerOnePlanted() {
        let set = PortraitSet(identities: 40, images: 800, seed: 3)
        let (few, many) = (PortraitMislabels(share: 0.05, of: set), PortraitMislabels(share: 0.5, of: set))
        #expect(few.planted.count == 40 && many.planted.count == 400)
        #expect(few.planted.allSatisfy { many.planted[$0.key] == $0.value })
        #expect(many.planted.values.allSatisfy { (1...40).contains($0) })
        #expect(Set(many.planted.values).count == 40, "everybody gets some")
        #expect(PortraitMislabels(share: 0, of: set).planted.isEmpty)
        #expect(PortraitMislabels(share: 0.001, of: set).planted.count == 1)
        let alone = PortraitSet(identities: 1, images: 3, seed: 3)
        #expect(PortraitMislabels(share: 0.5, of: alone).planted.isEmpty)
    }

    @Test func aFolderInUseIsRefused() throws {
        let set = PortraitSet(identities: 1, images: 1, seed: 4)
        let folder = try write(set)
        let error = #expect(throws: DatasetError.self) {
            try set.write(to: folder.path, damage: PortraitDamage(share: 0, of: set), threads: 1) { _ in true }
        }
        #expect(error.map { "\($0)".contains("img_align_celeba: is there already") } == true)
    }

    @Test(arguments: [
        "identity_CelebA.txt", "list_attr_celeba.txt", "list_eval_partition.txt", "likeness-true-identities.txt",
    ])
    func somebodysListsAreNotWrittenOver(name: String) throws {
        let folder = try TemporaryFolder([name: "1\n"])
        let set = PortraitSet(identities: 1, images: 1, seed: 4)
        #expect(throws: DatasetError.self) {
            try set.write(to: folder.path, damage: PortraitDamage(share: 0, of: set), threads: 1) { _ in true }
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == [name])
        #expect(try Files.read(folder.path + "/" + name) == Array("1\n".utf8))
    }

    @Test func aStoppedSetHasNoLists() throws {
        let folder = TemporaryFolder()
        let set = PortraitSet(identities: 4, images: 12, seed: 4)
        #expect(throws: PortraitsStopped.self) {
            try set.write(to: folder.path, damage: PortraitDamage(share: 0, of: set), threads: 2) { $0 < 3 }
        }
        #expect(!Files.exists(folder.path + "/identity_CelebA.txt"))
    }

    @Test func preprocessingFindsExactlyWhatWasPlanted() throws {
        let identities = 24
        let set = PortraitSet(
            identities: identities, images: 360, seed: 8,
            single: PortraitDamage.singles(share: 0.1, identities: identities))
        let damage = PortraitDamage(share: 0.07, of: set)
        #expect(Set(damage.planted.map(\.kind)) == Set(PortraitDamage.Kind.allCases))
        let folder = try write(set, damage: damage)
        let detection = SingleFace(cascade: try Fixtures.cascade("frontalface_default"))
        let faces = try Preprocessing(detection: detection, testShare: 0.2, queriesPerIdentity: 1, seed: 0)
            .run(try Dataset(contentsOf: folder.path), name: "portraits") { _ in }

        var found = Dictionary(uniqueKeysWithValues: faces.report.dropped.map { ($0.reason, $0.count) })
        let missed =
            found.removeValue(forKey: .noFace, default: 0)
            + found.removeValue(forKey: .severalFaces, default: 0)
        #expect(found == Dictionary(damage.planted.map { ($0.kind.reason, 1) }, uniquingKeysWith: +))
        let sound = 360 - damage.planted.count
        #expect(Double(missed) <= 0.05 * Double(sound), "the cascade misses \(missed) of \(sound)")
        let listed = String(decoding: try Files.read(folder.path + "/damage.txt"), as: UTF8.self)
        #expect(listed == damage.list && listed.split(separator: "\n").count == damage.planted.count)
    }
}

extension Dictionary {
    fileprivate mutating func removeValue(forKey key: Key, default value: Value) -> Value {
        removeValue(forKey: key) ?? value
    }
}
