"""What browser tests share: a small report of drawn people, a preview of it, and a Chromium without a window.

Nothing here waits for a time: whatever takes long is waited for by its condition.
"""

import base64
import functools
import json
import os
import pathlib
import random
import shutil
import struct
import subprocess
import tempfile
import unittest
import zlib

from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = pathlib.Path(os.environ.get("LIKENESS", ROOT / ".build/release/likeness"))
PATIENCE = 60

CHAPTERS = {
    "report.yml": "title: A small report\n",
    "01-start.md": """# Start

Ask in @sec-try.

```preprocess
id: faces
dataset: small
test: 0.6
```

```evaluate
id: pixels
data: faces
model: pixels
k: [1, 5]
```

```evaluate
id: network
data: faces
model: mobilenet_v2
weights: random
precision: f32
k: [1, 5]
```

```evaluate
id: features
data: faces
model: mobilenet_v2
weights: random
layer: features
precision: f32
k: [1, 5]
```
""",
    "02-try-it.md": """# Try it {#sec-try}

Who is most like whom?

```query
id: ask
of: [pixels, network, features]
k: 5
caption: Ask.
```
""",
}


@functools.cache
def holder():
    """A folder that goes with the tests."""
    return tempfile.TemporaryDirectory(prefix="likeness-browser-")


def run(*arguments, folder):
    ended = subprocess.run([str(PROGRAM), *arguments], cwd=folder, capture_output=True, text=True)
    if ended.returncode != 0:
        raise RuntimeError(f"likeness {' '.join(arguments)} ended with {ended.returncode}:\n{ended.stderr}")
    return ended.stdout


@functools.cache
def project():
    """The folder of a built report, made once; it is only read."""
    folder = pathlib.Path(holder().name) / "project"
    (folder / "chapters").mkdir(parents=True)
    (folder / "data").mkdir()
    for name, text in CHAPTERS.items():
        (folder / "chapters" / name).write_text(text, encoding="utf-8")
    run("synthesize", "data/small", "--identities", "12", "--images", "84", "--seed", "3", folder=folder)
    run("build", folder=folder)
    return folder


@functools.cache
def carried():
    """What the page carries: the JSON of its faces."""
    [path] = (project() / "output/assets").glob("faces-*.js")
    text = path.read_text(encoding="utf-8")
    opening = "document.currentScript.faces = "
    return json.loads(text[len(opening):].rstrip().rstrip(";"))


def photograph(place):
    """The path of a photograph of the gallery: one that shows one face."""
    return project() / "data/small" / carried()["about"]["paths"][place]


def of_two_people():
    """Places in the gallery of two people's faces."""
    person = carried()["about"]["person"]
    return 0, next(place for place, other in enumerate(person) if other != person[0])


def noise(width, height, seed=1):
    """A PNG of gray noise, in which there is no face."""
    dice = random.Random(seed)
    rows = b"".join(b"\0" + dice.randbytes(width) for _ in range(height))

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
            + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))


def data_address(path):
    return "data:image/jpeg;base64," + base64.b64encode(pathlib.Path(path).read_bytes()).decode()


class Preview:
    """`likeness preview` of a project, until the end of a `with`."""

    def __init__(self, folder, *arguments):
        self.folder, self.arguments = folder, arguments

    def __enter__(self):
        self.errors = tempfile.TemporaryFile()
        self.process = subprocess.Popen(
            [str(PROGRAM), "preview", "--port", "0", *self.arguments], cwd=self.folder, stdout=subprocess.PIPE,
            stderr=self.errors, text=True)
        self.address = self.process.stdout.readline().strip()
        if not self.address.startswith("http://"):
            self.errors.seek(0)
            raise RuntimeError(f"no preview: {self.errors.read().decode()}")
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(PATIENCE)
        self.process.stdout.close()
        self.errors.close()


def chromium(arguments):
    """A Chromium without a window."""
    options = webdriver.ChromeOptions()
    for argument in ["--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--hide-scrollbars", *arguments]:
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    binary = shutil.which("chromium") or shutil.which("google-chrome")
    if binary:
        options.binary_location = binary
    return webdriver.Chrome(options=options, service=Service(shutil.which("chromedriver")))


class BrowserTest(unittest.TestCase):
    """Tests with a browser of their own: `arguments` are those of Chromium."""

    arguments = []

    @classmethod
    def setUpClass(cls):
        cls.driver = chromium(cls.arguments)
        cls.addClassCleanup(cls.driver.quit)
        cls.driver.set_script_timeout(PATIENCE)

    def setUp(self):
        self.driver.get("about:blank")
        self.driver.get_log("browser")
        self.size(1300, 900)

    def tearDown(self):
        """No script has failed, and nothing has broken the page's policy; refused requests are part of some tests."""
        found = [entry for entry in self.driver.get_log("browser")
                 if entry["level"] == "SEVERE" and entry.get("source") != "network"]
        self.assertEqual(found, [])

    def size(self, width, height):
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {
            "width": width, "height": height, "deviceScaleFactor": 1, "mobile": False})

    def scheme(self, name):
        self.driver.execute_cdp_cmd(
            "Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": name}]})

    def wait(self, condition, what=""):
        """What a condition yields, as soon as it yields something."""
        return WebDriverWait(self.driver, PATIENCE, poll_frequency=0.02).until(lambda _: condition(), what)

    def all(self, selector, within=None):
        return (within or self.driver).find_elements(By.CSS_SELECTOR, selector)

    def find(self, selector, within=None):
        return self.wait(lambda: next(iter(self.all(selector, within)), None), f"{selector} is not there")

    def script(self, text, *arguments):
        return self.driver.execute_script(text, *arguments)

    def later(self, text, *arguments):
        """The value of a promise."""
        return self.driver.execute_async_script(
            "const done = arguments[arguments.length - 1]; const use = async (...given) => {" + text + "};"
            "use(...[...arguments].slice(0, -1)).then(done, (error) => done('failed: ' + error));", *arguments)

    def beside(self, *paths):
        """The path of a JPEG in which photographs stand beside each other."""
        address = self.later("""
            const images = await Promise.all(given[0].map(async (address) => {
              const image = new Image();
              image.src = address;
              await image.decode();
              return image;
            }));
            const canvas = document.createElement("canvas");
            canvas.width = images.reduce((sum, image) => sum + image.width, 0);
            canvas.height = Math.max(...images.map((image) => image.height));
            let x = 0;
            for (const image of images) {
              canvas.getContext("2d").drawImage(image, x, 0);
              x += image.width;
            }
            return canvas.toDataURL("image/jpeg", 0.95);
            """, [data_address(path) for path in paths])
        target = pathlib.Path(holder().name) / "beside.jpg"
        target.write_bytes(base64.b64decode(address.split(",")[1]))
        return target

    def picture(self, name):
        """Keeps what the page looks like, where somebody wants to look: LIKENESS_PICTURES names a folder."""
        folder = os.environ.get("LIKENESS_PICTURES")
        if not folder:
            return
        size = self.driver.execute_cdp_cmd("Page.getLayoutMetrics", {})["cssContentSize"]
        for scheme in ["light", "dark"]:
            self.scheme(scheme)
            shot = self.driver.execute_cdp_cmd("Page.captureScreenshot", {
                "captureBeyondViewport": True,
                "clip": {"x": 0, "y": 0, "width": size["width"], "height": min(size["height"], 6000), "scale": 1}})
            pathlib.Path(folder, f"{name}-{scheme}.png").write_bytes(base64.b64decode(shot["data"]))
        self.scheme("light")
