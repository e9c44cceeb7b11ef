import Chapters
import Faces

extension Preprocess {
    /// How faces are found and cut: with equal settings, photographs yield equal faces.
    struct Detection: Sendable, Hashable, Codable {
        private let cascade: String
        private let scaleFactor: Double
        private let minNeighbors: Int
        private let minSize: Int
        private let retry: Double
        private let margins: SingleFace.Margins
        private let cropSize: Int?

        init(_ options: Options) {
            cascade = "\(cascadeFolder)/\(options[Preprocess.cascade]).xml"
            scaleFactor = options[Preprocess.scaleFactor]
            minNeighbors = options[Preprocess.minNeighbors]
            minSize = options[Preprocess.minSize]
            retry = options[Preprocess.retry]
            margins = .init(
                top: options[marginTop], bottom: options[marginBottom], side: options[marginSide])
            let size = options[Preprocess.cropSize]
            cropSize = size == 0 ? nil : size
        }

        /// Reads the cascade.
        func finder() throws(CascadeError) -> FaceFinder {
            FaceFinder(
                SingleFace(
                    cascade: try Cascade(contentsOf: cascade), scaleFactor: scaleFactor, minNeighbors: minNeighbors,
                    minSize: minSize, retryStep: retry, margins: margins), cropSize: cropSize)
        }
    }
}
