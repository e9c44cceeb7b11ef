import Drawing
import Tensors

extension PortraitPainter {
    /// Half the head's width at a height, without hair.
    static func outline(_ sitter: Sitter, _ pose: HeadPose) -> Path {
        let w = sitter.faceWidth
        let jaw = sitter.jaw
        let full = sitter.isChubby ? 5.5 : 0
        let half: [(Double, Double)] = [
            (0, -64), (w * 0.5, -58), (w * 0.85, -38), (w * 0.99, -10), (w - 0.5, 14),
            (w * (0.86 + 0.06 * jaw) + full, 38), (w * (0.64 + 0.17 * jaw) + full, sitter.chin - 15),
            (w * (0.36 + 0.14 * jaw) + full, sitter.chin - 3.5), (0, sitter.chin),
        ]
        return Path(through: mirrored(half).map { pose.rim($0.0, $0.1) }, closed: true)
    }

    func paintEars() {
        for side in [-1.0, 1] { paintEar(side) }
    }

    /// The ear of the side that a turned head shows lies before the hair.
    func paintNearEar() {
        guard abs(pose.turn) > 0.22, !hangs, shot.hairTexture != .curly else { return }
        paintEar(pose.turn > 0 ? -1 : 1)
    }

    private func paintEar(_ side: Double) {
        // The far ear hides behind the cheek; the near one comes forward.
        let hidden = max(0, side * pose.turn) * 16
        let forward = max(0, -side * pose.turn - 0.1) * 16
        let center = pose.rim(side * (sitter.faceWidth + 1.5 - hidden - forward), 8)
        let tall = 12 * sitter.earSize
        canvas.fill(
            .ellipse(at: center, 6.5, tall, angle: side * 0.12), .solid(colors.skin.mixed(with: colors.skinShade, 0.3)))
        canvas.glow(at: Point(center.x + side * 0.5, center.y - 1), 4.5, tall * 0.75, colors.skinDeep, 0.5)
    }

    func paintFace() {
        let light = shot.light
        let dark = darkSide
        let left = pose.rim(-sitter.faceWidth, 0)
        let right = pose.rim(sitter.faceWidth, 0)
        let lit = light < 0 ? left : right
        let dim = light < 0 ? right : left
        let depth = 0.25 + 0.5 * shot.contrast * abs(light)
        canvas.fill(
            outline,
            .linear(
                from: lit, to: dim,
                [
                    .init(0, colors.skin.mixed(with: colors.skinLight, 0.35)), .init(0.45, colors.skin),
                    .init(0.7, colors.skin.mixed(with: colors.skinShade, depth * 0.35)),
                    .init(1, colors.skin.mixed(with: colors.skinShade, depth)),
                ]))
        canvas.clipped(to: outline) {
            paintRelief(dark: dark)
            paintComplexion()
            paintAge()
            if sitter.isChubby { paintFullness() }
        }
        paintChinCrease()
    }

    /// Where a face stands out and falls back.
    private func paintRelief(dark: Double) {
        let middle = pose.front(0, 8)
        canvas.fill(
            .ellipse(at: middle, 90, 100),
            .radial(
                center: middle, from: 34, to: 74,
                [.init(0, colors.skinShade, 0), .init(0.6, colors.skinShade, 0.28), .init(1, colors.skinDeep, 0.6)]))
        canvas.glow(at: pose.front(-dark * 9, -30), 40, 21, colors.skinLight, 0.75)
        canvas.glow(at: pose.front(0, sitter.chin - 11), 15, 10, colors.skinLight, 0.5)
        canvas.glow(at: pose.front(0, sitter.mouthHeight + 10), 13, 5, colors.skinShade, 0.6)
        let bones = PortraitAttributes.cheekbones(sitter, shot)
        for side in [-1.0, 1] {
            let shine = side == dark ? 0.6 : 0.9
            canvas.glow(at: pose.front(side * 24, 21), 21, 15, colors.skinLight, shine * 0.8)
            canvas.glow(at: pose.front(side * 30, 15), 13, 6.5, angle: side * -0.5, colors.skinLight, bones * 0.9)
            canvas.glow(at: pose.front(side * 33, 34), 10, 25, angle: side * 0.62, colors.skinShade, bones * 0.8)
            // Eye sockets.
            canvas.glow(at: pose.front(side * sitter.eyeSpacing, -3), 20, 13, colors.skinShade, 0.75)
            canvas.glow(at: pose.front(side * 9, -5), 8, 11, colors.skinDeep, 0.45)
            canvas.glow(at: pose.front(side * 47, -20), 14, 26, colors.skinShade, 0.5)
        }
    }

