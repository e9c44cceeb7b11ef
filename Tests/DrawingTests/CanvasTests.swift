import Drawing
import Testing

struct CanvasTests {
    let white = Color(0xFFFFFF)
    let red = Color(0xFF0000)

    @Test func anImageHasTheDensityAskedFor() {
        let image = Canvas(width: 20, height: 10, scale: 3, background: white).image()
        #expect(image.width == 60 && image.height == 30 && image.channels == 3)
        #expect(image.pixels.allSatisfy { $0 == 255 })
    }

    @Test func channelsComeOutInOrder() {
        let image = Canvas(width: 1, height: 1, scale: 1, background: Color(0x102030)).image()
        #expect(image.pixels == [0x10, 0x20, 0x30])
    }

    @Test func clippingKeepsTheOutsideClean() {
        let canvas = Canvas(width: 10, height: 10, scale: 1, background: white)
        canvas.clipped(x: 0, y: 0, width: 5, height: 10) {
            canvas.fill(x: 0, y: 0, width: 10, height: 10, color: red)
        }
        let pixels = canvas.image().pixels
        #expect(Array(pixels[0..<3]) == [255, 0, 0])
        #expect(Array(pixels[27..<30]) == [255, 255, 255])
    }

    @Test func textLeavesInkAndHasAWidth() {
        let canvas = Canvas(width: 100, height: 30, background: white)
        #expect(canvas.measure("wider", size: 12) > canvas.measure("wi", size: 12))
        canvas.text("Ảnh truy vấn", at: .init(5, 20), size: 12, color: red)
        #expect(canvas.image().pixels.contains { $0 < 128 })
    }

    @Test func theSameDrawingGivesTheSameBytes() {
        func draw() -> [UInt8] {
            let canvas = Canvas(width: 60, height: 30, background: white)
            canvas.path([.init(0, 0), .init(30, 25), .init(60, 3)], color: red, lineWidth: 2, dash: .dashed)
            canvas.text("0.39", at: .init(30, 20), size: 11, color: red, anchor: .middle, halo: white)
            return canvas.image().pixels
        }
        #expect(draw() == draw())
    }
}
