import Drawing

/// The mouth's measures in one photograph; landmarks and drawing share them.
struct MouthShape: Sendable {
    let halfWidth: Double
    let cornerY: Double
    /// The line between the lips in the middle.
    let middleY: Double
    let upper: Double
    let lower: Double
    let gap: Double

    init(_ sitter: Sitter, _ shot: Shot) {
        let smile = shot.smile
        halfWidth = sitter.mouthWidth + 4.5 * max(smile, 0) - 1.5 * shot.opening * (1 - max(smile, 0))
        cornerY = sitter.mouthHeight - 5 * smile
        middleY = sitter.mouthHeight + 1.4 * max(smile, 0) - 1.2 * shot.opening
        upper = (1 + 4.2 * sitter.lips) * (1 - 0.12 * max(smile, 0))
        lower = (1.5 + 5.2 * sitter.lips) * (1 - 0.1 * max(smile, 0))
        gap = shot.opening <= 0 ? 0 : 2.6 + 6 * shot.opening
    }
}

extension PortraitPainter {
    func paintMouth() {
        let m = MouthShape(sitter, shot)
        let w = m.halfWidth
        let y = m.middleY
        let left = (-w, m.cornerY)
        let right = (w, m.cornerY)
        let lift = (m.cornerY - y) * 0.3
        let top = [
            left, (-w * 0.5, y - m.upper * 0.72 + lift), (-3.2, y - m.upper - 0.4), (0, y - m.upper + 0.9),
            (3.2, y - m.upper - 0.4), (w * 0.5, y - m.upper * 0.72 + lift), right,
        ]
        let bottom = [
            right, (w * 0.58, y + m.gap + m.lower * 0.62 + lift), (0, y + m.gap + m.lower),
            (-w * 0.58, y + m.gap + m.lower * 0.62 + lift), left,
        ]
        let innerTop = [
            (-w * 0.94, m.cornerY), (-w * 0.5, y + lift * 0.8), (0, y + 0.5), (w * 0.5, y + lift * 0.8),
            (w * 0.94, m.cornerY),
        ]
        let innerBottom = [
            (w * 0.94, m.cornerY), (w * 0.52, y + m.gap * 0.8 + lift), (0, y + m.gap),
            (-w * 0.52, y + m.gap * 0.8 + lift), (-w * 0.94, m.cornerY),
        ]
        func shape(_ upper: [(Double, Double)], _ lower: [(Double, Double)]) -> Path {
            var path = Path(through: upper.map { pose.front($0.0, $0.1, lift: 3) })
            path.append(through: lower.map { pose.front($0.0, $0.1, lift: 3) })
            path.close()
            return path
        }
        let lipPath = shape(top, bottom)
        let above = pose.front(0, y - m.upper)
        let below = pose.front(0, y + m.gap + m.lower)
        let full = shot.hasLipstick ? 1.0 : 0.8
        canvas.fill(
            lipPath,
            .linear(
                from: above, to: below,
                [
                    .init(0, colors.lips.mixed(with: colors.skinDeep, 0.3), full),
                    .init(0.45, colors.lips.mixed(with: colors.skinDeep, 0.2), full),
                    .init(0.6, colors.lips, full), .init(1, colors.lips.mixed(with: colors.skinDeep, 0.18), full),
                ]))
        if shot.hasLipstick {
            canvas.stroke(lipPath, .solid(colors.lips.mixed(with: Color(0x40050F), 0.4), opacity: 0.7), width: 0.8)
        }
        let inside = shape(innerTop, innerBottom)
        if m.gap > 0 {
            canvas.fill(inside, .solid(Color(0x3A0F10)))
            canvas.clipped(to: inside) {
                canvas.glow(at: pose.front(0, y + m.gap + 1), w * 0.7, m.gap * 0.6, Color(0xB2505A), 0.8)
                let edge = shot.smile >= 0.5 ? min(m.gap * 0.72, 5.2) : min(m.gap * 0.35, 2.4)
                let teeth = shape(
                    innerTop.map { ($0.0, $0.1 - 2) },
                    [
                        (w, m.cornerY), (w * 0.6, y + edge * 0.7 + lift), (0, y + edge + 0.4),
                        (-w * 0.6, y + edge * 0.7 + lift), (-w, m.cornerY),
                    ])
                canvas.fill(teeth, .solid(Color(0xF3ECE2)))
                canvas.stroke(
                    Path(through: innerTop.map { pose.front($0.0, $0.1 + 0.6, lift: 3) }),
                    .solid(Color(0x3A0F10), opacity: 0.4), width: 1.6)
            }
        } else {
            canvas.stroke(
                Path(through: innerTop.map { pose.front($0.0, $0.1, lift: 3) }),
                .solid(colors.skinDeep.mixed(with: Color(0x2A0606), 0.5), opacity: 0.9), width: 1.5)
        }
        canvas.glow(
            at: pose.front(-darkSide * 3, y + m.gap + m.lower * 0.45, lift: 3), w * 0.42, m.lower * 0.4,
            Color(0xFFE9E2), shot.hasLipstick ? 0.5 : 0.28)
        for side in [-1.0, 1] {
            canvas.glow(at: pose.front(side * (w + 1.5), m.cornerY), 4, 4, colors.skinDeep, 0.55)
        }
    }

