import Drawing
import Tensors

extension PortraitPainter {
    mutating func paintBody() {
        let fabric = Self.fabrics[random.integer(below: Self.fabrics.count)]
        let cloth = Color(fabric)
        let second = Color(Self.fabrics[random.integer(below: Self.fabrics.count)])
        let neck = sitter.isMale ? 29.0 : 23.5
        let wide = sitter.isChubby ? 5.0 : 0
        paintNeck(neck + wide)
        switch shot.clothes {
        case .dress: garment(cloth, opening: [(58, 96), (40, 106), (18, 116), (0, 120)])
        case .neckline: garment(cloth, opening: [(neck + wide + 8, 86), (20, 100), (8, 112), (0, 118)])
        case .round: garment(cloth, opening: [(neck + wide + 3, 84), (22, 92), (10, 96), (0, 97)])
        case .shirt:
            collar(garment: cloth, shirt: cloth.mixed(with: Color(0xFFFFFF), 0.25), neck: neck + wide, tie: second)
        case .suit: collar(garment: suit(cloth), shirt: Color(0xF2F1EE), neck: neck + wide, tie: second)
        }
        if shot.hasNecklace { paintNecklace(neck + wide) }
    }

    private static let fabrics: [UInt32] = [
        0x1D1E24, 0x26334F, 0x7C1F2B, 0xE9E4DA, 0x2F5D50, 0xB6452C, 0x5A4A78, 0xC99A2E, 0x3D6FA3, 0x8A8D91, 0xD98AA0,
        0x54402F, 0x1F6F78, 0xB9C4B0,
    ]

    private func suit(_ color: Color) -> Color { color.mixed(with: Color(0x15161C), 0.72) }

    private func paintNeck(_ half: Double) {
        let c = sitter.chin
        let path = Path(
            through: [
                (-half, 40), (-half, c + 4), (-half - 5, 90), (-64, 102), (-80, 130), (80, 130), (64, 102),
                (half + 5, 90), (half, c + 4), (half, 40),
            ].map { pose.body($0.0, $0.1) },
            closed: true, tension: 0.8)
        let dim = colors.skin.mixed(with: colors.skinShade, 0.45)
        canvas.fill(
            path,
            .linear(
                from: pose.body(half * darkSide, 80), to: pose.body(-half * darkSide, 80),
                [.init(0, dim), .init(1, colors.skin)]))
        canvas.clipped(to: path) { canvas.glow(at: pose.body(0, c + 4), half + 24, 24, colors.skinDeep, 0.85) }
        for side in [-1.0, 1] {
            canvas.stroke(
                Path(through: [pose.body(side * 15, c + 14), pose.body(side * 8, 98), pose.body(side * 3, 104)]),
                .solid(colors.skinShade, opacity: 0.5), width: 2)
        }
    }

    /// Cloth over the shoulders; `opening` runs from the neck's right edge down to the middle.
    private func garment(_ color: Color, opening: [(Double, Double)]) {
        let broad = sitter.isMale ? 86.0 : 72
        var path = Path(
            through: [(-broad - 30, 150), (-broad - 16, 112), (-broad + 10, 99), (-opening[0].0, opening[0].1)].map {
                pose.body($0.0, $0.1)
            })
        let left = opening.map { pose.body(-$0.0, $0.1) }
        let right = opening.reversed().dropFirst().map { pose.body($0.0, $0.1) }
        path.append(through: left + right)
        path.append(
            through: [(opening[0].0, opening[0].1), (broad - 10, 99), (broad + 16, 112), (broad + 30, 150)].map {
                pose.body($0.0, $0.1)
            })
        path.close()
        canvas.fill(path, shaded(color))
        canvas.stroke(
            Path(through: left + right), .solid(color.mixed(with: Color(0x0A0A0C), 0.5), opacity: 0.8), width: 1.6)
    }

    private func shaded(_ color: Color) -> Paint {
        let dim = color.mixed(with: Color(0x08080C), 0.45)
        let lit = color.mixed(with: Color(0xFFFFFF), 0.12)
        return .linear(
            from: Point(-80, 90), to: Point(80, 110),
            shot.light < 0 ? [.init(0, lit), .init(1, dim)] : [.init(0, dim), .init(1, lit)])
    }

