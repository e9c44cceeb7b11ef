import Drawing
import Tensors

extension PortraitPainter {
    func paintEarrings() {
        guard shot.hasEarrings else { return }
        let silver = sitter.taste[4] < 0.4
        let metal = silver ? Color(0xE4E8EE) : Color(0xF2C744)
        let edge = silver ? Color(0x5A6472) : Color(0x7A4E0C)
        for side in [-1.0, 1] where side * pose.turn < 0.2 {
            let lobe = pose.rim(side * (sitter.faceWidth + 2.5), 20 * sitter.earSize)
            switch sitter.taste[5] {
            case ..<0.35:
                let ring = Path.ellipse(at: Point(lobe.x, lobe.y + 9), 6.5, 9)
                canvas.stroke(ring, .solid(edge), width: 3.4)
                canvas.stroke(ring, .solid(metal), width: 2)
            case ..<0.7:
                canvas.stroke(Path(through: [lobe, Point(lobe.x, lobe.y + 12)]), .solid(metal), width: 1.6)
                let drop = Point(lobe.x, lobe.y + 15)
                canvas.fill(
                    .ellipse(at: drop, 4.2, 6),
                    .radial(
                        center: Point(drop.x - 1, drop.y - 2), to: 7,
                        [.init(0, Color(0xFFFFFF)), .init(0.4, metal), .init(1, edge)]))
            default:
                canvas.disc(
                    at: Point(lobe.x, lobe.y + 2), radius: 4.6, fill: Color(0xF6F1EA), outline: edge, lineWidth: 1)
                canvas.disc(at: Point(lobe.x - 1.2, lobe.y + 0.6), radius: 1.4, fill: Color(0xFFFFFF))
            }
        }
    }

    func paintGlasses() {
        let dark = shot.hasSunglasses
        let frames: [UInt32] = [0x141416, 0x3A2416, 0x5C1F24, 0x1E2C44, 0x6E6A66]
        let frame = dark ? Color(0x101012) : Color(frames[min(Int(sitter.taste[6] * 5), 4)])
        let round = sitter.taste[7] < 0.45
        let thick = dark ? 2.4 : 1.7 + sitter.taste[6] * 1.1
        let (rx, ry) = round ? (13.5, 12.5) : (14.8, 10.8)
        for side in [-1.0, 1] {
            let x = side * (sitter.eyeSpacing + 0.8)
            let corners: [(Double, Double)] =
                round
                ? [
                    (0, -ry), (rx * 0.71, -ry * 0.71), (rx, 0), (rx * 0.71, ry * 0.71), (0, ry),
                    (-rx * 0.71, ry * 0.71), (-rx, 0), (-rx * 0.71, -ry * 0.71),
                ]
                : [
                    (-rx * 0.8, -ry), (rx * 0.8, -ry), (rx, -ry * 0.6), (rx * 0.9, ry * 0.7), (rx * 0.55, ry),
                    (-rx * 0.55, ry), (-rx * 0.9, ry * 0.7), (-rx, -ry * 0.6),
                ]
            let lens = onFace(corners.map { (x + $0.0, 1.5 + $0.1) }, closed: true, lift: 6)
            if dark {
                canvas.fill(
                    lens,
                    .linear(
                        from: pose.front(x, -ry), to: pose.front(x, ry),
                        [.init(0, Color(0x0C0C10), 0.97), .init(1, Color(0x33302E), 0.9)]))
            } else {
                canvas.fill(lens, .solid(Color(0xDDE8F2), opacity: 0.1))
            }
            canvas.clipped(to: lens) {
                canvas.stroke(
                    Path(through: [pose.front(x - 8, 10, lift: 6), pose.front(x + 5, -12, lift: 6)]),
                    .solid(Color(0xFFFFFF), opacity: dark ? 0.22 : 0.28), width: 4)
            }
            canvas.stroke(lens, .solid(frame), width: thick)
            let temple = [pose.front(x + side * rx, -2, lift: 6), pose.rim(side * (sitter.faceWidth + 2), 0)]
            canvas.stroke(Path(through: temple), .solid(frame), width: thick)
        }
        let gap = sitter.eyeSpacing + 0.8 - rx
        canvas.stroke(onFace([(-gap, -1), (0, -3), (gap, -1)], lift: 8), .solid(frame), width: thick)
    }

