"""Writes people.json: what SciPy says about figures whose queries belong to people, and NumPy where it has no such function.

Made apart from the Swift code: intervals are scipy.stats.bootstrap's BCa over people, at the level that Student's distribution
asks for; tests are scipy.stats.permutation_test's sign flips of people's sums; unanimous figures scipy.stats.binomtest's exact
interval; rates of verification a bootstrap of people written out below.
"""
import json
import numpy as np
from scipy import stats
from scipy.special import expit

r = np.random.default_rng(16)


def level(n):
    """Of the interval whose ends, for normal figures, are those of Student's."""
    return 1 - 2 * stats.norm.cdf(-stats.t.ppf(0.975, n - 1) * np.sqrt(n / (n - 1)))


def sums(values, people):
    n = people.max() + 1
    return np.bincount(people, values, n), np.bincount(people, minlength=n).astype(float)


def interval(values, people):
    s, c = sums(values, people)
    found = stats.bootstrap(
        (s, c), lambda s, c, axis=-1: s.sum(axis) / c.sum(axis), paired=True, vectorized=True, n_resamples=200_000,
        batch=5000, confidence_level=level(len(s)), method="BCa", rng=np.random.default_rng(1)).confidence_interval
    return [float(found.low), float(found.high)]


def test(differences, people):
    s, _ = sums(differences, people)
    s = s[s != 0]
    found = stats.permutation_test(
        (s,), lambda x, axis=-1: x.sum(axis), permutation_type="samples", alternative="two-sided", vectorized=True,
        n_resamples=np.inf if len(s) <= 12 else 400_000, batch=20_000, rng=np.random.default_rng(2))
    return float(found.pvalue)


def dataset(name, people, before, after):
    return dict(
        name=name, people=people.tolist(), before=before.tolist(), after=after.tolist(), interval=interval(after, people),
        difference=interval(after - before, people), p=test(after - before, people),
        queries=interval(after, np.arange(len(after))))


def precisions():
    """Average precisions of 64 people with three queries each: some people are hard."""
    people = np.repeat(np.arange(64), 3)
    person = r.normal(size=64)[people]
    before = expit(-0.4 + person + 0.8 * r.normal(size=192))
    after = expit(-0.1 + 0.9 * person + 0.5 * r.normal(size=64)[people] + 0.8 * r.normal(size=192))
    return dataset("average precision", people, before.round(6), after.round(6))


def firsts():
    """Right first answers of 20 people with one to five queries."""
    people = np.repeat(np.arange(20), r.integers(1, 6, 20))
    person = r.normal(size=20)[people]
    before = (r.random(len(people)) < expit(0.4 + person)).astype(float)
    after = (r.random(len(people)) < expit(1.4 + person)).astype(float)
    return dataset("first answers", people, before, after)


def few():
    """Eight people, as ORL's test has: most of their precisions are high."""
    people = np.repeat(np.arange(8), 3)
    before = expit(1.5 + r.normal(size=8)[people] + 0.6 * r.normal(size=24))
    after = expit(1.0 + 1.2 * r.normal(size=8)[people] + 0.6 * r.normal(size=24))
    return dataset("eight people", people, before.round(6), after.round(6))


def pooled(name, values, people, splits):
    """The mean over people of several splits: people are drawn within their split, and the acceleration is that of
    differences within splits (Davison and Hinkley 1997, 3.2), written out, since SciPy has no strata."""
    draw = np.random.default_rng(3)
    s, c = sums(values, people)
    of = splits[np.unique(people, return_index=True)[1]]
    n, strata = len(s), np.unique(of)
    top, bottom = 0.0, 0.0
    for k in strata:
        members = np.flatnonzero(of == k)
        chosen = draw.choice(members, (200_000, len(members)))
        top, bottom = top + s[chosen].sum(1), bottom + c[chosen].sum(1)
    drawn, mean = top / bottom, s.sum() / c.sum()
    z = stats.norm.ppf((drawn < mean - 1e-12).mean() + 0.5 * (abs(drawn - mean) <= 1e-12).mean())
    left = (s.sum() - s) / (c.sum() - c)
    u = np.concatenate([left[of == k].mean() - left[of == k] for k in strata])
    skew = (u**3).sum() / (6 * (u**2).sum() ** 1.5)
    free = n - len(strata)
    reach = stats.t.ppf(0.975, free) * np.sqrt(n / free)
    ends = [stats.norm.cdf(z + (z + x) / (1 - skew * (z + x))) for x in (-reach, reach)]
    return dict(
        name=name, values=values.tolist(), people=people.tolist(), splits=splits.tolist(), mean=float(mean),
        interval=np.quantile(drawn, ends).tolist())


