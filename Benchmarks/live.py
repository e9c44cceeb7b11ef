"""From saving a sentence to seeing it: milliseconds, measured in a browser that shows a preview.

    /usr/bin/python3 Benchmarks/live.py [PROJECT] [--times N]

PROJECT holds chapters and a report that is built; its chapters are put back as they were. Needs chromium, chromium-driver
and python3-selenium, as `make test-browser` does.
"""

import argparse
import json
import pathlib
import statistics
import sys
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "Tests/Browser"))
from browser import BrowserTest, Preview  # noqa: E402

# Tells when a text is seen, by the clock that the writer of the chapter reads.
SEEN = """
    const [text, done] = arguments;
    const observer = new MutationObserver(() => {
      if (!document.querySelector("main").textContent.includes(text)) return;
      observer.disconnect();
      requestAnimationFrame(() => done(performance.timeOrigin + performance.now()));
    });
    observer.observe(document.body, { childList: true, subtree: true, characterData: true });
    """


class Page(BrowserTest):
    def runTest(self):
        pass


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("project", nargs="?", default=".", type=pathlib.Path)
    arguments.add_argument("--times", type=int, default=9)
    given = arguments.parse_args()
    Page.setUpClass()
    page = Page()
    with Preview(given.project) as preview:
        page.driver.get(preview.address)
        page.wait(lambda: page.script("return document.querySelector('meta[name=likeness-server]')?.content"))
        links = page.script("return [...document.querySelectorAll('nav.chapters a')].map((link) => link.href)")
        chapters = sorted((given.project / "chapters").glob("[0-9]*.md"))
        for link, chapter in zip(dict.fromkeys(links), [one for one in chapters]):
            page.driver.get(link)
            page.wait(lambda: page.script("return document.querySelector('meta[name=likeness-server]')?.content"))
            text, taken = chapter.read_text(encoding="utf-8"), []
            try:
                for number in range(given.times):
                    mark = f"Sentence {number} of {time.time_ns()}."
                    saved = []

                    def save():
                        saved.append(time.time() * 1000)
                        chapter.write_text(text + "\n" + mark + "\n", encoding="utf-8")

                    timer = threading.Timer(0.3, save)
                    timer.start()
                    seen = page.driver.execute_async_script(SEEN, mark)
                    timer.join()
                    taken.append(seen - saved[0])
            finally:
                chapter.write_text(text, encoding="utf-8")
            print(json.dumps({
                "chapter": chapter.name, "milliseconds": round(statistics.median(taken)), "most": round(max(taken))}), flush=True)
    Page.doClassCleanups()


if __name__ == "__main__":
    main()
