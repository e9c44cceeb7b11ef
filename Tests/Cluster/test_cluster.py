"""Builds and searches by several processes over Open MPI: the same bytes as by one, whatever happens to a rank.

LIKENESS_LONG=1 tries more: fifty kills, and hosts that are network namespaces.
"""

import glob
import os
import random
import shutil
import signal
import struct
import subprocess
import time
import unittest

import hosts
from project import LIKENESS, MPIRUN, Project, end, environment, run

LONG = os.environ.get("LIKENESS_LONG") == "1"


def contents(path):
    with open(path, "rb") as file:
        return file.read()


class Reference(unittest.TestCase):
    """What one process makes of the small book."""

    made = None

    @classmethod
    def setUpClass(cls):
        if Reference.made is None:
            project = Project()
            started = time.monotonic()
            project.build(0)
            Reference.made = (project.outputs(), project.report(), time.monotonic() - started)
            project.remove()
        cls.outputs, cls.report, cls.seconds = Reference.made

    def check(self, project):
        self.assertEqual(project.outputs(), self.outputs)
        report = project.report()
        self.assertEqual(sorted(report), sorted(self.report))
        self.assertEqual([name for name in report if report[name] != self.report[name]], [])
        self.assertEqual(project.leftovers(), [])


class Equality(Reference):
    def test_any_number_of_ranks_makes_the_same_report(self):
        for ranks in (1, 2, 3, 4):
            with self.subTest(ranks=ranks):
                project = Project()
                project.build(ranks)
                self.check(project)
                # Nothing is left to do, for however many.
                self.assertIn("nothing to execute", project.build(2).stderr)
                project.remove()

    def test_searches_agree(self):
        project = Project()
        numbers = random.Random(1)

        def write(name, rows, columns):
            # Few different values: many equal distances.
            values = [float(numbers.randrange(3)) for _ in range(rows * columns)]
            header = ("{'descr': '<f4', 'fortran_order': False, 'shape': (%d, %d), }" % (rows, columns)).encode()
            header += b" " * (63 - (10 + len(header)) % 64) + b"\n"
            with open(project.folder + "/" + name, "wb") as file:
                file.write(b"\x93NUMPY\1\0" + struct.pack("<H", len(header)) + header)
                file.write(struct.pack("<%df" % len(values), *values))

        write("gallery.npy", 501, 4)
        write("queries.npy", 40, 4)
        for index in ("kdtree", "flat"):
            for count in (1, 300):
                found = []
                for ranks in (0, 1, 2, 4):
                    names = ["--out", "out-%d.npy" % ranks, "--distances", "far-%d.npy" % ranks]
                    run(
                        project.command(
                            ranks, "search", "--gallery", "gallery.npy", "--queries", "queries.npy", "-k", str(count),
                            "--index", index, *names), project.folder)
                    found.append([contents(project.folder + "/" + name) for name in names[1::2]])
                self.assertEqual(found, [found[0]] * 4, "%s, k = %d" % (index, count))
        project.remove()


class Refusals(unittest.TestCase):
    def test_other_commands_are_not_shared(self):
        project = Project()
        done = subprocess.run(
            project.command(2, "status"), cwd=project.folder, text=True, capture_output=True,
            stdin=subprocess.DEVNULL, env=environment(), timeout=120)
        self.assertEqual(done.returncode, 1)
        self.assertIn("'likeness status' is not shared by several processes; start it once, without mpirun", done.stderr)
        project.remove()

    @unittest.skipUnless(os.geteuid() == 0, "as root, who may give a process files of its own")
    def test_a_rank_with_other_data_is_named(self):
        project = Project()
        shutil.copytree(project.folder + "/data/small", project.folder + "/other")
        photograph = sorted(glob.glob(project.folder + "/other/img_align_celeba/*.jpg"))[5]
        with open(photograph, "ab") as file:
            file.write(b"more")
        wrapper = project.folder + "/wrapper"
        with open(wrapper, "w") as file:
            file.write('#!/bin/sh\nif [ "$OMPI_COMM_WORLD_RANK" = 1 ]; then\n')
            file.write("  exec unshare -m sh -c 'mount --bind other data/small && exec \"$0\" \"$@\"' \"$@\"\n")
            file.write('fi\nexec "$@"\n')
        os.chmod(wrapper, 0o755)
        done = subprocess.run(
            [*MPIRUN, "-n", "2", wrapper, LIKENESS, "build"], cwd=project.folder, text=True, capture_output=True,
            stdin=subprocess.DEVNULL, env=environment(), timeout=120)
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertRegex(done.stderr, r"rank 1 on \S+: data/small: holds other data than on the first rank")
        # Without that rank, all goes on.
        project.build(0)
        project.remove()


class Interruption(Reference):
    def test_an_interrupted_build_goes_on(self):
        project = Project()
        process = project.start(2)
        time.sleep(self.seconds / 5)  # any moment will do
        started = time.monotonic()
        process.send_signal(signal.SIGINT)
        status, output = end(process)
        self.assertLess(time.monotonic() - started, 10)
        if status != 0:
            self.assertIn("interrupted; what was finished is kept", output)
        self.assertEqual(project.ranks(), {})
        project.build(3)
        self.check(project)
        project.remove()


class Kills(Reference):
    def test_killed_ranks_cost_nothing_but_time(self):
        numbers = random.Random()
        killed = 0
        for number in range(50 if LONG else 4):
            project = Project()
            process = project.start(2 + number % 2 * 2)
            moment = time.monotonic() + numbers.uniform(0, self.seconds)
            while process.poll() is None and time.monotonic() < moment:
                time.sleep(0.005)
            ranks = project.ranks()
            if ranks:
                rank = numbers.choice(sorted(ranks))
                try:
                    os.kill(ranks[rank], signal.SIGKILL)
                except ProcessLookupError:
                    pass
            status, output = end(process)
            if status != 0:
                killed += 1
                self.assertRegex(output, r"rank \d+ with PID \d+ on node \S+ exited on signal 9")
            project.build(numbers.choice([0, 1, 2, 3, 4]))
            self.check(project)
            project.remove()
        print("ranks killed at random moments: %d; continued to the same bytes: all" % killed)
        self.assertGreater(killed, 0)


@unittest.skipUnless(LONG and hosts.available(), "LIKENESS_LONG=1 as root, with ip and namespaces")
class Hosts(Reference):
    def test_hosts_with_addresses_of_their_own(self):
        with hosts.Hosts(4) as launched:
            for ranks in (2, 4):
                project = Project()
                project.build(ranks, launcher=launched.launcher(ranks))
                self.check(project)
                project.remove()

    def test_a_host_that_goes_is_named(self):
        with hosts.Hosts(2) as launched:
            project = Project()
            process = project.start(2, launcher=launched.launcher(2))
            time.sleep(self.seconds / 2)
            launched.unplug(1)
            status, output = end(process, 180)
            if status != 0:
                self.assertIn("Remote daemon", output)
                self.assertIn(launched.address(1), output)
            project.build(2)
            self.check(project)
            project.remove()


if __name__ == "__main__":
    unittest.main(verbosity=2)
