import Files
import Foundation
import Imaging
import Pages
import TestSupport
import Testing

/// Attributes of photographs in which no face was found, beside those of all.
@Suite struct RejectedAttributesTests {
    /// A CelebA of twelve people of ORL with six photographs each. The last one of each shows nothing at all and has a hat
    /// in the list, as has the first person's first one; half of all are even ones, whatever they show.
    private func project(hats: Bool = true) throws -> SmallProject {
        let project = try SmallProject(
            chapter: """
                # A

                ```preprocess
                id: faces
                dataset: celeba
                scale_factor: 1.1
                min_neighbors: 3
                ```
                """, hasPortraits: false)
        var (identities, attributes) = ("", "72\nWearing_Hat Even\n")
        for index in 0..<72 {
            let (person, number) = (index / 6, index % 6)
            let name = String(format: "%06d.jpg", index + 1)
            let isEmpty = number == 5
            let image =
                isEmpty
                ? Image(
                    width: 92, height: 112, channels: 1, pixels: Array(repeating: UInt8(10 * person), count: 92 * 112)
                )
                : try Image(contentsOf: "\(Repository.orl)/s\(person + 1)/\(number + 1).pgm")
            try project.place.put(try image.jpeg(quality: 95), "data/celeba/img_align_celeba/\(name)")
            identities += "\(name) \(100 + person)\n"
            let hasHat = hats && (isEmpty || index == 0)
            attributes += "\(name) \(hasHat ? 1 : -1) \((index + person) % 2 == 0 ? 1 : -1)\n"
        }
        try project.place.put(identities, "data/celeba/identity_CelebA.txt")
        try project.place.put(attributes, "data/celeba/list_attr_celeba.txt")
        return project
    }

    private func number(_ value: Quotable?) -> Double {
        switch value {
        case .number(let number): number
        case .count(let count): Double(count)
        case .text, nil: .nan
        }
    }

    @Test func whatGoesWithRejectionIsComputed() throws {
        let project = try project()
        let plan = project.plan()
        let built = try project.build()
        try expectPromisesKept(plan, built.exhibits)
        let values = built.values("faces")
        let rejected = number(values["rejected"])
        #expect(rejected == number(values["dropped.no-face"]) + number(values["dropped.several-faces"]))
        try #require((12...24).contains(rejected), "the cascade finds most faces, and none where there is nothing")
        #expect(abs(number(values["rejected.Wearing_Hat.base"]) - 13.0 / 72) < 1e-12)
        let hats = number(values["rejected.Wearing_Hat.share"]) * rejected
        #expect(abs(hats - 12) < 1e-9 || abs(hats - 13) < 1e-9)
        #expect(number(values["rejected.Wearing_Hat.holm"]) < 0.001 && number(values["rejected.Even.holm"]) > 0.05)
        #expect(number(values["rejected.Even.base"]) == 0.5)
        #expect(values["rejected.telling"] == .text("Wearing Hat"))

        let tables = (built.exhibits["faces"]?.parts ?? []).compactMap {
            if case .table(let table) = $0 { table } else { nil }
        }
        try #require(tables.count == 2)
        #expect(tables[1].rows.map { $0[0] } == [.text("Wearing Hat")])
        #expect(tables[1].rows[0][1] == .number(100 * number(values["rejected.Wearing_Hat.share"]), digits: 1))
    }

    @Test func whereNothingGoesWithItThatIsSaid() throws {
        let built = try project(hats: false).build()
        let notes = (built.exhibits["faces"]?.parts ?? []).compactMap {
            if case .note(let text) = $0 { text } else { nil }
        }
        #expect(
            notes.count == 1
                && notes[0].text.hasPrefix("None of the 2 attributes is significantly more or less frequent"))
        #expect(built.values("faces")["rejected.telling"] == .text("none"))
    }

    @Test func withoutAttributesNothingIsCompared() throws {
        let project = try project()
        try FileManager.default.removeItem(atPath: project.folder + "/data/celeba/list_attr_celeba.txt")
        let built = try project.build()
        let isSaid = (built.exhibits["faces"]?.parts ?? []).contains { if case .note = $0 { true } else { false } }
        #expect(!isSaid && built.values("faces")["rejected.Wearing_Hat.share"] == nil)
        #expect(built.values("faces")["rejected.telling"] == .text("none"))
    }
}
