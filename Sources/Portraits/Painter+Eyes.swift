import Drawing

extension PortraitPainter {
    func paintEyes() {
        for side in [-1.0, 1] { paintEye(side) }
    }

    private func paintEye(_ side: Double) {
        let x = side * sitter.eyeSpacing
        let half = 10 * sitter.eyeSize
        let squint = 1 - 0.14 * max(shot.smile, 0)
        let open = (sitter.hasNarrowEyes ? 0.42 : 1) * shot.eyes * squint
        let rise = 5.4 * sitter.eyeSize * open
        let sink = 3.6 * sitter.eyeSize * min(1, open * 0.9)
        let tilt = sitter.eyeTilt
        let inner = (x - side * half, 1.2)
        let outer = (x + side * half, -0.4 - tilt)
        let lid: [(Double, Double)] = [
            inner, (x - side * half * 0.45, -rise * 0.86), (x + side * half * 0.2, -rise),
            (x + side * half * 0.7, -rise * 0.6 - tilt * 0.6), outer,
        ]
        let floor: [(Double, Double)] = [
            outer, (x + side * half * 0.4, sink * 0.9 - tilt * 0.3), (x - side * half * 0.2, sink), inner,
        ]

        if shot.hasMakeup {
            let shadows: [UInt32] = [0x5B4A6E, 0x4B5E78, 0x6B4A3A, 0x3E3A44, 0x7A4660, 0x47665E]
            let shadow = Color(shadows[min(Int(sitter.taste[2] * 6), 5)])
            canvas.glow(at: pose.front(x + side * 2, -rise - 2), half * 1.35, 8.5, angle: side * -0.12, shadow, 0.85)
        }
        var white = Path(through: lid.map { pose.front($0.0, $0.1, lift: 1) })
        white.append(through: floor.map { pose.front($0.0, $0.1, lift: 1) })
        white.close()
        canvas.fill(white, .solid(Color(0xEFE9E2)))
        let center = pose.front(x + shot.gaze.x * 2.2, -0.6 + shot.gaze.y * 0.9, lift: 1)
        let radius = 4.9 * sitter.eyeSize
        canvas.clipped(to: white) {
            canvas.fill(
                .ellipse(at: center, radius * 0.97, radius),
                .radial(
                    center: center, to: radius,
                    [
                        .init(0, colors.iris.mixed(with: colors.irisDark, 0.3)), .init(0.7, colors.iris),
                        .init(0.86, colors.irisDark), .init(1, colors.irisDark),
                    ]))
            canvas.disc(at: center, radius: radius * 0.45, fill: Color(0x0A0808))
            canvas.stroke(
                onFace(lid.map { ($0.0, $0.1 + 0.8) }, lift: 1), .solid(Color(0x2A1612), opacity: 0.4), width: 2.6)
        }
        canvas.disc(at: Point(center.x - darkSide * 1.5, center.y - 1.7), radius: 1.05, fill: Color(0xFFFFFF))
        canvas.stroke(onFace(floor, lift: 1), .solid(colors.skinDeep, opacity: 0.55), width: 0.8)

        let lashes = sitter.isMale ? 1.5 : shot.hasMakeup ? 2.7 : 1.9
        canvas.stroke(
            onFace(lid, lift: 1), .solid(Color(0x1C100C), opacity: sitter.isMale ? 0.85 : 0.95), width: lashes)
        if shot.hasMakeup {
            canvas.stroke(
                onFace([(outer.0 - side * 3, outer.1 - 0.8), outer, (outer.0 + side * 3.6, outer.1 - 3)], lift: 1),
                .solid(Color(0x140A08)), width: 1.8)
            canvas.stroke(
                onFace(floor.dropLast().map { ($0.0, $0.1 + 0.4) }, lift: 1), .solid(Color(0x140A08), opacity: 0.7),
                width: 1)
            for step in 0..<4 {
                let t = 0.1 + 0.24 * Double(step)
                let from = (x + side * half * t, -rise * (1 - t * 0.45) - tilt * t * 0.7)
                canvas.stroke(
                    onFace([from, (from.0 + side * (1 + 2 * t), from.1 - 3.2)], lift: 1),
                    .solid(Color(0x140A08), opacity: 0.9), width: 0.8)
            }
        }
        let crease = lid.dropFirst().map { ($0.0, $0.1 - (sitter.hasNarrowEyes ? 1.8 : 3)) }
        canvas.stroke(
            onFace(Array(crease)), .solid(colors.skinDeep, opacity: sitter.hasNarrowEyes ? 0.3 : 0.5), width: 1)
    }
}
