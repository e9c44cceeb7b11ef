import Files
import Imaging
import Pages
import TestSupport
import Testing

/// Photographs as large as those of telephones.
@Suite struct LargePhotographTests {
    @Test func wholePhotographsAreSmallOnPagesWithTheirBoxesInPlace() throws {
        let project = try SmallProject(
            chapter: """
                # A

                ```preprocess
                id: faces
                dataset: large
                min_size: 240
                ```

                ```evaluate
                id: pixels
                data: faces
                model: pixels
                k: [1]
                ```

                ```diagram
                id: way
                show: pipeline
                evaluate: pixels
                k: 1
                ```
                """, hasPortraits: false)
        for (person, number) in [(1, 1), (1, 2), (1, 3), (4, 1), (4, 2), (4, 3)] {
            let image = try Image(contentsOf: "\(Repository.orl)/s\(person)/\(number).pgm")
            let large = image.resized(width: 920, height: 1120)
            try project.place.put(try large.jpeg(quality: 90), "data/large/s\(person)/\(number).jpg")
        }
        // Somebody of whom there is no second one: shown among those left out.
        let blank = Image(width: 1120, height: 920, channels: 1, pixels: Array(repeating: 90, count: 1120 * 920))
        try project.place.put(try blank.jpeg(quality: 90), "data/large/s9/1.jpg")

        let built = try project.build()
        let galleries = (built.exhibits["faces"]?.parts ?? []).compactMap { part -> Gallery? in
            if case .gallery(let gallery) = part { gallery } else { nil }
        }
        let items = galleries.flatMap(\.groups).flatMap(\.items)
        #expect(items.count == 7)
        for item in items {
            let (width, height) = (item.picture.image.width, item.picture.image.height)
            #expect(max(width, height) == 640, "\(item.title)")
            for box in item.boxes {
                #expect(box.x >= 0 && box.x + box.width <= width && box.y + box.height <= height, "\(item.title)")
                // A face fills these photographs, and so does its box.
                #expect(box.width > width / 2, "\(item.title)")
            }
        }
        // The diagram tells the photograph's own size.
        #expect(built.page.contains("920 × 1120 pixels"))
    }
}
