import Drawing

extension PortraitPainter {
    /// What lies between the light and the file: exposure, colour of the light, lens, grain.
    func develop() {
        let (w, h) = (Double(Portrait.width), Double(Portrait.height))
        if shot.exposure < 0 {
            canvas.fill(x: 0, y: 0, width: w, height: h, color: Color(0x06060A), opacity: -shot.exposure)
        } else {
            canvas.fill(x: 0, y: 0, width: w, height: h, color: Color(0xFFFBF2), opacity: shot.exposure * 0.55)
        }
        let cast = shot.warmth > 0 ? Color(0xD8781E) : Color(0x2E62C0)
        canvas.fill(x: 0, y: 0, width: w, height: h, color: cast, opacity: abs(shot.warmth) * 0.11)
        canvas.blur(shot.blur)
        let noise = shot.look
        canvas.addGrain(shot.grain) { noise.bits(at: (1 << 32) + $0) }
    }

    func paint(_ occlusion: Shot.Occlusion) {
        switch occlusion {
        case .microphone:
            let head = Point(96 + 14 * darkSide, 178)
            canvas.stroke(Path(through: [head, Point(head.x + 12, 222)]), .solid(Color(0x2A2A2E)), width: 9)
            canvas.disc(at: head, radius: 13, fill: Color(0x3A3A40))
            canvas.glow(at: Point(head.x - 4, head.y - 5), 8, 8, Color(0xB8B8C0), 0.7)
        case .hand:
            let skin = colors.skin.mixed(with: colors.skinShade, 0.2)
            // Raised to the mouth, as in thought or laughter.
            for finger in 0..<4 {
                let x = 100 + Double(finger) * 11
                let tip = Point(x - 16, 128 + Double(finger) * 6)
                canvas.stroke(
                    Path(through: [Point(x + 8, 222), Point(x, 180), tip]), .solid(colors.skinDeep), width: 12.5)
                canvas.stroke(Path(through: [Point(x + 8, 222), Point(x, 180), tip]), .solid(skin), width: 11)
            }
        case .foreground:
            canvas.glow(at: Point(shot.light > 0 ? 30 : 148, 165), 70, 120, Color(0x2B3A2A), 1)
            canvas.glow(at: Point(shot.light > 0 ? 0 : 178, 200), 60, 80, Color(0x2B3A2A), 1)
        }
    }
}
