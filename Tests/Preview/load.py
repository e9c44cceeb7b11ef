"""Load on the preview's server, on loopback: what honest people notice of it, and how much memory it takes.

    load.py BINARY PROJECT                a minute of 500 slow connections, and of four times as many uploads as it can answer
    load.py BINARY PROJECT --soak 60      an hour at a low rate: the memory of every minute
    load.py BINARY PROJECT --listeners 64 the load with so many who listen to events as well, at /api/events

BINARY is .build/release/likeness, PROJECT a folder with a built report of which one evaluation can be asked. JSON lines
on standard output; the standard library is all that is needed.
"""
import argparse
import asyncio
import collections
import glob
import json
import os
import re
import signal
import statistics
import subprocess
import time


def say(**what):
    print(json.dumps(what), flush=True)


def milliseconds(seconds):
    ordered = sorted(seconds)
    if not ordered:
        return {"count": 0}
    at = lambda part: round(1000 * ordered[min(len(ordered) - 1, int(part * len(ordered)))], 1)
    return {"count": len(ordered), "p50_ms": at(.5), "p95_ms": at(.95), "slowest_ms": at(1)}


class Server:
    """`likeness preview` of a project, which ends with this program."""

    def __init__(self, binary, project):
        self.process = subprocess.Popen([os.path.abspath(binary), "preview"], cwd=project, stdout=subprocess.PIPE, text=True)
        address = self.process.stdout.readline()
        found = re.fullmatch(r"http://127\.0\.0\.1:(\d+)/\n", address)
        if not found:
            raise SystemExit(f"{binary} preview did not start in {project}")
        self.port = int(found[1])

    def memory(self):
        """Megabytes at present, and at most so far."""
        with open(f"/proc/{self.process.pid}/status") as status:
            lines = dict(line.split(":", 1) for line in status)
        return {name: round(int(lines[key].split()[0]) / 1024, 1) for name, key in (("mb", "VmRSS"), ("peak_mb", "VmHWM"))}

    def descriptors(self):
        return len(os.listdir(f"/proc/{self.process.pid}/fd"))

    def stop(self):
        start = time.monotonic()
        # An interrupt is ignored by what a shell has put into the background.
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(30)
        return round(time.monotonic() - start, 3)


class Client:
    def __init__(self, port, photograph, model):
        self.port = port
        self.host = f"127.0.0.1:{port}"
        self.photograph = photograph
        self.model = model

    async def request(self, method, target, body=b"", seconds=60):
        """The status of one request on a connection of its own, and its body."""
        async def run():
            reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
            try:
                head = f"{method} {target} HTTP/1.1\r\nHost: {self.host}\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
                writer.write(head.encode() + body)
                await writer.drain()
                answer = await reader.read(-1)
            finally:
                writer.close()
            head, _, content = answer.partition(b"\r\n\r\n")
            line = head.split(b"\r\n", 1)[0].split(b" ")
            return (int(line[1]) if len(line) > 1 else 0), content
        return await asyncio.wait_for(run(), seconds)

    async def ask(self):
        return await self.request("POST", f"/api/query?model={self.model}&k=9", self.photograph)


async def outcome(work):
    """A status, or the name of what went wrong on the way to it."""
    try:
        return str((await work)[0])
    except (OSError, asyncio.TimeoutError, asyncio.IncompleteReadError) as error:
        return type(error).__name__


async def slow(client, until, counts):
    """A head that comes a byte a second, again and again."""
    head = f"GET / HTTP/1.1\r\nHost: {client.host}\r\nX-Slow: ".encode() + b"x" * 1000
    while time.monotonic() < until:
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", client.port)
        except OSError:
            counts["refused"] += 1
            await asyncio.sleep(1)
            continue
        counts["opened"] += 1
        try:
            for byte in head:
                if time.monotonic() >= until:
                    break
                writer.write(bytes([byte]))
                await writer.drain()
                try:
                    if await asyncio.wait_for(reader.read(1), 1) == b"":
                        counts["left by the server"] += 1
                        break
                except asyncio.TimeoutError:
                    pass
        except OSError:
            counts["left by the server"] += 1
        finally:
            writer.close()


async def listen(client, until, counts):
    try:
        reader, writer = await asyncio.open_connection("127.0.0.1", client.port)
        writer.write(f"GET /api/events HTTP/1.0\r\nHost: {client.host}\r\n\r\n".encode())
        counts[(await reader.readline()).decode().strip() or "nothing"] += 1
        while time.monotonic() < until:
            try:
                if await asyncio.wait_for(reader.readline(), 1) == b"":
                    counts["ended"] += 1
                    break
            except asyncio.TimeoutError:
                pass
        writer.close()
    except OSError as error:
        counts[type(error).__name__] += 1


