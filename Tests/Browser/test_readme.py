"""The picture in the README: what asking for a face looks like. RECORD=1 takes it anew."""

import base64
import os
import pathlib
import unittest

from browser import ROOT, BrowserTest, Preview, holder, run

PICTURE = ROOT / "docs/query.jpg"

CHAPTER = """# Try it

```preprocess
id: faces
dataset: small
test: 0.5
```

```train
id: tuned
data: faces
model: mobilenet_v2
epochs: 3
triplets: 320
batch: 16
```

```evaluate
id: before
data: faces
model: mobilenet_v2
k: [1, 5]
```

```evaluate
id: after
data: faces
train: tuned
k: [1, 5]
```

```query
id: ask
of: [before, after]
k: 5
caption: A photograph, asked of one network before and after fine-tuning.
```
"""


class PictureTests(BrowserTest):
    def test_the_readme_shows_what_asking_looks_like(self):
        self.assertIn("](docs/query.jpg)", (ROOT / "README.md").read_text(encoding="utf-8")[:3000])
        if os.environ.get("RECORD"):
            PICTURE.write_bytes(self.taken())
        self.assertEqual(PICTURE.read_bytes()[:3], b"\xff\xd8\xff")
        self.assertLess(PICTURE.stat().st_size, 250_000)

    def taken(self):
        """The page with an answer, as a JPEG. Needs the weights that `make setup` fetches."""
        folder = pathlib.Path(holder().name) / "readme"
        (folder / "chapters").mkdir(parents=True)
        (folder / "data").mkdir()
        (folder / "data/weights").symlink_to(ROOT / "data/weights")
        (folder / "chapters/report.yml").write_text("title: Faces\n", encoding="utf-8")
        (folder / "chapters/01-try-it.md").write_text(CHAPTER, encoding="utf-8")
        run("synthesize", "data/small", "--identities", "40", "--images", "480", "--seed", "5", folder=folder)
        run("build", folder=folder)
        with Preview(folder) as preview:
            self.size(1280, 2000)
            self.driver.get(preview.address)
            photograph = folder / "data/small/img_align_celeba/000123.jpg"
            self.find(".face-query input[type=file]").send_keys(str(photograph))
            self.wait(lambda: len(self.all(".query-column .hit")) == 10, "no answers")
            self.script("for (const image of document.querySelectorAll('.query-column img')) image.removeAttribute('loading')")
            self.wait(lambda: self.script(
                "return [...document.querySelectorAll('.query-column img')].every((image) => image.complete)"))
            place = self.script("""
                const box = document.querySelector('.face-query').getBoundingClientRect();
                const seen = [...document.querySelectorAll('.face-query *')].find((one) => one.textContent === 'What each network sees');
                const top = seen.getBoundingClientRect().top;
                return { x: box.x - 12, y: top + scrollY - 12, width: box.width + 24, height: box.bottom - top + 20, scale: 1 };""")
            shot = self.driver.execute_cdp_cmd("Page.captureScreenshot", {
                "captureBeyondViewport": True, "format": "jpeg", "quality": 82, "clip": place})
            return base64.b64decode(shot["data"])


if __name__ == "__main__":
    unittest.main()
