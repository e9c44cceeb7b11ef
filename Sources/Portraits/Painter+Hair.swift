import Drawing
import Foundation
import Tensors

extension PortraitPainter {
    /// Half the width of head and hair, and the height of the crown.
    private var hairWidth: Double {
        let extra =
            shot.hairTexture == .curly ? 7.0 : shot.hairTexture == .wavy ? 3 : shot.hairTexture == .cropped ? -2 : 0
        return sitter.faceWidth + sitter.hairVolume * (shot.isTiedBack ? 0.3 : 0.75) + extra
    }
    private var crown: Double {
        -64 - sitter.hairVolume * (shot.hairTexture == .cropped ? 0.5 : 1) - (shot.hairTexture == .curly ? 6 : 0)
    }
    /// Hair hangs beside the face.
    var hangs: Bool { shot.hairLength != .short && !shot.isTiedBack && !sitter.isBald }
    /// Where it ends.
    private var hairEnd: Double { shot.hairLength == .long ? 132 : 62 }

    mutating func paintBackHair() {
        guard !sitter.isBald else { return }
        let w = hairWidth
        if shot.isTiedBack {
            let bun = pose.rim(0, crown - 4)
            canvas.fill(
                .ellipse(at: bun, 19, 15),
                .radial(
                    center: Point(bun.x - 4, bun.y - 5), to: 22,
                    [.init(0, colors.hairLight), .init(1, colors.hairDark)]))
        }
        guard hangs else { return }
        let end = hairEnd
        var half: [(Double, Double)] = [(0, crown), (w * 0.6, crown + 8), (w, -26), (w + 3, 14)]
        let steps = shot.hairLength == .long ? 6 : 3
        for step in 1...steps {
            let t = Double(step) / Double(steps)
            half.append((w + 4 + 6 * t + wave(step), 14 + (end - 14) * t))
        }
        half.append((w * 0.5, end + (shot.hairLength == .long ? 4 : 8)))
        let path = Path(through: Self.mirrored(half).map { pose.rim($0.0, $0.1) }, closed: true)
        canvas.fill(
            path,
            .linear(
                from: pose.rim(0, crown), to: pose.rim(0, end),
                [
                    .init(0, colors.hairDark), .init(0.4, colors.hair.mixed(with: colors.hairDark, 0.55)),
                    .init(1, colors.hair.mixed(with: colors.hairDark, 0.25)),
                ]))
        if shot.hairTexture == .curly { paintCurls(along: half) }
    }

    /// How far a wave moves the edge at a step.
    private func wave(_ step: Int) -> Double {
        shot.hairTexture == .wavy ? (step.isMultiple(of: 2) ? -4.5 : 4.5) : 0
    }

    mutating func paintFrontHair() {
        guard !sitter.isBald else { return paintCrownShine() }
        let (half, line) = capShape()
        let edge = line.map { pose.front($0.0, $0.1, lift: 1) }
        // The hair's shadow on the forehead.
        canvas.clipped(to: outline) {
            for (width, opacity) in [(14.0, 0.1), (9, 0.14), (5, 0.2)] {
                canvas.stroke(
                    Path(through: edge.map { Point($0.x, $0.y + 1.5) }), .solid(colors.skinDeep, opacity: opacity),
                    width: width)
            }
        }
        var cap = Path(through: half.map { pose.rim($0.0, $0.1) })
        cap.append(through: edge)
        cap.close()
        let top = pose.rim(0, crown)
        let bottom = pose.rim(0, 30)
        canvas.fill(
            cap,
            .linear(
                from: top, to: bottom,
                [
                    .init(0, colors.hair.mixed(with: colors.hairDark, 0.35)), .init(0.3, colors.hair),
                    .init(1, colors.hair.mixed(with: colors.hairDark, 0.4)),
                ]))
        if shot.hairTexture == .curly { paintCurls(along: half) }
        canvas.clipped(to: cap) {
            canvas.glow(at: pose.rim(-darkSide * 24, crown + 17), 30, 13, angle: -darkSide * 0.5, colors.hairLight, 0.8)
            canvas.glow(at: pose.rim(darkSide * hairWidth, -15), 22, 52, colors.hairDark, 0.7)
            paintStrands(line)
        }
        if shot.hasBangs { paintFringe(line) }
        if hangs { for side in [-1.0, 1] { paintSideHair(side) } }
    }

