"""A small book with a training, built by one process or by several, and what of it must not differ."""

import hashlib
import json
import os
import re
import shutil
import signal
import subprocess
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
LIKENESS = os.path.realpath(os.environ.get("LIKENESS", ROOT + "/.build/cluster/release/likeness"))

CHAPTER = """# All

Of `=faces.found` photographs.

```preprocess
id: faces
dataset: small
test: 0.4
queries: 2
```

```train
id: trained
data: faces
model: mobilenet_v2
epochs: 2
batch: 4
triplets: 12
validation: 0.2
```

```evaluate
id: tuned
data: faces
train: trained
k: [1, 2]
```

```evaluate
id: pixels
data: faces
model: pixels
k: [1, 2]
```

```evaluate
id: whitened
data: faces
model: mobilenet_v2
layer: whitened
k: [1, 2]
```
"""

# Dates, durations, memory, and measured numbers: those of many digits. Whether values are equal, the results tell.
MASKS = [
    rb'data-value="\d+\.\d{6,}">[^<]*<', rb"\d{4}-\d{2}-\d{2} \d{2}:\d{2} UTC",
    rb"(\d+ min )?\d+(\.\d+)? (s|ms|\xc2\xb5s|min|MB)\b", rb"\d{4}-\d{2}-\d{2}T[\d:]+Z", rb"-?\d+\.\d{6,}(e-\d+)?",
]

CLOCKED_PLOT = rb'<a class="zoom"(?:(?!</a>).)*alt="Time per epoch.*?</a>'

# As root, more ranks than cores, nothing but this machine's own addresses; mpirun waits two seconds before it asks
# ranks to end, and two more before it kills them.
MPIRUN = [
    "mpirun", "--allow-run-as-root", "--oversubscribe", "--bind-to", "none", "--mca", "btl", "self,vader,tcp",
    "--mca", "btl_tcp_if_include", "lo", "--mca", "oob_tcp_if_include", "lo", "--mca", "odls_base_sigkill_timeout", "2",
]


def environment():
    # What a first launcher sets is no matter of the second.
    return {name: value for name, value in os.environ.items() if not name.startswith(("OMPI_", "PMIX_", "PMI_"))}


class Portraits:
    """Drawn once for all projects."""

    folder = None

    @classmethod
    def get(cls):
        if cls.folder is None:
            cls.folder = tempfile.mkdtemp(prefix="likeness-portraits-")
            run([LIKENESS, "synthesize", cls.folder + "/small", "--identities", "12", "--images", "120"], cls.folder)
        return cls.folder + "/small"


class Project:
    def __init__(self, chapter=CHAPTER):
        self.folder = tempfile.mkdtemp(prefix="likeness-cluster-")
        os.makedirs(self.folder + "/chapters")
        os.makedirs(self.folder + "/data")
        with open(self.folder + "/chapters/report.yml", "w") as file:
            file.write("title: A small book\n")
        with open(self.folder + "/chapters/01-all.md", "w") as file:
            file.write(chapter)
        shutil.copytree(Portraits.get(), self.folder + "/data/small")

    def command(self, ranks, *arguments, launcher=None):
        command = [LIKENESS, *arguments]
        if launcher is not None:
            return launcher + command
        return command if ranks == 0 else [*MPIRUN, "-n", str(ranks), *command]

    def build(self, ranks, *arguments, launcher=None, status=0):
        return run(self.command(ranks, "build", *arguments, launcher=launcher), self.folder, status)

    def start(self, ranks, launcher=None):
        return subprocess.Popen(
            self.command(ranks, "build", launcher=launcher), cwd=self.folder, env=environment(), text=True,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True)

    def ranks(self):
        """The processes that build here, by rank."""
        found = {}
        for name in os.listdir("/proc"):
            if not name.isdigit():
                continue
            try:
                if os.readlink("/proc/%s/cwd" % name) != self.folder or os.readlink("/proc/%s/exe" % name) != LIKENESS:
                    continue
                with open("/proc/%s/environ" % name, "rb") as file:
                    entries = dict(entry.split(b"=", 1) for entry in file.read().split(b"\0") if b"=" in entry)
                found[int(entries.get(b"OMPI_COMM_WORLD_RANK", b"0"))] = int(name)
            except (OSError, ValueError):
                continue
        return found

    def report(self):
        """Every file of the report: name → digest, without what a clock says: masked in pages, and left out as a plot."""
        files = {}
        clocked = set()
        for folder, _, names in os.walk(self.folder + "/output"):
            for name in names:
                path = os.path.join(folder, name)
                if name == ".likeness-site.json":
                    continue
                with open(path, "rb") as file:
                    content = file.read()
                if name.endswith((".html", ".json", ".csv")):
                    for plot in re.findall(CLOCKED_PLOT, content, re.DOTALL):
                        clocked.update(os.path.basename(image.decode()) for image in re.findall(rb"images/\w+\.png", plot))
                    content = re.sub(CLOCKED_PLOT, b"_", content, flags=re.DOTALL)
                    for mask in MASKS:
                        content = re.sub(mask, b"_", content)
                files[os.path.relpath(path, self.folder)] = hashlib.sha256(content).hexdigest()
        return {name: digest for name, digest in files.items() if os.path.basename(name) not in clocked}

    def outputs(self):
        """What every result's bytes add up to, by directive."""
        outputs = {}
        for name in os.listdir(self.folder + "/output/results"):
            if name.endswith(".json"):
                with open(self.folder + "/output/results/" + name) as file:
                    outputs[name] = json.load(file)["output"]
        return outputs

    def leftovers(self):
        return [
            os.path.join(folder, name) for folder, _, names in os.walk(self.folder) for name in names
            if "/scratch/" in folder + "/" or name.endswith(".unfinished")]

    def remove(self):
        shutil.rmtree(self.folder, ignore_errors=True)


def run(command, folder, status=0):
    done = subprocess.run(
        command, cwd=folder, env=environment(), text=True, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, timeout=600)
    assert done.returncode == status, "%s ended with %d: %s%s" % (command, done.returncode, done.stdout, done.stderr)
    return done


def end(process, patience=60):
    try:
        output, _ = process.communicate(timeout=patience)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        raise
    return process.returncode, output
