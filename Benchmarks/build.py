"""Times the command as whole processes on a copy of the chapters: `check`, a build with nothing to do, one changed sentence.

    python3 Benchmarks/build.py .build/release/likeness [--runs 11] [build options …]

Run it where `.likeness` holds the results (after `make report`). Prints a JSON line: medians, in milliseconds.
"""
import json
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile
import time


def milliseconds(command: list[str]) -> float:
    start = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return (time.perf_counter() - start) * 1000


def main() -> None:
    arguments = sys.argv[1:]
    runs = 11
    if "--runs" in arguments:
        at = arguments.index("--runs")
        runs = int(arguments[at + 1])
        del arguments[at : at + 2]
    binary, options = str(pathlib.Path(arguments[0]).resolve()), arguments[1:]
    with tempfile.TemporaryDirectory() as folder:
        chapters, output = folder + "/chapters", folder + "/output"
        shutil.copytree("chapters", chapters)
        book = ["--chapters", chapters, *options]
        build = [binary, "build", "--output", output, *book]
        milliseconds(build)
        milliseconds(build)
        figures = {
            "check": [milliseconds([binary, "check", *book]) for _ in range(runs)],
            "nothing_to_do": [milliseconds(build) for _ in range(runs)],
        }
        for path in sorted(pathlib.Path(chapters).glob("*.md")):
            times = []
            for number in range(runs):
                # A sentence at the chapter's end, another one every time.
                with path.open("a") as file:
                    file.write(f"\nOne more sentence, the {number}th.\n")
                times.append(milliseconds(build))
            figures[f"sentence in {path.name}"] = times
    print(json.dumps({name: round(statistics.median(times), 1) for name, times in figures.items()}))


if __name__ == "__main__":
    main()
