import Checkpoints
import Execution
import Faces
import Imaging
import Pages
import Tensors

// How the engine's values are stored.

extension Artifact<Image> {
    static func png(_ file: String) -> Artifact {
        Artifact(file, write: { try $0.png() }, read: { bytes, place in try Image(decoding: bytes, name: place.name) })
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

extension Artifact<FaceSet> {
    /// Faces that a step can read: their photographs lie below the folder of all data.
    static func faceSet(_ file: String) -> Artifact {
        .json(file).reading { faces, place in faces.folder = place.data.map { "\($0)/\(faces.dataset)" } }
    }
}

extension Artifact<Matrix> {
    static func npy(_ file: String) -> Artifact {
        Artifact(file, write: { $0.npy() }, read: { bytes, place in try Matrix(npy: bytes, name: place.name) })
    }
}

extension Artifact<Checkpoint> {
    static func safetensors(_ file: String) -> Artifact {
        Artifact(
            file, write: { $0.safetensors() },
            read: { bytes, place in try Checkpoint(decoding: bytes, name: place.name) })
    }

    /// A training's state, which holds seconds: no part of what other steps depend on.
    static func trainingState(_ file: String) -> Artifact {
        Artifact(
            file, role: .measurement, write: { $0.safetensors() },
            read: { bytes, place in try Checkpoint(trainingState: bytes, name: place.name) })
    }
}

extension StepResult {
    /// A picture of the result, for the page.
    func picture(_ file: Artifact<Image>, _ alternative: Phrase) throws -> Picture {
        Picture(image: try self[file], alternative: alternative)
    }
}

extension Outcome {
    /// Makes a face part of the result, once however often it is shown.
    mutating func keepFace(_ index: Int, of faces: FaceSet) throws -> Artifact<Image> {
        let file = Artifact.face(index)
        if !holds(file) { try keep(faces.image(of: index), as: file) }
        return file
    }
}
