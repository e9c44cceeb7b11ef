import Dispatch
import Faces
import Files
import Foundation
import Imaging
import Synchronization

extension PortraitSet {
    /// Draws everything and writes it as a CelebA: `img_align_celeba/`, `identity_CelebA.txt`, `list_attr_celeba.txt`,
    /// `list_landmarks_align_celeba.txt`, `list_eval_partition.txt`, `likeness-true-identities.txt`, and `damage.txt`
    /// when anything is damaged.
    ///
    /// The lists come last: a folder without them is unfinished. Files are the same whatever `threads` is.
    ///
    /// - Parameters:
    ///   - folder: created when missing; must hold neither pictures nor lists yet.
    ///   - mislabels: what the identity list says wrongly; nothing else depends on it.
    ///   - progress: called on any thread with the number of pictures done; returns false to stop.
    /// - Throws: `DatasetError` for a folder in use, `FileError`, `PortraitsStopped`.
    package func write(
        to folder: String, damage: PortraitDamage, mislabels: PortraitMislabels = .none, threads: Int,
        progress: @escaping @Sendable (Int) -> Bool
    ) throws {
        let pictures = folder + "/img_align_celeba"
        // Lists without pictures are somebody's too: CelebA's own beside its zip, for one.
        for name in Self.names {
            let path = folder + "/" + name
            guard !Files.exists(path) else {
                throw DatasetError(path, "is there already; name another folder or remove it")
            }
        }
        try Files.makeFolder(pictures)
        let plants = Dictionary(uniqueKeysWithValues: damage.planted.map { ($0.position, $0.kind) })
        let state = Mutex<(done: Int, failure: (any Error)?)>((0, nil))
        let workers = max(1, threads)
        DispatchQueue.concurrentPerform(iterations: workers) { worker in
            for position in stride(from: worker, to: entries.count, by: workers) {
                let outcome = Result { try writePicture(position, plants[position], to: pictures) }
                let goesOn = state.withLock { state -> Bool in
                    state.done += 1
                    if case .failure(let error) = outcome, state.failure == nil { state.failure = error }
                    if state.failure == nil, !progress(state.done) { state.failure = PortraitsStopped() }
                    return state.failure == nil
                }
                guard goesOn else { return }
            }
        }
        if let failure = state.withLock({ $0.failure }) { throw failure }

        let lists = PortraitLists(
            of: self, unlisted: Set(damage.planted.filter { $0.kind == .noIdentity }.map(\.position)), mislabels)
        try Files.write(Array(lists.attributes.utf8), to: folder + "/list_attr_celeba.txt")
        try Files.write(Array(lists.landmarks.utf8), to: folder + "/list_landmarks_align_celeba.txt")
        try Files.write(Array(lists.partition.utf8), to: folder + "/list_eval_partition.txt")
        try Files.write(Array(lists.trueIdentities.utf8), to: folder + "/" + TrueIdentities.name)
        if !damage.planted.isEmpty { try Files.write(Array(damage.list.utf8), to: folder + "/damage.txt") }
        try Files.write(Array(lists.identities.utf8), to: folder + "/identity_CelebA.txt")
    }

    /// All that is written into the folder.
    private static let names = [
        "img_align_celeba", "identity_CelebA.txt", "list_attr_celeba.txt", "list_landmarks_align_celeba.txt",
        "list_eval_partition.txt", TrueIdentities.name, "damage.txt",
    ]

    private func writePicture(_ position: Int, _ damage: PortraitDamage.Kind?, to folder: String) throws {
        let portrait = portrait(at: position)
        let image = portrait.image()
        let jpeg = try image.jpeg(quality: portrait.shot.quality)
        let path = folder + "/" + PortraitSet.fileName(position)
        let bytes = if let damage { try damage.damaged(jpeg, image) } else { Optional(jpeg) }
        if let bytes {
            // They can be drawn again: no need to wait for the disk at each.
            try Files.write(bytes, to: path, syncsFile: false, syncsFolder: false)
        } else {
            guard symlink("moved-away/" + PortraitSet.fileName(position), path) == 0 else {
                throw DatasetError(path, "cannot be made a broken link")
            }
        }
    }
}

/// The caller asked to stop; what was drawn so far stays without lists.
package struct PortraitsStopped: Error, Sendable, CustomStringConvertible {
    package var description: String { "stopped before all portraits were drawn" }
}
