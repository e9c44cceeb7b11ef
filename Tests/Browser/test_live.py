"""A report that is written and computed while somebody looks at it."""

import pathlib
import shutil
import signal
import unittest

from selenium.webdriver.common.keys import Keys

from browser import BrowserTest, Preview, holder, project, run

GALLERY = """
```query-grid
id: grid
evaluate: pixels
queries: 2
ranks: 4
caption: Two queries.
```

```index
id: tree
evaluate: pixels
leaf: 4
caption: A tree.
```
"""

TRAINING = """# Training

```train
id: tuned
data: faces
model: mobilenet_v2
weights: random
precision: f32
epochs: %d
triplets: 48
batch: 4
caption: Loss.
```

So many epochs: `=tuned.epochs`.
"""


def own_project(name):
    """A project that a test may change, with the results of the shared one."""
    folder = pathlib.Path(holder().name) / name
    shutil.copytree(project(), folder)
    return folder


class LiveTest(BrowserTest):
    def open(self, preview, page="index.html"):
        self.driver.get(preview.address + page)
        self.wait(lambda: self.script("return document.querySelector('.live-progress')?.hidden"), "the report is computed")

    def text(self):
        return self.script("return document.querySelector('main').innerText")

    def write(self, folder, chapter, text):
        path = folder / "chapters" / chapter
        path.write_text(text, encoding="utf-8")

    def width(self):
        return self.script("return document.documentElement.scrollWidth")


