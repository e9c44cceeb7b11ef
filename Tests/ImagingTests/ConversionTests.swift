import Imaging
import Testing

@Suite struct Conversion {
    @Test func weighsColoursAsOpenCVDoes() {
        let image = Image(width: 4, height: 1, channels: 3, pixels: [255, 0, 0, 0, 255, 0, 0, 0, 255, 12, 200, 77])
        #expect(image.gray.pixels == [76, 150, 29, 130])
    }

    @Test func grayOfGrayIsItself() {
        let image = pattern(5, 6, 1)
        #expect(image.gray == image)
        #expect(image.rgb.gray == image)
    }

    @Test func repeatsGrayInEachChannel() {
        #expect(Image(width: 2, height: 1, channels: 1, pixels: [3, 9]).rgb.pixels == [3, 3, 3, 9, 9, 9])
    }

    @Test func cropsRowsAndColumns() {
        let image = pattern(6, 5, 3)
        let part = image.cropped(to: Rectangle(x: 2, y: 1, width: 3, height: 4))
        #expect(part.width == 3 && part.height == 4)
        for y in 0..<4 {
            for i in 0..<9 { #expect(part.pixels[y * 9 + i] == image.pixels[(y + 1) * 18 + 6 + i]) }
        }
        #expect(image.cropped(to: image.bounds) == image)
    }

    @Test func knowsWhatLiesInside() {
        let bounds = Rectangle(x: 0, y: 0, width: 10, height: 10)
        #expect(bounds.contains(Rectangle(x: 9, y: 9, width: 1, height: 1)))
        #expect(!bounds.contains(Rectangle(x: 9, y: 9, width: 2, height: 1)))
        #expect(!bounds.contains(Rectangle(x: -1, y: 0, width: 2, height: 1)))
        #expect(!bounds.contains(Rectangle(x: 3, y: 3, width: 0, height: 1)))
        #expect(!bounds.contains(Rectangle(x: .max, y: 0, width: .max, height: 1)))
    }
}
