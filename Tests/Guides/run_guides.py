#!/usr/bin/env python3
"""Runs the commands of the guides as a reader would type them, each guide in a fresh folder.

    python3 Tests/Guides/run_guides.py                       the README's "Begin" and docs/*.md
    python3 Tests/Guides/run_guides.py docs/tutorial.md      one of them

A command is what stands in a ```sh block. Comments above a block, which a page does not show, say what is to be known:

    <!-- not run: it opens a browser -->    the block is left out, and the reason printed
    <!-- first: mkdir photographs -->       runs before it, in the place of what a reader has

A ```text block right below shows what is printed: each of its lines must occur in the output, `…` stands for anything.

The built command is taken from .build/release. HOME is the fresh folder, in which the Makefile and what `make install`
needs are found as in a clone; a browser that opens does nothing.
"""

import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BUILT = ROOT / ".build/release"
# What a clone has for who installs from it.
CLONE = ["Makefile", "packaging", ".build", "LICENSE"]
SECONDS = 300

COMMENT = re.compile(r"<!-- (not run|first): (.*) -->")


class Block:
    """The commands of one ```sh block."""

    def __init__(self, line, text):
        self.line, self.text = line, text
        self.reason, self.first, self.expected = None, [], []


def blocks(path, section=None):
    """The ```sh blocks of a page, or of one of its sections."""
    found, comments, fence, is_inside = [], [], None, section is None
    lines = path.read_text(encoding="utf-8").split("\n")
    below = None  # the block above, as long as nothing but empty lines follows
    for number, line in enumerate(lines, 1):
        if fence:
            mark, language, start, body = fence
            if line.strip() != mark:
                body.append(line)
                continue
            fence = None
            if language == "sh" and is_inside:
                below = Block(start, "\n".join(body))
                for kind, words in comments:
                    if kind == "first":
                        below.first.append(words)
                    else:
                        below.reason = words
                found.append(below)
            elif language == "text" and below:
                below.expected = [text.strip() for text in body if text.strip()]
                below = None
            comments = []
            continue
        opening = re.match(r"\s*(`{3,})(\w*)\s*$", line)
        if opening:
            fence = (opening[1], opening[2], number, [])
            if opening[2] != "text":
                below = None
        elif comment := COMMENT.match(line.strip()):
            comments.append((comment[1], comment[2]))
        elif line.strip():
            comments, below = [], None
            if section is not None and line.startswith("## "):
                is_inside = line == "## " + section
    return found


def run(script, folder, environment):
    """One block as a script of its own, which begins where the one before ended."""
    place = folder / ".place"
    where = place.read_text() if place.exists() else str(folder)
    script = f"""
set -eEu -o pipefail
trap 'echo "failed: $BASH_COMMAND" >&2' ERR
trap 'pwd >{place}' EXIT
{script}
"""
    return subprocess.run(
        ["bash", "-c", script], cwd=where.strip(), env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, text=True, timeout=SECONDS)


def occurs(line, output):
    pattern = ".*".join(re.escape(part.strip()) for part in line.split("…"))
    return any(re.search(pattern, text) for text in output.split("\n"))


def run_guide(path, section, counts):
    """Returns what is wrong, or None."""
    name = path.relative_to(ROOT)
    with tempfile.TemporaryDirectory(prefix="likeness-guide-") as temporary:
        folder = Path(temporary)
        for part in CLONE:
            (folder / part).symlink_to(ROOT / part)
        environment = {
            "HOME": temporary, "PATH": f"{folder}/.local/bin:{BUILT}:{os.environ['PATH']}", "BROWSER": "true",
            "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8",
        }
        for block in blocks(path, section):
            if block.reason:
                counts["left out"] += 1
                print(f"{name}:{block.line}: not run: {block.reason}")
                continue
            start = time.monotonic()
            try:
                for script in block.first + [block.text]:
                    ended = run(script, folder, environment)
                    if ended.returncode != 0:
                        return f"{name}:{block.line}: status {ended.returncode}\n{ended.stdout}"
            except subprocess.TimeoutExpired:
                return f"{name}:{block.line}: not done after {SECONDS} s:\n{block.text}"
            for line in block.expected:
                if not occurs(line, ended.stdout):
                    return f"{name}:{block.line}: this is not printed: {line}\nbut\n{ended.stdout}"
            counts["run"] += 1
            print(f"{name}:{block.line}: {time.monotonic() - start:.1f} s", flush=True)
    return None


def main(arguments):
    if not (BUILT / "likeness").exists():
        sys.exit(f"{BUILT}/likeness is not built; run make build")
    pages = [(Path(name).resolve(), None) for name in arguments] or [(ROOT / "README.md", "Begin")] + [
        (path, None) for path in sorted((ROOT / "docs").glob("*.md"))]
    counts, start = {"run": 0, "left out": 0}, time.monotonic()
    for path, section in pages:
        if problem := run_guide(path, section, counts):
            sys.exit(problem)
    print(f"{counts['run']} blocks of commands run, {counts['left out']} left out, {time.monotonic() - start:.0f} s")


if __name__ == "__main__":
    main(sys.argv[1:])