def pools():
    """Five splits of eight people; precisions that the splits shift, and first answers of people with one to five queries."""
    r = np.random.default_rng(17)
    people = np.repeat(np.arange(40), 3)
    shift = np.repeat(r.normal(size=5) * 0.5, 24)
    precisions = expit(1 + shift + r.normal(size=40)[people] + 0.5 * r.normal(size=120)).round(6)
    uneven = np.repeat(np.arange(40), r.integers(1, 6, 40))
    firsts = (r.random(len(uneven)) < expit(2.0 + r.normal(size=40)[uneven])).astype(float)
    return [pooled("precisions", precisions, people, people // 8), pooled("first answers", firsts, uneven, uneven // 8)]


def rates(d, same, a, b, w):
    """Equal error rate, and accepted pairs of one person where at most 5 % and 1 % of the others are accepted."""
    weight = np.where(same, w[a], w[a] * w[b])
    t = np.cumsum(np.where(same, weight, 0)) / weight[same].sum()
    f = np.cumsum(np.where(same, 0, weight)) / weight[~same].sum()
    i = int(np.argmax(f >= 1 - t))
    t0, f0 = (t[i - 1], f[i - 1]) if i else (0, 0)
    before, after = 1 - t0 - f0, f[i] - (1 - t[i])
    e = f0 + (before / (before + after) if before + after > 0 else 0) * (f[i] - f0)
    return [e] + [t[f <= x].max(initial=0) for x in (0.05, 0.01)]


def verification():
    n, q, g, dim = 24, 2, 4, 6
    centres = r.normal(size=(n, dim))
    queries = np.repeat(np.arange(n), q)
    gallery = np.repeat(np.arange(n), g)
    Q = (centres[queries] + 0.45 * r.normal(size=(n * q, dim))).astype("f4")
    G = (centres[gallery] + 0.45 * r.normal(size=(n * g, dim))).astype("f4")
    d = ((Q[:, None].astype("f8") - G[None]) ** 2).sum(-1).ravel()
    a, b = np.repeat(queries, n * g), np.tile(gallery, n * q)
    order = np.argsort(d, kind="stable")
    d, a, b = d[order], a[order], b[order]
    same = a == b
    whole = np.array(rates(d, same, a, b, np.ones(n)))
    draws = np.array([rates(d, same, a, b, np.bincount(r.integers(0, n, n), minlength=n).astype(float)) for _ in range(20_000)])
    left = np.array([rates(d, same, a, b, np.where(np.arange(n) == i, 0.0, 1.0)) for i in range(n)])
    reach = stats.t.ppf(0.975, n - 1) * np.sqrt(n / (n - 1))
    found = []
    for k in range(3):
        x = draws[:, k]
        z = stats.norm.ppf((x < whole[k]).mean() + 0.5 * (x == whole[k]).mean())
        u = left[:, k].mean() - left[:, k]
        skew = (u**3).sum() / (6 * (u**2).sum() ** 1.5)
        ends = [stats.norm.cdf(z + (z + s) / (1 - skew * (z + s))) for s in (-reach, reach)]
        found.append([float(v) for v in np.quantile(x, ends)])
    return dict(
        columns=dim, queries=[round(float(v), 7) for v in Q.ravel()], gallery=[round(float(v), 7) for v in G.ravel()],
        queryPeople=queries.tolist(), galleryPeople=gallery.tolist(), rates=whole.tolist(), intervals=found)


def holm(p):
    """By the definition: the largest of what stands at or below one's rank."""
    p = np.array(p)
    order = np.argsort(p)
    steps = np.minimum(1, (len(p) - np.arange(len(p))) * p[order])
    out = np.empty(len(p))
    for i, place in enumerate(order):
        out[place] = steps[: i + 1].max()
    return out.tolist()


raw = [0.0102, 0.00009999, 0.2, 0.03, 0.00009999, 0.9, 0.012]
unanimous = [
    dict(people=n, low=float(stats.binomtest(n, n).proportion_ci(0.95, "exact").low)) for n in (1, 2, 8, 24, 64, 1000)]
json.dump(
    dict(
        sets=[precisions(), firsts(), few()], pooled=pools(), verification=verification(), raw=raw, holm=holm(raw), unanimous=unanimous,
        student=[dict(freedom=n, value=float(stats.t.ppf(0.975, n))) for n in (1, 2, 3, 7, 8, 63, 1999)]),
    open("people.json", "w"))