    func paintNose() {
        let w = sitter.noseWidth
        let end = sitter.noseLength
        let dark = darkSide
        let big = sitter.hasBigNose
        let pointy = sitter.hasPointyNose
        // The side in shadow, and the light on the bridge.
        let flank = Path(
            through: [
                pose.front(dark * 4.5, -8), pose.front(dark * 4, 6, lift: 5),
                pose.front(dark * w * 0.85, end - 4, lift: 5),
                pose.front(dark * 1.5, end - 1, lift: 12), pose.front(dark * 1.5, 6, lift: 8),
            ], closed: true)
        canvas.fill(flank, .solid(colors.skinShade, opacity: 0.3 + 0.25 * shot.contrast))
        canvas.glow(at: pose.front(dark * (w * 0.5 + 3), 12, lift: 3), 6, 18, colors.skinShade, 0.5)
        canvas.glow(at: pose.front(-dark * 1, 5, lift: 8), pointy ? 3 : big ? 6 : 4.4, 20, colors.skinLight, 0.8)
        canvas.glow(at: pose.front(0, end + 5, lift: 2), w + 3, 5, colors.skinDeep, 0.5)
        let tip = pose.front(0, end - 3.5, lift: 14)
        if big {
            canvas.glow(at: tip, w * 0.95, 8, colors.skinShade, 0.5)
            canvas.glow(at: Point(tip.x - dark, tip.y - 1), w * 0.62, 5.5, colors.skinLight, 0.95)
        } else if pointy {
            let wedge = Path(through: [
                pose.front(-w * 0.55, end - 5, lift: 9), pose.front(0, end + 3.8, lift: 16),
                pose.front(w * 0.55, end - 5, lift: 9),
            ])
            canvas.stroke(wedge, .solid(colors.skinDeep, opacity: 0.5), width: 1.3)
            canvas.stroke(
                Path(through: [pose.front(0, 0, lift: 5), pose.front(0, end - 1, lift: 15)]),
                .solid(colors.skinLight, opacity: 0.9), width: 1.8)
        } else {
            canvas.glow(at: tip, 5.5, 5, colors.skinLight, 0.8)
        }
        for side in [-1.0, 1] {
            let wing = onFace(
                [
                    (side * (w - 2.2), end - (big ? 9 : 6)), (side * (w + 0.4), end - 2.5),
                    (side * (w - 0.8), end + 1.2), (side * (w - 3.2), end + 1.4),
                ], lift: 4)
            canvas.stroke(wing, .solid(colors.skinDeep, opacity: big ? 0.85 : 0.6), width: big ? 1.7 : 1.2)
            canvas.fill(
                .ellipse(
                    at: pose.front(side * w * 0.5, end + 1.2, lift: 8), 0.9 + w * 0.14,
                    (pointy ? 0.9 : 1.3) + (big ? 0.5 : 0), angle: side * -0.25),

                .solid(colors.skinDeep.mixed(with: Color(0x1A0606), 0.4), opacity: pointy ? 0.6 : 0.85))
        }
    }

    func paintBrows() {
        let thick = sitter.browThickness
        let arch = sitter.browArch
        let y = -sitter.browHeight - (shot.brows + 1.4) * 0.7
        let spread = sitter.eyeSpacing
        for side in [-1.0, 1] {
            let inner = spread - 11.5
            let spine: [(Double, Double)] = [
                (inner, y + 1.2 - arch * 0.12), (spread - 4, y - 0.2 - arch * 0.62), (spread + 4, y - 0.9 - arch),
                (spread + 10, y + 0.2 - arch * 0.5), (spread + 14.5, y + 2.8 + arch * 0.2),
            ]
            let widths = [thick * 0.8, thick, thick * 0.85, thick * 0.55, 0.6]
            let over = zip(spine, widths).map { pose.front(side * $0.0, $0.1 - $1 / 2) }
            let under = zip(spine, widths).reversed().map { pose.front(side * $0.0, $0.1 + $1 / 2) }
            var path = Path(through: over)
            path.append(through: under)
            path.close()
            let strong = sitter.hasBushyBrows || shot.hasMakeup ? 0.92 : 0.8
            canvas.fill(path, .solid(colors.brows, opacity: strong))
            guard sitter.hasBushyBrows else { continue }
            for step in 0..<14 {
                let t = Double(step) / 13
                let x = inner - 1 + t * 21
                let base = y + 1.4 - (arch + 1.6) * (t < 0.7 ? t : 1.4 - t) + thick * (0.35 - 0.5 * Double(step % 2))
                canvas.stroke(
                    Path(through: [pose.front(side * x, base), pose.front(side * (x + 3 + t), base - 2.6 + 2 * t)]),
                    .solid(step.isMultiple(of: 3) ? colors.hair : colors.brows, opacity: 0.7), width: 0.9)
            }
        }
    }
}
