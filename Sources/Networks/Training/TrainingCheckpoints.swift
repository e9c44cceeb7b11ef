import Checkpoints
import Files
import Foundation

/// The states that a training run leaves in a folder, so that an interrupted one can go on.
///
/// A file's name holds the number of steps and the beginning of its bytes' digest: a damaged one is noticed. The last
/// two are kept. Several trainings may leave theirs in one folder, told apart by a number.
package struct TrainingCheckpoints: Sendable {
    package let folder: String
    /// Seconds between two of them.
    package var interval = 60.0

    private let prefix: String

    /// - Parameter run: which of the folder's trainings, from 0.
    package init(folder: String, run: Int = 0, interval: Double = 60) {
        (self.folder, self.interval) = (folder, interval)
        prefix = run == 0 ? "training-" : "training-\(run + 1)-"
    }

    /// Of a number of steps, at least.
    private static let digits = 12
    private static let suffix = ".safetensors"

    /// Writes a state durably, then removes all but the two newest.
    package func save(_ state: Checkpoint, steps: Int) throws(FileError) {
        let bytes = state.safetensors()
        let number = String(repeating: "0", count: max(0, Self.digits - String(steps).count)) + String(steps)
        let name = "\(prefix)\(number)-\(Digest(of: bytes).short)\(Self.suffix)"
        try Files.write(bytes, to: "\(folder)/\(name)")
        let own = try? OwnFolder(folder, followsLink: true)
        for old in names().dropFirst(2) { _ = try? own?.remove(old) }
    }

    /// Hands over states, newest first, until one is taken.
    ///
    /// - Parameters:
    ///   - warn: told of every file that is damaged or does not fit.
    ///   - take: throws to refuse a state.
    /// - Returns: whether one was taken.
    package func restore(warn: (String) -> Void, take: (Checkpoint) throws -> Void) -> Bool {
        for name in names() {
            let path = "\(folder)/\(name)"
            do {
                let bytes = try Files.read(path)
                guard name.hasSuffix("-\(Digest(of: bytes).short)\(Self.suffix)") else {
                    warn(
                        "\(path): damaged: its bytes are not those that were written; training goes on from an earlier state"
                    )
                    continue
                }
                try take(try Checkpoint(trainingState: bytes, name: path))
                return true
            } catch {
                warn("\(error); training goes on from an earlier state")
            }
        }
        return false
    }

    /// Newest first.
    private func names() -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [])
            .filter { name in
                let number = name.dropFirst(prefix.count).prefix { $0 != "-" }
                return name.hasPrefix(prefix) && name.hasSuffix(Self.suffix) && number.count >= Self.digits
            }.sorted(by: >)
    }
}