    private func collar(garment color: Color, shirt: Color, neck: Double, tie: Color) {
        garment(shirt, opening: [(neck + 1, 83), (15, 92), (5, 99), (0, 102)])
        if shot.clothes == .suit {
            let broad = sitter.isMale ? 88.0 : 74
            for side in [-1.0, 1] {
                let lapel = Path(
                    through: [
                        (neck + 7, 82), (broad - 8, 97), (broad + 18, 112), (broad + 30, 150), (2, 150), (9, 122),
                        (24, 100),
                    ].map { pose.body(side * $0.0, $0.1) }, closed: true, tension: 0.35)
                canvas.fill(lapel, shaded(color))
                canvas.stroke(
                    Path(
                        through: [(neck + 7, 82), (34, 100), (27, 112), (18, 132)].map { pose.body(side * $0.0, $0.1) },
                        tension: 0.4), .solid(color.mixed(with: Color(0xFFFFFF), 0.22), opacity: 0.8), width: 1.2)
            }
        }
        if shot.hasNecktie { paintNecktie(tie) }
        for side in [-1.0, 1] {
            let flap = Path(
                through: [(neck + 1, 79), (neck + 5, 88), (17, 103), (5, 93), (15, 89)].map {
                    pose.body(side * $0.0, $0.1)
                }, closed: true, tension: 0.2)
            canvas.fill(flap, .solid(shirt.mixed(with: Color(0xFFFFFF), 0.3)))
            canvas.stroke(flap, .solid(shirt.mixed(with: Color(0x101018), 0.5), opacity: 0.6), width: 0.9)
        }
    }

    private func paintNecktie(_ color: Color) {
        let bright = color.mixed(with: Color(0xB01030), 0.25)
        let knot = Path(
            through: [(-7.5, 91), (7.5, 91), (4.5, 102), (-4.5, 102)].map { pose.body($0.0, $0.1) }, closed: true,
            tension: 0.2)
        let blade = Path(
            through: [(-4.5, 101), (4.5, 101), (12, 150), (-12, 150)].map { pose.body($0.0, $0.1) }, closed: true,
            tension: 0.1)
        canvas.fill(blade, .solid(bright))
        canvas.clipped(to: blade) {
            for stripe in 0..<5 {
                let y = 104 + Double(stripe) * 8
                canvas.stroke(
                    Path(through: [pose.body(-12, y + 7), pose.body(12, y - 3)]),
                    .solid(bright.mixed(with: Color(0xFFFFFF), 0.5)), width: 2)
            }
        }
        canvas.fill(knot, .solid(bright.mixed(with: Color(0x0A0A10), 0.2)))
        canvas.stroke(knot, .solid(Color(0x0A0A10), opacity: 0.5), width: 0.9)
    }

    private func paintNecklace(_ neck: Double) {
        let pearls = sitter.taste[3] < 0.5
        let low = 99.0
        let curve: [(Double, Double)] = [
            (-neck - 3, 82), (-neck * 0.72, 91), (-neck * 0.3, low - 1.5), (0, low), (neck * 0.3, low - 1.5),
            (neck * 0.72, 91), (neck + 3, 82),
        ]
        if pearls {
            for step in 0...16 {
                let t = Double(step) / 8 - 1
                let at = pose.body(t * (neck + 2), 82 + (low - 82) * (1 - t * t))
                canvas.disc(at: at, radius: 2.5, fill: Color(0xF3EEE6), outline: Color(0x8A7F76), lineWidth: 0.6)
                canvas.disc(at: Point(at.x - 0.7, at.y - 0.8), radius: 0.8, fill: Color(0xFFFFFF))
            }
        } else {
            let chain = Path(through: curve.map { pose.body($0.0, $0.1) })
            canvas.stroke(chain, .solid(Color(0x6A4410), opacity: 0.8), width: 3)
            canvas.stroke(chain, .solid(Color(0xF0C84E)), width: 1.7)
            let drop = pose.body(0, low + 4)
            canvas.fill(
                .ellipse(at: drop, 3.4, 4.4),
                .radial(
                    center: Point(drop.x - 1, drop.y - 1.5), to: 5,
                    [.init(0, Color(0xFFF6D0)), .init(1, Color(0xB07A1C))]))
        }
    }
}
