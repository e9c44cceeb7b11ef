extension Image {
    /// The image in gray: (9798 R + 19235 G + 3735 B + 2¹⁴) >> 15, OpenCV's integer weights; itself when gray already.
    package var gray: Image {
        guard channels == 3 else { return self }
        let count = width * height
        let converted = [UInt8](unsafeUninitializedCapacity: count) { target, initialized in
            pixels.withUnsafeBufferPointer { source in
                for i in 0..<count { target[i] = grayValue(source[3 * i], source[3 * i + 1], source[3 * i + 2]) }
            }
            initialized = count
        }
        return Image(width: width, height: height, channels: 1, pixels: converted)
    }

    /// The image with three channels; a gray value is repeated.
    package var rgb: Image {
        guard channels == 1 else { return self }
        let count = width * height
        let converted = [UInt8](unsafeUninitializedCapacity: 3 * count) { target, initialized in
            pixels.withUnsafeBufferPointer { source in
                for i in 0..<count {
                    target[3 * i] = source[i]
                    target[3 * i + 1] = source[i]
                    target[3 * i + 2] = source[i]
                }
            }
            initialized = 3 * count
        }
        return Image(width: width, height: height, channels: 3, pixels: converted)
    }

    /// The part of the image inside `rectangle`, which must not be empty nor leave the image.
    package func cropped(to rectangle: Rectangle) -> Image {
        precondition(bounds.contains(rectangle), "a crop lies inside its image")
        let stride = rectangle.width * channels
        let part = [UInt8](unsafeUninitializedCapacity: stride * rectangle.height) { target, initialized in
            pixels.withUnsafeBufferPointer { source in
                for y in 0..<rectangle.height {
                    let start = ((rectangle.y + y) * width + rectangle.x) * channels
                    let row = UnsafeMutableBufferPointer(rebasing: target[(y * stride)..<((y + 1) * stride)])
                    _ = row.initialize(from: UnsafeBufferPointer(rebasing: source[start..<(start + stride)]))
                }
            }
            initialized = stride * rectangle.height
        }
        return Image(width: rectangle.width, height: rectangle.height, channels: channels, pixels: part)
    }

    /// The whole image as a rectangle.
    package var bounds: Rectangle { Rectangle(x: 0, y: 0, width: width, height: height) }
}

extension Rectangle {
    /// Whether `other` has pixels and all of them lie in this rectangle.
    package func contains(_ other: Rectangle) -> Bool {
        other.width > 0 && other.height > 0 && other.x >= x && other.y >= y
            && other.width <= width && other.height <= height
            && other.x - x <= width - other.width && other.y - y <= height - other.height
    }
}
