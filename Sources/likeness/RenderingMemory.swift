import Directives
import Execution
import Files
import Foundation
import Pages

/// What earlier builds drew, so that one changed sentence draws nothing: `.likeness/rendered/`.
///
/// A file a figure and a file an exhibit, named by the digest of everything it was made from and sealed with a digest of
/// its content; pictures are found in the report itself, where their names are those of their content. Whatever is
/// missing or damaged is drawn again.
final class RenderingMemory {
    private let folder: String
    private let output: String
    /// Names that this build asked for.
    private var used: Set<String> = []

    init(folder: String, output: String) {
        self.folder = folder
        self.output = output
    }

    /// The memory as rendering sees it.
    var figures: FigureMemory {
        FigureMemory(
            figure: { [self] key in
                guard let stored: StoredFigure = read("\(key.hex).figure") else { return nil }
                let pictures = stored.pictures.map(picture)
                guard !pictures.contains(nil) else { return nil }
                return RenderedFigure(html: stored.html, pictures: pictures.compactMap { $0 })
            },
            remember: { [self] key, figure in
                write(StoredFigure(html: figure.html, pictures: figure.pictures.map(\.path)), to: "\(key.hex).figure")
            })
    }

    func exhibits(program: String) -> ExhibitMemory {
        ExhibitMemory(
            program: program, recall: { [self] in read("\($0.hex).exhibit") },
            remember: { [self] in write($1, to: "\($0.hex).exhibit") })
    }

    /// Forgets what this build did not ask for. Whatever else lies there stays, and so does what lies behind a link; a memory
    /// that cannot be tidied costs room, nothing else.
    func sweep() {
        let name = String(folder.split(separator: "/").last ?? "")
        guard let own = try? OwnFolder(Files.folder(of: folder), followsLink: true),
            let entries = try? own.entries(name)
        else {
            return
        }
        for entry in entries where !used.contains(entry.name) && Self.isMade(entry.name) {
            _ = try? own.remove(name + "/" + entry.name)
        }
    }

    /// `ab12….figure`, `ab12….exhibit`, whole or half written.
    private static func isMade(_ name: String) -> Bool {
        let parts = (StagedFile.target(of: name) ?? name).split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 2 && Digest(hex: String(parts[0])) != nil
            && (parts[1] == "figure" || parts[1] == "exhibit")
    }

    private struct StoredFigure: Codable {
        var html: String
        var pictures: [String]
    }

    /// A picture of the report as it stands, if its bytes still are those that its name was made from.
    private func picture(_ path: String) -> Site.File? {
        guard let bytes = try? Files.read(output + "/" + path), Site.isNamed(path, byContent: bytes) else { return nil }
        return Site.File(path: path, bytes: bytes)
    }

    private func read<Value: Decodable>(_ name: String) -> Value? {
        used.insert(name)
        guard let bytes = try? Files.read(folder + "/" + name), let end = bytes.lastIndex(of: UInt8(ascii: "\n")) else {
            return nil
        }
        let content = Array(bytes[..<end])
        guard Digest(of: content).hex.utf8.elementsEqual(bytes[(end + 1)...]) else { return nil }
        return try? JSONDecoder().decode(Value.self, from: Data(content))
    }

    /// A memory that cannot be written costs time, nothing else.
    private func write(_ value: some Encodable, to name: String) {
        guard let content = try? canonicalJSON(value) else { return }
        let bytes = content + Array("\n\(Digest(of: content).hex)".utf8)
        try? Files.write(bytes, to: folder + "/" + name, syncsFile: false, syncsFolder: false)
    }
}
