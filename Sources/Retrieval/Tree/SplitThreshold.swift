import Glibc

/// The threshold of a node's question S = Sign(Sigmoid(W·f − t) − t): S ≥ 0 sends f to the right.
///
/// For t in (0, 1), σ(p − t) ≥ t exactly when p ≥ θ with θ = t + ln(t / (1 − t)). That function of t is strictly
/// increasing onto all reals, so any θ, a median for one, has exactly one t. Near |θ| = 37 t is no longer told
/// from 0 or 1 in double, so θ is kept beside it and decides. Source: the slides, III.3.1.
package struct SplitThreshold: Sendable, Hashable {
    /// In (0, 1), up to rounding.
    package let t: Double
    /// What W·f is compared with.
    package let theta: Double

    package init(theta: Double) {
        self.theta = theta
        t = Self.solve(theta)
    }

    /// θ of a t in (0, 1).
    package static func theta(of t: Double) -> Double { t + log(t) - log1p(-t) }

    /// Sigmoid(W·f − t) − t, the number whose sign is S, as the formula says it.
    package func response(_ projection: Double) -> Double { 1 / (1 + exp(t - projection)) - t }

    /// Whether S ≥ 0.
    package func sendsRight(_ projection: Double) -> Bool { projection >= theta }

    /// Newton's method on the logit u of t, where the slope σ′(u) + 1 lies between 1 and 1.25: it converges from
    /// anywhere and never leaves (0, 1).
    private static func solve(_ theta: Double) -> Double {
        var u = theta > 0 ? max(0, theta - 1) : theta
        for _ in 0..<50 {
            let t = 1 / (1 + exp(-u))
            let step = (t + u - theta) / (t * (1 - t) + 1)
            u -= step
            if abs(step) <= 1e-15 * max(1, abs(u)) { break }
        }
        return 1 / (1 + exp(-u))
    }
}
