"""The report as one PDF a language, through Chromium: `print_report.py OUT.pdf`, from the project's folder.

The one page that `likeness build --single-file` makes is printed twice: the second time with a table of contents that
knows the pages of the first.
"""

import base64
import pathlib
import subprocess
import sys
import tempfile

from browser import PROGRAM, chromium
from pypdf import PdfReader

# Puts the table of contents behind the title block: the chapters and their sections.
CONTENTS = """
  const [pages, word] = arguments;
  document.querySelector(".print-contents")?.remove();
  const list = document.createElement("ol");
  for (const heading of document.querySelectorAll("main section.chapter > h1, main section.chapter > h2")) {
    const item = document.createElement("li");
    item.className = heading.tagName === "H1" ? "chapter-entry" : "section-entry";
    const link = document.createElement("a");
    link.href = "#" + heading.id;
    const copy = heading.cloneNode(true);
    for (const anchor of copy.querySelectorAll(".anchor")) anchor.remove();
    link.append(...copy.childNodes);
    const page = document.createElement("span");
    page.className = "page";
    page.textContent = pages[heading.id] ?? "000";
    item.append(link, page);
    list.append(item);
  }
  const nav = document.createElement("nav");
  nav.className = "print-contents";
  const title = document.createElement("h2");
  title.textContent = word;
  nav.append(title, list);
  document.querySelector("main .title-block").after(nav);
  return list.children.length;
"""


def printed(driver):
    answer = driver.execute_cdp_cmd("Page.printToPDF", {
        "printBackground": True, "preferCSSPageSize": True, "generateDocumentOutline": True, "generateTaggedPDF": True})
    return base64.b64decode(answer["data"])


def pages_of(pdf):
    """By the id of a place: on which page it stands, counted from 1."""
    reader = PdfReader(pdf)
    return {name.removeprefix("/"): reader.get_destination_page_number(place) + 1 for name, place in reader.named_destinations.items()}


def print_page(driver, address, target):
    driver.get(address)
    driver.execute_script("for (const image of document.images) image.loading = 'eager';")
    driver.execute_async_script(
        "const done = arguments[0];"
        "Promise.all([...document.images].map((image) => image.decode().catch(() => {}))).then(() => done(1));")
    word = driver.execute_script("return document.querySelector('header.bar > a:nth-of-type(2)')?.textContent || '';")
    driver.execute_script(CONTENTS, {}, word)
    target.write_bytes(printed(driver))
    driver.execute_script(CONTENTS, {name: str(page) for name, page in pages_of(target).items()}, word)
    target.write_bytes(printed(driver))
    return len(PdfReader(target).pages)


def main(target):
    driver = chromium([])
    try:
        with tempfile.TemporaryDirectory(prefix="likeness-print-") as folder:
            subprocess.run([str(PROGRAM), "build", "--single-file", "--output", folder, *sys.argv[2:]], check=True)
            for page in sorted(pathlib.Path(folder).glob("*.html")):
                language = page.stem.removeprefix("index")
                path = target.with_name(target.stem + language + target.suffix)
                count = print_page(driver, page.resolve().as_uri(), path)
                print(f"{path}: {count} pages, {path.stat().st_size / 1e6:.1f} MB")
    finally:
        driver.quit()


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
