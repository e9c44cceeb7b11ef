"""Vectors to search: clustered (intrinsic dimension 20, like embeddings) and uniform. python search.py FOLDER"""
import sys
import numpy as np

random = np.random.default_rng(1)
n, q, d, inner = 37358, 2035, 128, 20
basis, centres = random.normal(size=(inner, d)) / np.sqrt(inner), random.normal(size=(2035, inner))


def clustered(m):
    vectors = (centres[random.integers(0, 2035, m)] + .35 * random.normal(size=(m, inner))) @ basis
    return (vectors + .02 * random.normal(size=(m, d))).astype("f4")


np.save(f"{sys.argv[1]}/clustered-gallery.npy", clustered(n))
np.save(f"{sys.argv[1]}/clustered-queries.npy", clustered(q))
np.save(f"{sys.argv[1]}/uniform-gallery.npy", random.random((n, d), dtype="f4"))
np.save(f"{sys.argv[1]}/uniform-queries.npy", random.random((q, d), dtype="f4"))
