import Files
import Foundation
import Tensors
import TestSupport
import Testing

struct RowJournalTests {
    private let place = TemporaryFolder()
    private var path: String { place.path + "/rows" }

    private func batch(_ first: Float, rows: Int = 2) -> Matrix {
        Matrix(rows: rows, columns: 3, values: (0..<3 * rows).map { first + Float($0) })
    }

    @Test func goesOnBehindWhatIsThere() throws {
        let journal = RowJournal(path: path)
        #expect(try journal.replay() == [])
        try journal.append(batch(1))
        try journal.append(batch(7, rows: 1))
        #expect(try journal.replay() == [batch(1), batch(7, rows: 1)])
        try journal.append(batch(10))
        #expect(try RowJournal(path: path).replay() == [batch(1), batch(7, rows: 1), batch(10)])
    }

    @Test func everyCutAndEveryFlippedByteEndsIt() throws {
        let journal = RowJournal(path: path)
        try journal.append(batch(1))
        let first = try Files.read(path)
        try journal.append(batch(7))
        let whole = try Files.read(path)
        for length in first.count..<whole.count {
            try Files.write(Array(whole[..<length]), to: path, syncsFolder: false)
            #expect(try journal.replay() == [batch(1)], "cut to \(length)")
            #expect(try Files.read(path) == first)
        }
        for place in first.count..<whole.count {
            var bytes = whole
            bytes[place] ^= 0x40
            try Files.write(bytes, to: path, syncsFolder: false)
            #expect(try journal.replay() == [batch(1)], "flipped \(place)")
        }
    }

    @Test func lengthsThatLieTakeNoMemory() throws {
        try Files.write([UInt8](repeating: 0xFF, count: 100), to: path)
        #expect(try RowJournal(path: path).replay() == [])
        #expect(try Files.read(path) == [])
    }
}
