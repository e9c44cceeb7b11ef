import Imaging

/// A window that nearly was a face: how far it came on its way through the cascade.
package struct NearMiss: Sendable, Hashable {
    package var box: Rectangle
    /// Stages that it passed; all of them where too few of its neighbours did the same.
    package var stages: Int
}

extension SingleFace {
    package var stageCount: Int { detector.cascade.stageCount }

    /// The windows that came furthest, at most `count`, none of which covers another's centre; furthest first, larger
    /// ones before smaller ones.
    ///
    /// Looks at every window of an image as the first try does. Some 16 bytes a window.
    package func nearMisses(in image: Image, atMost count: Int) -> [NearMiss] {
        let scan = detector.explain(image)
        var found: [NearMiss] = []
        for stages in stride(from: scan.stageCount, to: 0, by: -1) {
            // The last layers hold the largest windows.
            for layer in scan.layers.reversed() {
                for (index, verdict) in layer.verdicts.enumerated()
                where verdict.stagesPassed(of: scan.stageCount) == stages {
                    let place = layer.place(column: index % layer.columns, row: index / layer.columns)
                    // Rounding may carry a window a pixel beyond the edge.
                    guard let box = image.bounds.intersection(place),
                        !found.contains(where: { $0.box.holdsCentre(of: box) || box.holdsCentre(of: $0.box) })
                    else { continue }
                    found.append(NearMiss(box: box, stages: stages))
                    if found.count == count { return found }
                }
            }
        }
        return found
    }
}

extension Rectangle {
    fileprivate func holdsCentre(of other: Rectangle) -> Bool {
        let (doubledX, doubledY) = (2 * other.x + other.width, 2 * other.y + other.height)
        return doubledX >= 2 * x && doubledX <= 2 * (x + width) && doubledY >= 2 * y && doubledY <= 2 * (y + height)
    }
}
