import Faces
import Files
import Imaging
import Networks
import Portraits
import Tensors
import TestSupport
import Testing

/// A photograph's way to its answers beside the same made by hand: preprocess, embed, compare with everybody.
@Suite struct FaceSearchTests {
    private struct Gallery {
        let folder: TemporaryFolder
        let faces: FaceSet
        let vectors: Matrix
        let search: FaceSearch
    }

    /// 24 drawn portraits of six people.
    private func gallery(_ embedder: FaceEmbedder, cropSize: Int? = nil, threshold: Double? = nil) throws -> Gallery {
        let folder = TemporaryFolder()
        let set = PortraitSet(identities: 6, images: 24, seed: 0)
        try set.write(to: folder.path + "/data", damage: PortraitDamage(share: 0, of: set), threads: 2) { _ in true }
        let detection = SingleFace(cascade: try Fixtures.cascade("frontalface_alt2"))
        let preprocessing = Preprocessing(
            detection: detection, testShare: 0.6, queriesPerIdentity: 1, seed: 0, cropSize: cropSize)
        let faces = try preprocessing.run(Dataset(contentsOf: folder.path + "/data"), name: "data") { _ in }
        let vectors = try embedder.describe(
            faces.gallery.count, image: { try faces.image(of: faces.gallery[$0]) }, progress: { _ in })
        let search = try FaceSearch(
            faces, vectors: vectors, finder: FaceFinder(detection, cropSize: cropSize), embedder: embedder, leafSize: 2,
            threshold: threshold)
        return Gallery(folder: folder, faces: faces, vectors: vectors, search: search)
    }

    private func distances(_ vector: Matrix, _ gallery: Gallery) -> [(face: Int, distance: Double)] {
        gallery.faces.gallery.enumerated().map { row, face in
            let squares = zip(gallery.vectors.row(row), vector.values).map {
                (Double($0) - Double($1)) * (Double($0) - Double($1))
            }
            return (face, squares.reduce(0, +).squareRoot())
        }.sorted { $0.distance < $1.distance }
    }

    @Test(arguments: [nil, 64]) func photographsAreCutAsPreprocessingCutsThem(cropSize: Int?) throws {
        let gallery = try gallery(.pixels, cropSize: cropSize)
        for (index, face) in gallery.faces.faces.enumerated() {
            let bytes = try Files.read(gallery.folder.path + "/data/" + face.path)
            let found = try gallery.search.finder.find(in: bytes, name: face.path)
            #expect(found.faces.map(\.box) == [face.box])
            #expect(found.faces.map(\.crop) == [face.crop])
            #expect(try found.faces.first?.image == gallery.faces.image(of: index))
            #expect(gallery.search.face(ofPhotograph: found.digest) == index)
            #expect(found.nearMisses.isEmpty && found.scale == 1)
            #expect(found.times.stages.map(\.name) == ["decode", "scale", "find", "crop"])
        }
    }

    @Test(arguments: ["pixels", "network"]) func answersAreThoseOfComparingWithEverybody(kind: String) throws {
        let embedder =
            kind == "pixels" ? FaceEmbedder.pixels : .network(EmbeddingNetwork(.mobilenetV2, seed: 3), .embedding)
        let gallery = try gallery(embedder)
        let names = gallery.faces.attributeNames
        for query in gallery.faces.queries.prefix(3) {
            let face = try gallery.faces.image(of: query)
            let vector = try gallery.search.vector(of: face)
            #expect(try vector == embedder.describe(1, image: { _ in face }, progress: { _ in }))
            let expected = distances(vector, gallery)
            for index in FaceSearch.Index.allCases {
                let answer = try gallery.search.nearest(4, to: vector, by: index)
                #expect(answer.hits.map(\.face) == expected.prefix(4).map(\.face))
                for (hit, plain) in zip(answer.hits, expected) {
                    #expect(abs(hit.distance - plain.distance) <= 1e-5 * max(1, plain.distance))
                }
                #expect(answer.admitted == gallery.faces.gallery.count)
                #expect(answer.statistics.distancesComputed > 0 && (answer.nodes == nil) == (index == .flat))
                // Each attribute both ways: what is left is what the plain order leaves.
                for (place, name) in names.enumerated() {
                    for sign in [1, -1] as [Int8] {
                        let filter = try AttributeFilter(
                            with: sign == 1 ? [name] : [], without: sign == -1 ? [name] : [], among: names)
                        let admitted = expected.filter { gallery.faces.faces[$0.face].attributes?[place] == sign }
                        let answer = try gallery.search.nearest(3, to: vector, by: index, filter: filter)
                        #expect(answer.hits.map(\.face) == admitted.prefix(3).map(\.face))
                        #expect(answer.admitted == admitted.count)
                    }
                }
            }
        }
    }

