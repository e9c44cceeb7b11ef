import Foundation
import Tensors

/// What training does to a normalised input, so that a network does not lean on one region of a face.
///
/// Every number is drawn from (seed, epoch, sample, slot): nothing depends on the order of images or on threads.
package struct Augmentation: Sendable, Codable {
    /// Probability of erasing one rectangle (Zhong et al., 2020; torchvision's `RandomErasing`).
    package var erasing = 0.5
    /// Probability of removing small regions.
    package var regionDropout = 0.3
    /// Probability of exchanging left and right.
    package var flip = 0.0
    package var seed: UInt64

    package init(erasing: Double = 0.5, regionDropout: Double = 0.3, flip: Double = 0, seed: UInt64) {
        self.erasing = erasing
        self.regionDropout = regionDropout
        self.flip = flip
        self.seed = seed
    }

    /// Changes one NHWC input of `FaceTransform.size` in place. O(pixels).
    ///
    /// - Parameter sample: what tells this use of the image from every other one in the epoch.
    package func apply(to input: UnsafeMutableBufferPointer<Float>, epoch: Int, sample: Int) {
        var random = RandomNumbers(seed: seed, .augmentation, epoch, sample)
        if random.uniform() < erasing { erase(input, &random) }
        if random.uniform() < regionDropout { dropRegions(input, &random) }
        if random.uniform() < flip { mirror(input) }
    }

    /// Exchanges left and right.
    private func mirror(_ input: UnsafeMutableBufferPointer<Float>) {
        let size = FaceTransform.size
        for y in 0..<size {
            for x in 0..<size / 2 {
                let (left, right) = ((y * size + x) * 3, (y * size + size - 1 - x) * 3)
                for channel in 0..<3 { input.swapAt(left + channel, right + channel) }
            }
        }
    }

    /// One rectangle of 2–33 % of the area and an aspect of 0.3–3.3 becomes normal noise; up to ten tries to fit one.
    private func erase(_ input: UnsafeMutableBufferPointer<Float>, _ random: inout RandomNumbers) {
        let size = FaceTransform.size
        for _ in 0..<10 {
            let area = Double(size * size) * (0.02 + (0.33 - 0.02) * random.uniform())
            let aspect = exp(log(0.3) + (log(3.3) - log(0.3)) * random.uniform())
            let height = Int((area * aspect).squareRoot().rounded())
            let width = Int((area / aspect).squareRoot().rounded())
            guard height < size, width < size, height > 0, width > 0 else { continue }
            let top = random.integer(below: size - height + 1)
            let left = random.integer(below: size - width + 1)
            for y in top..<(top + height) {
                for index in (y * size + left) * 3..<(y * size + left + width) * 3 {
                    input[index] = Float(random.normal())
                }
            }
            return
        }
    }

    /// Each cell of an 8×8 grid vanishes with probability 1/8: replaced by zero, ImageNet's mean colour.
    private func dropRegions(_ input: UnsafeMutableBufferPointer<Float>, _ random: inout RandomNumbers) {
        let size = FaceTransform.size
        let cells = 8
        for row in 0..<cells {
            for column in 0..<cells where random.uniform() < 0.125 {
                for y in row * size / cells..<(row + 1) * size / cells {
                    let start = (y * size + column * size / cells) * 3
                    let end = (y * size + (column + 1) * size / cells) * 3
                    for index in start..<end { input[index] = 0 }
                }
            }
        }
    }
}