    private func paintComplexion() {
        for side in [-1.0, 1] {
            let cheek = pose.front(side * 27, 21)
            if shot.hasRosyCheeks {
                canvas.glow(at: cheek, 19, 15, Color(0xE8384F), sitter.isPale ? 0.55 : 0.72)
            } else if shot.hasMakeup {
                canvas.glow(
                    at: pose.front(side * 31, 19), 15, 9, angle: side * -0.5, colors.blush, sitter.isPale ? 0.42 : 0.6)
            }
        }
        if sitter.hasFreckles {
            var spots = RandomNumbers(seed: 0, .look, sitter.number)
            for _ in 0..<34 {
                let spot = pose.front(spots.uniform(in: -34...34), spots.uniform(in: 6...26))
                canvas.disc(
                    at: spot, radius: spots.uniform(in: 0.4...0.9), fill: colors.skin.mixed(with: Color(0x9A5428), 0.5))
            }
        }
        if let mole = sitter.mole {
            canvas.disc(at: pose.front(mole.x, mole.y), radius: 1.2, fill: colors.skinDeep)
        }
    }

    /// Lines that come with the years, and bags.
    private func paintAge() {
        let old = min(max((sitter.age - 40) / 28, 0), 1)
        if !sitter.isYoung {
            for (index, y) in [-38.0, -31, -25].enumerated() {
                let reach = 24.0 - Double(index) * 2
                canvas.stroke(
                    onFace([(-reach, y + 1.5), (-8, y), (8, y + 0.6), (reach, y + 2)]),
                    .solid(colors.skinDeep, opacity: 0.2 + 0.25 * old), width: 1.1)
            }
            for side in [-1.0, 1] {
                for tilt in [-3.0, 0, 3] {
                    canvas.stroke(
                        onFace([(side * 33, 1 + tilt * 0.4), (side * 40, 1 + tilt * 1.6)]),
                        .solid(colors.skinDeep, opacity: 0.2 + 0.25 * old), width: 0.9)
                }
                canvas.glow(
                    at: pose.front(side * 24, 48), 7, 14, angle: side * 0.3, colors.skinShade, 0.45 * (0.4 + old))
            }
        }
        let fold = max(shot.smile, 0) * 0.5 + (sitter.isYoung ? 0 : 0.4 + 0.3 * old)
        for side in [-1.0, 1] where fold > 0.2 {
            canvas.stroke(
                onFace([
                    (side * (sitter.noseWidth + 2.5), sitter.noseLength - 2),
                    (side * (sitter.noseWidth + 9), sitter.noseLength + 8),
                    (side * (sitter.mouthWidth + 6), sitter.mouthHeight + 1),
                ]), .solid(colors.skinDeep, opacity: min(0.55, 0.45 * fold)), width: 1.5)
        }
        if sitter.bags {
            for side in [-1.0, 1] {
                let x = side * sitter.eyeSpacing
                canvas.glow(at: pose.front(x, 10.5), 13, 6, colors.skinDeep.mixed(with: Color(0x4A3358), 0.45), 0.75)
                canvas.glow(at: pose.front(x, 7), 9, 3, colors.skinLight, 0.7)
                canvas.stroke(
                    onFace([(x - side * 9, 8), (x - side * 2, 13), (x + side * 6, 13), (x + side * 12, 9)]),
                    .solid(colors.skinDeep, opacity: 0.62), width: 1.2)
            }
        }
    }

    private func paintFullness() {
        for side in [-1.0, 1] {
            canvas.glow(at: pose.front(side * 31, 38), 17, 18, colors.skinLight, 0.5)
            canvas.stroke(
                onFace([(side * 24, 32), (side * 27, 44), (side * 22, 56)]), .solid(colors.skinShade, opacity: 0.4),
                width: 1.6)
        }
    }

    private func paintChinCrease() {
        guard sitter.hasDoubleChin else { return }
        let c = sitter.chin
        let fold = Path(
            through: [(-30, c - 7), (-20, c + 8), (0, c + 13), (20, c + 8), (30, c - 7)].map { pose.rim($0.0, $0.1) })
        let front = Path(
            through: [(-24, c - 8), (-13, c - 1.5), (0, c + 0.5), (13, c - 1.5), (24, c - 8)].map {
                pose.rim($0.0, $0.1)
            })
        canvas.fill(
            fold,
            .linear(
                from: pose.rim(0, c), to: pose.rim(0, c + 13),
                [.init(0, colors.skinShade), .init(0.6, colors.skin), .init(1, colors.skinShade)]))
        canvas.stroke(fold, .solid(colors.skinDeep, opacity: 0.6), width: 1.4)
        canvas.stroke(front, .solid(colors.skinDeep, opacity: 0.6), width: 1.6)
    }
}
