"""Debian's aria2 as the other side: it fetches from us, and we fetch from it. Everything in a network namespace of its own."""
import os
import shutil
import subprocess
import sys
import unittest

from harness import EndToEnd, run
from tracker import Tracker


class Aria2(EndToEnd):
    def setUp(self):
        super().setUp()
        if not shutil.which("aria2c"):
            self.skipTest("aria2c is not installed")
        self.maker = self.publisher()
        self.maker.publish(self.archive(files={"a.bin": os.urandom(3_000_000), "text/b.txt": b"b\n", "empty": b"",
                                               "papers/\u00e9tude.txt": os.urandom(70_000)}), "demo")
        self.torrent = self.maker.feed / "torrents/demo-1.torrent"

    def aria2(self, folder, *more, port):
        command = ["aria2c", "--no-conf", "--enable-dht=false", "--enable-dht6=false", "--bt-enable-lpd=false",
                   "--enable-peer-exchange=false", "--disable-ipv6=true", f"--listen-port={port}", f"--dir={folder}",
                   "--allow-overwrite=true", "--summary-interval=0", *more, str(self.torrent)]
        log = open(self.folder / f"aria2-{port}.log", "wb")
        self.addCleanup(log.close)
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        return process

    def tracker(self):
        tracker = Tracker()
        self.addCleanup(tracker.close)
        return tracker

    def test_aria2_downloads_a_release_from_our_seed(self):
        seeder = self.daemon("a")
        seeder.croft("seed", self.maker.feed)
        tracker = self.tracker()
        tracker.add(seeder.address())
        folder = self.folder / "aria2"
        aria2 = self.aria2(folder, "--seed-time=0", f"--bt-tracker={tracker.url}", port=17001)
        self.assertEqual(0, aria2.wait(60), (self.folder / "aria2-17001.log").read_text()[-2000:])
        run("sha256sum", "--quiet", "-c", "SHA256SUMS", cwd=folder / "demo-1")

    def test_we_download_from_an_aria2_seed(self):
        folder = self.folder / "aria2"
        folder.mkdir()
        shutil.copytree(self.maker.feed / "bundles/demo-1", folder / "demo-1")
        self.aria2(folder, "--check-integrity=true", "--seed-ratio=0.0", port=17002)
        follower = self.daemon("b")
        follower.croft("follow", self.maker.feed, "--yes")
        follower.croft("get", "demo-1", "--no-wait", "--peer", "127.0.0.1:17002")
        follower.wait_held("demo-1", seconds=60)
        run("sha256sum", "--quiet", "-c", "SHA256SUMS", cwd=follower.bundle("demo-1"))


if __name__ == "__main__":
    if os.environ.get("CROFT_IN_NAMESPACE") != "1":
        inner = f"ip link set lo up && exec {sys.executable} {' '.join(sys.argv)}"
        os.execvpe("unshare", ["unshare", "-n", "sh", "-c", inner], dict(os.environ, CROFT_IN_NAMESPACE="1"))
    unittest.main(verbosity=2)
