import Imaging

/// A picture that the page carries as a file of its own.
package struct Picture: Sendable {
    package var image: Image
    package var alternative: String

    package init(image: Image, alternative: Phrase) {
        self.image = image
        self.alternative = alternative.text
    }
}
