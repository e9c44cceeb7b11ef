"""A picture of every page, in every scheme and width: `screenshots.py FOLDER`."""

import base64
import pathlib
import sys

from book import SCHEMES, WIDTHS, address, pages
from browser import chromium, holder

TALLEST = 16_000


def main(folder):
    folder.mkdir(parents=True, exist_ok=True)
    driver = chromium([])
    try:
        for page in pages():
            for scheme in SCHEMES:
                for width in WIDTHS:
                    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {
                        "features": [{"name": "prefers-color-scheme", "value": scheme}]})
                    driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {
                        "width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False})
                    driver.get(address(page))
                    driver.execute_script("for (const image of document.images) image.loading = 'eager';")
                    driver.execute_async_script(
                        "const done = arguments[0];"
                        "Promise.all([...document.images].map((image) => image.decode().catch(() => {}))).then(() => done(1));")
                    height = driver.execute_script("return document.documentElement.scrollHeight;")
                    shot = driver.execute_cdp_cmd("Page.captureScreenshot", {
                        "captureBeyondViewport": True,
                        "clip": {"x": 0, "y": 0, "width": width, "height": min(height, TALLEST), "scale": 1}})
                    target = folder / f"{page.removesuffix('.html')}-{scheme}-{width}.png"
                    target.write_bytes(base64.b64decode(shot["data"]))
            print(page)
    finally:
        driver.quit()
        holder().cleanup()


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
