import ArgumentParser
import Diagnostics
import Faces
import Foundation
import Portraits
import Tensors

/// `likeness synthesize`: a CelebA of drawn portraits.
struct Synthesize: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract:
            "Draws portraits and writes them as a CelebA: pictures, identities, 40 attributes, landmarks, partition.",
        discussion: """
            The same numbers give the same bytes, on any number of threads.

            \(TrueIdentities.name) says whom each picture truly shows, in the form of identity_CelebA.txt: no part \
            of the dataset, but what the directive 'suspects' checks its likely label errors by.
            """)

    @Argument(help: ArgumentHelp("The folder to write; it must hold neither pictures nor lists yet.", valueName: "dir"))
    var folder: String

    @Option(help: "How many people.")
    var identities = 320

    @Option(help: "How many pictures of them.")
    var images = 6400

    @Option(help: "What all randomness comes from.")
    var seed: UInt64 = 0

    @Option(help: "The share of files to break, 0 to 0.4, and of people with one picture only; damage.txt says which.")
    var damage = 0.0

    @Option(help: "The share of pictures, 0 to 0.5, that the identity list gives to another person.")
    var mislabel = 0.0

    @Option(help: "How many pictures are drawn at once.")
    var threads = Threads.count

    func validate() throws {
        guard identities > 0, identities <= 1_000_000 else {
            throw ValidationError("--identities must be 1 to 1000000")
        }
        guard images >= identities else {
            throw ValidationError("--images must be at least --identities: everybody needs a picture")
        }
        guard images <= 999_999 else { throw ValidationError("--images must be below 1000000: names have six digits") }
        guard (0...0.4).contains(damage) else { throw ValidationError("--damage must be a share from 0 to 0.4") }
        guard (0...0.5).contains(mislabel) else { throw ValidationError("--mislabel must be a share from 0 to 0.5") }
        guard mislabel == 0 || identities > 1 else {
            throw ValidationError("--mislabel needs at least two --identities: there is nobody else to name")
        }
        guard mislabel == 0 || damage == 0 else {
            throw ValidationError(
                "--mislabel and --damage exclude each other: damage.txt counts people's pictures by true labels")
        }
        guard (1...1024).contains(threads) else { throw ValidationError("--threads must be 1 to 1024") }
    }

    func run() throws {
        let interrupted =
            "interrupted; \(folder) is not complete: remove it before the same command draws it again"
        let signals = Signals(leaving: interrupted)
        let line = ProgressLine()
        do {
            let start = DispatchTime.now().uptimeNanoseconds
            let set = PortraitSet(
                identities: identities, images: images, seed: seed,
                single: PortraitDamage.singles(share: damage, identities: identities))
            let interruption = signals.interruption
            let images = images
            let step = max(1, images / 20)
            let mislabels = PortraitMislabels(share: mislabel, of: set)
            try set.write(
                to: folder, damage: PortraitDamage(share: damage, of: set), mislabels: mislabels, threads: threads
            ) { done in
                if done.isMultiple(of: step) { line.show("drawing \(done)/\(images) portraits") }
                return interruption.requestedSignal == nil
            }
            let seconds = Double(DispatchTime.now().uptimeNanoseconds - start) / 1e9
            line.clear()
            let wrong = mislabels.planted.isEmpty ? "" : "; \(mislabels.planted.count) have a wrong label"
            Console.say(
                "\(folder): \(images) portraits of \(identities) people in \(String(format: "%.1f s, %.0f a second", seconds, Double(images) / seconds))\(wrong)"
            )
        } catch is PortraitsStopped {
            line.clear()
            Console.say(interrupted)
            throw ExitCode(signals.exitStatus)
        } catch {
            line.clear()
            throw Console.fail(error)
        }
    }
}