    func paint(_ hat: Shot.Hat) {
        let felt: [UInt32] = [0x23262E, 0x7A2530, 0x2E4A6B, 0x6B5637, 0x35503C, 0xC8B68C, 0x8D2F5E]
        let color = Color(felt[min(Int(sitter.taste[2] * 7), 6)])
        let dim = color.mixed(with: Color(0x060608), 0.55)
        let lit = color.mixed(with: Color(0xFFFFFF), 0.18)
        let w = sitter.faceWidth + 9
        let paint = Paint.linear(
            from: pose.rim(-w, 0), to: pose.rim(w, 0),
            shot.light < 0
                ? [.init(0, lit), .init(0.5, color), .init(1, dim)] : [.init(0, dim), .init(0.5, color), .init(1, lit)])
        // Its shadow on the forehead.
        canvas.clipped(to: outline) { canvas.glow(at: pose.front(0, -32), 62, 15, colors.skinDeep, 0.85) }
        func dome(_ top: Double, _ base: Double) -> Path {
            let half: [(Double, Double)] = [
                (0, top), (w * 0.62, top + 7), (w * 0.97, top + 28), (w, base), (w * 0.5, base - 4), (0, base - 5),
            ]
            return Path(through: Self.mirrored(half).map { pose.rim($0.0, $0.1) }, closed: true)
        }
        switch hat {
        case .cap:
            canvas.fill(dome(-82, -32), paint)
            canvas.stroke(
                Path(through: [pose.rim(0, -81), pose.front(0, -38, lift: 8)]), .solid(dim, opacity: 0.7), width: 1.2)
            let visor = Path(
                through: [
                    pose.front(-44, -33, lift: 6), pose.front(-20, -42, lift: 10), pose.front(20, -42, lift: 10),
                    pose.front(44, -33, lift: 6), pose.front(30, -27, lift: 24), pose.front(0, -25, lift: 30),
                    pose.front(-30, -27, lift: 24),
                ],
                closed: true)
            canvas.fill(visor, .solid(dim))
            canvas.stroke(visor, .solid(lit, opacity: 0.5), width: 1)
        case .beanie:
            canvas.fill(dome(-86, -34), paint)
            let band = Path(
                through: Self.mirrored([(0, -50), (w * 0.6, -47), (w + 2, -38), (w + 1, -22), (w * 0.6, -30), (0, -33)])
                    .map { pose.rim($0.0, $0.1) }, closed: true, tension: 0.7)
            canvas.fill(band, .solid(color.mixed(with: lit, 0.5)))
            for rib in -8...8 {
                let x = Double(rib) / 8 * w * 0.96
                canvas.stroke(
                    Path(through: [pose.rim(x, -47 + abs(x) * 0.12), pose.rim(x, -33 + abs(x) * 0.16)]),
                    .solid(dim, opacity: 0.5), width: 1.3)
            }
        case .brim:
            canvas.fill(dome(-90, -36), paint)
            let brim = Path(
                through: Self.mirrored([(0, -47), (w * 0.7, -46), (w + 28, -36), (w * 0.7, -28), (0, -29)]).map {
                    pose.rim($0.0, $0.1)
                }, closed: true)
            canvas.fill(brim, paint)
            canvas.stroke(brim, .solid(dim, opacity: 0.8), width: 1.2)
            canvas.stroke(
                Path(through: [(-w * 0.9, -49), (0, -53), (w * 0.9, -49)].map { pose.rim($0.0, $0.1) }), .solid(dim),
                width: 7)
        }
    }

    mutating func paintBackground() {
        let (w, h) = (Double(Portrait.width), Double(Portrait.height))
        let palette: [UInt32] = [
            0x2B3442, 0x8FA6B8, 0xC9B79A, 0x5E6F58, 0xB7B2AC, 0x3A2A33, 0xD8D4CC, 0x7A4A3A, 0x49707C, 0x9C8AA5,
            0x1A1C22, 0xE3C9B4,
        ]
        let a = Color(palette[random.integer(below: palette.count)])
        let b = Color(palette[random.integer(below: palette.count)])
        let whole = Path(through: [Point(0, 0), Point(w, 0), Point(w, h), Point(0, h)], closed: true, tension: 0)
        canvas.fill(
            whole,
            .linear(
                from: Point(random.uniform() * w, 0), to: Point(random.uniform() * w, h),
                [.init(0, a), .init(1, a.mixed(with: b, 0.7))]))
        switch random.integer(below: 4) {
        case 0: canvas.glow(at: Point(w / 2, h * 0.4), 130, 140, a.mixed(with: Color(0xFFFFFF), 0.4), 0.8)
        case 1:
            for _ in 0..<9 {
                let at = Point(random.uniform() * w, random.uniform() * h * 0.8)
                canvas.glow(
                    at: at, random.uniform(in: 14...38), random.uniform(in: 14...38),
                    b.mixed(with: Color(0xFFF2D0), random.uniform() * 0.7), 0.75)
            }
        case 2:
            let c = Color(palette[random.integer(below: palette.count)])
            for _ in 0..<4 {
                let x = random.uniform() * w
                canvas.fill(
                    x: x, y: 0, width: random.uniform(in: 12...60), height: h, color: random.coin(0.5) ? b : c,
                    opacity: 0.6)
            }
            canvas.blur(random.uniform(in: 2.5...5))
        default:
            for row in 0..<5 {
                for column in 0..<4 {
                    let at = Point((Double(column) + (row.isMultiple(of: 2) ? 0.2 : 0.7)) * 48, Double(row) * 34 + 12)
                    canvas.fill(x: at.x - 14, y: at.y - 6, width: 28, height: 12, color: b, opacity: 0.5)
                }
            }
            canvas.blur(2)
        }
    }
}
