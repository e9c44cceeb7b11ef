import Tensors

/// One photograph of a sitter: everything that changes between photographs.
package struct Shot: Sendable {
    // Pose, in radians; the head is aligned at its eyes, as CelebA's are.
    package var yaw: Double
    package var pitch: Double
    package var roll: Double
    /// Size of the head; 1 is usual.
    package var scale: Double
    package var shift: (x: Double, y: Double)

    // Expression.
    /// 0 is serious, 0.5 and more is `Smiling`.
    package var smile: Double
    /// 0 is closed, 0.35 and more is `Mouth_Slightly_Open`.
    package var opening: Double
    /// Share that the eyes are open.
    package var eyes: Double
    package var gaze: (x: Double, y: Double)
    package var brows: Double

    // Light and camera.
    /// Where the light comes from: −1 left to 1 right, and how strong the shadows are.
    package var light: Double
    package var contrast: Double
    /// −1 is cold, 1 is warm.
    package var warmth: Double
    package var exposure: Double
    /// Standard deviations: of the blur in pixels (1.9 and more is `Blurry`), of the grain in gray steps.
    package var blur: Double
    package var grain: Double
    /// JPEG quality.
    package var quality: Int

    // What is worn.
    package var hasGlasses: Bool
    package var hasSunglasses: Bool
    package var hat: Hat?
    package var hasEarrings: Bool
    package var hasNecklace: Bool
    package var hasNecktie: Bool
    package var hasMakeup: Bool
    package var hasLipstick: Bool
    package var hasRosyCheeks: Bool
    package var beard: Sitter.Beard
    package var hasSideburns: Bool
    package var hairTexture: Sitter.HairTexture
    package var hairLength: Sitter.HairLength
    package var isTiedBack: Bool
    package var hasBangs: Bool
    package var clothes: Clothes
    package var occlusion: Occlusion?
    /// Numbers for whatever else differs: colours of clothes and background, strands of hair.
    package var look: RandomNumbers

    package enum Hat: Int, Sendable, CaseIterable { case cap, beanie, brim }
    package enum Clothes: Int, Sendable, CaseIterable { case round, neckline, shirt, suit, dress }
    package enum Occlusion: Int, Sendable, CaseIterable { case microphone, hand, foreground }

    package var isBlurry: Bool { blur >= 1.9 }

    /// Photograph `index` of a sitter. Depends on (seed, identity, index) alone.
    package init(of sitter: Sitter, index: Int, seed: UInt64) {
        var random = RandomNumbers(seed: seed, .shot, sitter.number, index)
        // Most people face the camera; one in twelve looks well aside, one in twenty-five tilts the head.
        let side: Double = random.coin(0.5) ? 1 : -1
        let aside = random.uniform(in: 0.46...0.68) * side
        yaw = random.normal() * 0.2
        yaw = random.coin(0.08) ? aside : min(max(yaw, -0.55), 0.55)
        pitch = min(max(random.normal() * 0.09, -0.26), 0.26)
        let tilt = random.uniform(in: 0.22...0.42) * side
        roll = random.spread(0.16)
        if random.coin(0.04) { roll = tilt }
        scale = 1.01 + random.spread(0.14)
        shift = (random.spread(5), random.spread(5))

        let smiles = random.coin(sitter.cheerfulness)
        smile = smiles ? random.uniform(in: 0.62...1) : random.uniform(in: -0.15...0.25)
        let open = random.coin(smiles ? 0.74 : 0.26)
        opening = open ? random.uniform(in: 0.45...1) : 0
        eyes = random.coin(0.02) ? 0.12 : random.uniform(in: 0.86...1.06)
        gaze = (random.spread(1), random.spread(0.6))
        brows = random.spread(1.4)

        light = random.coin(0.5) ? random.uniform(in: -1 ... -0.25) : random.uniform(in: 0.25...1)
        contrast = random.uniform(in: 0.35...1)
        warmth = random.spread(1)
        exposure = random.spread(0.34)
        blur = random.coin(0.05) ? random.uniform(in: 2...2.8) : random.uniform(in: 0.3...0.62)
        grain = random.uniform(in: 1...4.5)
        quality = 72 + random.integer(below: 25)

        hasGlasses = random.coin(sitter.glasses)
        hasSunglasses = random.coin(0.016)
        hasGlasses = hasGlasses || hasSunglasses
        hat = random.coin(sitter.hat) ? Hat.allCases[random.integer(below: 3)] : nil
        hasMakeup = random.coin(sitter.makeup)
        hasLipstick = !sitter.isMale && (hasMakeup ? random.coin(0.96) : random.coin(0.42))
        hasRosyCheeks = random.coin(sitter.isMale ? 0.01 : hasMakeup ? 0.14 : 0.07)
        let shaves = random.coin(0.18)
        let grows = random.coin(0.12)
        beard = sitter.beard
        if shaves { beard = sitter.beard == .full ? .stubble : .none }
        if grows && sitter.isMale && sitter.beard == .none { beard = .stubble }
        hasSideburns = beard == .sideburns || (beard == .full && random.coin(0.75))

        hairTexture = sitter.hairTexture
        hairLength = sitter.hairLength
        let styled = random.coin(0.16)
        if styled && !sitter.isMale {
            hairTexture = hairTexture == .straight ? .wavy : hairTexture == .wavy ? .straight : hairTexture
        }
        isTiedBack = !sitter.isMale && sitter.hairLength == .long && random.coin(0.14)
        hasBangs = !sitter.isBald && !sitter.isReceding && random.coin(sitter.wearsBangs ? 0.82 : 0.03)
        hasEarrings = random.coin(sitter.earrings)
        hasNecktie = random.coin(sitter.necktie)
        hasNecklace = !hasNecktie && random.coin(sitter.necklace)
        let wears = random.integer(below: 10)
        let clothes: Clothes =
            sitter.isMale
            ? [.round, .round, .neckline, .shirt, .shirt, .suit, .suit, .suit, .round, .shirt][wears]
            : [.round, .neckline, .neckline, .dress, .dress, .dress, .suit, .shirt, .neckline, .round][wears]
        self.clothes =
            hasNecktie ? (wears < 7 ? .suit : .shirt) : hasNecklace && clothes == .shirt ? .neckline : clothes
        occlusion = random.coin(0.05) ? Occlusion.allCases[random.integer(below: 3)] : nil
        look = RandomNumbers(seed: seed, .look, sitter.number, index)
    }
}
