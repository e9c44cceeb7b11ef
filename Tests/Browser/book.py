"""The project's own chapters, in every language, with the least of everything that they need: what pages are looked at."""

import functools
import pathlib
import shutil
import urllib.parse

from browser import ROOT, holder, run

WIDTHS = [390, 900, 1600]
SCHEMES = ["light", "dark"]

# People, triplets and galleries enough for every figure to stand in its place; what the numbers are is not looked at.
SETTINGS = ["ks=[1,5,10]", "sizes=[1000,3000]", "triplets=32", "random_triplets=16", "ablation_triplets=16", "people_epochs=1"]


@functools.cache
def report():
    """The folder of the pages, made once."""
    folder = pathlib.Path(holder().name) / "book"
    (folder / "data").mkdir(parents=True)
    shutil.copytree(ROOT / "chapters", folder / "chapters")
    for name in ["orl", "weights"]:
        (folder / "data" / name).symlink_to(ROOT / "data" / name)
    run("synthesize", "data/portraits", "--identities", "30", "--images", "240", "--seed", "1", folder=folder)
    run("synthesize", "data/mislabelled", "--identities", "12", "--images", "96", "--seed", "2", "--mislabel", "0.1",
        folder=folder)
    run("build", "--profile", "quick", *(word for setting in SETTINGS for word in ["--set", setting]), folder=folder)
    return folder / "output"


def pages():
    """The names of all pages, first the original's."""
    return sorted((path.name for path in report().glob("*.html")), key=lambda name: (name.count("."), name))


def language(page):
    parts = page.split(".")
    return parts[1] if len(parts) == 3 else "en"


def address(page):
    return (report() / page).as_uri()


def is_ours(url):
    """Whether an address names a file of the report, or something within a page."""
    parts = urllib.parse.urlsplit(url)
    if parts.scheme in ("data", "blob", "about"):
        return True
    return parts.scheme == "file" and pathlib.Path(urllib.parse.unquote(parts.path)).is_relative_to(report())
