"""What the CLI was told is done is done: restarts, kill -9, one daemon per state folder."""
import os
import random
import time
import unittest

from harness import CROFTD, LONG, EndToEnd, run, wait_for


class Survival(EndToEnd):
    def setUp(self):
        super().setUp()
        self.maker = self.publisher()
        self.maker.publish(self.archive(), "demo")
        self.seeder = self.daemon("a")
        self.seeder.croft("seed", self.maker.feed)
        self.follower = self.daemon("b")
        self.follower.croft("follow", self.maker.feed, "--peer", self.seeder.address(), "--yes")

    def test_held_bundles_are_seeded_again_after_restart_without_reading_all_bytes(self):
        self.follower.croft("get", "demo-1")
        self.follower.stop()
        self.follower.start()
        self.follower.wait_held("demo-1", seconds=5)
        third = self.daemon("c")
        self.seeder.stop()
        third.croft("follow", self.maker.feed, "--peer", self.follower.address(), "--yes")
        third.croft("get", "demo-1")

    def test_kill_right_after_an_answer_loses_nothing(self):
        steps = [(("mirror", "budget", "3GiB"), lambda: self.follower.api("/mirror/policy").get("budget_bytes") == 3 << 30),
                 (("get", "demo-1", "--no-wait"), lambda: self.follower.api("/releases/demo-1")["pinned"]),
                 (("mirror", "unpin", "demo-1"), lambda: not self.follower.api("/releases/demo-1")["pinned"]),
                 (("mirror", "pause", "demo-1"), lambda: self.follower.api("/releases/demo-1")["state"] == "paused"),
                 (("mirror", "resume", "demo-1"), lambda: self.follower.api("/releases/demo-1")["state"] != "paused"),
                 (("mirror", "drop", "demo-1", "--yes"), lambda: self.follower.api("/releases/demo-1")["state"] == "offered"),
                 (("unfollow", "test-archive"), lambda: not self.follower.api("/publishers")["publishers"]),
                 (("follow", self.maker.feed, "--yes", "--name", "test-archive"),
                  lambda: self.follower.api("/publishers")["publishers"])]
        petname = self.follower.api("/publishers")["publishers"][0]["petname"]
        self.assertEqual("test-archive", petname)
        for _ in range(20 if LONG else 1):
            for words, holds in steps:
                self.follower.croft(*words)
                self.follower.kill()
                self.follower.start()
                wait_for(f"{words} to hold after kill -9", holds, 10)

    def test_kill_in_the_middle_of_a_download_goes_on_and_ends_right(self):
        big = self.archive("big", {f"part{i}.bin": os.urandom(4 << 20) for i in range(8)})
        self.maker.publish(big, "big")
        self.seeder.croft("api", "POST", "/publishers/test-archive/check")
        self.seeder.wait_held("big-1")
        self.follower.croft("api", "POST", "/publishers/test-archive/check")
        seed = int(time.time())
        print("seed", seed)
        chance = random.Random(seed)
        self.follower.croft("get", "big-1", "--no-wait", "--peer", self.seeder.address())
        for _ in range(20 if LONG else 4):
            time.sleep(chance.uniform(0.02, 0.6))
            self.follower.kill()
            self.follower.start()
        self.follower.wait_held("big-1", seconds=60)
        run("sha256sum", "--quiet", "-c", "SHA256SUMS", cwd=self.follower.bundle("big-1"))

    def test_second_daemon_on_the_same_state_ends_with_75_and_names_the_holder(self):
        second = run(CROFTD, "--daemon.state_dir", self.follower.folder / "state", "--daemon.socket", self.folder / "other.sock",
                     "--daemon.control_listen", "127.0.0.1:0", "--bittorrent.listen", "127.0.0.1:0", "--bittorrent.dht", "false",
                     "--bittorrent.lsd", "false", "--daemon.allow_root", "true", expect=75)
        self.assertIn(str(self.follower.process.pid), second.err)

    def test_clean_stop_takes_less_than_ten_seconds(self):
        start = time.monotonic()
        self.follower.croft("daemon", "stop")
        self.assertEqual(0, self.follower.process.wait(1))
        self.assertLess(time.monotonic() - start, 10)


if __name__ == "__main__":
    unittest.main()
