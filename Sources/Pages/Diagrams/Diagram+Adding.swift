// How a directive draws: a line of its code for each thing on the page.

extension Diagram {
    package mutating func box(
        _ frame: Frame, fill: Tone = .paper, outline: Tone = .muted, isDashed: Bool = false
    ) {
        items.append(.box(Box(frame: frame, fill: fill, outline: outline, isDashed: isDashed)))
    }

    package mutating func text(
        _ text: Phrase, _ x: Double, _ y: Double, size: Double = smallestText, _ tone: Tone = .ink,
        isBold: Bool = false,
        anchor: Anchor = .start, hasHalo: Bool = false
    ) {
        precondition(size >= Self.smallestText)
        items.append(
            .label(
                Label(
                    text: text.text, at: Point(x, y), size: size, tone: tone, isBold: isBold, anchor: anchor,
                    hasHalo: hasHalo)))
    }

    package mutating func line(
        _ points: [Point], _ course: Line.Course = .straight, _ tone: Tone = .muted, width: Double = 1.25,
        isDashed: Bool = false, hasHead: Bool = false
    ) {
        precondition(points.count >= 2)
        items.append(
            .line(
                Line(points: points, course: course, tone: tone, width: width, isDashed: isDashed, hasHead: hasHead)))
    }

    package mutating func arrow(
        _ points: [Point], _ course: Line.Course = .straight, _ tone: Tone = .muted, width: Double = 1.25,
        isDashed: Bool = false
    ) {
        line(points, course, tone, width: width, isDashed: isDashed, hasHead: true)
    }

    package mutating func disc(
        _ center: Point, _ radius: Double, fill: Tone? = nil, outline: Tone? = nil, opacity: Double = 1,
        isDashed: Bool = false
    ) {
        items.append(
            .disc(
                Disc(
                    center: center, radius: radius, fill: fill, outline: outline, opacity: opacity, isDashed: isDashed))
        )
    }

    package mutating func patch(
        _ frame: Frame, fill: Tone? = nil, outline: Tone? = nil, opacity: Double = 1, isDashed: Bool = false,
        lineWidth: Double = 1.25
    ) {
        items.append(
            .patch(
                Patch(
                    frame: frame, fill: fill, outline: outline, opacity: opacity, isDashed: isDashed,
                    lineWidth: lineWidth)))
    }

    /// A picture of its own shape inside `frame`, in the middle of it.
    ///
    /// - Returns: where it lies.
    @discardableResult
    package mutating func picture(
        _ picture: Picture, in frame: Frame, outline: Tone? = nil, isDashed: Bool = false
    ) -> Frame {
        let (width, height) = (Double(picture.image.width), Double(picture.image.height))
        let scale = min(frame.width / max(1, width), frame.height / max(1, height))
        let placed = Frame(
            frame.middle.x - scale * width / 2, frame.middle.y - scale * height / 2, scale * width, scale * height)
        items.append(.picture(PlacedPicture(picture: picture, frame: placed)))
        if let outline { patch(placed.grown(by: 2), outline: outline, isDashed: isDashed, lineWidth: 2) }
        return placed
    }

    package mutating func strip(_ values: [Float], _ frame: Frame, limit: Float) {
        items.append(.strip(Strip(values: values, limit: limit, frame: frame)))
    }

    /// A line under things that belong together, with their names below it.
    ///
    /// - Parameter narrow: where the names stand when they are wider than the line.
    package mutating func bracket(
        from left: Double, to right: Double, y: Double, _ tone: Tone, _ lines: [Phrase], narrow: Anchor = .middle
    ) {
        line([Point(left, y - 5), Point(left, y), Point(right, y), Point(right, y - 5)], .straight, tone)
        let widest = lines.map { Self.width(of: $0.text, size: Self.smallestText, isBold: true) }.max() ?? 0
        let anchor = widest <= right - left ? .middle : narrow
        let x = anchor == .start ? left : anchor == .middle ? (left + right) / 2 : right
        for (number, text) in lines.enumerated() {
            let isFirst = number == 0
            self.text(
                text, x, y + 16 + 15 * Double(number), isFirst ? tone : .muted, isBold: isFirst, anchor: anchor)
        }
    }
}

extension Diagram.Frame {
    package func grown(by margin: Double) -> Diagram.Frame {
        Diagram.Frame(x - margin, y - margin, width + 2 * margin, height + 2 * margin)
    }
}

extension Diagram {
    /// Boxes of which two lie in one place.
    package var overlappingBoxes: [(Frame, Frame)] {
        let frames = items.compactMap { if case .box(let box) = $0 { box.frame } else { nil } }
        return pairs(frames)
    }

    /// Labels of which two lie in one place.
    package var overlappingLabels: [(String, String)] {
        let labels = items.compactMap { if case .label(let label) = $0 { label } else { nil } }
        var found: [(String, String)] = []
        for (number, label) in labels.enumerated() {
            let frame = label.frame
            for other in labels[..<number] where frame.intersects(other.frame) {
                found.append((other.text, label.text))
            }
        }
        return found
    }

    /// Labels that leave the drawing.
    package var labelsOutside: [String] {
        items.compactMap {
            if case .label(let label) = $0, !bounds.contains(label.frame) { label.text } else { nil }
        }
    }

    private func pairs(_ frames: [Frame]) -> [(Frame, Frame)] {
        var found: [(Frame, Frame)] = []
        for (number, frame) in frames.enumerated() {
            for other in frames[..<number] where frame.intersects(other) { found.append((other, frame)) }
        }
        return found
    }
}
