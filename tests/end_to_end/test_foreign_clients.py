"""Debian's aria2 as the other side: it fetches from us, and we fetch from it. It can't read hybrid torrents (it leaves the
empty keys of `file tree` out of the info-hash), so the release has a v1 twin. Everything in a network namespace of its own."""
import ctypes
import os
import shutil
import subprocess
import unittest

from harness import EndToEnd, run
from tracker import Tracker

CLONE_NEWNET = 0x40000000


def setUpModule():
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(CLONE_NEWNET) != 0:
        raise unittest.SkipTest("no network namespace: " + os.strerror(ctypes.get_errno()))
    run("ip", "link", "set", "lo", "up")


class Aria2(EndToEnd):
    def setUp(self):
        super().setUp()
        if not shutil.which("aria2c"):
            self.skipTest("aria2c is not installed")
        self.tracker = Tracker()
        self.addCleanup(self.tracker.close)
        self.maker = self.publisher()
        self.maker.publish(self.archive(files={"a.bin": os.urandom(3_000_000), "text/b.txt": b"b\n", "empty": b"",
                                               "papers/\u00e9tude.txt": os.urandom(70_000)}),
                           "demo", "--v1-twin", "--tracker", self.tracker.url)
        self.torrent = self.maker.feed / "torrents/demo-1.v1.torrent"
        self.downloads = self.folder / "aria2"

    def aria2(self, *options):
        """Its end is the end of the download; with a ratio of 0.0 it seeds until it is killed."""
        command = ["aria2c", "--no-conf", "--enable-dht=false", "--enable-dht6=false", "--bt-enable-lpd=false",
                   "--enable-peer-exchange=false", "--disable-ipv6=true", "--listen-port=17001", f"--dir={self.downloads}",
                   "--allow-overwrite=true", "--summary-interval=0", *options, str(self.torrent)]
        log = open(self.folder / "aria2.log", "ab")
        self.addCleanup(log.close)
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        return process

    def test_both_ways(self):
        seeder = self.daemon("a")
        seeder.croft("seed", self.maker.feed)
        seeder.wait_held("demo-1")
        self.assertEqual(0, self.aria2("--seed-time=0").wait(90), (self.folder / "aria2.log").read_text()[-2000:])
        run("sha256sum", "--quiet", "-c", "SHA256SUMS", cwd=self.downloads / "demo-1")
        seeder.stop()

        seed = self.aria2("--check-integrity=true", "--seed-ratio=0.0")
        follower = self.daemon("b")
        follower.croft("follow", self.maker.feed, "--yes")
        follower.croft("get", "demo-1", "--no-wait")
        follower.wait_held("demo-1", seconds=120)
        self.assertIsNone(seed.poll())
        run("sha256sum", "--quiet", "-c", "SHA256SUMS", cwd=follower.bundle("demo-1"))
        follower.croft("verify", follower.bundle("demo-1"), "--publisher", self.maker.feed / "publisher.1.json")


if __name__ == "__main__":
    unittest.main(verbosity=2)
