import Faces
import Files
import Foundation
import Imaging
import TestSupport
import Testing

@Suite struct InterruptedPreprocessing {
    private struct Stop: Error {}

    /// Three people, 150 photographs: three chunks.
    private func dataset() throws -> TemporaryFolder {
        let folder = TemporaryFolder()
        let face = DrawnFaces.image("portrait").pnm()
        let clouds = DrawnFaces.image("tiny").pnm()
        for number in 0..<150 {
            let name = "\(folder.path)/data/p\(number % 3)/\(number).pgm"
            var bytes = number % 5 == 0 ? clouds : face
            bytes[bytes.count - 1] = UInt8(number)  // no two photographs are equal
            try Files.write(bytes, to: name, syncsFolder: false)
        }
        return folder
    }

    private func preprocessing() throws -> Preprocessing {
        Preprocessing(
            detection: SingleFace(cascade: try Fixtures.cascade("frontalface_alt2"), scaleFactor: 1.3, minNeighbors: 2),
            testShare: 0.34, queriesPerIdentity: 1, seed: 3)
    }

    private func bytes(_ faces: FaceSet) throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        return try encoder.encode(faces)
    }

    @Test(arguments: ["whole", "cut short", "changed", "other photographs", "empty"])
    func goesOnBehindItsJournal(_ damage: String) throws {
        let folder = try dataset()
        let photographs = try Dataset(contentsOf: folder.path + "/data")
        let journal = folder.path + "/scratch/outcomes"
        let expected = try preprocessing().run(photographs, name: "data") { _ in }
        #expect(expected.report.kept == 120)

        #expect(throws: Stop.self) {
            try preprocessing().run(photographs, name: "data", journal: journal) { if $0 == 128 { throw Stop() } }
        }
        var kept = try Files.read(journal)
        var resumed = 128
        switch damage {
        case "cut short": (kept, resumed) = (Array(kept.dropLast(9)), 64)
        case "changed": (kept[kept.count - 9], resumed) = (kept[kept.count - 9] ^ 1, 64)
        case "other photographs": (kept, resumed) = (Array(kept[((kept.firstIndex(of: 10) ?? 0) + 1)...]), 0)
        case "empty": (kept, resumed) = ([], 0)
        default: break
        }
        try Files.write(kept, to: journal)

        var progress: [Int] = []
        let faces = try preprocessing().run(photographs, name: "data", journal: journal) { progress.append($0) }
        #expect(progress.first == resumed)
        #expect(progress.last == 150)
        #expect(try bytes(faces) == bytes(expected))
        // The journal is whole again: a third run examines nothing.
        progress = []
        _ = try preprocessing().run(photographs, name: "data", journal: journal) { progress.append($0) }
        #expect(progress == [150])
    }
}

extension Image {
    /// A PGM file of a gray image.
    func pnm() -> [UInt8] { Array("P5 \(width) \(height) 255\n".utf8) + pixels }
}
