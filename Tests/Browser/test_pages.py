"""Every page of the project's own book, in every language, scheme and width, opened from its file."""

import functools
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest
import zipfile

from book import SCHEMES, WIDTHS, address, is_ours, language, pages, report
from browser import ROOT, BrowserTest, holder
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys


@functools.cache
def axe():
    """The rules' script, from a package that is pinned by its digest."""
    folder = pathlib.Path(holder().name) / "axe"
    subprocess.run(
        [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps", "--only-binary", ":all:",
         "--require-hashes", "--dest", str(folder), "--requirement", str(ROOT / "Tests/Browser/axe.txt")], check=True)
    [wheel] = folder.glob("*.whl")
    return zipfile.ZipFile(wheel).read("axe_playwright_python/axe.min.js").decode("utf-8")


class PagesTest(BrowserTest):
    def open(self, page):
        self.driver.get(address(page))

    def loaded(self):
        """All pictures, wherever they stand."""
        self.script("for (const image of document.images) image.loading = 'eager';")
        self.later("await Promise.all([...document.images].map((image) => image.decode().catch(() => {})));")


class EveryPageTests(PagesTest):
    """Whatever the size and the scheme."""

    def test_nothing_stands_out_of_the_window_and_nothing_is_said_on_the_console(self):
        for page in pages():
            for scheme in SCHEMES:
                self.scheme(scheme)
                for width in WIDTHS:
                    with self.subTest(page=page, scheme=scheme, width=width):
                        self.size(width, 900)
                        self.open(page)
                        wide = self.script("""
                            const limit = document.documentElement.clientWidth;
                            if (document.documentElement.scrollWidth <= limit) return [];
                            return [...document.querySelectorAll("body *")].filter((element) =>
                              element.getBoundingClientRect().right > limit + 1).slice(0, 3).map((element) => element.outerHTML.slice(0, 120));
                            """)
                        self.assertEqual(wide, [])
                        self.assertEqual(self.driver.get_log("browser"), [])

    def test_nothing_comes_from_elsewhere_and_no_picture_is_missing(self):
        for page in pages():
            with self.subTest(page=page):
                self.open(page)
                self.loaded()
                # What a reader asks for comes later.
                self.script("for (const tool of document.querySelectorAll('.query-tool')) tool.remove();")
                asked = self.script("return performance.getEntriesByType('resource').map((entry) => entry.name);")
                self.assertEqual([url for url in asked if not is_ours(url)], [])
                broken = self.script(
                    "return [...document.images].filter((image) => !image.naturalWidth).map((image) => image.src);")
                self.assertEqual(broken, [])
                unnamed = self.script(
                    "return [...document.images].filter((image) => !image.hasAttribute('alt')).map((image) => image.src);")
                self.assertEqual(unnamed, [])

    def test_headings_are_in_order_and_ids_are_one_of_a_kind(self):
        for page in pages():
            with self.subTest(page=page):
                self.open(page)
                levels = self.script("return [...document.querySelectorAll('main :is(h1, h2, h3, h4)')].map((h) => Number(h.tagName[1]));")
                self.assertEqual(levels[0], 1)
                self.assertTrue(all(after <= before + 1 for before, after in zip(levels, levels[1:])), levels)
                twice = self.script("""
                    const seen = new Set();
                    return [...document.querySelectorAll("[id]")].map((element) => element.id).filter((id) => seen.size === seen.add(id).size);
                    """)
                self.assertEqual(twice, [])

    def test_every_link_leads_somewhere(self):
        ids, links = {}, []
        for page in pages():
            self.open(page)
            ids[page] = set(self.script("return [...document.querySelectorAll('[id]')].map((element) => element.id);"))
            links += [(page, link) for link in self.script(
                "return [...document.querySelectorAll('a[href]')].map((link) => link.href);")]
        for page, link in links:
            if not link.startswith("file:"):
                continue
            target, _, place = link.partition("#")
            name = target.rsplit("/", 1)[1]
            with self.subTest(page=page, link=link):
                self.assertTrue(is_ours(link))
                self.assertTrue((report() / target.removeprefix(report().as_uri() + "/")).exists())
                if name in ids and place:
                    self.assertIn(place, ids[name])

    def test_the_rules_of_accessibility_hold(self):
        for page in pages():
            # Languages differ in words alone.
            scheme, width = ("light", 1600) if language(page) == "en" else ("dark", 390)
            with self.subTest(page=page, scheme=scheme, width=width):
                self.scheme(scheme)
                self.size(width, 900)
                self.open(page)
                self.script("for (const details of document.querySelectorAll('details')) details.open = true;")
                # As the browser's own tool: the page's policy is about the page.
                self.driver.execute_cdp_cmd("Runtime.evaluate", {"expression": axe()})
                self.later("await new Promise((next) => requestAnimationFrame(() => requestAnimationFrame(next)));")
                found = self.later("""
                    const result = await axe.run(document, { resultTypes: ["violations"], preload: false });
                    return result.violations.map((one) => [one.id, one.help, one.nodes.slice(0, 3).map((node) => node.html.slice(0, 160))]);
                    """)
                self.assertEqual(found, [])

    def test_everything_that_can_be_used_is_reached_by_keys(self):
        for page in pages():
            with self.subTest(page=page):
                self.open(page)
                lost = self.script("""
                    return [...document.querySelectorAll("a, button, input, select, summary, [onclick], .scroll, [tabindex]")]
                      .filter((element) => element.checkVisibility() && !element.closest("dialog, svg"))
                      .filter((element) => element.tabIndex < 0 && !(element.matches(".scroll") && element.scrollWidth <= element.clientWidth))
                      .map((element) => element.outerHTML.slice(0, 120));
                    """)
                self.assertEqual(lost, [])

    def test_a_page_is_there_within_a_second(self):
        """Not a measurement, which load could spoil: a page has a size that a browser shows in that time."""
        for page in pages():
            with self.subTest(page=page):
                self.open(page)
                self.assertLess(self.script("return document.getElementsByTagName('*').length;"), 20_000)
                self.assertLess((report() / page).stat().st_size, 2_500_000)


