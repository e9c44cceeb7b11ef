import Execution
import Files
import Foundation
import TestSupport

/// A float32 matrix as NumPy writes it.
func npy(_ rows: Int, _ columns: Int, _ value: (Int) -> Float = { Float($0) }) -> [UInt8] {
    var header = Array("{'descr': '<f4', 'fortran_order': False, 'shape': (\(rows), \(columns)), }".utf8)
    header += [UInt8](repeating: 0x20, count: 63 - (10 + header.count) % 64) + [0x0A]
    var file: [UInt8] = [0x93] + "NUMPY".utf8 + [1, 0, UInt8(header.count & 0xFF), UInt8(header.count >> 8)] + header
    for index in 0..<rows * columns { withUnsafeBytes(of: value(index).bitPattern.littleEndian) { file += $0 } }
    return file
}

/// The real command at work in a small project.
extension SmallProject {
    var store: Store { Store(folder: folder + "/.likeness/store") }

    func command(_ arguments: [String]) throws -> Command { try Command(built: "likeness", arguments, in: place) }

    func start(_ arguments: String...) throws -> Running { try command(arguments).start() }

    @discardableResult
    func run(_ arguments: String...) throws -> (status: Int32, text: String) { try run(arguments) }

    func run(_ arguments: [String]) throws -> (status: Int32, text: String) {
        let ended = try command(arguments).run()
        return (ended.status, ended.text)
    }

    /// What the store holds of every directive, without the moment of its making.
    func outputs() -> [String: Digest] {
        Dictionary(
            ["people", "faces", "pixels", "grid"].compactMap { id in store.latest(id).map { (id, $0.output) } },
            uniquingKeysWith: { first, _ in first })
    }

    /// The report's files: name → bytes, with the durations and dates of this very run masked in pages.
    func report() throws -> [String: [UInt8]] {
        let root = folder + "/output"
        var files: [String: [UInt8]] = [:]
        for name in try FileManager.default.subpathsOfDirectory(atPath: root) where !Files.isFolder(root + "/" + name) {
            guard name != ".likeness-site.json" else { continue }
            let bytes = try Files.read(root + "/" + name)
            files[name] = [".html", ".json", ".csv"].contains { name.hasSuffix($0) } ? Self.masked(bytes) : bytes
        }
        return files
    }

    private static func masked(_ bytes: [UInt8]) -> [UInt8] {
        var text = String(decoding: bytes, as: UTF8.self)
        for pattern in masks { text = text.replacingOccurrences(of: pattern, with: "…", options: .regularExpression) }
        return Array(text.utf8)
    }

    /// Dates, durations, memory, and measured numbers: those of many digits. Whether values are equal, the results tell.
    private static let masks = [
        #"data-value="\d+\.\d{10,}">[^<]*<"#, #"\d{4}-\d{2}-\d{2} \d{2}:\d{2} UTC"#,
        #"(\d+ min )?\d+(\.\d+)? (s|ms|µs|min|MB)\b"#, #"\d{4}-\d{2}-\d{2}T[\d:]+Z"#, #"-?\d+\.\d{6,}(e-\d+)?"#,
    ]
}
