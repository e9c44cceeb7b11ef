import Imaging
import Retrieval
import Tensors

extension FaceEmbedder {
    /// Along which directions another describer's vectors are looked at: those of largest variance among training
    /// faces, as they are, or each with variance 1.
    package enum Projection: Sendable { case eigenfaces, whitened }

    /// Components kept: as many as an embedding has numbers.
    private static let components = 128
    /// Faces that directions are fitted to, at most.
    package static let mostFittingFaces = 1000

    /// The training faces that a projection is fitted to, spread over all of them.
    package static func fittingFaces(of faces: FaceSet) -> [Int] {
        faces.train.count <= mostFittingFaces
            ? faces.train : (0..<mostFittingFaces).map { faces.train[$0 * faces.train.count / mostFittingFaces] }
    }

    /// This describer along the principal components of what it says about ``fittingFaces(of:)``.
    ///
    /// - Returns: nil where the vectors are all alike.
    package func projected(_ projection: Projection, fittedTo vectors: Matrix) -> FaceEmbedder? {
        PrincipalComponents(fitting: vectors, count: Self.components, whitening: projection == .whitened).map {
            .projected(self, $0, name: projection == .eigenfaces ? "eigenfaces" : name)
        }
    }
}

extension FaceEmbedder {
    /// A face as it is looked at: at the network's size, or as few gray pixels.
    package func view(of face: Image) -> Image {
        switch self {
        case .network: face.resized(width: FaceTransform.size, height: FaceTransform.size).rgb
        case .pixels: face.gray.resized(width: Self.pixelSize, height: Self.pixelSize)
        case .given: face
        case .projected(let describer, _, _), .unit(let describer): describer.view(of: face)
        }
    }
}