class LanguageTests(PagesTest):
    def test_every_page_exists_in_every_language(self):
        kinds = {page.split(".")[0] for page in pages()}
        languages = {language(page) for page in pages()}
        self.assertEqual(languages, {"en", "vi"})
        self.assertEqual(len(pages()), len(kinds) * len(languages))

    def test_the_switch_keeps_the_place(self):
        for width in [390, 1600]:
            self.size(width, 900)
            for page in [page for page in pages() if language(page) == "en"]:
                with self.subTest(page=page, width=width):
                    self.open(page)
                    self.loaded()
                    place = self.script("""
                        const headings = [...document.querySelectorAll("main :is(h1, h2)[id]")];
                        const heading = headings[Math.floor(headings.length / 2)];
                        heading.scrollIntoView();
                        return heading.id;
                        """)
                    link = next(link for link in self.all(".languages a[hreflang=vi]") if link.is_displayed())
                    self.script("arguments[0].click();", link)
                    self.wait(lambda: self.script("return document.documentElement.lang;") == "vi")
                    self.assertEqual(self.script("return decodeURIComponent(location.hash.slice(1));"), place)
                    self.assertTrue(self.driver.current_url.partition("#")[0].endswith(page.replace(".html", ".vi.html")))

    def test_vietnamese_pages_say_nothing_in_english(self):
        english = re.compile(r"\b(the|of|and|with|from|which|that|are|is|for|by|to)\b")
        for page in [page for page in pages() if language(page) == "vi"]:
            with self.subTest(page=page):
                self.open(page)
                said = self.script("""
                    const others = "code, pre, math, script, style, .provenance, .authors, .differing, .identity, [lang=en], svg title";
                    const texts = [...document.images].map((image) => image.alt);
                    const walker = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_TEXT);
                    while (walker.nextNode()) {
                      if (!walker.currentNode.parentElement.closest(others)) texts.push(walker.currentNode.data);
                    }
                    return texts;
                    """)
                self.assertEqual([text.strip()[:160] for text in said if english.search(text)], [])

    def test_search_finds_words_without_their_marks(self):
        self.open("index.vi.html")
        self.driver.find_element(By.TAG_NAME, "body").send_keys("/")
        field = self.find("dialog.finder input")
        field.send_keys("khuon mat")
        first = self.find("dialog.finder .results a")
        self.assertIn("khuôn mặt", self.script("return arguments[0].closest('ol').textContent.toLowerCase();", first))
        field.send_keys(Keys.ENTER)
        self.wait(lambda: "#" in self.driver.current_url)
        self.assertIn(".vi.html", self.driver.current_url)


class UseTests(PagesTest):
    def test_tables_are_sorted_and_pictures_enlarged_by_keys(self):
        self.open("evaluation.html")
        button = self.find("table.data button.sort")
        button.send_keys(Keys.ENTER)
        header = self.script("return arguments[0].closest('th').getAttribute('aria-sort');", button)
        self.assertIn(header, ["ascending", "descending"])
        self.open("index.html")
        link = self.find("main a.zoom")
        link.send_keys(Keys.ENTER)
        self.wait(lambda: self.script("return document.querySelector('dialog.viewer').open;"))
        self.find("dialog.viewer").send_keys(Keys.ESCAPE)
        self.wait(lambda: not self.script("return document.querySelector('dialog.viewer').open;"))
        self.assertTrue(self.script("return document.activeElement === arguments[0];", link))


class ScriptlessTests(PagesTest):
    """A reader whose browser runs no scripts."""

    def test_pages_are_complete(self):
        self.driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
        self.addCleanup(self.driver.execute_cdp_cmd, "Emulation.setScriptExecutionDisabled", {"value": False})
        for page in pages():
            for width in [390, 1600]:
                with self.subTest(page=page, width=width):
                    self.size(width, 900)
                    self.open(page)
                    metrics = self.driver.execute_cdp_cmd("Page.getLayoutMetrics", {})
                    self.assertLessEqual(metrics["cssContentSize"]["width"], width)
                    self.assertEqual(self.driver.get_log("browser"), [])
                    self.assertTrue(self.all("main h1"))
                    self.assertTrue(self.all("nav.chapters a[aria-current=page]"))


class PaperTests(PagesTest):
    def test_print_cuts_nothing_and_leaves_data_folded(self):
        for page in pages():
            with self.subTest(page=page):
                self.size(794, 1123)
                self.open(page)
                self.loaded()
                self.script("dispatchEvent(new Event('beforeprint'));")
                self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
                self.size(672, 1000)
                wide = self.script("""
                    return [...document.querySelectorAll("main table, main img, main svg, main math, main pre")]
                      .filter((element) => element.checkVisibility() && element.getBoundingClientRect().right > innerWidth + 2)
                      .map((element) => [element.outerHTML.slice(0, 100), element.getBoundingClientRect().right]);
                    """)
                folded = self.script("return document.querySelectorAll('details.folded:is(.data, .long)[open], details.provenance[open]').length;")
                self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})
                self.script("dispatchEvent(new Event('afterprint'));")
                self.assertEqual(wide, [])
                self.assertEqual(folded, 0)


if __name__ == "__main__":
    unittest.main()
