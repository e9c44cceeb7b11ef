"""Writes attributes.json: what SciPy says of attributes among chosen images, made apart from the Swift code.

Tests are scipy.stats.fisher_exact's, tails scipy.stats.hypergeom's, corrections Holm's (1979), written out below, intervals
scipy.stats.bootstrap's BCa over people at the level that Student's distribution asks for.
"""
import json
import numpy as np
from scipy import stats

r = np.random.default_rng(40)


def level(n):
    """Of the interval whose ends, for normal figures, are those of Student's."""
    return 1 - 2 * stats.norm.cdf(-stats.t.ppf(0.975, n - 1) * np.sqrt(n / (n - 1)))


def fisher(total, marked, drawn, count):
    table = [[count, drawn - count], [marked - count, total - marked - drawn + count]]
    return float(stats.fisher_exact(table).pvalue)


def holm(values):
    order = np.argsort(values, kind="stable")
    corrected, largest = [0.0] * len(values), 0.0
    for rank, place in enumerate(order):
        largest = max(largest, min(1.0, (len(values) - rank) * values[place]))
        corrected[place] = largest
    return corrected


def draws():
    cases = [(8, 4, 4, 3), (20, 10, 6, 3), (20, 10, 6, 0), (64, 9, 12, 5), (6400, 1000, 60, 34), (6400, 130, 60, 10),
             (6400, 3200, 60, 30), (202599, 30709, 20259, 4000), (5, 5, 2, 2), (5, 0, 2, 0), (7, 3, 7, 3), (6, 3, 0, 0)]
    return [dict(total=t, marked=m, drawn=d, count=c, atLeast=float(stats.hypergeom.sf(c - 1, t, m, d)),
                 fisher=fisher(t, m, d, c)) for t, m, d, c in cases]


def crowd():
    """60 people with 5 to 25 images; who wears a hat is hardly found, whose hair is long never matters."""
    people = np.repeat(np.arange(60), r.integers(5, 26, 60))
    n = len(people)
    hat = r.random(n) < 0.06
    dark = r.random(n) < 0.3
    long = (r.random(60) < 0.5)[people]
    never = np.zeros(n, bool)
    attributes = np.stack([long, hat, never, dark], 1)
    chosen = r.random(n) < 0.02 + 0.4 * hat + 0.06 * dark
    p = [fisher(n, int(a.sum()), int(chosen.sum()), int((a & chosen).sum())) for a in attributes.T]
    corrected = holm(p)

    def interval(a):
        count = lambda x: np.bincount(people, x, 60).astype(float)
        sums = (count(a & chosen), count(chosen), count(a), count(np.ones(n)))
        found = stats.bootstrap(
            sums, lambda x, c, y, m, axis=-1: x.sum(axis) / c.sum(axis) - y.sum(axis) / m.sum(axis), paired=True,
            vectorized=True, n_resamples=200_000, batch=5000, confidence_level=level(60), method="BCa",
            rng=np.random.default_rng(1)).confidence_interval
        return [float(found.low), float(found.high)]

    return dict(
        people=people.tolist(), isChosen=chosen.tolist(), attributes=np.where(attributes, 1, -1).tolist(), p=p,
        corrected=corrected, intervals=[interval(a) if c < 0.05 else [] for a, c in zip(attributes.T, corrected)])


with open("attributes.json", "w") as file:
    json.dump(dict(draws=draws(), crowd=crowd()), file)