    /// The outer edge from left to right, and the hairline from right to left.
    private func capShape() -> (outer: [(Double, Double)], line: [(Double, Double)]) {
        let w = hairWidth
        let f = sitter.faceWidth
        let side = shot.isTiedBack ? -6.0 : shot.hairTexture == .cropped ? -4 : 6
        let outer: [(Double, Double)] = [
            (-w + 1, side), (-w, -18), (-w * 0.9, -42), (-w * 0.6, crown + 9), (0, crown), (w * 0.6, crown + 9),
            (w * 0.9, -42), (w, -18), (w - 1, side),
        ]
        let p = sitter.parting
        var line: [(Double, Double)]
        if shot.hasBangs {
            line = [
                (f - 2, side), (f - 7, -14), (30, -15.5), (15, -17), (0, -17.5), (-15, -17), (-30, -15.5),
                (-f + 7, -14), (-f + 2, side),
            ]
        } else if sitter.isReceding {
            line = [
                (f - 2, side), (f - 3, -18), (f - 9, -36), (24, -58), (12, -54), (0, -51), (-12, -54), (-24, -58),
                (-f + 9, -36), (-f + 3, -18), (-f + 2, side),
            ]
        } else {
            // Hair falls away from the parting.
            let left = 4 * max(p, 0)
            let right = 4 * max(-p, 0)
            line = [
                (f - 2, side), (f - 5, -14), (f - 11, -30 + right), (22, -40 + right), (p * 14, -45), (-22, -40 + left),
                (-f + 11, -30 + left), (-f + 5, -14), (-f + 2, side),
            ]
        }
        return (outer, line)
    }

    /// Strands from the parting to the edges.
    private mutating func paintStrands(_ line: [(Double, Double)]) {
        let w = hairWidth
        let cropped = shot.hairTexture == .cropped
        let origin = sitter.parting * 16
        for strand in 0..<(cropped ? 40 : shot.hairTexture == .curly ? 46 : 34) {
            let t = random.uniform(in: -1...1)
            let light = strand.isMultiple(of: 3) ? colors.hairLight : colors.hairDark
            if shot.hairTexture == .curly {
                paintCurl(at: pose.rim(t * w, random.uniform(in: crown...(-28))), light)
                continue
            }
            if cropped {
                let at = pose.rim(t * w, random.uniform(in: crown...(-20)))
                canvas.stroke(
                    Path(through: [at, Point(at.x + t * 3, at.y + 4)]), .solid(light, opacity: 0.4), width: 1)
                continue
            }
            let from = (origin + t * 6, crown + 3 + abs(t) * 3)
            let to = (t * w, -46 + 52 * t * t + random.uniform(in: -5...5))
            let middle = (origin * 0.4 + t * w * 0.66, crown + 7 + random.uniform(in: 0...26) * abs(t))
            var points: [Point] = []
            let bends = shot.hairTexture == .straight ? 4 : 9
            for step in 0...bends {
                let u = Double(step) / Double(bends)
                let x = (1 - u) * (1 - u) * from.0 + 2 * u * (1 - u) * middle.0 + u * u * to.0
                let y = (1 - u) * (1 - u) * from.1 + 2 * u * (1 - u) * middle.1 + u * u * to.1
                let sway = shot.hairTexture == .straight ? 0 : 2.2 * u * sin(y * 0.5)
                points.append(pose.rim(x + sway, y))
            }
            canvas.stroke(Path(through: points), .solid(light, opacity: 0.42), width: random.uniform(in: 0.7...1.7))
        }
    }

    /// A few open rings of hair.
    private mutating func paintCurl(at center: Point, _ tone: Color) {
        let (rx, ry) = (random.uniform(in: 2.5...4.8), random.uniform(in: 2.2...4))
        let turn = random.uniform(in: 0...6.28)
        let ring = (0...5).map { step -> Point in
            let angle = turn + Double(step) * 0.9
            return Point(center.x + rx * cos(angle), center.y + ry * sin(angle))
        }
        canvas.stroke(Path(through: ring), .solid(tone, opacity: 0.55), width: random.uniform(in: 0.9...1.7))
    }

    /// Curls around the edge: what makes its outline uneven.
    private mutating func paintCurls(along edge: [(Double, Double)]) {
        let sides: [Double] = edge[0].0 == 0 ? [-1, 1] : [1]
        for index in edge.indices.dropFirst() {
            for part in [0.1, 0.35, 0.6, 0.85] {
                let (a, b) = (edge[index - 1], edge[index])
                for side in sides {
                    let x = a.0 + (b.0 - a.0) * part + random.spread(4)
                    let at = pose.rim(side * x, a.1 + (b.1 - a.1) * part + random.spread(4))
                    let tone = colors.hair.mixed(with: colors.hairDark, random.uniform(in: 0.05...0.6))
                    canvas.fill(.ellipse(at: at, random.uniform(in: 4...7), random.uniform(in: 4...6.5)), .solid(tone))
                    paintCurl(at: at, random.coin(0.4) ? colors.hairLight : colors.hairDark)
                }
            }
        }
    }

