import Drawing
import Imaging
import Testing

@Suite struct PaintingTests {
    private func canvas() -> Canvas { Canvas(width: 60, height: 40, scale: 1, background: Color(0x000000)) }
    private func red(_ image: Image, _ x: Int, _ y: Int) -> Int { Int(image.pixels[(y * image.width + x) * 3]) }

    @Test func anEllipseCoversItsAreaAndNoMore() {
        let canvas = canvas()
        canvas.fill(.ellipse(at: .init(30, 20), 20, 10), .solid(Color(0xFFFFFF)))
        let image = canvas.image()
        let area = Double((0..<60 * 40).reduce(0) { $0 + Int(image.pixels[$1 * 3]) }) / 255
        #expect(abs(area - Double.pi * 200) < 3)
        #expect(red(image, 30, 20) == 255 && red(image, 8, 20) == 0 && red(image, 30, 8) == 0)
    }

    @Test func aSmoothCurvePassesThroughItsPoints() {
        let canvas = canvas()
        let points: [Canvas.Point] = [.init(5, 30), .init(20, 10), .init(40, 30), .init(55, 8)]
        canvas.stroke(Path(through: points), .solid(Color(0xFFFFFF)), width: 3)
        let image = canvas.image()
        #expect(points.allSatisfy { red(image, Int($0.x), Int($0.y)) > 200 })
    }

    @Test func aGradientRunsFromOneColourToTheOther() {
        let canvas = canvas()
        let whole = Path(through: [.init(0, 0), .init(60, 0), .init(60, 40), .init(0, 40)], closed: true, tension: 0)
        canvas.fill(
            whole, .linear(from: .init(0, 0), to: .init(60, 0), [.init(0, Color(0x000000)), .init(1, Color(0xFF0000))]))
        let image = canvas.image()
        for x in stride(from: 2, to: 58, by: 7) { #expect(abs(red(image, x, 20) - (2 * x + 1) * 255 / 120) <= 3) }
    }

    @Test(arguments: [0.5, 0.9, 1.5, 2.5, 4])
    func blurSpreadsByItsDeviationAndKeepsTheLight(deviation: Double) {
        let canvas = Canvas(width: 61, height: 61, scale: 1, background: Color(0x000000))
        canvas.fill(x: 28, y: 28, width: 5, height: 5, color: Color(0xFFFFFF))
        canvas.blur(deviation)
        let image = canvas.image()
        var (sum, second) = (0.0, 0.0)
        for y in 0..<61 {
            for x in 0..<61 {
                let value = Double(red(image, x, y))
                sum += value
                second += value * Double((x - 30) * (x - 30))
            }
        }
        #expect(abs(sum / (25 * 255) - 1) < 0.12)
        // A box of five has the variance two. Whole radii and rounding to bytes leave a tolerance.
        #expect(abs((second / sum - 2).squareRoot() - deviation) < 0.2 + 0.08 * deviation)
    }

    @Test func aBlurredLayerLeavesTheRestSharp() {
        let canvas = canvas()
        canvas.fill(x: 0, y: 0, width: 10, height: 40, color: Color(0xFFFFFF))
        canvas.blurred(2) { canvas.fill(x: 40, y: 10, width: 10, height: 20, color: Color(0xFFFFFF)) }
        let image = canvas.image()
        #expect(red(image, 9, 20) == 255 && red(image, 10, 20) == 0)
        #expect((1...254).contains(red(image, 39, 20)) && red(image, 45, 20) > 200)
    }

    @Test func grainHasItsDeviationAndIsRepeatable() {
        func grained() -> Image {
            let canvas = Canvas(width: 120, height: 100, scale: 1, background: Color(0x808080))
            canvas.addGrain(6) { position in
                var bits = (position &+ 1) &* 0x9E37_79B9_7F4A_7C15
                bits = (bits ^ bits >> 30) &* 0xBF58_476D_1CE4_E5B9
                bits = (bits ^ bits >> 27) &* 0x94D0_49BB_1331_11EB
                return bits ^ bits >> 31
            }
            return canvas.image()
        }
        let image = grained()
        #expect(grained() == image)
        let values = stride(from: 0, to: image.pixels.count, by: 3).map { Double(image.pixels[$0]) - 128 }
        let mean = values.reduce(0, +) / Double(values.count)
        let deviation = (values.reduce(0) { $0 + $1 * $1 } / Double(values.count) - mean * mean).squareRoot()
        #expect(abs(mean) < 1 && abs(deviation - 6) < 1)
    }
}
