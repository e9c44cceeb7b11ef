"""Hosts on one machine: network namespaces with addresses and names of their own, joined by a bridge.

As a command: hosts.py [--delay MS] [--rate MBIT] N -- COMMAND..., which runs COMMAND on N hosts, a rank each.
"""

import argparse
import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile

NETWORK = "10.77.5"


def available():
    return os.geteuid() == 0 and all(shutil.which(name) for name in ("ip", "unshare", "mpirun"))


def ip(*arguments):
    subprocess.run(["ip", *arguments], check=True, stdout=subprocess.DEVNULL)


class Hosts:
    made = 0

    def __init__(self, count, delay=0.0, rate=0.0):
        """`delay` in milliseconds one way, `rate` in Mbit/s; 0 leaves both as they are."""
        self.count, self.delay, self.rate = count, delay, rate
        Hosts.made += 1
        self.tag = "lk%d%s" % (os.getpid() % 100000, chr(96 + Hosts.made))

    def name(self, index):
        return "%s-%d" % (self.tag, index)

    def address(self, index):
        return "%s.%d" % (NETWORK, index + 1)

    def __enter__(self):
        self.folder = tempfile.mkdtemp(prefix="likeness-hosts-")
        try:
            ip("link", "add", self.tag, "type", "bridge")
            ip("addr", "add", NETWORK + ".254/24", "dev", self.tag)
            ip("link", "set", self.tag, "up")
            for index in range(self.count):
                space, cable = self.name(index), "%sv%d" % (self.tag, index)
                ip("netns", "add", space)
                ip("link", "add", cable, "type", "veth", "peer", "name", "eth0", "netns", space)
                ip("link", "set", cable, "master", self.tag, "up")
                ip("-n", space, "addr", "add", self.address(index) + "/24", "dev", "eth0")
                ip("-n", space, "link", "set", "eth0", "up")
                ip("-n", space, "link", "set", "lo", "up")
                if self.delay or self.rate:
                    self.shape(space)
        except BaseException:
            self.__exit__()
            raise
        self.agent = self.folder + "/agent"
        with open(self.agent, "w") as file:
            # mpirun's way to a host: its address, then a command for a shell.
            file.write('#!/bin/sh\nspace=%s-$((${1##*.} - 1))\nshift\n' % self.tag)
            file.write('exec ip netns exec "$space" unshare --uts sh -c "hostname $space; $*"\n')
        os.chmod(self.agent, os.stat(self.agent).st_mode | stat.S_IXUSR)
        return self

    def shape(self, space):
        """netem where the kernel has it; a token bucket shapes the rate alone."""
        prefix = ["ip", "netns", "exec", space, "tc", "qdisc", "add", "dev", "eth0", "root"]
        rate = ["rate", "%gmbit" % self.rate] if self.rate else []
        netem = prefix + ["netem"] + (["delay", "%gms" % self.delay] if self.delay else []) + rate
        if subprocess.run(netem, stderr=subprocess.DEVNULL).returncode != 0:
            if self.delay:
                raise SystemExit("this kernel has no netem: --delay cannot be had; leave it out")
            subprocess.run(prefix + ["tbf", *rate, "burst", "256kb", "latency", "50ms"], check=True)

    def launcher(self, ranks, *options):
        """What starts so many ranks, one a host."""
        addresses = ",".join(self.address(index) + ":1" for index in range(ranks))
        return [
            "mpirun", "--allow-run-as-root", "--host", addresses, "-n", str(ranks), "--bind-to", "none", "--mca",
            "plm_rsh_agent", self.agent, "--mca", "btl", "self,tcp", "--mca", "btl_tcp_if_include", NETWORK + ".0/24",
            "--mca", "oob_tcp_if_include", NETWORK + ".0/24",
            # A host that goes without a word is noticed after some seconds instead of minutes.
            "--mca", "oob_tcp_keepalive_time", "5", "--mca", "oob_tcp_keepalive_intvl", "1",
            "--mca", "oob_tcp_keepalive_probes", "3", *options]

    def unplug(self, index):
        ip("link", "set", "%sv%d" % (self.tag, index), "down")

    def __exit__(self, *_):
        for index in range(self.count):
            inside = subprocess.run(["ip", "netns", "pids", self.name(index)], capture_output=True, text=True).stdout
            for process in inside.split():
                try:
                    os.kill(int(process), signal.SIGKILL)
                except ProcessLookupError:
                    pass
            subprocess.run(["ip", "netns", "del", self.name(index)], stderr=subprocess.DEVNULL)
        subprocess.run(["ip", "link", "del", self.tag], stderr=subprocess.DEVNULL)
        shutil.rmtree(self.folder, ignore_errors=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("count", type=int)
    parser.add_argument("--delay", type=float, default=0.0, help="milliseconds one way")
    parser.add_argument("--rate", type=float, default=0.0, help="Mbit/s")
    parser.add_argument("command", nargs=argparse.REMAINDER)
    given = parser.parse_args()
    command = given.command[1:] if given.command[:1] == ["--"] else given.command
    with Hosts(given.count, given.delay, given.rate) as hosts:
        return subprocess.run([*hosts.launcher(given.count), *command]).returncode


if __name__ == "__main__":
    sys.exit(main())
