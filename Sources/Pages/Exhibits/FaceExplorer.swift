/// A gallery that a reader asks in the page: everything that its script needs to answer, and some answers for readers
/// without one.
package struct FaceExplorer: Sendable {
    /// All faces in one JPEG picture, row by row.
    package struct Sheet: Sendable {
        package var jpeg: [UInt8]
        /// Of a cell, in pixels.
        package var width: Int
        package var height: Int
        /// Cells in a row.
        package var columns: Int

        package init(jpeg: [UInt8], width: Int, height: Int, columns: Int) {
            self.jpeg = jpeg
            self.width = width
            self.height = height
            self.columns = columns
        }
    }

    package struct Face: Sendable {
        /// Under which a server knows it.
        package var number: Int
        /// In `people`.
        package var person: Int
        package var path: String
        /// A bit for each of `attributes`, four to a hexadecimal digit, the first one highest.
        package var attributes: String?

        package init(number: Int, person: Int, path: String, attributes: String?) {
            self.number = number
            self.person = person
            self.path = path
            self.attributes = attributes
        }
    }

    package struct Evaluation: Sendable {
        package var id: String
        /// `MobileNet-V2`.
        package var name: String
        /// Numbers of each face.
        package var columns: Int
        /// What 1 stands for in `vectors`.
        package var scale: Double
        /// The distance beyond which nobody in the gallery is meant.
        package var threshold: Double?
        /// faces × columns, two bytes each, the low one first.
        package var vectors: [UInt8]

        package init(
            id: String, name: String, columns: Int, scale: Double, threshold: Double?, vectors: [UInt8]
        ) {
            self.id = id
            self.name = name
            self.columns = columns
            self.scale = scale
            self.threshold = threshold
            self.vectors = vectors
        }
    }

    /// Answers at first.
    package var k: Int
    package var sheet: Sheet
    package var people: [String]
    package var attributes: [String]
    package var faces: [Face]
    package var evaluations: [Evaluation]
    package var examples: RetrievalGrid

    package init(
        k: Int, sheet: Sheet, people: [String], attributes: [String], faces: [Face],
        evaluations: [Evaluation], examples: RetrievalGrid
    ) {
        self.k = k
        self.sheet = sheet
        self.people = people
        self.attributes = attributes
        self.faces = faces
        self.evaluations = evaluations
        self.examples = examples
    }
}
