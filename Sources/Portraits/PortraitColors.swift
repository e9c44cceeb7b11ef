import Drawing

/// The colours of one portrait, all made from the sitter's skin and hair and the photograph's clothes.
struct PortraitColors: Sendable {
    let skin: Color
    let skinLight: Color
    let skinShade: Color
    let skinDeep: Color
    let blush: Color
    let lips: Color
    let hair: Color
    let hairLight: Color
    let hairDark: Color
    let brows: Color
    let beard: Color
    let iris: Color
    let irisDark: Color

    init(_ sitter: Sitter, _ shot: Shot) {
        var base = Self.along([0xEFC9AF, 0xE6B792, 0xD69F76, 0xBB8055, 0x935F3E, 0x623E2A], sitter.tone)
        base = base.mixed(with: sitter.undertone > 0 ? Color(0xDFA552) : Color(0xE59A9A), abs(sitter.undertone) * 0.12)
        if sitter.isPale { base = Color(0xF8E3DA) }
        skin = base
        skinLight = base.mixed(with: Color(0xFFF4E4), 0.42)
        skinShade = base.mixed(with: Color(0x5C2A1C), sitter.isPale ? 0.36 : 0.46)
        skinDeep = base.mixed(with: Color(0x32130E), 0.68)
        blush = base.mixed(with: Color(0xE23B4E), 0.55)
        let natural = base.mixed(with: Color(0xB0424A), 0.42)
        let lipsticks: [UInt32] = [0xC2132F, 0xA80F3C, 0xD8415F, 0xC93A6D, 0x8E1E36, 0xD1452F]
        lips =
            shot.hasLipstick
            ? Color(lipsticks[min(Int(sitter.taste[0] * 6), 5)]).mixed(with: base, shot.hasMakeup ? 0.05 : 0.18)
            : sitter.isMale ? natural.mixed(with: base, 0.35) : natural

        let shade = (sitter.hairShade + 1) / 2
        switch sitter.hairColor {
        case .black: hair = Self.along([0x15120F, 0x211B19, 0x1B1C22], shade)
        case .brown: hair = Self.along([0x4E3019, 0x5F3D22, 0x75502F], shade)
        case .blond: hair = Self.along([0xC29A55, 0xD9B56C, 0xEBD59C], shade)
        case .gray: hair = Self.along([0x8F8E8C, 0xB3B2B0, 0xD9D8D6], shade)
        case .red: hair = Self.along([0x7E2C14, 0x9C3D17, 0xB9562A], shade)
        case .dyed: hair = Self.along([0x8C3F7D, 0x3B7F8E, 0x4C5EA8, 0xC75B8A], sitter.taste[1])
        }
        hairLight = hair.mixed(with: Color(0xFFEFD2), sitter.hairColor == .black ? 0.2 : 0.34)
        hairDark = hair.mixed(with: Color(0x120A08), 0.5)
        let grown = sitter.hairColor == .dyed ? Color(0x3A2A22) : hair
        brows = grown.mixed(
            with: Color(0x1E120C), sitter.hairColor == .gray ? 0.35 : sitter.hairColor == .blond ? 0.5 : 0.45)
        beard = grown.mixed(with: Color(0x20140E), sitter.hairColor == .gray ? 0.12 : 0.3)

        let irises: [UInt32] = [0x4A2B16, 0x6E4A26, 0x6F7A3A, 0x4F86B5, 0x7F939B]
        iris = Color(irises[sitter.eyeColor])
        irisDark = iris.mixed(with: Color(0x0C0A0A), 0.6)
    }

    /// A colour on a ramp, `place` from 0 to 1.
    static func along(_ ramp: [UInt32], _ place: Double) -> Color {
        let position = min(max(place, 0), 1) * Double(ramp.count - 1)
        let index = min(Int(position), ramp.count - 2)
        return Color(ramp[index]).mixed(with: Color(ramp[index + 1]), position - Double(index))
    }
}
