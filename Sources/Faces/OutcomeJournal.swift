import Files
import Foundation

/// What became of the photographs so far, on disk: an interrupted preprocessing goes on behind it.
///
/// One line per chunk of photographs: the SHA-256 of its text in hex, a space, the text in JSON. A line that is cut
/// short or damaged, as after a power cut, ends the journal; what came behind it is done again.
struct OutcomeJournal {
    let path: String

    struct Line: Codable {
        /// Number and path of the chunk's first photograph.
        var start: Int
        var first: String
        var outcomes: [Examined]
    }

    private static let hexDigits = 64

    /// Hands on the lines in order until one is damaged or refused, and drops that one and all behind it.
    ///
    /// - Parameter accept: whether a line belongs to this run.
    func replay(_ accept: (Line) -> Bool) throws {
        guard Files.exists(path) else { return }
        let bytes = try Files.read(path)
        var start = 0
        while let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")), let line = line(bytes[start..<end]),
            accept(line)
        {
            start = end + 1
        }
        if start < bytes.count { try Files.write(Array(bytes[..<start]), to: path) }
    }

    func append(_ line: Line) throws {
        let text = Array(try JSONEncoder().encode(line))
        try Files.append(Array("\(Digest(of: text).hex) ".utf8) + text + [UInt8(ascii: "\n")], to: path)
    }

    private func line(_ bytes: ArraySlice<UInt8>) -> Line? {
        let text = Array(bytes.dropFirst(Self.hexDigits + 1))
        guard bytes.count > Self.hexDigits + 1, bytes.prefix(Self.hexDigits).elementsEqual(Digest(of: text).hex.utf8)
        else {
            return nil
        }
        return try? JSONDecoder().decode(Line.self, from: Data(text))
    }
}
