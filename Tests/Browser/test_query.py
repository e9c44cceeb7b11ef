"""The query interface in a browser: served, and as a file."""

import base64
import pathlib
import shutil
import struct
import unittest

from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import Select

import browser
from browser import BrowserTest, Preview


class QueryTest(BrowserTest):
    """What both forms of the page have in common."""

    def columns(self):
        return self.script("return [...document.querySelectorAll('.query-column')].map((one) => one.dataset.evaluation)")

    def paths(self, evaluation):
        """The answers of a column, nearest first."""
        return self.script(
            "return [...document.querySelectorAll(`.query-column[data-evaluation=\"${arguments[0]}\"] .hit`)]"
            ".map((hit) => hit.dataset.path)", evaluation)

    def text(self, selector):
        """What is read in all elements of a kind, at one moment: they may be replaced at the next."""
        return "\n".join(self.script(
            "return [...document.querySelectorAll(arguments[0])].map((one) => one.innerText)", selector))

    def status(self):
        return self.text(".query-status")

    def answered(self, count=5):
        """Waits until every column has so many answers."""
        self.wait(lambda: self.columns() and all(
            len(self.paths(evaluation)) == count for evaluation in self.columns()), f"no {count} answers")

    def open_gallery(self):
        self.find(".query-gallery > summary").click()
        self.find(".query-strip button")

    def ask_face(self, place):
        button = self.find(f".query-strip button[data-face='{place}']")
        self.script("arguments[0].scrollIntoView({block: 'nearest'})", button)
        button.click()

    def model(self, evaluation):
        return self.find(f".query-settings input[value='{evaluation}']")

    def set_k(self, value):
        self.script(
            "arguments[0].value = arguments[1]; arguments[0].dispatchEvent(new Event('input', {bubbles: true}))",
            self.find(".query-settings input[type=range]"), value)

    def filter(self, place, attribute):
        self.wait(lambda: self.all(".query-settings select")[place].is_displayed(), "no filter is offered")
        Select(self.all(".query-settings select")[place]).select_by_value(attribute)

    def attribute(self, paths, name):
        """Whether faces have an attribute, by the page's own faces."""
        about = browser.carried()["about"]
        bit = about["attributes"].index(name)
        return [int(about["bits"][about["paths"].index(path)][bit // 4], 16) >> (3 - bit % 4) & 1 for path in paths]

    def expect_no_overflow(self):
        wide = self.script("return [document.documentElement.scrollWidth, innerWidth]")
        self.assertLessEqual(wide[0], wide[1], "the page is wider than its window")


class StaticTest(QueryTest):
    """The page opened from a file."""

    def setUp(self):
        super().setUp()
        self.driver.get((browser.project() / "output/try-it.html").as_uri())

    def exact(self, place, evaluation, admits=lambda path: True):
        """The order of the gallery by the vectors that the page carries."""
        carried = browser.carried()
        about = carried["about"]
        number = [one["id"] for one in about["evaluations"]].index(evaluation)
        columns = about["evaluations"][number]["columns"]
        codes = base64.b64decode(carried["vectors"][number])
        values = struct.unpack(f"<{len(codes) // 2}h", codes)
        rows = [values[start:start + columns] for start in range(0, len(values), columns)]
        distances = sorted(
            (sum((a - b) ** 2 for a, b in zip(rows[place], row)), other) for other, row in enumerate(rows)
            if other != place and admits(about["paths"][other]))
        return [about["paths"][other] for _, other in distances]

    def test_faces_are_loaded_when_they_are_wanted_and_answer_at_once(self):
        self.assertIn("likeness preview", self.find(".query-tool").text)
        self.assertTrue(self.find(".query-fallback").is_displayed(), "examples stand there at first")
        self.picture("static-start")
        self.assertEqual(self.script("return document.querySelectorAll('.query-face').length"), 0)
        self.open_gallery()
        self.assertEqual(len(self.all(".query-strip button")), len(browser.carried()["about"]["paths"]))
        self.ask_face(3)
        self.answered()
        self.assertEqual(self.columns(), ["pixels", "network"])
        for evaluation in self.columns():
            self.assertEqual(self.paths(evaluation), self.exact(3, evaluation)[:5])
        self.assertFalse(self.find(".query-fallback").is_displayed())
        self.assertIn("raw pixels: 5 answers", self.status())
        self.assertIn("MobileNet-V2: 5 answers", self.status())
        about = browser.carried()["about"]
        for hit in self.all(".query-column[data-evaluation=pixels] .hit"):
            other = about["paths"].index(hit.get_attribute("data-path"))
            same = about["person"][other] == about["person"][3]
            self.assertIn("same" if same else "other", hit.get_attribute("class").split())
            self.assertEqual(hit.find_element("css selector", ".tick").text, "✓" if same else "✗")
            self.assertRegex(hit.text, r"\b\d+/40\b")
        self.picture("static-answers")

    def test_settings_change_the_answers_at_once(self):
        self.open_gallery()
        self.ask_face(0)
        self.answered()
        self.set_k(12)
        self.answered(12)
        self.model("features").click()
        self.assertEqual(self.columns(), ["pixels", "network", "features"])
        self.assertEqual(self.paths("features"), self.exact(0, "features")[:12])
        self.model("pixels").click()
        self.model("network").click()
        self.assertEqual(self.columns(), ["features"])
        self.model("features").click()
        self.assertEqual(self.columns(), ["features"], "one is always asked")
        name = next(name for name in browser.carried()["about"]["attributes"]
                    if 15 < sum(self.attribute(browser.carried()["about"]["paths"], name)) < 30)
        self.filter(0, name)
        self.assertEqual(set(self.attribute(self.paths("features"), name)), {1})
        self.assertEqual(
            self.paths("features"),
            self.exact(0, "features", lambda path: self.attribute([path], name) == [1])[:12])
        self.filter(1, name)
        self.assertEqual(set(self.attribute(self.paths("features"), name)), {0})
        self.find(".query-condition").click()
        self.assertEqual(self.paths("features"), self.exact(0, "features")[:12])
        self.all(".query-settings input[type=checkbox]")[-1].click()
        people = self.all(".query-column .query-person")
        self.assertGreater(len(people), 1)
        self.assertEqual(sum(len(self.all(".hit", person)) for person in people), 12)
        self.picture("static-grouped")

    def test_keys_are_enough(self):
        summary = self.find(".query-gallery > summary")
        self.script("arguments[0].focus()", summary)
        press = ActionChains(self.driver)
        press.send_keys(Keys.ENTER).perform()
        self.find(".query-strip button")
        # The field, then the strip: one stop for all of its faces.
        press.send_keys(Keys.TAB, Keys.TAB, Keys.ARROW_RIGHT, Keys.ARROW_DOWN, Keys.ENTER).perform()
        self.answered()
        about = browser.carried()["about"]
        focused = self.script("return Number(document.activeElement.dataset.face)")
        self.assertEqual(about["person"][focused], 1, "one down is the next person")
        self.assertEqual(self.paths("pixels"), self.exact(focused, "pixels")[:5])
        press.send_keys(Keys.TAB).perform()
        press.send_keys(Keys.SPACE).perform()
        self.assertEqual(self.columns(), ["network"], "the next stop is the first evaluation")

    def test_people_are_found_by_name(self):
        self.open_gallery()
        field = self.find(".query-gallery input[type=search]")
        about = browser.carried()["about"]
        field.send_keys(about["people"][1])
        shown = [one.text for one in self.all(".query-strip .query-person .identity") if one.is_displayed()]
        self.assertIn(about["people"][1], shown)
        field.clear()
        field.send_keys(about["paths"][2].upper())
        shown = [one.get_attribute("data-face") for one in self.all(".query-strip button") if one.is_displayed()]
        self.assertEqual(shown, ["2"])
        field.send_keys("nobody")
        self.assertEqual(self.find(".query-gallery .note").text, "Nobody is called that.")

    def test_an_answer_becomes_the_question(self):
        self.open_gallery()
        self.ask_face(0)
        self.answered()
        path = self.paths("pixels")[2]
        self.all(".query-column[data-evaluation=pixels] .query-again")[2].click()
        place = browser.carried()["about"]["paths"].index(path)
        self.assertEqual(self.paths("pixels"), self.exact(place, "pixels")[:5])

    def test_a_narrow_window_is_wide_enough(self):
        self.size(390, 800)
        self.open_gallery()
        self.ask_face(0)
        self.answered()
        self.expect_no_overflow()
        self.picture("static-narrow")


class OnePageTest(QueryTest):
    """The report as one page that carries everything."""

    def test_it_answers_too(self):
        browser.run("build", "--single-file", "--output", "single", folder=browser.project())
        self.driver.get((browser.project() / "single/index.html").as_uri())
        self.open_gallery()
        self.ask_face(3)
        self.answered()


class ServedTest(QueryTest):
    """The page served by `likeness preview`."""

    @classmethod
    def setUpClass(cls):
        preview = Preview(browser.project())
        cls.address = cls.enterClassContext(preview).address
        super().setUpClass()

    def setUp(self):
        super().setUp()
        self.open()

    def open(self, hash=""):
        self.driver.get("about:blank")
        self.driver.get(self.address + "try-it.html" + hash)
        self.find(".query-drop")

    def upload(self, path):
        self.find(".query-drop input[type=file]").send_keys(str(path))

    def file(self, name, content):
        path = pathlib.Path(browser.holder().name) / name
        path.write_bytes(content)
        return path

    def steps(self):
        return self.text(".query-step > .query-title").split("\n")

    def hand_over(self, kind, path):
        """Hands a file over by an event that a person's browser makes."""
        self.script("""
            const bytes = Uint8Array.from(atob(arguments[1].split(",")[1]), (letter) => letter.charCodeAt(0));
            const transfer = new DataTransfer();
            transfer.items.add(new File([bytes], "photograph.jpg", {type: "image/jpeg"}));
            const event = arguments[0] === "paste"
              ? new ClipboardEvent("paste", {clipboardData: transfer, bubbles: true, cancelable: true})
              : new DragEvent("drop", {dataTransfer: transfer, bubbles: true, cancelable: true});
            document.querySelector(".query-drop").dispatchEvent(event);
            """, kind, browser.data_address(path))

    def choose_box(self, place):
        """Clicks one of the found faces, counted from the left."""
        box = self.script(
            "return [...document.querySelectorAll('.query-box')].sort((a, b) => a.offsetLeft - b.offsetLeft)[arguments[0]]",
            place)
        box.click()

    def problem(self):
        return self.wait(lambda: self.text(".query-problem"), "nothing is told")

    # A photograph

    def test_a_photograph_is_answered_step_by_step(self):
        self.picture("served-start")
        self.upload(browser.photograph(4))
        self.answered()
        self.assertEqual(self.steps(), ["Photograph", "What each network sees", "Search"])
        about = browser.carried()["about"]
        # It belongs to the gallery, which the server sees by its bytes.
        self.assertEqual(self.paths("pixels")[0], about["paths"][4])
        self.assertIn("the very photograph", self.text(".query-column .hit"))
        self.assertEqual(len(self.all(".query-box")), 1)
        self.assertEqual(len(self.all(".query-seen")), 3, "the face, and what each of two evaluations sees")
        times = self.text(".query-times")
        for word in ["reading", "looking for faces", "cutting out", "embedding", "searching"]:
            self.assertRegex(times, word + r" \d+\.\d ms")
        self.assertRegex(self.text(".query-facts"), r"\d+ of \d+ nodes visited, \d+ pruned, .*computed, exact")
        self.wait(lambda: self.script(
            "return [...document.querySelectorAll('.query-tool img')].filter((image) => image.offsetParent)"
            ".every((image) => image.complete && image.naturalWidth > 0)"), "a picture is missing")
        self.picture("served-answers")

    def test_of_a_group_one_is_chosen(self):
        first, second = browser.of_two_people()
        self.upload(self.beside(browser.photograph(first), browser.photograph(second)))
        self.wait(lambda: len(self.all(".query-box")) == 2, "no two faces")
        self.assertIn("2 faces were found", self.status())
        self.assertEqual(self.columns(), [])
        self.picture("served-group")
        about = browser.carried()["about"]
        self.choose_box(1)
        self.answered()
        self.assertEqual(self.paths("pixels")[0], about["paths"][second])
        self.choose_box(0)
        self.wait(lambda: self.paths("pixels")[:1] == [about["paths"][first]], "the other face is not asked about")
        self.assertIn("face=", self.script("return location.hash"))

    def test_in_a_landscape_a_face_is_marked_by_keys(self):
        self.upload(self.file("landscape.png", browser.noise(320, 240)))
        self.wait(lambda: "No face was found" in self.status(), "a face was found")
        self.assertEqual(self.columns(), [])
        marker = self.find(".query-marker")
        self.assertTrue(self.script("return document.activeElement === arguments[0]", marker))
        self.picture("served-landscape")
        before = marker.rect
        press = ActionChains(self.driver)
        press.send_keys(Keys.ARROW_LEFT, Keys.ARROW_UP).perform()
        moved = marker.rect
        self.assertLess(moved["x"], before["x"])
        self.assertLess(moved["y"], before["y"])
        press.key_down(Keys.SHIFT).send_keys(Keys.ARROW_RIGHT).key_up(Keys.SHIFT).perform()
        self.assertGreater(marker.rect["width"], moved["width"])
        press.send_keys(Keys.ENTER).perform()
        self.answered()
        self.assertIn("marked by hand", self.text(".query-step"))
        self.assertIn("most answers have", self.text(".query-column"))
        self.picture("served-marked")

    def test_a_face_is_marked_by_dragging(self):
        self.upload(browser.photograph(0))
        self.answered()
        self.find(".query-stage .query-button").click()
        frame = self.find(".query-boxes")
        self.script("arguments[0].scrollIntoView({block: 'center'})", frame)
        # Beside the marker, which lies in the middle.
        across, down = -frame.rect["width"] // 2 + 9, -frame.rect["height"] // 2 + 9
        ActionChains(self.driver).move_to_element_with_offset(frame, across, down).click_and_hold() \
            .move_by_offset(30, 30).move_by_offset(20, 25).release().perform()
        self.wait(lambda: "marked by hand" in self.text(".query-step"), "the mark was not asked about")
        self.answered()
        marker = self.find(".query-marker").rect
        self.assertAlmostEqual(marker["width"], 55, delta=6)

    def test_a_broken_file_is_told_and_the_next_one_answered(self):
        self.upload(self.file("broken.jpg", browser.photograph(0).read_bytes()[:900]))
        self.assertIn("ends early", self.problem())
        self.upload(self.file("text.jpg", b"no image at all"))
        self.wait(lambda: "ends early" not in self.problem(), "the old problem stays")
        self.picture("served-problem")
        self.upload(browser.photograph(1))
        self.answered()
        self.assertEqual(self.text(".query-problem"), "")

    def test_a_large_file_is_told_before_it_is_sent(self):
        self.upload(self.file("large.jpg", bytes(21 << 20)))
        self.assertIn("more than 20 MB", self.problem())

    def test_a_form_that_no_browser_shows_is_answered(self):
        width, height = 200, 160
        noise = browser.noise(width, height)
        self.assertTrue(noise)
        self.upload(self.file("gray.pgm", b"P5 200 160 255\n" + bytes(range(200)) * 160))
        self.wait(lambda: "No face was found" in self.status(), "it was not read")
        self.wait(lambda: "cannot show" in self.text(".query-stage"), "nothing is said")

    def test_a_busy_server_is_asked_again(self):
        self.script("""
            const before = fetch;
            let left = 1;
            window.fetch = (...given) => String(given[0]).startsWith("/api/query") && left-- > 0
              ? Promise.resolve(new Response("{}", {status: 503, headers: {"Retry-After": "1"}})) : before(...given);
            """)
        self.upload(browser.photograph(4))
        self.wait(lambda: "asked again in 1 s" in self.status(), "nothing is said")
        self.answered()

    def test_another_question_ends_the_one_before(self):
        self.script("""
            const before = fetch;
            let left = 1;
            window.fetch = (...given) => String(given[0]).startsWith("/api/query") && left-- > 0
              ? new Promise((_, reject) => given[1].signal.addEventListener("abort", () => {
                window.isAborted = true;
                reject(new DOMException("", "AbortError"));
              })) : before(...given);
            """)
        self.upload(browser.photograph(4))
        self.wait(lambda: "Looking for faces" in self.status(), "nothing is said")
        self.upload(browser.photograph(5))
        self.answered()
        self.assertTrue(self.script("return window.isAborted"))
        self.assertEqual(self.paths("pixels")[0], browser.carried()["about"]["paths"][5])
        self.assertEqual(self.text(".query-problem"), "")

    # Other ways in

    def test_a_photograph_is_pasted(self):
        self.hand_over("paste", browser.photograph(2))
        self.answered()
        self.assertEqual(self.paths("pixels")[0], browser.carried()["about"]["paths"][2])

    def test_a_photograph_is_dropped(self):
        self.hand_over("drop", browser.photograph(5))
        self.answered()
        self.assertEqual(self.paths("pixels")[0], browser.carried()["about"]["paths"][5])

    def test_a_face_of_the_gallery_is_asked_about(self):
        self.open_gallery()
        self.ask_face(6)
        self.answered()
        about = browser.carried()["about"]
        self.assertEqual(self.paths("pixels")[0], about["paths"][6])
        self.assertIn("A face that is cut out already", self.text(".query-step"))
        first = self.find(".query-column .hit")
        self.assertIn("same", first.get_attribute("class"))
        self.assertRegex(first.text, r"\b40/40\b")
        self.assertEqual(self.find(".query-strip [aria-pressed=true]").get_attribute("data-face"), "6")

    def test_a_picture_of_the_report_is_asked_about_by_its_address(self):
        picture = next((browser.project() / "output/images").iterdir()).name
        self.open("#ask=images/" + picture)
        self.answered()
        self.open("#ask=../other.jpg")
        self.assertIn("Only pictures of this report", self.problem())
        self.open("#ask=http://[")
        self.assertIn("Only pictures of this report", self.problem())
        self.open("#ask=images/none.jpg")
        self.assertIn("no such page or picture", self.problem())

    # What changes without another upload

    def test_an_answer_has_an_address(self):
        self.upload(browser.photograph(4))
        self.answered()
        self.set_k(7)
        self.answered(7)
        hash = self.wait(lambda: self.script("return location.hash.includes('k=7') ? location.hash : ''"))
        paths = self.paths("network")
        self.open(hash)
        self.answered(7)
        self.assertEqual(self.paths("network"), paths)
        self.assertFalse(self.all(".query-stage")[0].is_displayed(), "the photograph itself was never kept")
        link = self.find(".query-links a[download]").get_attribute("href")
        answer = self.later("const response = await fetch(given[0]); return response.json()", link)
        self.assertEqual([one["path"] for one in answer["answers"][1]["neighbours"]], paths)
        self.open("#answer=0000")
        self.assertIn("no such answer any more", self.problem())

    def test_settings_change_the_answers_without_another_upload(self):
        self.upload(browser.photograph(4))
        self.answered()
        self.script("window.asked = []; const before = fetch; window.fetch = (...given) => {"
                    "asked.push(String(given[1]?.method ?? 'GET')); return before(...given); };")
        self.model("features").click()
        self.wait(lambda: self.columns() == ["pixels", "network", "features"], "no third column")
        self.model("pixels").click()
        self.wait(lambda: self.columns() == ["network", "features"], "the first column stays")
        paths = self.paths("network")
        self.find(".query-settings input[value=flat]").click()
        self.wait(lambda: "nodes" not in self.text(".query-facts"), "the tree is still asked")
        self.assertEqual(self.paths("network"), paths, "both indices answer alike")
        name = next(name for name in browser.carried()["about"]["attributes"]
                    if 15 < sum(self.attribute(browser.carried()["about"]["paths"], name)) < 30)
        self.filter(0, name)
        self.wait(lambda: set(self.attribute(self.paths("network"), name)) == {1}, "no filter")
        self.find(".query-condition").click()
        self.wait(lambda: self.paths("network") == paths, "the filter stays")
        self.assertEqual(set(self.script("return asked")), {"GET"})

    def test_keys_are_enough(self):
        self.script("document.querySelector('.query-gallery > summary').focus()")
        press = ActionChains(self.driver)
        press.send_keys(Keys.ENTER).perform()
        self.find(".query-strip button")
        press.send_keys(Keys.TAB, Keys.TAB, Keys.ARROW_RIGHT, Keys.ENTER).perform()
        self.answered()
        press.send_keys(Keys.TAB, Keys.SPACE).perform()
        self.wait(lambda: self.columns() == ["network"], "the next stop is the first evaluation")
        press.send_keys(*[Keys.TAB] * 3, Keys.ARROW_RIGHT, Keys.ARROW_RIGHT).perform()
        self.answered(7)

    def test_a_narrow_window_is_wide_enough(self):
        self.size(390, 800)
        self.upload(browser.photograph(4))
        self.answered()
        self.wait(lambda: self.all(".query-settings select")[1].is_displayed(), "no filter is offered")
        self.expect_no_overflow()
        self.picture("served-narrow")


class ChangedTest(QueryTest):
    """The page while its report changes."""

    def test_the_answer_stays_where_the_figure_is_made_anew(self):
        folder = pathlib.Path(browser.holder().name) / "changing"
        shutil.copytree(browser.project(), folder)
        with Preview(folder) as preview:
            self.driver.get(preview.address + "try-it.html")
            self.find(".query-drop input[type=file]").send_keys(str(browser.photograph(4)))
            self.answered()
            paths = self.paths("network")
            self.script("document.querySelector('.face-query').dataset.former = '1'")
            chapter = folder / "chapters/02-try-it.md"
            chapter.write_text(chapter.read_text(encoding="utf-8").replace("k: 5", "k: 6"), encoding="utf-8")
            self.wait(lambda: self.all(".face-query:not([data-former])"), "the page was not brought up to date")
            self.answered()
            self.assertEqual(self.paths("network"), paths)
            self.assertEqual(len(self.all(".query-tool")), 1)


class CameraTest(QueryTest):
    """A camera that shows a portrait."""

    @classmethod
    def setUpClass(cls):
        film = pathlib.Path(browser.holder().name) / "camera.mjpeg"
        film.write_bytes(browser.photograph(4).read_bytes())
        cls.arguments = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream",
                         f"--use-file-for-fake-video-capture={film}"]
        cls.address = cls.enterClassContext(Preview(browser.project())).address
        super().setUpClass()

    def test_a_picture_is_taken(self):
        self.driver.get(self.address + "try-it.html")
        self.find(".query-drop > p > button").click()
        take = self.find(".query-camera button")
        self.wait(take.is_enabled, "the camera shows nothing")
        self.picture("served-camera")
        take.click()
        self.answered()
        self.assertEqual(len(self.all("video")), 0, "the camera is off")

    def test_the_camera_is_stopped(self):
        self.driver.get(self.address + "try-it.html")
        self.find(".query-drop > p > button").click()
        self.wait(lambda: len(self.all(".query-camera button")) == 2)
        self.all(".query-camera button")[1].click()
        self.wait(lambda: not self.all("video"), "the camera stays on")
        self.assertTrue(self.find(".query-drop > p > button").is_displayed())


if __name__ == "__main__":
    unittest.main()
