import Imaging

/// Pictures in a row or grid, each with a line below: a detection drawn in, a triplet's three faces.
package struct Gallery: Sendable {
    package struct Item: Sendable {
        package var picture: Picture
        package var title: String
        /// Outlines over the picture, in its pixels: detections.
        package var boxes: [Rectangle]

        package init(picture: Picture, title: Phrase, boxes: [Rectangle] = []) {
            self.picture = picture
            self.title = title.text
            self.boxes = boxes
        }
    }

    /// Items that belong together (a triplet) share a group; ungrouped items pass one group.
    package var groups: [Group]

    package struct Group: Sendable {
        package var title: String?
        package var items: [Item]

        package init(title: Phrase? = nil, items: [Item]) {
            self.title = title?.text
            self.items = items
        }
    }

    package init(groups: [Group]) { self.groups = groups }
}

/// Pictures of one thing at successive moments, all of one size: one after the other where the page's script runs,
/// side by side elsewhere and on paper.
package struct Frames: Sendable {
    package var items: [Gallery.Item]

    package init(items: [Gallery.Item]) { self.items = items }
}
