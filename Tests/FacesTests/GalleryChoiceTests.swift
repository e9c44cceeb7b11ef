import Faces
import Files
import Imaging
import Testing

/// Which faces stand for a gallery that is too large to be carried.
@Suite struct GalleryChoiceTests {
    /// A gallery in which person p has p faces.
    private func gallery(people: Int) -> FaceSet {
        let box = Rectangle(x: 0, y: 0, width: 8, height: 8)
        let faces = (1...people).flatMap { person in
            (1...person).map { number in
                FaceSet.Face(
                    path: "\(person)/\(number).jpg", digest: Digest(of: []), pixels: Digest(of: []),
                    identity: "person \(person)", box: box, crop: box)
            }
        }
        return FaceSet(
            dataset: "drawn", attributeNames: [], faces: faces, train: [], queries: [],
            gallery: Array(faces.indices.reversed()), triplets: [],
            report: .init(found: faces.count, kept: faces.count, dropped: []))
    }

    @Test func aSmallGalleryIsTakenWhole() {
        #expect(gallery(people: 4).galleryRows(atMost: 10) == Array(0..<10))
    }

    @Test func ofALargeOneWholePeopleAreDrawn() {
        let set = gallery(people: 30)
        let rows = set.galleryRows(atMost: 200)
        #expect(rows == rows.sorted() && Set(rows).count == rows.count)
        #expect((171...200).contains(rows.count), "who is left out would not have fitted")
        let byPerson = Dictionary(grouping: rows) { set.faces[set.gallery[$0]].identity }
        for (person, rows) in byPerson { #expect("person \(rows.count)" == person) }
        #expect(byPerson.count < 30 && set.galleryRows(atMost: 200) == rows)
    }

    @Test func onePersonWithMoreFacesThanFitIsCut() {
        let one = gallery(people: 30)
        let set = FaceSet(
            dataset: "drawn", attributeNames: [], faces: one.faces, train: [], queries: [],
            gallery: one.faces.indices.filter { one.faces[$0].identity == "person 30" }, triplets: [],
            report: .init(found: one.faces.count, kept: one.faces.count, dropped: []))
        #expect(set.galleryRows(atMost: 7) == Array(0..<7))
    }
}
