import Imaging

extension Image {
    /// Longest side of a whole photograph on a page.
    static let pageSide = 640

    /// The image, scaled down until no side is longer than `side`.
    func fitting(_ side: Int) -> Image {
        let longest = max(width, height)
        guard longest > side else { return self }
        return resized(width: max(1, width * side / longest), height: max(1, height * side / longest))
    }

    /// Where a place of this image lies in the one that `fitting` makes of it.
    func place(_ box: Rectangle, fitting side: Int) -> Rectangle {
        let longest = max(width, height)
        guard longest > side else { return box }
        return Rectangle(
            x: box.x * side / longest, y: box.y * side / longest, width: max(1, box.width * side / longest),
            height: max(1, box.height * side / longest))
    }
}
