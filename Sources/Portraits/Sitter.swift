import Tensors

/// A person who is drawn: what stays the same from one photograph to the next.
///
/// Lengths are in pixels of a 178×218 portrait, from the point between the eyes; shares run from 0 to 1. Traits that an
/// attribute names keep a gap between yes and no, so that the picture shows which it is.
package struct Sitter: Sendable {
    package let number: Int
    package let isMale: Bool
    /// In years; 45 and more is no longer `Young`.
    package let age: Double

    // Head.
    /// Half the width at the cheekbones, 40–54.
    package let faceWidth: Double
    /// Squareness of the jaw.
    package let jaw: Double
    /// From the eyes down, 66–78.
    package let chin: Double
    package let isOval: Bool
    package let isChubby: Bool
    package let hasDoubleChin: Bool
    package let cheekbones: Double
    package let earSize: Double

    // Skin.
    /// 0 is the fairest.
    package let tone: Double
    /// −1 pinkish to 1 golden.
    package let undertone: Double
    package let isPale: Bool
    package let hasFreckles: Bool
    /// A mole's place, if any.
    package let mole: (x: Double, y: Double)?

    // Eyes and brows.
    /// Half the distance of the pupils, 18–21.
    package let eyeSpacing: Double
    package let eyeSize: Double
    package let hasNarrowEyes: Bool
    package let eyeTilt: Double
    package let eyeColor: Int
    package let bags: Bool
    package let browThickness: Double
    package let browArch: Double
    package let browHeight: Double

    // Nose and mouth.
    package let noseLength: Double
    /// Half the width at the wings; 11 and more is `Big_Nose`.
    package let noseWidth: Double
    package let hasPointyNose: Bool
    /// 1 and more is `Big_Lips`.
    package let lips: Double
    package let mouthWidth: Double
    package let mouthHeight: Double

    // Hair.
    package let hairColor: HairColor
    /// A shade of that colour, −1 to 1.
    package let hairShade: Double
    package let hairTexture: HairTexture
    package let hairLength: HairLength
    package let hairVolume: Double
    package let isBald: Bool
    package let isReceding: Bool
    /// Where the hair parts, −1 (left) to 1.
    package let parting: Double
    package let wearsBangs: Bool
    package let beard: Beard

    // Habits: how likely one photograph shows it.
    package let glasses: Double
    package let makeup: Double
    package let earrings: Double
    package let necklace: Double
    package let hat: Double
    package let necktie: Double
    package let cheerfulness: Double
    /// Which frames, lipstick, jewels, hat this person likes, 0 to 1 each.
    package let taste: [Double]

    package enum HairColor: Int, Sendable, CaseIterable { case black, brown, blond, gray, red, dyed }
    package enum HairTexture: Int, Sendable, CaseIterable { case straight, wavy, curly, cropped }
    package enum HairLength: Int, Sendable, CaseIterable { case short, medium, long }
    package enum Beard: Int, Sendable, CaseIterable { case none, stubble, goatee, mustache, full, sideburns }

    package var isYoung: Bool { age < 45 }
    package var hasBushyBrows: Bool { browThickness >= 4.6 }
    package var hasArchedBrows: Bool { browArch >= 4 }
    package var hasBigNose: Bool { noseWidth >= 11 }
    package var hasBigLips: Bool { lips >= 1 }

    /// The person with this number. Depends on (seed, number) alone.
    package init(number: Int, seed: UInt64) {
        var random = RandomNumbers(seed: seed, .sitter, number)
        self.number = number
        let male = random.coin(0.42)
        isMale = male
        let years = random.uniform()
        age = male ? 20 + 55 * years * years.squareRoot() : 19 + 53 * years * years * years * years
        let old = max(0, age - 45) / 30

        isChubby = random.coin(male ? 0.09 : 0.035)
        hasDoubleChin = isChubby ? random.coin(0.6) : random.coin(0.012)
        isOval = !isChubby && random.coin(male ? 0.21 : 0.37)
        faceWidth = (isChubby ? 52.5 : isOval ? 42 : 44.8) + random.spread(1.6)
        jaw = isChubby ? 0.85 : isOval ? random.uniform(in: 0...0.12) : random.uniform(in: male ? 0.5...1 : 0.38...0.8)
        chin = (isOval ? 74.5 : 70.5) + (male ? 1.5 : 0) + random.spread(2.2)
        cheekbones = random.uniform()
        earSize = random.uniform(in: 0.85...1.2)

        isPale = random.coin(0.05)
        let shade = random.uniform()
        tone = isPale ? 0 : 0.1 + 0.9 * shade * shade
        undertone = random.spread(1)
        hasFreckles = tone < 0.3 && random.coin(0.12)
        let spot = ((random.coin(0.5) ? 1.0 : -1) * random.uniform(in: 17...30), random.uniform(in: 14...52))
        mole = random.coin(0.16) ? spot : nil

        eyeSpacing = 19.5 + random.spread(1.3)
        eyeSize = random.uniform(in: 0.9...1.16)
        hasNarrowEyes = random.coin(0.12)
        eyeTilt = random.spread(1.6)
        let eye = random.uniform()
        eyeColor =
            tone > 0.55 ? (eye < 0.75 ? 0 : 1) : eye < 0.25 ? 0 : eye < 0.45 ? 1 : eye < 0.6 ? 2 : eye < 0.85 ? 3 : 4
        bags = random.coin(male ? 0.2 + 0.5 * old : 0.07 + 0.4 * old)
        let bushy = random.coin(male ? 0.28 : 0.04)
        browThickness = bushy ? random.uniform(in: 6...7.6) : random.uniform(in: male ? 2.7...3.8 : 2...3.3)
        let arched = random.coin(male ? 0.06 : 0.42)
        browArch = arched ? random.uniform(in: 4.6...6.4) : random.uniform(in: -0.6...1.8)
        browHeight = 12.6 + random.spread(1.6)

        let big = random.coin(male ? 0.38 : 0.13)
        hasPointyNose = !big && random.coin(male ? 0.26 : 0.37)
        noseWidth =
            big ? random.uniform(in: 11.6...13.8) : hasPointyNose ? 7 + random.spread(0.7) : 8.8 + random.spread(0.8)
        noseLength = (big ? 27 : 25) + random.spread(1.8)
        lips = random.coin(male ? 0.13 : 0.33) ? random.uniform(in: 1.3...1.65) : random.uniform(in: 0.4...0.72)
        mouthWidth = 15.5 + random.spread(2)
        mouthHeight = 41.5 + random.spread(1.6)

        hairColor = Sitter.hairColor(age: age, tone: tone, &random)
        hairShade = random.spread(1)
        let texture = random.uniform()
        let limits: [Double] = male ? [0.2, 0.37, 0.5] : [0.2, 0.73, 0.86]
        hairTexture =
            texture < limits[0] ? .straight : texture < limits[1] ? .wavy : texture < limits[2] ? .curly : .cropped
        let length = random.uniform()
        hairLength =
            hairTexture == .cropped
            ? .short
            : male
                ? (length < 0.84 ? .short : length < 0.95 ? .medium : .long)
                : (length < 0.1 ? .short : length < 0.36 ? .medium : .long)
        hairVolume = random.uniform(in: 3...9)
        isBald = male && random.coin(age > 40 ? 0.11 : 0.03)
        isReceding = !isBald && random.coin(male ? (age > 40 ? 0.38 : 0.1) : 0.015)
        parting = random.spread(1)
        wearsBangs = !isReceding && !isBald && random.coin(male ? 0.09 : 0.22)
        beard = male ? Sitter.beard(&random) : .none

        glasses = random.coin(male ? 0.085 : 0.03) ? 0.72 : 0.018
        makeup = male ? 0 : random.coin(0.82) ? random.uniform(in: 0.6...1) : 0.1
        earrings = male ? (random.coin(0.05) ? 0.5 : 0) : random.uniform(in: 0...0.65)
        necklace = male ? 0.02 : random.uniform(in: 0...0.4)
        hat = random.coin(0.1) ? 0.28 : 0.022
        necktie = male ? random.uniform(in: 0...0.36) : 0
        cheerfulness = random.uniform(in: male ? 0.1...0.75 : 0.2...0.88)
        taste = (0..<8).map { _ in random.uniform() }
    }

    private static func hairColor(age: Double, tone: Double, _ random: inout RandomNumbers) -> HairColor {
        if random.coin(max(0, age - 42) / 95) { return .gray }
        let dark = tone > 0.5
        let draw = random.uniform()
        if dark {
            return draw < 0.52 ? .black : draw < 0.78 ? .brown : draw < 0.82 ? .blond : draw < 0.94 ? .red : .dyed
        }
        return draw < 0.14 ? .black : draw < 0.36 ? .brown : draw < 0.59 ? .blond : draw < 0.95 ? .red : .dyed
    }

    private static func beard(_ random: inout RandomNumbers) -> Beard {
        let draw = random.uniform()
        return draw < 0.5
            ? .none
            : draw < 0.71
                ? .stubble : draw < 0.8 ? .goatee : draw < 0.845 ? .mustache : draw < 0.94 ? .full : .sideburns
    }
}

extension RandomNumbers {
    mutating func coin(_ probability: Double) -> Bool { uniform() < probability }

    /// Bell-shaped, within ±`reach`: the mean of three uniform numbers, widened.
    mutating func spread(_ reach: Double) -> Double {
        (uniform() + uniform() + uniform() - 1.5) / 1.5 * reach
    }
}
