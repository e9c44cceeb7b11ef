import Faces
import Files
import Foundation
import Imaging
import Portraits
import Testing

@Suite struct PortraitTests {
    private func portraits(_ people: Int, each: Int = 1, seed: UInt64 = 3) -> [Portrait] {
        (1...people).flatMap { number in
            let sitter = Sitter(number: number, seed: seed)
            return (0..<each).map { Portrait(of: sitter, index: $0, seed: seed) }
        }
    }

    @Test func aPictureDependsOnItsNumbersAlone() throws {
        let sitter = Sitter(number: 12, seed: 5)
        let picture = try Portrait(of: sitter, index: 3, seed: 5).jpeg()
        #expect(try Portrait(of: Sitter(number: 12, seed: 5), index: 3, seed: 5).jpeg() == picture)
        #expect(try Portrait(of: sitter, index: 4, seed: 5).jpeg() != picture)
        #expect(try Portrait(of: Sitter(number: 13, seed: 5), index: 3, seed: 5).jpeg() != picture)
        #expect(try Portrait(of: Sitter(number: 12, seed: 6), index: 3, seed: 6).jpeg() != picture)
        let image = try Image(decoding: picture, name: "portrait")
        #expect(image.width == 178 && image.height == 218 && image.channels == 3)
    }

    @Test func landmarksAreWhereAFaceHasThem() {
        for portrait in portraits(100) {
            let marks = portrait.landmarks
            #expect(marks.count == 5)
            #expect(marks.allSatisfy { (30..<148).contains($0.x) && (80..<190).contains($0.y) })
            #expect(marks[0].x < marks[1].x && marks[3].x < marks[4].x)
            #expect(marks[2].y > min(marks[0].y, marks[1].y) && max(marks[3].y, marks[4].y) > marks[2].y)
        }
    }

    @Test func attributesNeverContradictEachOther() {
        for portrait in portraits(600, each: 2) {
            let shown = portrait.attributes.shown
            func excludes(_ attribute: Attribute, _ others: Attribute...) {
                if shown.contains(attribute) { #expect(shown.isDisjoint(with: others), "\(attribute) among \(shown)") }
            }
            excludes(
                .bald, .blackHair, .blondHair, .brownHair, .grayHair, .bangs, .straightHair, .wavyHair, .wearingHat)
            excludes(.noBeard, .fiveOClockShadow, .goatee, .mustache)
            excludes(.male, .wearingLipstick, .heavyMakeup)
            excludes(.wearingLipstick, .goatee, .mustache, .sideburns, .fiveOClockShadow)
            excludes(.bigNose, .pointyNose)
            excludes(.straightHair, .wavyHair)
            excludes(.chubby, .ovalFace)
            excludes(.wearingNecktie, .wearingNecklace)
            excludes(.bangs, .recedingHairline)
            let hairColors: Set<Attribute> = [.blackHair, .blondHair, .brownHair, .grayHair]
            #expect(shown.intersection(hairColors).count <= 1)
        }
    }

    @Test func nothingOfABaldHeadsHairIsDrawn() throws {
        func changesWithHair(_ portrait: Portrait) -> Bool {
            var shot = portrait.shot
            shot.hairTexture = shot.hairTexture == .curly ? .straight : .curly
            shot.hairLength = .long
            return Portrait(of: portrait.sitter, shot).image() != portrait.image()
        }
        let all = portraits(400)
        let bald = try #require(all.first { $0.attributes.shown.contains(.bald) })
        let haired = try #require(all.first { !$0.sitter.isBald })
        #expect(!changesWithHair(bald))
        #expect(changesWithHair(haired))
    }

    @Test func whatChangesAnAttributeChangesThePicture() throws {
        let woman = try #require(portraits(50).first { !$0.sitter.isMale && !$0.shot.hasGlasses && $0.shot.hat == nil })
        let man = try #require(portraits(50).first { $0.sitter.isMale && !$0.sitter.isBald && $0.shot.beard == .none })
        func expectChange(_ portrait: Portrait, _ attribute: Attribute, _ change: (inout Shot) -> Void) {
            var shot = portrait.shot
            change(&shot)
            let changed = Portrait(of: portrait.sitter, shot)
            #expect(
                changed.attributes.shown.contains(attribute) != portrait.attributes.shown.contains(attribute),
                "\(attribute)")
            let moved = zip(changed.image().pixels, portrait.image().pixels).filter { abs(Int($0) - Int($1)) > 12 }
                .count
            #expect(moved > 40, "\(attribute) changes \(moved) values")
        }
        expectChange(woman, .eyeglasses) { $0.hasGlasses.toggle() }
        expectChange(woman, .wearingHat) { $0.hat = .brim }
        expectChange(woman, .heavyMakeup) { $0.hasMakeup.toggle() }
        expectChange(woman, .wearingLipstick) { $0.hasLipstick.toggle() }
        expectChange(woman, .rosyCheeks) { $0.hasRosyCheeks.toggle() }
        expectChange(woman, .smiling) { $0.smile = $0.smile < 0.5 ? 0.9 : 0 }
        expectChange(woman, .mouthSlightlyOpen) { $0.opening = $0.opening > 0 ? 0 : 0.8 }
        expectChange(woman, .blurry) { $0.blur = $0.isBlurry ? 0.4 : 2.4 }
        expectChange(woman, .wearingEarrings) { $0.hasEarrings.toggle() }
        expectChange(woman, .wearingNecklace) { $0.hasNecklace.toggle() }
        expectChange(man, .wearingNecktie) {
            $0.hasNecktie.toggle()
            $0.clothes = $0.hasNecktie ? .suit : .round
        }
        expectChange(man, .bangs) { $0.hasBangs.toggle() }
        expectChange(man, .fiveOClockShadow) { $0.beard = .stubble }
        expectChange(man, .goatee) { $0.beard = .goatee }
        expectChange(man, .mustache) { $0.beard = .mustache }
        expectChange(man, .sideburns) { $0.hasSideburns.toggle() }
    }

    /// CelebA's own shares of its 202,599 images, in the order of its list.
    private static let celebA: [Double] = [
        0.111, 0.267, 0.513, 0.205, 0.022, 0.152, 0.241, 0.235, 0.239, 0.148, 0.051, 0.205, 0.142, 0.058, 0.047, 0.065,
        0.063, 0.042, 0.387, 0.455, 0.417, 0.483, 0.042, 0.115, 0.835, 0.284, 0.043, 0.277, 0.080, 0.066, 0.057, 0.482,
        0.208, 0.320, 0.189, 0.048, 0.472, 0.123, 0.073, 0.774,
    ]

    @Test func attributesAreAsFrequentAsInCelebA() {
        let all = portraits(6000)
        for (attribute, expected) in zip(Attribute.allCases, Self.celebA) {
            let share = Double(all.count { $0.attributes.shown.contains(attribute) }) / Double(all.count)
            #expect(
                abs(share - expected) < 0.012 + 0.16 * expected,
                "\(attribute.rawValue): \(share), in CelebA \(expected)")
        }
    }
}
