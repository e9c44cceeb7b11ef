import Files
import Foundation
import TestSupport
import Testing

/// `likeness search` and `weights inspect` with files that hold little, too much, or lies.
@Suite struct SearchTests {
    /// A folder of its own with the command's answers.
    private struct Place {
        let folder = TemporaryFolder()

        @discardableResult
        func write(_ bytes: [UInt8], _ name: String) throws -> String {
            try folder.put(bytes, name)
            return folder.path + "/" + name
        }

        func matrix(_ rows: Int, _ columns: Int, _ name: String, _ value: (Int) -> Float) throws -> String {
            try write(npy(rows, columns, value), name)
        }

        func run(_ arguments: [String]) throws -> Command.Ended {
            try Command(built: "likeness", arguments, in: folder).run()
        }

        func search(_ gallery: String, _ queries: String, k: Int, _ index: String) throws -> Command.Ended {
            try run([
                "search", "--gallery", gallery, "--queries", queries, "-k", "\(k)", "--out", "out.npy", "--index",
                index,
            ])
        }
    }

    @Test(arguments: ["kdtree", "flat"]) func nothingToSearchInIsToldAndNothingToSearchForIsAnswered(index: String)
        throws
    {
        let place = Place()
        let none = try place.matrix(0, 4, "none.npy") { _ in 0 }
        let some = try place.matrix(3, 4, "some.npy") { Float($0) }
        let empty = try place.search(none, some, k: 1, index)
        #expect(empty.status == 1)
        #expect(empty.errors == "error: \(none) holds no rows; there is nothing to search in\n")
        #expect(!Files.exists(place.folder.path + "/out.npy"))
        for (k, reason) in [(0, "-k is 0; ask for at least one neighbour"), (4, "-k is 4, but \(some) holds 3 rows")] {
            let refused = try place.search(some, some, k: k, index)
            #expect(refused.status == 1)
            #expect(refused.errors.contains(reason), "\(refused.errors)")
        }
        #expect(try place.search(some, none, k: 3, index).status == 0)
        #expect(
            String(decoding: try Files.read(place.folder.path + "/out.npy"), as: UTF8.self).contains("'shape': (0, 3)"))
        let columns = try place.matrix(3, 0, "columns.npy") { _ in 0 }
        #expect(
            try place.search(columns, columns, k: 1, index).errors.contains("has shape [3, 0], not (rows, columns)"))
    }

    @Test(arguments: ["kdtree", "flat"]) func vectorsThatVanishAreRefused(index: String) throws {
        let place = Place()
        let tiny = try place.matrix(3, 2, "tiny.npy") { 1e-25 * Float($0 + 1) }
        let refused = try place.search(tiny, tiny, k: 2, index)
        #expect(refused.status == 1)
        #expect(
            refused.errors.contains("where squared distances vanish in float32; scale the vectors up"),
            "\(refused.errors)")
    }

    @Test func moreAnswersThanMemoryHoldsAreRefused() throws {
        let place = Place()
        let many = try place.matrix(40_000, 1, "many.npy") { Float($0) }
        let refused = try place.search(many, many, k: 40_000, "flat")
        #expect(refused.status == 1)
        #expect(
            refused.errors.contains("40000 queries with 40000 answers each do not fit in memory"), "\(refused.errors)")
    }

    @Test func anInspectedNameIsShownOnItsLine() throws {
        let place = Place()
        let header = Array(
            "{\"w\\u001b]0;x\\u0007\\n\\u202efake\\tF32\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}"
                .utf8)
        let length = withUnsafeBytes(of: UInt64(header.count).littleEndian) { Array($0) }
        let file = try place.write(length + header + [0, 0, 0x80, 0x3F], "odd.safetensors")
        let shown = try place.run(["weights", "inspect", file])
        #expect(shown.output == "w␛]0;x␇␊�fake␉F32\t[1]\tF32\n")
        #expect(shown.status == 0)

        let broken = try place.write(length + header + [0, 0, 0xC0, 0x7F], "broken.safetensors")
        let refused = try place.run(["weights", "inspect", broken])
        #expect(refused.status == 1 && refused.output.isEmpty)
        #expect(refused.errors.contains("tensor 'w␛]0;x␇␊�fake␉F32' holds NaN (element 1 of 1)"), "\(refused.errors)")
    }

    @Test func aNameThatBreaksTheListOfPathsIsToldBeforeTheWork() throws {
        let place = Place()
        try Files.makeFolder(place.folder.path + "/faces")
        try place.write([], "faces/a\nb.jpg")
        let arguments = [
            "embed", "--model", "mobilenet_v2", "--weights", "none.pth", "--images", "faces", "--out", "x.npy",
        ]
        let refused = try place.run(arguments)
        #expect(refused.status == 1)
        #expect(
            refused.errors
                == "error: faces/a␊b.jpg: its name has a line break, and the list beside the vectors has one path a line; rename it\n"
        )
        try place.write([], "faces/c.jpg")
        // Left out, it is a warning; then the weights are missed.
        let skipped = try place.run(arguments + ["--skip-broken"])
        #expect(skipped.errors.hasPrefix("warning: faces/a␊b.jpg: its name"))
        #expect(skipped.errors.contains("none.pth"))
    }
}