    @Test func moreThanThereAreYieldsAllOfThem() throws {
        let gallery = try gallery(.pixels)
        let vector = try gallery.search.vector(of: try gallery.faces.image(of: gallery.faces.gallery[0]))
        let answer = try gallery.search.nearest(1000, to: vector)
        #expect(answer.hits.count == gallery.faces.gallery.count)
        #expect(answer.hits[0] == FaceAnswer.Hit(face: gallery.faces.gallery[0], distance: 0))
        let people = gallery.search.people(in: answer.hits)
        #expect(
            people.map(\.identity) == people.map(\.identity).reduce(into: []) { if !$0.contains($1) { $0.append($1) } })
        #expect(people.flatMap(\.ranks).sorted() == Array(1...answer.hits.count))
        for person in people {
            #expect(
                person.ranks.allSatisfy { gallery.faces.faces[answer.hits[$0 - 1].face].identity == person.identity })
        }
    }

    @Test func nobodyIsMeantBeyondTheThreshold() throws {
        let own = try gallery(.pixels, threshold: 1)
        let vector = try own.search.vector(of: try own.faces.image(of: own.faces.gallery[0]))
        #expect(try own.search.nearest(1, to: vector).isNobody == false)
        let gray = Image(width: 50, height: 50, channels: 1, pixels: [UInt8](repeating: 0, count: 2500))
        #expect(try own.search.nearest(1, to: own.search.vector(of: gray)).isNobody == true)
        #expect(try gallery(.pixels).search.nearest(1, to: vector).isNobody == nil)
    }

    @Test func attributesAreComparedWithThePhotographsOrTheMajoritys() throws {
        let gallery = try gallery(.pixels)
        let (search, faces) = (gallery.search, gallery.faces)
        let (first, second) = (faces.gallery[0], faces.gallery[1])
        let hits = [FaceAnswer.Hit(face: first, distance: 0), .init(face: second, distance: 1)]
        let mine = try #require(faces.faces[first].attributes)
        let theirs = try #require(faces.faces[second].attributes)
        let known = try #require(search.reference(for: hits, photograph: first))
        #expect(known == .photograph(mine))
        let agreement = try #require(search.agreement(of: second, with: known))
        #expect(agreement.of == 40 && agreement.same == zip(mine, theirs).count { $0 == $1 })
        #expect(
            agreement.differing
                == faces.attributeNames.indices.filter { mine[$0] != theirs[$0] }.map { faces.attributeNames[$0] })
        // Where two differ nothing is most common, and that does not count.
        let common = try #require(search.reference(for: hits, photograph: nil))
        #expect(common == .answers(zip(mine, theirs).map { $0 == $1 ? $0 : 0 }))
        #expect(
            search.agreement(of: first, with: common)
                == Agreement(same: agreement.same, of: agreement.same, differing: []))
    }

    @Test func whatCannotBeAskedForIsTold() throws {
        let names = ["Smiling", "5_o_Clock_Shadow"]
        #expect(
            try AttributeFilter(with: ["5 o clock shadow"], without: ["SMILING"], among: names)
                == AttributeFilter(with: ["5_o_Clock_Shadow"], without: ["Smiling"], among: names))
        func sentence(_ with: [String], _ without: [String], _ names: [String]) -> String {
            do throws(AttributeProblem) {
                _ = try AttributeFilter(with: with, without: without, among: names)
                return ""
            } catch {
                return "\(error)"
            }
        }
        #expect(sentence(["Hat"], [], names) == "no attribute is called 'Hat'; there are Smiling, 5_o_Clock_Shadow")
        #expect(sentence(["Hat"], [], []) == "'Hat' cannot be asked for: this dataset has no attributes")
        #expect(sentence(["smiling"], ["Smiling"], names).hasPrefix("'Smiling' is asked for and excluded at once"))
    }

    @Test func severalFacesAreAllFoundAndNoneSaysHowFarWindowsCame() throws {
        let finder = FaceFinder(
            SingleFace(cascade: try Fixtures.cascade("frontalface_alt2"), minNeighbors: 2), cropSize: nil)
        let crowd = DrawnFaces.image("crowd")
        let several = try finder.find(in: crowd)
        #expect(several.faces.count > 2)
        #expect(several.faces.map(\.box) == finder.detection.boxes(in: crowd))
        for face in several.faces { #expect(face.image == crowd.cropped(to: face.crop)) }

        let clouds = DrawnFaces.image("clouds")
        let none = try finder.find(in: clouds)
        #expect(none.faces.isEmpty && (1...FaceFinder.nearMisses).contains(none.nearMisses.count))
        #expect(none.nearMisses.map(\.stages) == none.nearMisses.map(\.stages).sorted(by: >))
        for miss in none.nearMisses {
            #expect(clouds.bounds.contains(miss.box) && (1...none.stageCount).contains(miss.stages))
        }
    }

    @Test func aMarkedFaceIsTakenAsItIs() throws {
        let finder = FaceFinder(SingleFace(cascade: try Fixtures.cascade("frontalface_alt2")), cropSize: nil)
        let clouds = DrawnFaces.image("clouds")
        let box = Rectangle(x: 100, y: 80, width: 60, height: 60)
        let found = try finder.find(in: clouds, marked: box)
        #expect(found.isMarked && found.faces.count == 1)
        #expect(found.faces[0].box == box && found.faces[0].crop == Rectangle(x: 95, y: 50, width: 70, height: 100))
        for outside in [Rectangle(x: 300, y: 0, width: 60, height: 60), Rectangle(x: 0, y: 0, width: 0, height: 5)] {
            #expect(throws: MarkOutside.self) { try finder.find(in: clouds, marked: outside) }
        }
    }

    /// A photograph of two megapixels is looked at as one of one; what is found is told in its own pixels.
    @Test func aLargePhotographIsScaledDown() throws {
        let finder = FaceFinder(SingleFace(cascade: try Fixtures.cascade("frontalface_alt2")), cropSize: nil)
        let small = DrawnFaces.image("portrait")
        let large = small.resized(width: 1780, height: 2180)
        let found = try finder.find(in: large)
        let face = try #require(found.faces.first)
        #expect(found.faces.count == 1 && found.width == 1780 && found.height == 2180)
        #expect(face.image.width * face.image.height < FaceFinder.mostPixels)
        #expect(large.bounds.contains(face.box) && large.bounds.contains(face.crop))
        let plain = try #require(finder.detection.boxes(in: small).first)
        for (mine, theirs) in [(face.box.x, plain.x), (face.box.y, plain.y), (face.box.width, plain.width)] {
            #expect(abs(mine - 10 * theirs) < 150)
        }
    }

    @Test func severalThreadsShareOneSearch() throws {
        let gallery = try gallery(.network(EmbeddingNetwork(.mobilenetV2, seed: 3), .embedding))
        let image = try gallery.faces.image(of: gallery.faces.queries[0])
        let expected = try gallery.search.nearest(5, to: gallery.search.vector(of: image)).hits
        let answers = concurrentMap(Array(0..<16)) { _ in
            Result { try gallery.search.nearest(5, to: gallery.search.vector(of: image)).hits }
        }
        for answer in answers { #expect(try answer.get() == expected) }
    }
}
