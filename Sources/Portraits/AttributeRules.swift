/// Which attributes a photograph shows: rules over its parameters, so that every label is true by construction.
///
/// CelebA's subjective attributes follow these: `Young` is under 45 years; `High_Cheekbones` are the bones, raised by a
/// smile; `Attractive` is a sum of points for what CelebA's raters correlate with it.
package struct PortraitAttributes: Sendable {
    package let shown: Set<Attribute>

    package init(of sitter: Sitter, _ shot: Shot) {
        var shown: Set<Attribute> = []
        func mark(_ attribute: Attribute, _ condition: Bool) {
            if condition { shown.insert(attribute) }
        }
        let hasHair = !sitter.isBald
        mark(.male, sitter.isMale)
        mark(.young, sitter.isYoung)
        mark(.chubby, sitter.isChubby)
        mark(.doubleChin, sitter.hasDoubleChin)
        mark(.ovalFace, sitter.isOval)
        mark(.paleSkin, sitter.isPale)
        mark(.rosyCheeks, shot.hasRosyCheeks)
        mark(.highCheekbones, Self.cheekbones(sitter, shot) >= 0.5)

        mark(.narrowEyes, sitter.hasNarrowEyes)
        mark(.bagsUnderEyes, sitter.bags)
        mark(.archedEyebrows, sitter.hasArchedBrows)
        mark(.bushyEyebrows, sitter.hasBushyBrows)
        mark(.bigNose, sitter.hasBigNose)
        mark(.pointyNose, sitter.hasPointyNose)
        mark(.bigLips, sitter.hasBigLips)
        mark(.smiling, shot.smile >= 0.5)
        mark(.mouthSlightlyOpen, shot.opening >= 0.35)

        mark(.bald, sitter.isBald && shot.hat == nil)
        mark(.recedingHairline, sitter.isReceding && shot.hat == nil)
        mark(.bangs, shot.hasBangs && shot.hat == nil)
        mark(.blackHair, hasHair && sitter.hairColor == .black)
        mark(.blondHair, hasHair && sitter.hairColor == .blond)
        mark(.brownHair, hasHair && sitter.hairColor == .brown)
        mark(.grayHair, sitter.hairColor == .gray && hasHair)
        let showsTexture = hasHair && !shot.isTiedBack && !(shot.hat != nil && shot.hairLength == .short)
        mark(.straightHair, showsTexture && shot.hairTexture == .straight)
        mark(.wavyHair, showsTexture && shot.hairTexture == .wavy)

        mark(.fiveOClockShadow, shot.beard == .stubble)
        mark(.goatee, shot.beard == .goatee || shot.beard == .full)
        mark(.mustache, shot.beard == .mustache || shot.beard == .full)
        mark(.sideburns, shot.hasSideburns)
        mark(.noBeard, shot.beard == .none || shot.beard == .sideburns)

        mark(.eyeglasses, shot.hasGlasses)
        mark(.wearingHat, shot.hat != nil)
        mark(.wearingEarrings, shot.hasEarrings)
        mark(.wearingNecklace, shot.hasNecklace)
        mark(.wearingNecktie, shot.hasNecktie)
        mark(.heavyMakeup, shot.hasMakeup)
        mark(.wearingLipstick, shot.hasLipstick)
        mark(.blurry, shot.isBlurry)
        mark(.attractive, Self.attraction(shown) >= 0)
        self.shown = shown
    }

    /// How high the cheekbones stand, 0 to 1; the drawing uses the same number.
    static func cheekbones(_ sitter: Sitter, _ shot: Shot) -> Double {
        let raised = 0.62 * sitter.cheekbones + (shot.smile >= 0.5 ? 0.3 : 0)
        return raised >= 0.5 ? 1 : raised * 0.4
    }

    /// Points for and against `Attractive`, which 0 and more is.
    private static func attraction(_ shown: Set<Attribute>) -> Double {
        let points: [(Attribute, Double)] = [
            (.young, 1.6), (.heavyMakeup, 0.9), (.wearingLipstick, 0.3), (.ovalFace, 0.6), (.archedEyebrows, 0.3),
            (.highCheekbones, 0.3), (.chubby, -1.6), (.doubleChin, -1), (.bagsUnderEyes, -0.8), (.bigNose, -0.9),
            (.bald, -0.9), (.recedingHairline, -0.7), (.grayHair, -0.6), (.eyeglasses, -0.8), (.male, -0.5),
            (.blurry, -0.5), (.wearingHat, -0.4), (.narrowEyes, -0.3), (.pointyNose, 0.2),
        ]
        return points.reduce(-1.75) { $0 + (shown.contains($1.0) ? $1.1 : 0) }
    }

    /// CelebA's numbers, in the order of `Attribute.allCases`: 1 and −1.
    package var row: [Int8] { Attribute.allCases.map { shown.contains($0) ? 1 : -1 } }
}