class WritingTests(LiveTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.folder = own_project("writing")
        start = cls.folder / "chapters/01-start.md"
        cls.start = start.read_text(encoding="utf-8") + GALLERY + "\n" + "\n\n".join(f"Paragraph {n}." for n in range(60)) + "\n"
        start.write_text(cls.start, encoding="utf-8")
        run("build", folder=cls.folder)
        cls.preview = Preview(cls.folder).__enter__()
        cls.addClassCleanup(lambda: cls.preview.__exit__(None, None, None))

    def setUp(self):
        super().setUp()
        self.write(self.folder, "01-start.md", self.start)
        self.open(self.preview)

    def test_a_sentence_comes_and_everything_else_stays(self):
        self.script("for (const details of document.querySelectorAll('#tbl-pixels details')) details.open = true;")
        self.script("window.grid = document.querySelector('#fig-grid')")
        explorer = self.find("#fig-tree .tree-explorer svg")
        summary = "return document.querySelector('#fig-tree .tree-explorer p[aria-live]').textContent"
        explorer.send_keys("+")
        explorer.send_keys(Keys.ARROW_RIGHT * 3)
        told = self.script(summary)
        self.assertIn("k = 4", told)
        place = """return [...document.querySelectorAll('main p')].find((p) => p.textContent === 'Paragraph 30.')
            .getBoundingClientRect().top"""
        self.script("""[...document.querySelectorAll('main p')].find((p) => p.textContent === 'Paragraph 30.')
            .scrollIntoView({ block: 'center' })""")
        before = self.script(place)
        changed = self.start.replace("Ask in", "A sentence that was not there before. Ask in").replace(
            "Paragraph 45.", "Paragraph 45 is longer now.")
        self.write(self.folder, "01-start.md", changed)
        self.wait(lambda: "A sentence that was not there before." in self.text() and "Paragraph 45 is longer" in self.text())
        self.assertAlmostEqual(self.script(place), before, delta=2)
        self.assertTrue(self.script("return [...document.querySelectorAll('#tbl-pixels details')].every((d) => d.open)"))
        self.assertTrue(self.script("return window.grid === document.querySelector('#fig-grid')"), "untouched")
        # A figure that has changed comes again, and what was done to it is done again.
        self.write(self.folder, "01-start.md", changed.replace("A tree.", "Another caption."))
        self.wait(lambda: "Another caption." in self.text())
        self.assertEqual(self.script(summary), told)

    def test_mistakes_stand_before_the_last_page_and_vanish(self):
        self.write(self.folder, "01-start.md", self.start.replace("test: 0.6", "tset: 0.6"))
        problems = self.find(".live-problems:not([hidden])")
        self.wait(lambda: "did you mean 'test'" in problems.text)
        self.assertIn("chapters/01-start.md:8:1: error:", problems.text)
        self.assertIn("8 | tset: 0.6\n  | ^~~~", problems.text)
        self.assertIn("Paragraph 30.", self.text())
        self.picture("problems")
        # Hidden and shown again with the keyboard.
        fold = self.find(".live-problems button")
        fold.send_keys("\n")
        self.assertFalse(self.find(".live-problems ol").is_displayed())
        self.size(390, 800)
        fold.send_keys("\n")
        self.wait(lambda: self.find(".live-problems ol").is_displayed())
        self.assertLessEqual(self.width(), 390)
        self.picture("problems-phone")
        self.write(self.folder, "01-start.md", self.start)
        self.wait(lambda: not problems.is_displayed())

    def test_what_is_out_of_date_says_why(self):
        self.script("""window.seen = [];
            new MutationObserver(() => {
              const reasons = document.querySelector('#tbl-pixels .reasons')?.textContent;
              if (reasons && document.querySelector('#tbl-pixels div.outdated table')) window.seen.push(reasons);
            }).observe(document.body, { childList: true, subtree: true });""")
        self.write(self.folder, "01-start.md", self.start.replace("k: [1, 5]\n```", "k: [1, 4]\n```", 1))
        self.wait(lambda: self.script("return window.seen.length"))
        self.assertIn("option k: [1, 5] → [1, 4]", self.script("return window.seen[0]"))
        self.wait(lambda: not self.all(".pending"))

    def test_a_face_of_the_report_is_asked_about(self):
        self.find("#fig-grid .query a.zoom").click()
        ask = self.find("dialog.viewer a.ask")
        self.wait(ask.is_displayed)
        ask.click()
        self.wait(lambda: "try-it" in self.driver.current_url)
        self.wait(lambda: self.all(".face-query .hits .hit, .face-query .answers li"), "answers about the face")

    def test_a_build_beside_it_and_a_second_preview(self):
        with Preview(self.folder) as other:
            self.assertNotEqual(other.address, self.preview.address)
            tag = self.script("return document.querySelector('meta[name=likeness-server]').content")
            self.write(self.folder, "01-start.md", self.start + "\nSeen by both.\n")
            self.wait(lambda: "Seen by both." in self.text())
            self.assertNotEqual(self.script("return document.querySelector('meta[name=likeness-server]').content"), tag)
            self.open(other)
            self.wait(lambda: "Seen by both." in self.text())
        self.wait(lambda: "The preview has ended" in self.find(".live-progress").text)


class ComputingTests(LiveTest):
    def test_a_loss_grows_and_ctrl_c_leaves_a_training_that_goes_on(self):
        folder = own_project("computing")
        self.write(folder, "03-training.md", TRAINING % 40)
        with Preview(folder) as preview:
            self.driver.get(preview.address + "training.html")
            points = "return document.querySelector('#fig-tuned .growing path')?.getAttribute('d').split('L').length ?? 0"
            self.wait(lambda: self.script(points) > 3, "a curve")
            few = self.script(points)
            self.wait(lambda: self.script(points) > few + 3, "a curve that grows")
            self.assertIn("…", self.text())
            self.assertRegex(self.find(".live-progress").text, r"train tuned.*epoch \d+/40")
            self.picture("growing")
            preview.process.send_signal(signal.SIGINT)
            self.assertEqual(preview.process.wait(60), 130)
        # As many epochs as are done by now, and not from the beginning.
        self.write(folder, "03-training.md", TRAINING % 40)
        status = run("status", folder=folder)
        self.assertRegex(status, r"tuned\s+interrupted|interrupted.*tuned")

    def test_a_report_fills_from_nothing(self):
        folder = pathlib.Path(holder().name) / "empty"
        shutil.copytree(project(), folder, ignore=shutil.ignore_patterns("output", ".likeness"))
        with Preview(folder) as preview:
            self.driver.get(preview.address)
            self.wait(lambda: self.all("#tbl-features table") and not self.all(".pending"))
            self.wait(lambda: (folder / "output/index.html").exists())


if __name__ == "__main__":
    unittest.main()
