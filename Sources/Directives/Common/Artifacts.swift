import Checkpoints
import Execution
import Faces
import Imaging
import Pages
import Tensors

// How the engine's values are stored.

extension Artifact<Image> {
    static func png(_ file: String) -> Artifact {
        Artifact(file, write: { try $0.png() }, read: { try Image(decoding: $0, name: $1) })
    }

    /// A face by its place in the `FaceSet`.
    static func face(_ index: Int) -> Artifact { .png("face-\(index).png") }
}

/// Coded as its file's name: stored values name their pictures so.
extension Artifact: Codable where Value == Image {
    package init(from decoder: any Decoder) throws {
        self = .png(try decoder.singleValueContainer().decode(String.self))
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(file)
    }
}

extension Artifact<Matrix> {
    static func npy(_ file: String) -> Artifact {
        Artifact(file, write: { $0.npy() }, read: { try Matrix(npy: $0, name: $1) })
    }
}

extension Artifact<Checkpoint> {
    static func safetensors(_ file: String) -> Artifact {
        Artifact(file, write: { $0.safetensors() }, read: { try Checkpoint(decoding: $0, name: $1) })
    }

    /// A training's state, which holds seconds: no part of what other steps depend on.
    static func trainingState(_ file: String) -> Artifact {
        Artifact(
            file, role: .measurement, write: { $0.safetensors() },
            read: { try Checkpoint(trainingState: $0, name: $1) })
    }
}

extension StepResult {
    /// A picture of the result, for the page.
    func picture(_ file: Artifact<Image>, _ alternative: String) throws -> Picture {
        Picture(image: try self[file], alternative: alternative)
    }
}

extension Outcome {
    /// Makes a face part of the result, once however often it is shown.
    mutating func keepFace(_ index: Int, of faces: FaceSet, data: String) throws -> Artifact<Image> {
        let file = Artifact.face(index)
        if !holds(file) { try keep(faces.image(of: index, data: data), as: file) }
        return file
    }
}
