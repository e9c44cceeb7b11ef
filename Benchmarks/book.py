"""Writes the report's chapters as a Jupyter Book: the same prose, a code cell that draws a plot for every directive.

    python3 Benchmarks/book.py chapters FOLDER
    jupyter-book build FOLDER          # executes every cell and caches the outputs
    jupyter-book build FOLDER          # nothing to do: the time to compare with `likeness build`
"""
import pathlib
import re
import sys

FENCE = re.compile(r"^```([a-z-]+)\n(.*?)^```$", re.M | re.S)
KERNEL = "---\njupytext:\n  text_representation:\n    format_name: myst\nkernelspec:\n  name: python3\n  display_name: Python 3\n---\n\n"
CELL = """```{{code-cell}} ipython3
import matplotlib.pyplot as plt
import numpy as np
values = np.random.default_rng({seed}).normal(size=200).cumsum()
plt.figure(figsize=(7, 3))
plt.plot(values)
plt.title("{title}")
plt.show()
```"""


def chapter(text: str) -> str:
    count = 0

    def cell(match: re.Match) -> str:
        nonlocal count
        count += 1
        name = re.search(r"^id: (\S+)", match[2], re.M)
        return CELL.format(seed=count, title=name[1] if name else match[1]) if name else match[0]

    text = FENCE.sub(cell, text)
    return KERNEL + re.sub(r"`=[^`]*`", "0.5", text)


def main() -> None:
    source, target = map(pathlib.Path, sys.argv[1:3])
    target.mkdir(parents=True, exist_ok=True)
    names = sorted(path.stem for path in source.glob("*.md"))
    for name in names:
        (target / f"{name}.md").write_text(chapter((source / f"{name}.md").read_text()))
    (target / "_config.yml").write_text("title: Face image retrieval\nexecute:\n  execute_notebooks: cache\n")
    rest = "".join(f"- file: {name}\n" for name in names[1:])
    (target / "_toc.yml").write_text(f"format: jb-book\nroot: {names[0]}\nchapters:\n{rest}")


if __name__ == "__main__":
    main()