async def capacity(client, seconds=5):
    """Queries a second that are answered when as many ask at once as there are processors."""
    done, until = [0], time.monotonic() + seconds

    async def one():
        while time.monotonic() < until:
            await client.ask()
            done[0] += 1
    await asyncio.gather(*(one() for _ in range(os.cpu_count())))
    return done[0] / seconds


async def honest(client, target, until, times, refused):
    """One request after the other; who is told to come again does."""
    while time.monotonic() < until:
        start = time.monotonic()
        while True:
            status = await outcome(client.ask() if target is None else client.request("GET", target))
            if status == "200" or time.monotonic() > until + 60:
                break
            refused[status] += 1
            await asyncio.sleep(1)
        times.append(time.monotonic() - start)
        await asyncio.sleep(.2)


async def load(server, client, options):
    rate = await capacity(client)
    say(what="before", capacity_per_second=round(rate, 1), **server.memory())
    until = time.monotonic() + options.seconds
    connections, statuses, listeners = collections.Counter(), collections.Counter(), collections.Counter()
    pages, queries = [], []
    refused_pages, refused_queries = collections.Counter(), collections.Counter()
    tasks = [asyncio.create_task(slow(client, until, connections)) for _ in range(options.slow)]
    tasks += [asyncio.create_task(listen(client, until, listeners)) for _ in range(options.listeners)]
    await asyncio.sleep(2)
    tasks.append(asyncio.create_task(honest(client, "/", until, pages, refused_pages)))
    tasks.append(asyncio.create_task(honest(client, None, until, queries, refused_queries)))

    async def upload():
        statuses[await outcome(client.ask())] += 1
    begin, sent = time.monotonic(), 0
    while (now := time.monotonic()) < until:
        while sent < (now - begin) * options.times * rate:
            tasks.append(asyncio.create_task(upload()))
            sent += 1
        await asyncio.sleep(.02)
    await asyncio.gather(*tasks)
    say(what="load", seconds=options.seconds, slow_connections=options.slow, uploads_per_second=round(options.times * rate, 1),
        uploads=dict(statuses), slow=dict(connections), listeners=dict(listeners), honest_pages=milliseconds(pages),
        pages_told_to_come_again=dict(refused_pages), honest_queries=milliseconds(queries),
        queries_told_to_come_again=dict(refused_queries), **server.memory())
    status = await outcome(client.ask())
    say(what="after", query=status, descriptors=server.descriptors(), **server.memory())


async def soak(server, client, options):
    levels, statuses = [], collections.Counter()
    start = time.monotonic()
    for minute in range(options.soak):
        while time.monotonic() < start + 60 * (minute + 1):
            statuses[await outcome(client.request("GET", "/"))] += 1
            statuses[await outcome(client.ask())] += 1
            # Somebody who leaves in the middle of an upload, and bytes that are no photograph.
            _, writer = await asyncio.open_connection("127.0.0.1", client.port)
            writer.write(f"POST /api/query?model={client.model} HTTP/1.1\r\nHost: {client.host}\r\nContent-Length: 9999\r\n\r\nhalf".encode())
            writer.close()
            statuses[await outcome(client.request("POST", f"/api/query?model={client.model}", b"no photograph"))] += 1
            await asyncio.sleep(options.pause)
        levels.append(server.memory()["mb"])
        say(what="minute", minute=minute + 1, statuses=dict(statuses), descriptors=server.descriptors(), **server.memory())
    # The kept answers fill up first.
    half = levels[len(levels) // 2:]
    say(what="soak", minutes=options.soak, first_mb=levels[0], median_of_second_half_mb=statistics.median(half),
        last_mb=levels[-1], **server.memory())


async def run(server, options):
    client = Client(server.port, b"", "")
    _, answer = await client.request("GET", "/api/evaluations")
    ready = [one["id"] for one in json.loads(answer)["evaluations"] if one["isReady"]]
    photographs = sorted(glob.glob(os.path.join(options.project, "data", "**", "*.jpg"), recursive=True))
    if not ready or not photographs:
        raise SystemExit(f"{options.project} has no evaluation that can be asked, or no photographs")
    client.model = ready[0]
    with open(photographs[len(photographs) // 2], "rb") as file:
        client.photograph = file.read()
    for _ in range(3):
        status, answer = await client.ask()
        if status != 200:
            raise SystemExit(f"a query is answered with {status}: {answer.decode()}")
    await (soak if options.soak else load)(server, client, options)


parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("binary")
parser.add_argument("project")
parser.add_argument("--seconds", type=int, default=60)
parser.add_argument("--slow", type=int, default=500)
parser.add_argument("--times", type=float, default=4)
parser.add_argument("--listeners", type=int, default=0)
parser.add_argument("--soak", type=int, default=0, metavar="MINUTES")
parser.add_argument("--pause", type=float, default=2, help="seconds between two rounds of the soak")
options = parser.parse_args()
server = Server(options.binary, options.project)
try:
    asyncio.run(run(server, options))
finally:
    say(what="end", seconds_to_stop=server.stop(), status=server.process.returncode)