    private mutating func paintFringe(_ line: [(Double, Double)]) {
        for lock in 0..<13 {
            let x = -38 + 76 * Double(lock) / 12
            let tip = pose.front(
                x + random.uniform(in: -3...3), -12 - 3 * (1 - abs(x) / 38) + random.uniform(in: -1.5...2.5), lift: 3)
            let root = pose.front(x * 0.45 + sitter.parting * 8, -56, lift: 2)
            let bend = pose.front(x * 0.9, -36, lift: 4)
            let tone =
                lock.isMultiple(of: 3)
                ? colors.hair.mixed(with: colors.hairLight, 0.45)
                : lock.isMultiple(of: 2) ? colors.hair : colors.hair.mixed(with: colors.hairDark, 0.45)
            var path = Path(through: [Point(root.x - 3, root.y), Point(bend.x - 4.5, bend.y), tip])
            path.append(through: [tip, Point(bend.x + 4.5, bend.y), Point(root.x + 3, root.y)])
            path.close()
            canvas.fill(path, .solid(tone, opacity: 0.95))
        }
    }

    /// Hair that hangs in front of the ear and beside the cheek.
    private mutating func paintSideHair(_ side: Double) {
        let w = hairWidth
        let f = sitter.faceWidth
        let end = hairEnd
        let straight = shot.hairTexture == .straight
        let steps = shot.hairLength == .long ? 6 : 3
        var outer: [(Double, Double)] = [(w * 0.72, -46), (w, -20), (w + 3, 14)]
        var inner: [(Double, Double)] = [(f * 0.72, -36), (f - 6, -14), (f - 3, 14)]
        for step in 1...steps {
            let t = Double(step) / Double(steps)
            let y = 14 + (end - 14) * t
            outer.append((w + 4 + 5 * t + wave(step), y))
            inner.append((f - 3 - (straight ? 0 : 2) + wave(step) * 0.8, y - 2))
        }
        var path = Path(through: outer.map { pose.rim(side * $0.0, $0.1) })
        path.append(through: inner.reversed().map { pose.rim(side * $0.0, $0.1) })
        path.close()
        let base = side == darkSide ? colors.hair.mixed(with: colors.hairDark, 0.45) : colors.hair
        canvas.fill(
            path,
            .linear(
                from: pose.rim(side * (f - 8), 0), to: pose.rim(side * (w + 8), 0),
                [
                    .init(0, colors.hair.mixed(with: colors.hairDark, 0.6)), .init(0.5, base),
                    .init(1, colors.hair.mixed(with: colors.hairDark, 0.5)),
                ]))
        if shot.hairTexture == .curly {
            paintCurls(along: outer.map { (side * $0.0, $0.1) })
            paintCurls(along: inner.dropFirst().map { (side * ($0.0 + 3), $0.1) })
            return
        }
        canvas.clipped(to: path) {
            for strand in 0..<10 {
                let t = random.uniform()
                let points = zip(inner, outer).map {
                    pose.rim(side * ($0.0 + ($1.0 - $0.0) * t), $0.1 + ($1.1 - $0.1) * t)
                }
                let tone = strand.isMultiple(of: 2) ? colors.hairLight : colors.hairDark
                canvas.stroke(Path(through: points), .solid(tone, opacity: 0.4), width: random.uniform(in: 0.8...2))
            }
            if straight { canvas.glow(at: pose.rim(side * (f + 4), 8), 16, 12, colors.hairLight, 0.5) }
        }
    }

    private func paintCrownShine() {
        canvas.clipped(to: outline) {
            canvas.glow(at: pose.rim(-darkSide * 16, -50), 20, 11, Color(0xFFF8EE), 0.75)
        }
        // What is left around a bald head.
        for side in [-1.0, 1] {
            let rim = [(sitter.faceWidth + 1, 4.0), (sitter.faceWidth + 1.5, -14), (sitter.faceWidth * 0.93, -30)]
            canvas.stroke(
                Path(through: rim.map { pose.rim(side * $0.0, $0.1) }),
                .solid(colors.hair, opacity: sitter.age > 40 ? 0.75 : 0.25), width: 4.5)
        }
    }
}
