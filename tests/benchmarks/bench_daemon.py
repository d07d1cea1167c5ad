#!/usr/bin/env python3
"""The daemon as people run it: memory, first answer, the API's speed, and a download of 1 GiB from one croftd to another.

    CROFT_BUILD=build/release tests/benchmarks/bench_daemon.py [MIB]

Takes three times the size below /dev/shm for a while. Medians of 5; of memory while downloading, the most.
"""
import http.client
import pathlib
import random
import shutil
import socket
import statistics
import sys
import tempfile
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "end_to_end"))
from harness import BUILD, Daemon, Publisher, run, wait_for  # noqa: E402

RUNS = 5


class Connection(http.client.HTTPConnection):
    """HTTP on the daemon's Unix socket, kept open."""

    def __init__(self, path):
        super().__init__("localhost", timeout=30)
        self.path = str(path)

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.connect(self.path)

    def get(self, path):
        self.request("GET", path)
        response = self.getresponse()
        body = response.read()
        if response.status != 200:
            raise RuntimeError(f"{path}: {response.status} {body[:200]}")
        return body


class QuickDaemon(Daemon):
    """One that is asked without a program between, as often as it can be."""

    def answers(self):
        if self.process.poll() is not None:
            raise RuntimeError(self.log.read_text())
        try:
            Connection(self.socket).get("/api/v1/status")
            return True
        except (FileNotFoundError, ConnectionRefusedError):
            return False

    def start(self):
        self.launch()
        while not self.answers():
            time.sleep(0.001)
        return self


def milliseconds(action):
    start = time.perf_counter()
    action()
    return (time.perf_counter() - start) * 1000


def memory_mib(daemon, what):
    status = pathlib.Path(f"/proc/{daemon.process.pid}/status").read_text()
    return int(next(line.split()[1] for line in status.splitlines() if line.startswith(what + ":"))) / 1024


def percentile(values, share):
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


def show(what, number, unit, at_most):
    print(f"{what:52} | {number:8.2f} {unit:4} | (<= {at_most:g})", flush=True)


def idle(home):
    first, resident = [], []
    for number in range(RUNS):
        daemon = QuickDaemon(home / f"idle-{number}")
        start = time.perf_counter()
        daemon.start()
        first.append(time.perf_counter() - start)
        time.sleep(2)
        resident.append(memory_mib(daemon, "VmRSS"))
        daemon.stop()
    show("nothing held: from start to the first answer", statistics.median(first), "s", 0.1)
    show("nothing held: resident memory", statistics.median(resident), "MiB", 30)


def many_releases(home):
    run(BUILD / "tests/benchmarks/make_feed", home / "many", 5000)
    daemon = Daemon(home / "many-daemon").start()
    daemon.croft("follow", home / "many", "--yes")
    connection = Connection(daemon.socket)
    wait_for("5,000 releases", lambda: b'"total":5000' in connection.get("/api/v1/releases?limit=1").replace(b" ", b""))
    times = [milliseconds(lambda: connection.get("/api/v1/releases?sort=name&limit=100")) for _ in range(100)]
    show("API: first 100 of 5,000 releases by name", statistics.median(times), "ms", 5)
    daemon.stop()


def write_noise(path, mib):
    path.parent.mkdir(parents=True)
    source = random.Random(1)
    with open(path, "wb") as file:
        for _ in range(mib):
            file.write(source.randbytes(1 << 20))


def ask_until(done, daemon, times):
    connection = Connection(daemon.socket)
    while not done.is_set():
        times.append(milliseconds(lambda: connection.get("/api/v1/status")))
        time.sleep(0.005)


def download(home, mib):
    write_noise(home / "archive/big.bin", mib)
    publisher = Publisher(home / "publisher")
    publisher.publish(home / "archive", "big")
    shutil.rmtree(home / "archive")
    seed = Daemon(home / "seed").start()
    seed.croft("seed", publisher.feed)
    seed.wait_held("big-1")
    seconds, times, peaks = [], [], []
    for number in range(RUNS):
        follower = Daemon(home / f"follower-{number}").start()
        follower.croft("follow", publisher.feed, "--peer", seed.address(), "--yes")
        done = threading.Event()
        asking = threading.Thread(target=ask_until, args=(done, follower, times))
        asking.start()
        seconds.append(milliseconds(lambda: follower.croft("get", "big-1", timeout=300)) / 1000)
        done.set()
        asking.join()
        peaks.append(memory_mib(follower, "VmHWM"))
        follower.stop()
        shutil.rmtree(follower.folder)
    print(f"{f'{mib} MiB by croft get, to held':52} | {mib * 1.048576 / statistics.median(seconds):8.0f} MB/s |")
    show("  peak memory of the seed", memory_mib(seed, "VmHWM"), "MiB", 100)
    show("  peak memory of the follower", max(peaks), "MiB", 100)
    show(f"  GET /status meanwhile, p99 of {len(times)}", percentile(times, 0.99), "ms", 20)
    seed.stop()


def main():
    home = pathlib.Path(tempfile.mkdtemp(prefix="croft-bench-", dir="/dev/shm"))
    try:
        idle(home)
        many_releases(home)
        download(home, int(sys.argv[1]) if len(sys.argv) > 1 else 1024)
    finally:
        shutil.rmtree(home)


if __name__ == "__main__":
    main()
