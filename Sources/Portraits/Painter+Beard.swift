import Drawing

extension PortraitPainter {
    func paintBeard() {
        if shot.hasSideburns { paintSideburns() }
        switch shot.beard {
        case .none, .sideburns: break
        case .stubble:
            canvas.clipped(to: outline) {
                canvas.blurred(2.2, opacity: 0.6) { canvas.fill(fullBeard, .solid(stubble)) }
                whiskers(fullBeard, count: 130, length: 1.2, opacity: 0.4)
            }
        case .full:
            canvas.clipped(to: beardOutline) {
                canvas.blurred(1.4, opacity: 0.96) { canvas.fill(fullBeard, .solid(colors.beard)) }
                whiskers(fullBeard, count: 150, length: 5, opacity: 0.5)
            }
            paintMustache()
        case .goatee:
            let y = sitter.mouthHeight
            let goatee = onFace(
                [
                    (-11, y + 6), (0, y + 9), (11, y + 6), (15, y + 14), (12, sitter.chin - 3), (0, sitter.chin + 2),
                    (-12, sitter.chin - 3), (-15, y + 14),
                ], closed: true)
            canvas.clipped(to: beardOutline) {
                canvas.blurred(1.2, opacity: 0.94) {
                    canvas.fill(goatee, .solid(colors.beard))
                    for side in [-1.0, 1] {
                        canvas.stroke(
                            onFace([(side * 15, y - 6), (side * 21, y + 3), (side * 15, y + 13)]),
                            .solid(colors.beard, opacity: 0.8), width: 3.4)
                    }
                }
                whiskers(goatee, count: 60, length: 4, opacity: 0.5)
            }
        case .mustache: paintMustache()
        }
    }

    private var stubble: Color { colors.beard.mixed(with: Color(0x3A4250), 0.45) }

    /// A beard stands a little beyond the chin.
    private var beardOutline: Path {
        let c = sitter.chin
        let points: [(Double, Double)] = [
            (-60, -10), (60, -10), (sitter.faceWidth + 1, 20), (sitter.faceWidth - 2, 48), (30, c + 2), (0, c + 7),
            (-30, c + 2), (-sitter.faceWidth + 2, 48), (-sitter.faceWidth - 1, 20),
        ]
        return Path(through: points.map { pose.rim($0.0, $0.1) }, closed: true, tension: 0.7)
    }

    /// Cheeks, upper lip and chin.
    private var fullBeard: Path {
        let f = sitter.faceWidth
        let y = sitter.mouthHeight
        let upper: [(Double, Double)] = [
            (-f + 5, 12), (-f + 12, 27), (-26, y - 7), (-14, y - 11), (0, y - 10.5), (14, y - 11), (26, y - 7),
            (f - 12, 27), (f - 5, 12),
        ]
        var path = Path(through: upper.map { pose.front($0.0, $0.1) })
        path.append(
            through: [
                (f + 3, 8.0), (f + 4, 45), (34, sitter.chin + 5), (0, sitter.chin + 12), (-34, sitter.chin + 5),
                (-f - 4, 45), (-f - 3, 8),
            ].map { pose.rim($0.0, $0.1) })
        path.close()
        return path
    }

    private func paintMustache() {
        let y = sitter.mouthHeight
        let end = MouthShape(sitter, shot).cornerY
        for side in [-1.0, 1] {
            let half = onFace(
                [
                    (0, y - 10.5), (side * 8, y - 11), (side * 17, end - 4), (side * 22, end + 3),
                    (side * 13, end - 0.5), (side * 6, y - 4.8), (0, y - 5.2),
                ], closed: true, lift: 4)
            canvas.fill(half, .solid(colors.beard, opacity: 0.95))
            for step in 0..<6 {
                let x = side * (1.5 + 3 * Double(step))
                canvas.stroke(
                    onFace(
                        [(x, y - 10 + Double(step) * 0.7), (x + side * 2.5, y - 5.5 + Double(step) * 0.8)], lift: 4),
                    .solid(colors.beard.mixed(with: colors.hairLight, 0.5), opacity: 0.5), width: 0.8)
            }
        }
    }

    private func paintSideburns() {
        for side in [-1.0, 1] {
            let f = sitter.faceWidth
            let strip = Path(
                through: [(f + 0.5, -12), (f + 0.5, 24), (f - 7, 30), (f - 9, 18), (f - 6.5, -12)].map {
                    pose.rim(side * $0.0, $0.1)
                }, closed: true, tension: 0.5)
            canvas.fill(strip, .solid(colors.beard, opacity: 0.93))
        }
    }

    /// Short hairs, the same at every photograph.
    private func whiskers(_ region: Path, count: Int, length: Double, opacity: Double) {
        let light = colors.beard.mixed(with: colors.hairLight, 0.6)
        canvas.clipped(to: region) {
            for index in 0..<count {
                // A low-discrepancy spread over cheeks and chin.
                let u = (Double(index) * 0.754877666).truncatingRemainder(dividingBy: 1)
                let v = (Double(index) * 0.569840291).truncatingRemainder(dividingBy: 1)
                let x = (u - 0.5) * 104
                let y = 8 + v * 76
                let from = pose.front(x, y)
                canvas.stroke(
                    Path(through: [from, Point(from.x + x * 0.02, from.y + length)]),
                    .solid(
                        index.isMultiple(of: 3) && length > 2 ? light : colors.beard.mixed(with: Color(0x100A08), 0.5),
                        opacity: opacity), width: 0.9)
            }
        }
    }
}
